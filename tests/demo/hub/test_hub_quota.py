"""The rate limit: a header on every response, 429 when exceeded, reset with the window."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from tracker.demo.hub.faults import Fault, FaultKind
from tracker.demo.hub.quota import Meter
from tracker.demo.hub.server import EmbeddedHub

Ask = Callable[..., requests.Response]
TOKEN = {"Authorization": "Bearer hf_made_up"}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/models?limit=1", 200),
        ("/api/models/qwen/qwen3-8b", 307),
        ("/api/models?expand=nope", 400),
        ("/api/models/no/such", 401),
        ("/api/agent-harnesses", 404),
    ],
)
def test_every_response_has_rate_date_and_simulated_headers(ask: Ask, path: str, status: int) -> None:
    response = ask(path)
    assert response.status_code == status
    assert response.headers["RateLimit"] == '"api";r=499;t=300'
    assert response.headers["RateLimit-Policy"] == '"fixed window";"api";q=500;w=300'
    assert response.headers["Date"] == "Wed, 19 Aug 2026 12:00:00 GMT"
    assert response.headers["X-Simulated"] == "true"


def test_date_moves_with_the_clock(ask: Ask, clock: Any) -> None:
    clock.now += 75
    assert ask("/").headers["Date"] == "Wed, 19 Aug 2026 12:01:15 GMT"


def test_token_has_twice_the_quota_and_a_separate_count(ask: Ask) -> None:
    ask("/")
    assert ask("/", headers=TOKEN).headers["RateLimit"] == '"api";r=999;t=300'
    assert ask("/").headers["RateLimit"] == '"api";r=498;t=300'


def test_used_up_quota_is_refused_until_the_window_ends(ask: Ask, hub: EmbeddedHub, clock: Any) -> None:
    hub.quota = 2
    clock.now += 100.5
    statuses = [ask("/api/models/gpt2").status_code for _ in range(4)]
    assert statuses == [200, 200, 429, 429]
    refused = ask("/api/models/gpt2")
    assert refused.headers["RateLimit"] == '"api";r=0;t=200'
    assert refused.json()["error"].startswith("We had to rate limit your IP (127.0.0.1). To continue using")
    clock.now += 199.5
    assert ask("/api/models/gpt2").headers["RateLimit"] == '"api";r=1;t=300'


def test_bearer_of_a_token_is_refused_in_other_words(ask: Ask, hub: EmbeddedHub) -> None:
    hub.quota = 0
    refused = ask("/api/models/gpt2", headers=TOKEN)
    assert refused.status_code == 429
    assert "you hit the quota of 0 api requests per 5 minutes period" in refused.json()["error"]
    assert refused.headers["X-Simulated"] == "true"


def test_refused_request_leaves_the_faults_waiting(ask: Ask, hub: EmbeddedHub) -> None:
    hub.quota = 0
    fault = Fault(FaultKind.STATUS, status=503)
    hub.faults.add(fault)
    assert ask("/").status_code == 429
    assert hub.faults.pending == [fault]


@pytest.mark.parametrize(
    ("now", "reset_seconds"), [(0.0, 300), (0.1, 300), (1.0, 299), (299.0, 1), (299.9, 1), (300.0, 300), (1e6, 200)]
)
def test_window_ends_at_multiples_of_five_minutes(now: float, reset_seconds: int) -> None:
    assert Meter(None).count("a", has_token=False, now=now).reset_seconds == reset_seconds
