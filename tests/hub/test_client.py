"""Retries, waits and redirects, against a Hub that fails on demand."""

import socket
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest

from tracker.demo.hub.faults import Fault, FaultKind
from tracker.demo.hub.server import EmbeddedHub
from tracker.errors import HubError
from tracker.hub.client import MAX_ATTEMPTS, USER_AGENT, HubClient, Response
from tracker.hub.page import PageReader

Serve = Callable[..., EmbeddedHub]
Client = Callable[..., HubClient]


@pytest.fixture
def served(serve: Serve, make_model: Callable[..., Any]) -> EmbeddedHub:
    """A Hub with fifty models."""
    return serve([make_model(number) for number in range(50)])


def rows_of(hub: HubClient, url: str) -> int:
    """How many rows the page at `url` has, read as a crawl reads it."""
    return hub.fetch(url, lambda answer: PageReader().read(answer)).rows


PASSING = [
    (Fault(FaultKind.STATUS, status=500), [1.0]),
    (Fault(FaultKind.STATUS, status=502), [1.0]),
    (Fault(FaultKind.STATUS, status=503), [1.0]),
    (Fault(FaultKind.STATUS, status=504), [1.0]),
    (Fault(FaultKind.STATUS, status=408), [1.0]),
    (Fault(FaultKind.STATUS, status=500, times=4), [1.0, 2.0, 4.0, 8.0]),
    (Fault(FaultKind.STATUS, status=503, retry_after="7"), [7.0]),
    (Fault(FaultKind.STATUS, status=503, retry_after="0"), [0.0]),
    (Fault(FaultKind.STATUS, status=503, retry_after="soon"), [1.0]),
    (Fault(FaultKind.STATUS, status=503, retry_after="Wed, 19 Aug 2026 12:00:30 GMT"), [30.0]),
    (Fault(FaultKind.STATUS, status=429), [1.0]),
    (Fault(FaultKind.STATUS, status=429, reset_seconds=20), [21.0]),
    (Fault(FaultKind.STATUS, status=429, retry_after="30"), [30.0]),
    (Fault(FaultKind.STATUS, status=429, reset_seconds=20, retry_after="30"), [30.0]),
    (Fault(FaultKind.STATUS, status=429, reset_seconds=40, retry_after="30"), [41.0]),
    (Fault(FaultKind.STATUS, status=429, reset_seconds=20, retry_after="Wed, 19 Aug 2026 12:01:30 GMT"), [90.0]),
    (Fault(FaultKind.STATUS, status=429, reset_seconds=120, retry_after="Wed, 19 Aug 2026 12:01:30 GMT"), [121.0]),
    (Fault(FaultKind.RESET), [1.0]),
    (Fault(FaultKind.RESET, keep_bytes=700), [1.0]),
    (Fault(FaultKind.CUT), [1.0]),
    (Fault(FaultKind.CUT, keep_bytes=0), [1.0]),
    (Fault(FaultKind.CUT, times=7), [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0]),
    (Fault(FaultKind.TRUNCATE), [1.0]),
    (Fault(FaultKind.TRUNCATE, keep_bytes=0), [1.0]),
    (Fault(FaultKind.TRUNCATE, keep_bytes=1), [1.0]),
    (Fault(FaultKind.TRUNCATE, keep_bytes=20_000), [1.0]),
    (Fault(FaultKind.BODY, body={"error": "We had to rate limit you"}), [1.0]),
    (Fault(FaultKind.BODY, body=None), [1.0]),
    (Fault(FaultKind.BODY, body="[]"), [1.0]),
]


@pytest.mark.parametrize(("fault", "waits"), PASSING, ids=lambda value: repr(value)[:70])
def test_asks_again_after_a_wait(
    served: EmbeddedHub, client: Client, clock: Any, fault: Fault, waits: list[float]
) -> None:
    hub = client(served.url)
    served.faults.add(fault)
    assert rows_of(hub, f"{served.url}/api/models") == 50
    assert clock.slept == waits
    assert (hub.counts.requests, hub.counts.retries) == (fault.times + 1, fault.times)
    assert served.faults.pending == []


def test_asks_again_when_no_byte_comes(served: EmbeddedHub, client: Client, clock: Any) -> None:
    hub = client(served.url, timeouts=(5.0, 0.2))
    served.faults.add(Fault(FaultKind.STALL))
    assert rows_of(hub, f"{served.url}/api/models") == 50
    assert clock.slept == [1.0]


def test_client_counts_the_requests_of_a_response(served: EmbeddedHub, client: Client) -> None:
    served.faults.add(Fault(FaultKind.STATUS, status=500, times=2))
    assert client(served.url).fetch(f"{served.url}/api/models", lambda answer: answer.attempts) == 3


@pytest.mark.parametrize(("luck", "waits"), [(0.0, [0.5, 1.0, 2.0]), (0.5, [0.75, 1.5, 3.0]), (1.0, [1.0, 2.0, 4.0])])
def test_waits_differ_by_luck_between_half_and_whole(
    served: EmbeddedHub, client: Client, clock: Any, luck: float, waits: list[float]
) -> None:
    served.faults.add(Fault(FaultKind.STATUS, status=500, times=3))
    rows_of(client(served.url, jitter=lambda: luck), f"{served.url}/api/models")
    assert clock.slept == waits


@pytest.mark.parametrize(
    ("fault", "last"),
    [
        (Fault(FaultKind.STATUS, status=500, times=99), "status 500"),
        (Fault(FaultKind.CUT, times=99), "the answer was cut"),
        (Fault(FaultKind.BODY, body={"error": "no"}, times=99), "the answer is not a list"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_client_gives_up_after_eight_tries(
    served: EmbeddedHub, client: Client, clock: Any, fault: Fault, last: str
) -> None:
    served.faults.add(fault)
    with pytest.raises(HubError, match=f"gave no usable answer in 8 tries; the last: {last}") as caught:
        rows_of(client(served.url), f"{served.url}/api/models")
    assert "Pages read so far are saved. Run the same command again to resume." in str(caught.value)
    assert caught.value.exit_code == 10
    assert len(served.requests) == MAX_ATTEMPTS
    assert clock.slept == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0]


def test_says_in_one_sentence_what_to_do_without_a_network(client: Client, clock: Any) -> None:
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{nobody_listens.getsockname()[1]}"
        with pytest.raises(HubError) as caught:
            client(endpoint).fetch(f"{endpoint}/api/models", lambda answer: answer)
    assert str(caught.value) == (
        f"Could not reach {endpoint} (connection refused; tried 3 times). Check the network, set HF_ENDPOINT if you "
        "use a mirror, or run `tracker demo`, which needs no network."
    )
    assert caught.value.exit_code == 10
    assert clock.slept == [1.0, 2.0]


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (401, "The token may be wrong or revoked: check HF_TOKEN, or run `hf auth login`."),
        (403, "The token may be wrong or revoked: check HF_TOKEN, or run `hf auth login`."),
        (400, "The Hub's API may have changed: look for a newer version of this program."),
        (404, "The Hub's API may have changed"),
        (418, "The Hub's API may have changed"),
    ],
)
def test_refusal_is_final_and_comes_with_advice(
    served: EmbeddedHub, client: Client, clock: Any, status: int, advice: str
) -> None:
    served.faults.add(Fault(FaultKind.STATUS, status=status, body={"error": "said " * 400}))
    with pytest.raises(HubError) as caught:
        rows_of(client(served.url), f"{served.url}/api/models")
    assert f"{served.url} refused with status {status}" in str(caught.value)
    assert "said said" in str(caught.value) and advice in str(caught.value)
    assert len(str(caught.value)) < 600
    assert (len(served.requests), clock.slept) == (1, [])


def test_follows_a_redirect_on_the_same_host(served: EmbeddedHub, client: Client) -> None:
    served.faults.add(Fault(FaultKind.REDIRECT, to=""), Fault(FaultKind.REDIRECT, to=served.url, status=302))
    hub = client(served.url, token=lambda: "hf_word")
    assert rows_of(hub, f"{served.url}/api/models?limit=9") == 9
    assert [request.status for request in served.requests] == [307, 302, 200]
    assert {request.query for request in served.requests} == {"limit=9"}
    assert {request.authorization for request in served.requests} == {"Bearer hf_word"}
    assert hub.counts.requests == 3


def test_refuses_redirects_without_end(served: EmbeddedHub, client: Client) -> None:
    served.faults.add(Fault(FaultKind.REDIRECT, to="", times=99))
    with pytest.raises(HubError, match="redirects more than 5 times"):
        rows_of(client(served.url), f"{served.url}/api/models")
    assert len(served.requests) == 5


def test_names_itself_and_asks_for_packed_answers(served: EmbeddedHub, client: Client) -> None:
    def packed(answer: Response) -> str:
        return answer.encoding

    assert client(served.url).fetch(f"{served.url}/api/models", packed) == "gzip"
    (request,) = served.requests
    assert request.user_agent == USER_AGENT
    assert USER_AGENT.startswith("open-model-tracker/")


def test_takes_the_time_from_the_hub(served: EmbeddedHub, client: Client, clock: Any) -> None:
    clock.seconds += 61
    answer = client(served.url).fetch(f"{served.url}/api/models", lambda answer: answer)
    assert answer.read_at == datetime(2026, 8, 19, 12, 1, 1, tzinfo=UTC)
    assert answer.is_simulated


def test_asks_for_the_token_before_every_request(served: EmbeddedHub, client: Client) -> None:
    numbers = count()
    hub = client(served.url, token=lambda: f"hf_{next(numbers)}")
    served.faults.add(Fault(FaultKind.STATUS, status=500))
    for _ in range(2):
        rows_of(hub, f"{served.url}/api/models")
    assert [request.authorization for request in served.requests] == ["Bearer hf_0", "Bearer hf_1", "Bearer hf_2"]


@pytest.mark.parametrize("token", [None, ""])
def test_sends_no_authorization_without_a_token(served: EmbeddedHub, client: Client, token: str | None) -> None:
    rows_of(client(served.url, token=lambda: token), f"{served.url}/api/models")
    assert [request.authorization for request in served.requests] == [None]
