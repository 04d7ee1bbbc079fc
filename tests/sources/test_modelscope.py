"""Readings of ModelScope: what lands, and what each fault leads to."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow.parquet as pq
import pytest

from tracker.demo.hub.faults import Fault, FaultKind
from tracker.demo.hub.modelscope import Misbehaviour, ModelScope
from tracker.demo.hub.server import EmbeddedHub
from tracker.domain import Axis
from tracker.errors import DataError, HubError, TrackerError
from tracker.lake import axis_days
from tracker.lake.lake import Lake
from tracker.registry.entries import Alias, Registry, Task, TaskClass
from tracker.sources.crawl import SourceResult, crawl_source
from tracker.sources.modelscope import ModelScope as Source
from tracker.sources.modelscope.source import SERVICE

DAY, NEXT = date(2026, 8, 19), date(2026, 8, 20)
REGISTRY = Registry(
    version="tests",
    tasks=(Task(id="text-generation", task_class=TaskClass.LANGUAGE),),
    axis_aliases=tuple(
        Alias(axis=Axis.MODELSCOPE, pattern=pattern, evidence="a test")
        for pattern in ("^Qwen/", "^qwen/", "^LLM-Research/", "^Qwen/qwq")
    ),
)


@dataclass
class Models:
    """Sixty models of Qwen and two of a mirror; their counters grow by ten a day."""

    names: list[str] = field(
        default_factory=lambda: [*(f"Qwen/m{n}" for n in range(60)), "LLM-Research/gemma", "LLM-Research/flux"]
    )

    def modelscope_on(self, day: date) -> dict[str, tuple[int, int, str]]:
        grown = 10 * (day - DAY).days
        return {
            name: (1000 * place + grown, place, "text-to-image" if name.endswith("flux") else "text-generation")
            for place, name in enumerate(self.names)
        }


@dataclass
class Readings:
    """Readings of one stand-in into one lake."""

    lake: Lake
    hub: EmbeddedHub
    modelscope: ModelScope
    models: Models
    client: Callable[..., Any]

    def __call__(self, day: date = DAY) -> SourceResult:
        self.hub.day = day
        source = Source(self.client(self.hub.url, service=SERVICE), REGISTRY)
        return crawl_source(self.lake, source, day, lambda: datetime(2026, 8, 19, 12, tzinfo=UTC))

    def rows(self, metric: str) -> dict[str, tuple[str, float]]:
        [file] = axis_days.files(self.lake, axis_days.manifests(self.lake))
        table = pq.ParquetFile(file).read().to_pylist()
        return {row["entity"]: (row["entity_kind"], row["value"]) for row in table if row["metric"] == metric}


@pytest.fixture
def readings(serve: Callable[..., EmbeddedHub], make_catalog: Any, lake: Lake, client: Callable[..., Any]) -> Readings:
    models = Models()
    modelscope = ModelScope(models)
    days = {DAY + timedelta(days=n): [] for n in range(2)}
    return Readings(lake, serve(make_catalog(days), modelscope=modelscope), modelscope, models, client)


def test_reading_has_each_account_of_the_registry(readings: Readings) -> None:
    manifest = readings().manifest
    assert (manifest.rows, manifest.entities, manifest.requests) == (2 * 62, 62, 4)
    downloads, likes = readings.rows("downloads"), readings.rows("likes")
    assert downloads["Qwen/m7"] == ("model", 7000.0)
    assert likes["LLM-Research/gemma"] == ("model", 60.0)
    assert downloads["LLM-Research/flux"][0] == "other model"


def test_numbers_sent_as_text_are_numbers(readings: Readings) -> None:
    readings.modelscope.misbehaviour.text_numbers = True
    assert readings().manifest.refused == 0
    assert readings.rows("downloads")["Qwen/m7"][1] == 7000.0


def test_unusable_row_is_left_out_and_counted(readings: Readings) -> None:
    readings.modelscope.misbehaviour.damaged = {"Qwen/m7": {"downloads": "7.0k"}, "Qwen/m8": {"id": "Other/m8"}}
    manifest = readings().manifest
    assert manifest.refused_because == {
        "downloads or likes are not a number": 1,
        "a row is of another account": 1,
    }
    assert not {"Qwen/m7", "Qwen/m8", "Other/m8"} & readings.rows("downloads").keys()


def test_total_that_moves_between_pages_is_no_fault(readings: Readings) -> None:
    readings.modelscope.misbehaviour.moves_total = True
    assert readings().manifest.entities == 62


def test_interrupted_reading_repeats_no_page(readings: Readings) -> None:
    readings.hub.faults.add(Fault(FaultKind.STATUS, "owner=LLM-Research", status=403))
    with pytest.raises(HubError):
        readings()
    assert readings().manifest.requests == 1


@pytest.mark.parametrize(
    ("fault", "error", "message"),
    [
        (
            {"quota_code": 200},
            HubError,
            "QuotaLimitExceed (The daily quota is used up). If its quota is used up, run the",
        ),
        ({"quota_code": 403}, HubError, "Its quota may be used up, or it asks for a token now"),
        ({"needs_token": True}, HubError, "refused with status 401"),
        ({"hidden": {f"Qwen/m{n}" for n in range(9)}}, DataError, "lists 60 models of Qwen, but its pages have 51"),
        (
            {"damaged": {f"Qwen/m{n}": {"likes": None} for n in range(9)}},
            DataError,
            "9 of 62 rows of ModelScope cannot be",
        ),
        (Fault(FaultKind.WEB_PAGE, "openapi", times=9), HubError, "check HTTPS_PROXY and MODELSCOPE_ENDPOINT"),
        (Fault(FaultKind.BODY, "openapi", times=9, body={"data": {}}), HubError, "the page has no 'models'"),
    ],
)
def test_fault_lands_nothing_and_is_explained(
    readings: Readings, fault: Any, error: type[TrackerError], message: str
) -> None:
    if isinstance(fault, Fault):
        readings.hub.faults.add(fault)
    else:
        readings.modelscope.misbehaviour = replace(Misbehaviour(), **fault)
    with pytest.raises(error) as failure:
        readings()
    assert message in str(failure.value)
    assert not (readings.lake.folder / axis_days.TABLE).exists()


def test_listing_that_shrank_is_refused(readings: Readings) -> None:
    readings()
    readings.models.names = readings.models.names[-5:]
    with pytest.raises(
        DataError, match=r"lists 5 models of registered accounts, less than half of the 62 of 2026-08-19"
    ):
        readings(NEXT)
