"""Fixtures for crawls: a local Hub, a clock that only tests advance, and a client that uses both."""

import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.support.examples import load_profile
from tracker.demo.catalog import Listing
from tracker.demo.hub.server import EmbeddedHub
from tracker.domain import Manifest, Page, Scope
from tracker.hub.client import HubClient
from tracker.hub.crawl import CrawlOptions, CrawlResult, crawl
from tracker.hub.scopes import ScopePlan
from tracker.lake.lake import Lake
from tracker.registry.entries import Family, Organization, Registry, Role

# Tests start hundreds of processes; without bytecode files, each would compile every module.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

load_profile()


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are processors, because many tests wait for a browser, a server or a process."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of the simulated home first, on one worker: it makes the home while the others do other tests."""
    items.sort(key=lambda item: "simulated" not in getattr(item, "fixturenames", ()))


DAY = date(2026, 8, 19)
"""The day of all crawls that do not name one."""

Row = dict[str, Any]


@dataclass
class FakeClock:
    """A clock that advances only when `sleep` is called. Thread-safe."""

    seconds: float = 0.0
    slept: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        with self.lock:
            self.slept.append(seconds)
            self.seconds += seconds


@dataclass
class ChangingCatalog:
    """Rows in memory that a test may replace; a Hub lists the new ones once its day is set again."""

    rows: Mapping[date, Sequence[Row]]
    is_simulated: bool = True

    @property
    def days(self) -> Sequence[date]:
        return sorted(self.rows)

    def listing(self, day: date) -> Listing:
        return Listing(self.rows[day])


class Silent:
    """Progress without output. It counts its calls and can run a callback whenever a page is on disk."""

    def __init__(self, on_page: Callable[[Page], None] = lambda page: None) -> None:
        self.resumed_pages: list[int] = []
        self.pages: list[Page] = []
        self.landings = 0
        self.ends = 0
        self._on_page = on_page

    def begin(self, options: CrawlOptions, plan: ScopePlan, resumed_pages: int) -> None:
        self.resumed_pages.append(resumed_pages)

    def page(self, page: Page, hub: HubClient) -> None:
        self.pages.append(page)
        self._on_page(page)

    def landing(self, pages: int) -> None:
        self.landings += 1

    def end(self) -> None:
        self.ends += 1


def hub_id(number: int) -> str:
    """The `_id` of repository `number`; it grows with the number."""
    return f"{0x66000000 + number:08x}{number:016x}"


def model(number: int, **more: Any) -> Row:
    """One row of the list route with every counter; `more` adds or replaces fields, and None removes one."""
    row = {
        "_id": hub_id(number),
        "id": f"someone/model-{number}",
        "downloads": number * 10,
        "downloadsAllTime": number * 100,
        "likes": number % 7,
        "trendingScore": number / 4,
        "tags": ["license:mit", "region:us"],
        "createdAt": "2026-07-01T08:00:00.000Z",
        "lastModified": "2026-08-01T08:00:00.000Z",
        "gated": False,
        "disabled": False,
    } | more
    return {name: value for name, value in row.items() if value is not None}


def tiny_registry(*handles: str, families: Sequence[Family] = ()) -> Registry:
    """A registry of these organisations, each its own lab."""
    organizations = tuple(
        Organization(handle=handle, lab=handle.lower(), country="US", role=Role.LAB, evidence="https://example.org")
        for handle in sorted(handles)
    )
    return Registry(organizations=organizations, families=tuple(families), version="tests")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(scope="session")
def make_model() -> Callable[..., Row]:
    return model


@pytest.fixture(scope="session")
def make_id() -> Callable[[int], str]:
    return hub_id


@pytest.fixture(scope="session")
def make_registry() -> Callable[..., Registry]:
    return tiny_registry


@pytest.fixture(scope="session")
def make_progress() -> type[Silent]:
    return Silent


@pytest.fixture(scope="session")
def make_catalog() -> type[ChangingCatalog]:
    return ChangingCatalog


@pytest.fixture(scope="session")
def make_clock() -> type[FakeClock]:
    return FakeClock


@pytest.fixture
def serve(clock: FakeClock) -> Iterator[Callable[..., EmbeddedHub]]:
    """Start a Hub over rows of one day, a catalog of several days, or no rows; all stop after the test."""
    with ExitStack() as running:

        def serve(source: Sequence[Row] | ChangingCatalog = (), **more: Any) -> EmbeddedHub:
            catalog = source if isinstance(source, ChangingCatalog) else ChangingCatalog({DAY: source})
            return running.enter_context(EmbeddedHub(catalog, **({"clock": clock} | more)))

        yield serve


@pytest.fixture(scope="session")
def client_of() -> Callable[..., HubClient]:
    """A client of an endpoint whose waits advance a clock instead of sleeping."""

    def client_of(endpoint: str, clock: FakeClock, **more: Any) -> HubClient:
        usual: dict[str, Any] = {
            "sleep": clock.sleep,
            "clock": clock,
            "jitter": lambda: 1.0,
            "now": lambda: datetime(2026, 8, 19, 12, tzinfo=UTC),
            "timeouts": (5.0, 20.0),
        }
        return HubClient(endpoint, **(usual | more))

    return client_of


@pytest.fixture
def client(client_of: Callable[..., HubClient], clock: FakeClock) -> Callable[..., HubClient]:
    """Like `client_of`, on the test's clock."""
    return lambda endpoint, **more: client_of(endpoint, clock, **more)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "home")


@dataclass
class Crawls:
    """Crawl into one lake; only the Hub must be passed in."""

    lake: Lake
    client_of: Callable[..., HubClient]
    clock: FakeClock
    registry: Registry = field(default_factory=tiny_registry)

    def __call__(
        self, endpoint: str, *, day: date = DAY, scope: Scope = Scope.HUB, progress: Silent | None = None, **order: Any
    ) -> CrawlResult:
        return crawl(
            self.lake,
            CrawlOptions(day, scope, **order),
            self.client_of(endpoint, self.clock),
            self.registry,
            progress or Silent(),
            now=lambda: datetime(2026, 8, 19, 12, tzinfo=UTC),
            clock=self.clock,
        )


@pytest.fixture
def crawls(lake: Lake, client_of: Callable[..., HubClient], clock: FakeClock) -> Crawls:
    return Crawls(lake, client_of, clock)


@pytest.fixture(scope="session")
def make_crawls() -> type[Crawls]:
    return Crawls


@pytest.fixture(scope="session")
def landed() -> Callable[[Lake, str, Manifest], list[Row]]:
    """The rows that a crawl landed in one table, in file order."""

    def landed(lake: Lake, table: str, manifest: Manifest) -> list[Row]:
        files = lake.files(table, [manifest])
        rows: list[Row] = pa.concat_tables([pq.ParquetFile(file).read() for file in files]).to_pylist() if files else []
        return rows

    return landed
