"""The Hub's rate limit: read from response headers, and respected by waiting before it is used up.

Every response has these headers (draft-ietf-httpapi-ratelimit-headers-09):

    RateLimit: "api";r=499;t=295
    RateLimit-Policy: "fixed window";"api";q=500;w=300
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from tracker.errors import HubError

if TYPE_CHECKING:
    from huggingface_hub.utils._http import RateLimitInfo

MARGIN_SECONDS = 1.0
"""Headers give whole seconds. Waiting one second longer is sure to reach the next window."""

MAX_WAIT_SECONDS = 1800.0
"""Longest wait before a request. The Hub's windows have 5 minutes; a longer wait is reported, not slept."""

_LARGEST_NUMBER = 10**9


def check_wait(seconds: float, server: str = "The Hub", token: str = "HF_TOKEN") -> None:
    """Raise HubError for a wait that is too long to sleep. `token` is the setting of another token."""
    if seconds > MAX_WAIT_SECONDS:
        wait = f"{seconds / 3600:,.1f} hours" if seconds < 10 * 86_400 else f"{seconds / 86_400:,.0f} days"
        raise HubError(
            f"{server} demands a wait of {wait} before the next request, longer than the "
            f"{MAX_WAIT_SECONDS / 60:.0f} minutes that this program waits. What was read so far is saved. Run the same "
            f"command again later, or with another token ({token})."
        )


def parse_quota(headers: Mapping[str, str]) -> RateLimitInfo | None:
    """Return the first limit in the headers (names in any case); None if there is none or its numbers are absurd."""
    from huggingface_hub.utils._http import parse_ratelimit_headers  # imported here because it takes 0.2 s

    try:
        quota = parse_ratelimit_headers(headers)
    except (ValueError, OverflowError):
        return None
    numbers = (quota.remaining, quota.reset_in_seconds, quota.limit, quota.window_seconds) if quota else ()
    return quota if all(number is None or 0 <= number <= _LARGEST_NUMBER for number in numbers) else None


def reserve(quota: RateLimitInfo) -> int:
    """Requests to leave unused: a tenth of the window, so that other users of this IP address can still browse."""
    return max(2, (quota.limit or 0) // 10)


class RateLimiter:
    """Delays requests so that a reserve of the Hub's fixed window is left. Shared by the threads of a crawl.

    Requests are sent at full speed until only the reserve is left, because a fixed window does not reward slowness.
    Requests in flight are counted. While one thread waits for the next window, all wait.
    """

    def __init__(
        self,
        *,
        sleep: Callable[[float], None],
        clock: Callable[[], float],
        check: Callable[[float], None] = check_wait,
    ) -> None:
        self._sleep, self._clock, self._check = sleep, clock, check
        self._lock = threading.Lock()
        self._quota: RateLimitInfo | None = None
        self._remaining = 0
        self._resets_at = 0.0
        self._window_start = float("-inf")
        """Estimated start of the current window, set after a wait or an expired window."""

    @property
    def quota(self) -> RateLimitInfo | None:
        """The quota in the latest response; None before the first."""
        return self._quota

    @property
    def remaining(self) -> int:
        """Requests left in the window, without those in flight."""
        return self._remaining

    def wait(self) -> None:
        """Block until one more request may be sent."""
        with self._lock:
            if self._quota is None:
                return
            left = self._resets_at - self._clock()
            if left > 0 and self._remaining <= reserve(self._quota):
                self._check(left)
                self._sleep(left + MARGIN_SECONDS)
                left = 0
            if left <= 0:
                self._remaining = self._quota.limit or self._remaining
                self._window_start = self._clock()
                self._resets_at = self._window_start + (self._quota.window_seconds or 0)
            self._remaining -= 1

    def update(self, quota: RateLimitInfo | None) -> None:
        """Apply the quota of a response. Call it as soon as the response arrives.

        Responses may arrive out of order: within one window, a later one never raises what is left. While another
        thread waits, this blocks too, and a quota of the window before that wait is ignored.
        """
        if quota is None:
            return
        resets_at = self._clock() + quota.reset_in_seconds
        with self._lock:
            if resets_at <= self._window_start:
                return
            is_same_window = self._quota is not None and abs(resets_at - self._resets_at) <= 2 * MARGIN_SECONDS
            self._remaining = min(self._remaining, quota.remaining) if is_same_window else quota.remaining
            self._resets_at = max(self._resets_at, resets_at) if is_same_window else resets_at
            self._quota = quota
