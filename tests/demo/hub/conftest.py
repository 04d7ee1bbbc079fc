"""A small world on two days, and an embedded Hub that serves it on a free port."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
import requests

from tracker.demo.catalog import Listing
from tracker.demo.hub.server import EmbeddedHub

FIRST, SECOND = date(2026, 8, 19), date(2026, 8, 20)


@dataclass
class Clock:
    """Seconds that pass when the test says so."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class SmallCatalog:
    """Listings written down by hand."""

    listings: Mapping[date, Listing]
    is_simulated: bool = True
    asked: list[date] = field(default_factory=list)

    @property
    def days(self) -> Sequence[date]:
        return sorted(self.listings)

    def listing(self, day: date) -> Listing:
        self.asked.append(day)
        return self.listings[day]


def hub_id(number: int) -> str:
    return f"{0x66000000 + number:08x}{number:016x}"


def model(number: int, name: str, **more: Any) -> dict[str, Any]:
    """A row with every counter; `more` adds or replaces fields, None removes one."""
    row = {
        "_id": hub_id(number),
        "id": name,
        "downloads": number * 10,
        "downloadsAllTime": number * 100,
        "likes": number % 3,
        "trendingScore": number,
        "tags": ["region:us"],
        "createdAt": f"2026-07-{number + 1:02d}T08:00:00.000Z",
        "lastModified": f"2026-08-{(number * 7) % 19 + 1:02d}T08:00:00.000Z",
        "gated": False,
    } | more
    return {key: value for key, value in row.items() if value is not None}


def child(relation: str, *bases: str) -> list[str]:
    return ["region:us", *(tag for base in bases for tag in (f"base_model:{base}", f"base_model:{relation}:{base}"))]


ROWS = [
    model(0, "gpt2", trendingScore=None),
    model(
        1, "Qwen/Qwen3-8B", pipeline_tag="text-generation", library_name="transformers",
        tags=["transformers", "license:apache-2.0", "region:us"], gguf=None,
        safetensors={"parameters": {"BF16": 8_190_735_360}, "total": 8_190_735_360}, sha="9c925d64",
    ),
    model(
        2, "meta-llama/Llama-3.1-8B", gated="manual",
        tags=["license:llama3.1", "region:us"], cardData={"license": "llama3.1"},
    ),
    model(3, "ada/qwen-ft", tags=[*child("finetune", "Qwen/Qwen3-8B"), "license:mit"]),
    model(4, "bo/Qwen3-8B-GGUF", tags=child("quantized", "Qwen/Qwen3-8B"), gguf={"total": 8_190_735_360}),
    model(5, "bo/merged", tags=child("merge", "Qwen/Qwen3-8B", "meta-llama/Llama-3.1-8B"), trendingScore=None),
    model(6, "bo/Merged", disabled=True, gated="auto", likes=None),
    model(7, "ünï/naïve", tags=["language:日本語", "license:mit"]),
    *(model(number, f"ada/tiny-{number}", trendingScore=0) for number in range(8, 20)),
]  # fmt: skip
RENAMES = {"openai/gpt-two": "gpt2", "Qwen/Qwen3-8b-old": "Qwen/Qwen3-8B", "a/loop": "b/loop", "b/loop": "a/loop"}


@pytest.fixture(scope="session")
def rows() -> list[dict[str, Any]]:
    return ROWS


@pytest.fixture(scope="session")
def catalog() -> SmallCatalog:
    later = [row | {"downloads": row["downloads"] + 1} for row in ROWS]
    return SmallCatalog({FIRST: Listing(ROWS, RENAMES), SECOND: Listing(later, RENAMES)})


@pytest.fixture(scope="session")
def make_catalog() -> Callable[..., SmallCatalog]:
    return SmallCatalog


@pytest.fixture(scope="session")
def make_model() -> Callable[..., dict[str, Any]]:
    return model


@pytest.fixture(scope="session")
def running(catalog: SmallCatalog) -> Iterator[tuple[EmbeddedHub, Clock]]:
    clock = Clock()
    with EmbeddedHub(catalog, clock=clock) as hub:
        yield hub, clock


@pytest.fixture
def clock(running: tuple[EmbeddedHub, Clock]) -> Clock:
    return running[1]


@pytest.fixture
def hub(running: tuple[EmbeddedHub, Clock]) -> EmbeddedHub:
    """The one server of the session, as new: first day, full quota, no faults, no requests."""
    hub, clock = running
    clock.now += 300 - clock.now % 300
    hub.day = FIRST
    hub.quota = None
    hub.faults.clear()
    hub.requests.clear()
    return hub


@pytest.fixture
def ask(hub: EmbeddedHub) -> Iterator[Callable[..., requests.Response]]:
    """GET of a path of the hub, redirects not followed, no keep-alive between tests."""
    with requests.Session() as session:
        session.trust_env = False

        def ask(path: str, **more: Any) -> requests.Response:
            return session.get(hub.url + path, timeout=10, allow_redirects=False, **more)

        yield ask
