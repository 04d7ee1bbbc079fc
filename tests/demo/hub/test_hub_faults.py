"""Each fault as a client meets it, and when it meets which."""

import gzip
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from tracker.demo.hub.faults import Fault, FaultKind, Faults
from tracker.demo.hub.server import EmbeddedHub

Ask = Callable[..., requests.Response]
LIST = "/api/models?sort=createdAt&direction=1&limit=5"


@pytest.fixture(autouse=True)
def server_without_complaint(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A fault is meant: the server underneath must not take it for an error of the application."""
    yield
    assert [record.getMessage() for record in caplog.records if record.name.startswith("uvicorn")] == []


def shape(response: requests.Response) -> tuple[int, int]:
    return response.status_code, len(response.json())


@pytest.mark.parametrize(
    ("status", "seen"), [(None, 500), (401, 401), (403, 403), (418, 418), (502, 502), (503, 503), (504, 504)]
)
def test_status_fault_comes_once_with_rate_headers(ask: Ask, hub: EmbeddedHub, status: int | None, seen: int) -> None:
    hub.faults.add(Fault(FaultKind.STATUS, status=status))
    failed = ask(LIST)
    assert failed.status_code == seen
    assert failed.json()["error"]
    assert failed.headers["RateLimit"] == '"api";r=499;t=300'
    assert "Retry-After" not in failed.headers
    assert shape(ask(LIST)) == (200, 5)


@pytest.mark.parametrize("retry_after", ["7", "Wed, 19 Aug 2026 12:00:30 GMT"])
def test_status_can_carry_retry_after(ask: Ask, hub: EmbeddedHub, retry_after: str) -> None:
    hub.faults.add(Fault(FaultKind.STATUS, status=503, retry_after=retry_after, body={"error": "down"}))
    failed = ask(LIST)
    assert (failed.headers["Retry-After"], failed.json()) == (retry_after, {"error": "down"})


def test_429_has_retry_after_or_not(ask: Ask, hub: EmbeddedHub) -> None:
    hub.faults.add(Fault(FaultKind.STATUS, status=429, reset_seconds=12), Fault(FaultKind.STATUS, status=429))
    told, untold = ask(LIST), ask(LIST)
    assert (told.status_code, told.headers["RateLimit"]) == (429, '"api";r=0;t=12')
    assert told.headers["RateLimit-Policy"] == '"fixed window";"api";q=500;w=300'
    assert untold.status_code == 429
    assert not {"RateLimit", "RateLimit-Policy", "Retry-After"} & {*untold.headers}


def test_stalled_request_gets_no_byte_and_the_server_goes_on(ask: Ask, hub: EmbeddedHub) -> None:
    hub.faults.add(Fault(FaultKind.STALL))
    with pytest.raises(requests.ReadTimeout), requests.Session() as session:
        session.trust_env = False
        session.get(hub.url + LIST, timeout=0.2)
    assert shape(ask(LIST)) == (200, 5)
    assert [request.status for request in hub.requests] == [None, 200]


@pytest.mark.parametrize("keep_bytes", [None, 0, 100])
def test_reset_is_a_lost_connection(ask: Ask, hub: EmbeddedHub, keep_bytes: int | None) -> None:
    hub.faults.add(Fault(FaultKind.RESET, keep_bytes=keep_bytes))
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        ask(LIST)
    assert shape(ask(LIST)) == (200, 5)
    assert [request.status for request in hub.requests] == [None if keep_bytes is None else 200, 200]


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
@pytest.mark.parametrize("keep_bytes", [None, 0, 1, 10**9])
def test_cut_body_is_shorter_than_announced(ask: Ask, hub: EmbeddedHub, encoding: str, keep_bytes: int | None) -> None:
    hub.faults.add(Fault(FaultKind.CUT, keep_bytes=keep_bytes))
    cut = ask(LIST, headers={"Accept-Encoding": encoding}, stream=True)
    assert cut.status_code == 200
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        _ = cut.content
    assert shape(ask(LIST)) == (200, 5)


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_truncated_body_looks_complete_but_is_no_json(ask: Ask, hub: EmbeddedHub, encoding: str) -> None:
    whole = ask("/api/models").content
    hub.faults.add(Fault(FaultKind.TRUNCATE, keep_bytes=1700), Fault(FaultKind.TRUNCATE))
    for size in (1700, len(whole) // 2):
        cut = ask("/api/models", headers={"Accept-Encoding": encoding})
        assert (cut.status_code, cut.content) == (200, whole[:size])
        with pytest.raises(ValueError):
            cut.json()


def test_body_can_be_an_object_in_place_of_a_list(ask: Ask, hub: EmbeddedHub) -> None:
    hub.faults.add(Fault(FaultKind.BODY, body={"error": "busy"}), Fault(FaultKind.BODY, body=[]))
    bodies: list[Any] = [{"error": "busy"}, []]
    for body in bodies:
        odd = ask(LIST)
        assert (odd.status_code, odd.json(), odd.links) == (200, body, {})
        assert "RateLimit" in odd.headers


def test_foreign_link_names_another_host_and_the_same_page(ask: Ask, hub: EmbeddedHub) -> None:
    right = ask(LIST).links["next"]["url"]
    hub.faults.add(Fault(FaultKind.FOREIGN_LINK, to="https://evil.example"))
    assert ask(LIST).links["next"]["url"] == right.replace(hub.url, "https://evil.example")


def test_foreign_link_leaves_a_last_page_alone(ask: Ask, hub: EmbeddedHub) -> None:
    hub.faults.add(Fault(FaultKind.FOREIGN_LINK))
    assert ask("/api/models").links == {}


@pytest.mark.parametrize(("status", "seen"), [(302, 302), (None, 307)])
def test_redirect_leads_to_another_host(ask: Ask, hub: EmbeddedHub, status: int | None, seen: int) -> None:
    hub.faults.add(Fault(FaultKind.REDIRECT, status=status, to="https://evil.example"))
    moved = ask(LIST)
    assert (moved.status_code, moved.headers["Location"]) == (seen, "https://evil.example" + LIST)


def test_damaged_rows_come_between_good_ones(ask: Ask, hub: EmbeddedHub) -> None:
    def edit(position: int, row: dict[str, Any]) -> Any:
        return {0: None, 2: row | {"downloads": "many"}}.get(position, row)

    good = ask(LIST).json()
    hub.faults.add(Fault(FaultKind.DAMAGE, edit=edit))
    damaged = ask(LIST)
    assert damaged.json() == [None, good[1], good[2] | {"downloads": "many"}, *good[3:]]
    assert "next" in damaged.links


def test_damage_and_end_leave_other_answers_alone(ask: Ask, hub: EmbeddedHub) -> None:
    hub.faults.add(Fault(FaultKind.DAMAGE), Fault(FaultKind.END))
    assert [ask("/api/models/gpt2").json()["id"] for _ in range(2)] == ["gpt2", "gpt2"]


def test_listing_can_seem_to_end_early(ask: Ask, hub: EmbeddedHub) -> None:
    hub.faults.add(Fault(FaultKind.END))
    ended = ask(LIST)
    assert (shape(ended), ended.links) == ((200, 5), {})


@pytest.mark.parametrize("kind", list(FaultKind))
def test_faults_end(ask: Ask, hub: EmbeddedHub, kind: FaultKind) -> None:
    hub.faults.add(Fault(kind, path_contains="/api/models?", body=[], after=1))
    assert hub.faults.due(LIST) is None
    assert hub.faults.due(LIST) is not None
    assert hub.faults.pending == []
    assert shape(ask(LIST)) == (200, 5)


A, B = Fault(FaultKind.END, times=2), Fault(FaultKind.STALL, path_contains="cursor=", after=1)
ALL, PAGE = "/api/models", "/api/models?cursor=x"


@pytest.mark.parametrize(
    ("faults", "targets", "met"),
    [
        ([], [ALL], [None]),
        ([A], [ALL, ALL, ALL], [A, A, None]),
        ([B], [ALL, PAGE, ALL, PAGE, PAGE], [None, None, None, B, None]),
        ([A, B], [ALL, ALL, PAGE, PAGE], [A, A, None, B]),
        ([A, B], [PAGE, PAGE, PAGE, PAGE], [A, A, B, None]),
        ([B, A], [PAGE, PAGE, PAGE, PAGE], [A, B, A, None]),
    ],
)
def test_request_meets_the_first_fault_that_is_due(
    faults: list[Fault], targets: list[str], met: list[Fault | None]
) -> None:
    waiting = Faults()
    waiting.add(*faults)
    assert [waiting.due(target) for target in targets] == met


def test_compressed_answer_is_the_plain_one(ask: Ask) -> None:
    plain = ask("/api/models", headers={"Accept-Encoding": "identity"})
    packed = ask("/api/models", headers={"Accept-Encoding": "gzip, deflate"}, stream=True)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    raw = packed.raw.read(decode_content=False)
    assert len(raw) == int(packed.headers["Content-Length"]) < len(plain.content)
    assert json.loads(gzip.decompress(raw)) == plain.json()


def test_requests_are_logged_as_they_came(ask: Ask, hub: EmbeddedHub, clock: Any) -> None:
    headers = {"Authorization": "Bearer hf_made_up", "User-Agent": "tracker/0.1"}
    ask("/api/models?limit=1&author=a%2Fb", headers=headers)
    ask("/api/models/no/such", headers={"User-Agent": "tracker/0.1"})
    first, second = hub.requests
    assert (first.method, first.path, first.query) == ("GET", "/api/models", "limit=1&author=a%2Fb")
    assert (first.authorization, first.user_agent, first.status) == ("Bearer hf_made_up", "tracker/0.1", 200)
    assert (second.authorization, second.status, second.at) == (None, 401, clock.now)
