"""Rate-limit headers, and waits that keep a single client below its quota."""

import heapq
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest
from huggingface_hub.utils._http import RateLimitInfo
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples
from tracker.demo.hub.quota import WINDOW_SECONDS, Meter
from tracker.demo.hub.server import EmbeddedHub
from tracker.hub.client import HubClient
from tracker.hub.rate_limit import RateLimiter, parse_quota, reserve

POLICY = '"fixed window";"api";q=500;w=300'


def make_quota(
    remaining: int, reset_seconds: int = 120, limit: int | None = 500, window_seconds: int | None = 300
) -> RateLimitInfo:
    return RateLimitInfo("api", remaining, reset_seconds, limit, window_seconds)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"RateLimit": '"api";r=499;t=295', "RateLimit-Policy": POLICY}, make_quota(499, 295)),
        ({"ratelimit": '"api";r=0;t=1', "ratelimit-policy": POLICY}, make_quota(0, 1)),
        ({"RATELIMIT": '"api"; r=7; t=2'}, make_quota(7, 2, None, None)),
        (
            {"RateLimit": '"api";r=7;t=2, "x";r=1;t=9', "RateLimit-Policy": f'{POLICY}, "x";q=1;w=9'},
            make_quota(7, 2),
        ),
        ({"RateLimit": '"api";t=2;r=7'}, None),
        ({"RateLimit": '"api";r=7'}, None),
        ({"RateLimit": '"api";r=many;t=2'}, None),
        ({"RateLimit": ""}, None),
        ({"RateLimit-Policy": POLICY}, None),
        ({}, None),
    ],
)
def test_parse_quota_reads_the_first_limit(headers: dict[str, str], expected: RateLimitInfo | None) -> None:
    assert parse_quota(headers) == expected


@pytest.mark.parametrize(
    ("limit", "expected"), [(None, 2), (3, 2), (20, 2), (29, 2), (30, 3), (500, 50), (1000, 100), (100_000, 10_000)]
)
def test_reserve_is_a_tenth_and_at_least_two(limit: int | None, expected: int) -> None:
    assert reserve(make_quota(1, 1, limit)) == expected


@pytest.fixture
def limiter(clock: Any) -> RateLimiter:
    return RateLimiter(sleep=clock.sleep, clock=clock)


def test_limiter_does_not_wait_before_the_first_response(limiter: RateLimiter, clock: Any) -> None:
    for _ in range(10):
        limiter.wait()
    assert clock.slept == [] and limiter.quota is None


@pytest.mark.parametrize(
    ("quota", "waits"),
    [
        (make_quota(51), []),
        (make_quota(50), [121.0]),
        (make_quota(0, 1), [2.0]),
        (make_quota(3, 60, 3, 300), []),
        (make_quota(2, 60, 3, 300), [61.0]),
        (make_quota(2, 60, None, None), [61.0]),
    ],
)
def test_limiter_waits_when_only_the_reserve_is_left(
    limiter: RateLimiter, clock: Any, quota: RateLimitInfo, waits: list[float]
) -> None:
    limiter.update(quota)
    limiter.wait()
    assert clock.slept == waits


def test_limiter_counts_requests_in_flight(limiter: RateLimiter, clock: Any) -> None:
    limiter.update(make_quota(53))
    for _ in range(3):
        limiter.wait()
    assert (limiter.remaining, clock.slept) == (50, [])
    limiter.wait()
    assert clock.slept == [121.0]


def test_late_response_does_not_raise_the_remaining_count(limiter: RateLimiter) -> None:
    limiter.update(make_quota(90))
    limiter.update(make_quota(95))
    assert limiter.remaining == 90


def test_response_of_the_next_window_counts_at_once(limiter: RateLimiter, clock: Any) -> None:
    limiter.update(make_quota(60, 10))
    clock.seconds += 10
    limiter.update(make_quota(499, 300))
    assert limiter.remaining == 499


def test_response_without_quota_changes_nothing(limiter: RateLimiter) -> None:
    limiter.update(make_quota(60, 10))
    limiter.update(None)
    assert (limiter.quota, limiter.remaining) == (make_quota(60, 10), 60)


def test_response_during_a_wait_causes_no_second_wait(clock: Any) -> None:
    """While one thread waits for the next window, another receives a response of the previous window."""
    arrived = threading.Event()

    def time() -> float:
        if threading.current_thread() is not threading.main_thread():
            arrived.set()
        return float(clock())

    def sleep(seconds: float) -> None:
        other.start()
        assert arrived.wait(10)
        clock.sleep(seconds)

    limiter = RateLimiter(sleep=sleep, clock=time)
    other = threading.Thread(target=limiter.update, args=[make_quota(49, 118)])
    limiter.update(make_quota(50))
    limiter.wait()
    other.join()
    limiter.wait()
    assert clock.slept == [121.0]
    assert limiter.remaining == 498


@settings(deadline=None, max_examples=examples(100))
@given(
    allowed=st.integers(3, 60),
    start=st.floats(0, 3 * WINDOW_SECONDS),
    delays=st.lists(st.tuples(st.floats(0, 90), st.floats(0, 90)), min_size=1, max_size=150),
)
def test_limiter_never_exceeds_the_quota_with_two_in_flight(
    make_clock: Callable[..., Any], allowed: int, start: float, delays: list[tuple[float, float]]
) -> None:
    """Two requests are always in flight. The Hub counts each one late, and its response arrives later again."""
    clock = make_clock(start)
    meter, limiter = Meter(allowed), RateLimiter(sleep=clock.sleep, clock=clock)
    events: list[tuple[float, int, float | RateLimitInfo | None]] = [(start, number, None) for number in range(2)]
    order = count(2)
    for sent, back in delays:
        while True:
            at, _, event = heapq.heappop(events)
            clock.seconds = max(clock.seconds, at)
            if not isinstance(event, float):
                break
            usage = meter.count("crawler", False, at)
            assert not usage.is_over, f"more than {allowed} requests, {at} seconds after the start"
            heapq.heappush(events, (at + event, next(order), parse_quota(usage.headers())))
        limiter.update(event)
        limiter.wait()
        heapq.heappush(events, (clock() + sent, next(order), back))


@pytest.mark.parametrize("allowed", [3, 4, 7, 25])
@pytest.mark.parametrize("threads", [1, 2])
def test_threads_alone_on_a_quota_never_get_status_429(
    serve: Callable[..., EmbeddedHub], client: Callable[..., HubClient], clock: Any, allowed: int, threads: int
) -> None:
    served = serve(quota=allowed)
    hub = client(served.url)
    with ThreadPoolExecutor(threads) as pool:
        bodies = list(
            pool.map(lambda _: hub.fetch(f"{served.url}/api/models", lambda response: response.body), range(40))
        )
    assert bodies == [b"[]"] * 40
    assert {request.status for request in served.requests} == {200}
    assert len(served.requests) == 40
    windows = 40 / max(1, allowed - max(2, allowed // 10))
    assert clock.seconds <= threads * (windows + 1) * (WINDOW_SECONDS + 2)
