"""Readings of inference providers: what counts as an offer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pyarrow.parquet as pq
import pytest

from tracker.demo.hub.faults import Fault, FaultKind
from tracker.demo.hub.server import EmbeddedHub
from tracker.errors import DataError, HubError
from tracker.lake import axis_days
from tracker.lake.lake import Lake
from tracker.registry.entries import Organization, Registry, Role, Task, TaskClass
from tracker.sources.crawl import crawl_source
from tracker.sources.providers import Providers
from tracker.sources.providers.source import Offer, page

DAY = date(2026, 8, 19)


def item(provider: str, status: str = "live", **more: str) -> dict[str, str]:
    return {"provider": provider, "providerId": "x", "status": status, "task": "conversational", **more}


@dataclass
class Offers:
    mapping: Mapping[str, Sequence[Mapping[str, str]]]

    def providers_on(self, day: date) -> Mapping[str, Sequence[Mapping[str, str]]]:
        return self.mapping


REGISTRY = Registry(
    version="tests",
    tasks=(Task(id="conversational", task_class=TaskClass.LANGUAGE),),
    organizations=tuple(
        Organization(handle=handle, lab="a", country="CN", role=role, evidence="a test")
        for handle, role in (("Qwen", Role.LAB), ("unsloth", Role.REPACKAGER))
    ),
)


@pytest.fixture
def hub(serve: Callable[..., EmbeddedHub], make_model: Callable[..., Any]) -> EmbeddedHub:
    """A thousand models of Qwen and one more, on the second page; a few are offered."""
    rows = [make_model(number, id=f"Qwen/m{number}") for number in range(1001)]
    offers = {
        "Qwen/m1": [item("together"), item("novita"), item("novita", task="text-generation"), item("groq", "error")],
        "Qwen/m2": [item("fal-ai", task="text-to-image")],
        "Qwen/m3": [item("groq", "staging")],
        "Qwen/m1000": [item("together")],
        "unsloth/m": [item("together")],
    }
    return serve([*rows, make_model(2000, id="unsloth/m")], offers=Offers(offers))


def read(hub: EmbeddedHub, lake: Lake, client: Callable[..., Any]) -> Any:
    source = Providers(client(hub.url), REGISTRY)
    return crawl_source(lake, source, DAY, lambda: datetime(2026, 8, 19, 12, tzinfo=UTC)).manifest


def test_live_providers_of_labs_are_counted(hub: EmbeddedHub, lake: Lake, client: Callable[..., Any]) -> None:
    manifest = read(hub, lake, client)
    assert manifest.requests == 2
    [file] = axis_days.files(lake, [manifest])
    rows = pq.ParquetFile(file).read().to_pylist()
    assert {row["entity"]: (row["value"], row["entity_kind"]) for row in rows} == {
        "Qwen/m1": (2.0, "model"),
        "Qwen/m2": (1.0, "other model"),
        "Qwen/m1000": (1.0, "model"),
    }
    assert not any("inference_provider" in record.query for record in hub.requests)


def test_interrupted_reading_repeats_no_page(hub: EmbeddedHub, lake: Lake, client: Callable[..., Any]) -> None:
    hub.faults.add(Fault(FaultKind.STATUS, "cursor", status=403))
    with pytest.raises(HubError):
        read(hub, lake, client)
    assert read(hub, lake, client).requests == 1


def test_changed_format_lands_nothing(hub: EmbeddedHub, lake: Lake, client: Callable[..., Any]) -> None:
    hub.faults.add(Fault(FaultKind.DAMAGE, edit=lambda number, row: row | {"inferenceProviderMapping": "together"}))
    with pytest.raises(DataError, match=r"1,000 of 1,001 rows of the Hub's list of inference providers cannot be used"):
        read(hub, lake, client)
    assert not (lake.folder / axis_days.TABLE).exists()


def test_mapping_may_be_an_object_and_adapters_do_not_count() -> None:
    body = b"""[
        {"_id": "662bbb000000000000000001", "id": "Qwen/a", "inferenceProviderMapping":
            {"together": {"status": "live", "task": "conversational"}, "groq": {"status": "error", "task": "x"}}},
        {"_id": "662bbb000000000000000002", "id": "Qwen/b", "inferenceProviderMapping":
            [{"provider": "fal-ai", "status": "live", "task": "x", "type": "tag-filter"}]},
        {"id": "Qwen/c"}
    ]"""
    first, second, third = page(body)
    assert isinstance(first, Offer) and (first.providers, first.tasks) == (1, {"conversational"})
    assert isinstance(second, Offer) and second.providers == 0
    assert third == "a row has no usable _id"
