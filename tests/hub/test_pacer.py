"""Waits before requests: never a refusal while alone on the quota."""

import heapq
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples
from tracker.demo.hub.quota import WINDOW_SECONDS, Meter
from tracker.demo.hub.server import EmbeddedHub
from tracker.hub.client import HubClient
from tracker.hub.rate_limit import RateLimiter
from tracker.hub.ratelimit import Quota, quota


@pytest.fixture
def pacer(clock: Any) -> RateLimiter:
    return RateLimiter(sleep=clock.sleep, clock=clock)


def test_does_not_wait_before_the_hub_has_told_its_quota(pacer: RateLimiter, clock: Any) -> None:
    for _ in range(10):
        pacer.wait()
    assert clock.slept == [] and pacer.quota is None


@pytest.mark.parametrize(
    ("told", "waits"),
    [
        (Quota(51, 120, 500, 300), []),
        (Quota(50, 120, 500, 300), [121.0]),
        (Quota(0, 1, 500, 300), [2.0]),
        (Quota(3, 60, 3, 300), []),
        (Quota(2, 60, 3, 300), [61.0]),
        (Quota(2, 60, None, None), [61.0]),
    ],
)
def test_waits_for_the_next_window_once_only_the_reserve_is_left(
    pacer: RateLimiter, clock: Any, told: Quota, waits: list[float]
) -> None:
    pacer.update(told)
    pacer.wait()
    assert clock.slept == waits


def test_counts_the_requests_in_flight(pacer: RateLimiter, clock: Any) -> None:
    pacer.update(Quota(53, 120, 500, 300))
    for _ in range(3):
        pacer.wait()
    assert (pacer.remaining, clock.slept) == (50, [])
    pacer.wait()
    assert clock.slept == [121.0]


def test_an_answer_that_was_overtaken_raises_nothing(pacer: RateLimiter) -> None:
    pacer.update(Quota(90, 120, 500, 300))
    pacer.update(Quota(95, 120, 500, 300))
    assert pacer.remaining == 90


def test_an_answer_of_the_next_window_counts_at_once(pacer: RateLimiter, clock: Any) -> None:
    pacer.update(Quota(60, 10, 500, 300))
    clock.seconds += 10
    pacer.update(Quota(499, 300, 500, 300))
    assert pacer.remaining == 499


def test_forgets_nothing_when_an_answer_tells_no_quota(pacer: RateLimiter) -> None:
    pacer.update(Quota(60, 10, 500, 300))
    pacer.update(None)
    assert (pacer.quota, pacer.remaining) == (Quota(60, 10, 500, 300), 60)


def test_an_answer_that_comes_during_a_wait_does_not_cost_another(clock: Any) -> None:
    """While one thread waits for the next window, the other's answer of the last one arrives."""
    arrived = threading.Event()

    def told_time() -> float:
        if threading.current_thread() is not threading.main_thread():
            arrived.set()
        return float(clock())

    def sleep(seconds: float) -> None:
        other.start()
        assert arrived.wait(10)
        clock.sleep(seconds)

    pacer = RateLimiter(sleep=sleep, clock=told_time)
    other = threading.Thread(target=pacer.update, args=[Quota(49, 118, 500, 300)])
    pacer.update(Quota(50, 120, 500, 300))
    pacer.wait()
    other.join()
    pacer.wait()
    assert clock.slept == [121.0]
    assert pacer.remaining == 498


@settings(deadline=None, max_examples=examples(100))
@given(
    allowed=st.integers(3, 60),
    begins=st.floats(0, 3 * WINDOW_SECONDS),
    delays=st.lists(st.tuples(st.floats(0, 90), st.floats(0, 90)), min_size=1, max_size=150),
)
def test_never_meets_a_refusal_with_two_requests_in_flight(
    make_clock: Callable[..., Any], allowed: int, begins: float, delays: list[tuple[float, float]]
) -> None:
    """Two requests are always under way; the Hub counts each some time after it was sent, and is heard later still."""
    clock = make_clock(begins)
    meter, pacer = Meter(allowed), RateLimiter(sleep=clock.sleep, clock=clock)
    to_come: list[tuple[float, int, float | Quota | None]] = [(begins, number, None) for number in range(2)]
    order = count(2)
    for on_the_way, back in delays:
        while True:
            at, _, what = heapq.heappop(to_come)
            clock.seconds = max(clock.seconds, at)
            if not isinstance(what, float):
                break
            standing = meter.count("crawler", False, at)
            assert not standing.is_over, f"one of {allowed} requests too many, {at} seconds after the beginning"
            heapq.heappush(to_come, (at + what, next(order), quota(standing.headers())))
        pacer.update(what)
        pacer.wait()
        heapq.heappush(to_come, (clock() + on_the_way, next(order), back))


@pytest.mark.parametrize("allowed", [3, 4, 7, 25])
@pytest.mark.parametrize("threads", [1, 2])
def test_two_threads_alone_on_a_quota_never_see_status_429(
    serve: Callable[..., EmbeddedHub], client: Callable[..., HubClient], clock: Any, allowed: int, threads: int
) -> None:
    served = serve(quota=allowed)
    hub = client(served.url)
    with ThreadPoolExecutor(threads) as pool:
        answers = list(pool.map(lambda _: hub.fetch(f"{served.url}/api/models", lambda answer: answer.body), range(40)))
    assert answers == [b"[]"] * 40
    assert {request.status for request in served.requests} == {200}
    assert len(served.requests) == 40
    windows = 40 / max(1, allowed - max(2, allowed // 10))
    assert clock.seconds <= threads * (windows + 1) * (WINDOW_SECONDS + 2)
