"""The Hub's quota as its headers tell it, and how long to wait because of it. Pure.

Headers (draft-ietf-httpapi-ratelimit-headers-09), on every response:

    RateLimit: "api";r=499;t=295
    RateLimit-Policy: "fixed window";"api";q=500;w=300
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_PARAMETER = re.compile(r";\s*([a-z]+)=(\d+)")

MARGIN_SECONDS = 1.0
"""Windows are told in whole seconds: waiting one more is sure to reach the next."""


@dataclass(frozen=True, slots=True)
class Quota:
    """What is left of the current window."""

    remaining: int
    resets_in_seconds: int
    per_window: int | None
    """Requests a window allows; None where the policy was not told."""

    window_seconds: int | None

    @property
    def reserve(self) -> int:
        """Requests left untouched: a tenth of the window, so that a person behind the same address can still browse."""
        return max(2, (self.per_window or 0) // 10)


def quota(headers: Mapping[str, str]) -> Quota | None:
    """The quota told by a response's headers (names in any case); None where they do not tell it."""
    lower = {name.lower(): value for name, value in headers.items()}
    left = _parameters(lower.get("ratelimit", ""))
    policy = _parameters(lower.get("ratelimit-policy", ""))
    if "r" not in left or "t" not in left:
        return None
    return Quota(left["r"], left["t"], policy.get("q"), policy.get("w"))


def retry_after_seconds(value: str | None, now: datetime) -> float | None:
    """Seconds a `Retry-After` header asks for, given as a number or as an HTTP date; None if absent or unreadable."""
    if value is None:
        return None
    if value.strip().isdigit():
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - now).total_seconds())


def _parameters(header: str) -> dict[str, int]:
    first_item = header.split(",")[0]
    return {name: int(number) for name, number in _PARAMETER.findall(first_item)}
