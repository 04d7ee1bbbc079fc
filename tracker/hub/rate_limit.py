"""Waits before requests so that the quota is never used up."""

import threading
from collections.abc import Callable

from tracker.hub.ratelimit import MARGIN_SECONDS, Quota


class RateLimiter:
    """Keeps a reserve of the Hub's fixed window; once only that is left, it waits for the next window.

    Requests are spent as fast as they come until then: a fixed window gives nothing for slowness. Shared by the
    threads of a crawl: those in flight are counted, and while one waits all wait.
    """

    def __init__(self, *, sleep: Callable[[float], None], clock: Callable[[], float]) -> None:
        self._sleep, self._clock = sleep, clock
        self._lock = threading.Lock()
        self._quota: Quota | None = None
        self._remaining = 0
        self._resets_at = 0.0
        self._began_at = float("-inf")
        """When the window at hand was taken to begin, after a wait or a rest."""

    @property
    def quota(self) -> Quota | None:
        """What the Hub last told; None before its first answer."""
        return self._quota

    @property
    def remaining(self) -> int:
        """Requests left of the window, those in flight taken off."""
        return self._remaining

    def wait(self) -> None:
        """Returns when one more request may be sent."""
        with self._lock:
            if self._quota is None:
                return
            left = self._resets_at - self._clock()
            if left > 0 and self._remaining <= self._quota.reserve:
                self._sleep(left + MARGIN_SECONDS)
                left = 0
            if left <= 0:
                self._remaining = self._quota.per_window or self._remaining
                self._began_at = self._clock()
                self._resets_at = self._began_at + (self._quota.window_seconds or 0)
            self._remaining -= 1

    def update(self, told: Quota | None) -> None:
        """Takes over what a response told; answers that overtook each other never raise what is left of one window.

        To be called as soon as the response is there: while another thread waits, so does this, and what was told of
        the window before that wait no longer counts.
        """
        if told is None:
            return
        resets_at = self._clock() + told.resets_in_seconds
        with self._lock:
            if resets_at <= self._began_at:
                return
            is_same_window = self._quota is not None and abs(resets_at - self._resets_at) <= 2 * MARGIN_SECONDS
            self._remaining = min(self._remaining, told.remaining) if is_same_window else told.remaining
            self._resets_at = max(self._resets_at, resets_at) if is_same_window else resets_at
            self._quota = told
