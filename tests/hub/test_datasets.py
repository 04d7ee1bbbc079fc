"""Asking a dataset's Hub: what is waited for, what is given up, and in which words."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from huggingface_hub import constants

from tracker.demo.hub.datasets.store import Repository
from tracker.demo.hub.faults import Fault, FaultKind
from tracker.demo.hub.server import EmbeddedHub
from tracker.errors import HubError
from tracker.hub.datasets import DatasetClient, NotFound

AT = datetime(2026, 8, 1, tzinfo=UTC)


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def upstream(hub: EmbeddedHub, waits: list[float], monkeypatch: pytest.MonkeyPatch) -> Iterator[DatasetClient]:
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_TELEMETRY", True)
    repository = Repository("ada/data")
    repository.add({"a/b.txt": b"one"}, "first", AT)
    hub.datasets.add(repository)
    with DatasetClient("ada/data", hub.url, sleep=waits.append) as upstream:
        yield upstream


@pytest.mark.parametrize(
    ("fault", "waited"),
    [
        (Fault(FaultKind.STATUS, status=429, reset_seconds=12), 13.0),
        (Fault(FaultKind.STATUS, status=503, retry_after="7"), 7.0),
        (Fault(FaultKind.STATUS, status=503, retry_after="Wed, 19 Aug 2026 12:00:30 GMT"), 2.0),
        (Fault(FaultKind.STATUS, status=500), 2.0),
    ],
)
def test_waits_as_long_as_the_hub_asks(
    upstream: DatasetClient, hub: EmbeddedHub, waits: list[float], fault: Fault, waited: float
) -> None:
    hub.faults.add(fault)
    assert upstream.head() == (hub.datasets["ada/data"].head.oid, True)
    assert waits == [waited]


def test_gives_up_on_a_hub_that_stays_busy(upstream: DatasetClient, hub: EmbeddedHub, waits: list[float]) -> None:
    hub.faults.add(Fault(FaultKind.STATUS, status=503, times=9))
    with pytest.raises(HubError, match=r"is too busy for ada/data \(status 503\)"):
        upstream.head()
    assert waits == [2.0, 4.0, 8.0]


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault(FaultKind.STATUS, status=401), r"not there, or not open to you \(status 401\)"),
        (Fault(FaultKind.STATUS, status=418), "answers with status 418"),
        (Fault(FaultKind.RESET), "could not be reached"),
        (Fault(FaultKind.BODY, body=[1]), "does not answer as the Hub does"),
    ],
)
def test_a_refusal_is_a_sentence(upstream: DatasetClient, hub: EmbeddedHub, fault: Fault, said: str) -> None:
    hub.faults.add(fault)
    with pytest.raises(HubError, match=said):
        upstream.head()


def test_a_revision_that_is_gone_is_told(upstream: DatasetClient, hub: EmbeddedHub) -> None:
    repository = hub.datasets["ada/data"]
    old = repository.head.oid
    repository.add({"c": b"2"}, "second", AT)
    assert upstream.file("a/b.txt", old).size == 3
    with pytest.raises(NotFound):
        upstream.file("c", old)
    repository.gone.add(old)
    with pytest.raises(NotFound):
        upstream.file("a/b.txt", old)
