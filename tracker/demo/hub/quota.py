"""The Hub's rate limit: a quota per fixed window of five minutes, stated in headers of every response.

Files (`/resolve/`) and the API have separate quotas.
"""

import math
from dataclasses import dataclass

WINDOW_SECONDS = 300
ANONYMOUS_QUOTA = 500
TOKEN_QUOTA = 1000
API, FILES = "api", "resolvers"
_FILES_QUOTAS = {ANONYMOUS_QUOTA: 3000, TOKEN_QUOTA: 5000}


@dataclass(frozen=True, slots=True)
class RateLimit:
    """A client's quota after a request."""

    quota: int
    remaining: int
    reset_seconds: int
    """Whole seconds until the window ends, at least 1."""

    is_over: bool
    """The request exceeded the quota."""

    bucket: str = API

    def headers(self) -> dict[str, str]:
        """The `RateLimit` and `RateLimit-Policy` headers."""
        return {
            "ratelimit": f'"{self.bucket}";r={self.remaining};t={self.reset_seconds}',
            "ratelimit-policy": f'"fixed window";"{self.bucket}";q={self.quota};w={WINDOW_SECONDS}',
        }


class Meter:
    """Counts requests per client; windows begin at multiples of five minutes.

    A client is a token, or an IP address without one.
    """

    def __init__(self, quota: int | None) -> None:
        """Allow `quota` requests a window; None uses the Hub's own quotas."""
        self.quota = quota
        self._window = 0
        self._used: dict[tuple[str, str], int] = {}

    def count(self, client: str, has_token: bool, now: float, bucket: str = API) -> RateLimit:
        """Count one request at `now` (seconds of any steady clock)."""
        window = math.floor(now / WINDOW_SECONDS)
        if window != self._window:
            self._window, self._used = window, {}
        used = self._used[client, bucket] = self._used.get((client, bucket), 0) + 1
        quota = self._quota_of(has_token, bucket)
        reset = max(1, math.ceil((window + 1) * WINDOW_SECONDS - now))
        return RateLimit(quota, max(0, quota - used), reset, is_over=used > quota, bucket=bucket)

    def _quota_of(self, has_token: bool, bucket: str) -> int:
        if self.quota is not None:
            return self.quota
        api_quota = TOKEN_QUOTA if has_token else ANONYMOUS_QUOTA
        return api_quota if bucket == API else _FILES_QUOTAS[api_quota]


def refusal(limit: RateLimit, has_token: bool, address: str) -> str:
    """The text of the Hub's 429."""
    if has_token:
        return (
            f"We had to rate limit you, you hit the quota of {limit.quota} api requests per 5 minutes period. "
            "Upgrade to a PRO user or Team/Enterprise organization account (https://hf.co/pricing) to get higher "
            "limits. See https://huggingface.co/docs/hub/rate-limits"
        )
    return (
        f"We had to rate limit your IP ({address}). To continue using our service, create a HF account or login to "
        "your existing account, and make sure you pass a HF_TOKEN if you're using the API."
    )
