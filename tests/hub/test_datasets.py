"""The dataset client: waits, retries and error messages."""

from collections.abc import Callable, Iterator
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
def hub(serve: Callable[..., EmbeddedHub]) -> EmbeddedHub:
    return serve()


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def dataset(hub: EmbeddedHub, waits: list[float], monkeypatch: pytest.MonkeyPatch) -> Iterator[DatasetClient]:
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_TELEMETRY", True)
    repository = Repository("ada/data")
    repository.add({"a/b.txt": b"one"}, "first", AT)
    hub.datasets.add(repository)
    with DatasetClient("ada/data", hub.url, sleep=waits.append, jitter=lambda: 1.0) as dataset:
        yield dataset


@pytest.mark.parametrize(
    ("fault", "waited"),
    [
        (Fault(FaultKind.STATUS, status=429, reset_seconds=12), 13.0),
        (Fault(FaultKind.STATUS, status=503, retry_after="7"), 7.0),
        (Fault(FaultKind.STATUS, status=503, retry_after="Wed, 19 Aug 2026 12:00:30 GMT"), 30.0),
        (Fault(FaultKind.STATUS, status=500), 1.0),
    ],
)
def test_client_waits_as_long_as_the_hub_requests(
    dataset: DatasetClient, hub: EmbeddedHub, waits: list[float], fault: Fault, waited: float
) -> None:
    hub.faults.add(fault)
    assert dataset.head() == (hub.datasets["ada/data"].head.oid, True)
    assert waits == [waited]


def test_requested_wait_is_reported(hub: EmbeddedHub) -> None:
    hub.datasets.add(Repository("ada/data"))
    hub.datasets["ada/data"].add({"a.txt": b"one"}, "first", AT)
    hub.faults.add(Fault(FaultKind.STATUS, status=429, reset_seconds=240))
    notes: list[str] = []
    with DatasetClient("ada/data", hub.url, sleep=lambda seconds: None, report=notes.append) as client:
        client.head()
    assert notes == ["127.0.0.1 requests a pause of 241 s (status 429)."]


def test_client_gives_up_after_four_attempts(dataset: DatasetClient, hub: EmbeddedHub, waits: list[float]) -> None:
    hub.faults.add(Fault(FaultKind.STATUS, status=503, times=9))
    with pytest.raises(HubError, match=r"is too busy for ada/data \(status 503\)"):
        dataset.head()
    assert waits == [1.0, 2.0, 4.0]


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (Fault(FaultKind.STATUS, status=401), r"does not exist, or you have no access to it \(status 401\)"),
        (Fault(FaultKind.STATUS, status=418), "answers with status 418"),
        (Fault(FaultKind.RESET), "could not be reached"),
        (Fault(FaultKind.BODY, body=[1]), "does not answer as the Hub does"),
    ],
)
def test_refusal_becomes_an_error_message(dataset: DatasetClient, hub: EmbeddedHub, fault: Fault, message: str) -> None:
    hub.faults.add(fault)
    with pytest.raises(HubError, match=message):
        dataset.head()


def test_deleted_revision_raises_not_found(dataset: DatasetClient, hub: EmbeddedHub) -> None:
    repository = hub.datasets["ada/data"]
    old = repository.head.oid
    repository.add({"c": b"2"}, "second", AT)
    assert dataset.file("a/b.txt", old).size == 3
    with pytest.raises(NotFound):
        dataset.file("c", old)
    repository.gone.add(old)
    with pytest.raises(NotFound):
        dataset.file("a/b.txt", old)
