"""When a request to the Hub is sent again, and how long to wait first. The one policy of both Hub clients.

The crawler's client (`client.py`) makes up to 8 attempts. The dataset client (`datasets.py`) makes 4, because
huggingface_hub retries most of its requests itself before it reports an error.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from tracker.hub.rate_limit import MARGIN_SECONDS, check_wait, parse_quota
from tracker.lake.bounds import FIRST_DAY, LAST_TIME

RETRIED_STATUSES = frozenset({408, 429, 500, 502, 503, 504})
LONGEST_BACKOFF_SECONDS = 60.0


class RetryableError(Exception):
    """An attempt failed for a temporary reason. `wait_seconds` is the wait that the Hub requested, if any."""

    def __init__(self, reason: str, wait_seconds: float | None = None) -> None:
        super().__init__(reason)
        self.wait_seconds = wait_seconds


def seconds_before_retry(
    error: RetryableError, attempt: int, jitter: float, check: Callable[[float], None] = check_wait
) -> float:
    """Return the requested wait, else an exponential backoff: 1, 2, 4, ... 60 s after attempt 1, 2, 3, ...

    `jitter` is between 0 and 1 and scales the backoff to between half and all of that. `check` raises HubError if the
    requested wait is too long to sleep.
    """
    if error.wait_seconds is not None:
        check(error.wait_seconds)
        return error.wait_seconds
    return min(LONGEST_BACKOFF_SECONDS, 2.0 ** (attempt - 1)) * (0.5 + jitter / 2)


def requested_wait_seconds(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Return the wait that a response requests: `Retry-After` or the rest of a used-up window, whichever is longer.

    `headers` must ignore case. `now` is used for a dated `Retry-After` where the response has no `Date` of its own.
    """
    quota = parse_quota(headers)
    waits = [parse_retry_after(headers.get("Retry-After"), server_time(headers) or now)]
    if quota is not None and quota.remaining == 0:
        waits.append(quota.reset_in_seconds + MARGIN_SECONDS)
    return max((seconds for seconds in waits if seconds is not None), default=None)


def parse_retry_after(value: str | None, now: datetime | None) -> float | None:
    """Return the seconds of a `Retry-After` header, a number or an HTTP date; None if absent or unreadable."""
    if value is None:
        return None
    digits = value.strip()
    if digits.isascii() and digits.isdigit():
        return float(digits)
    until = _parsed_time(value)
    return None if until is None or now is None else max(0.0, (until - now).total_seconds())


def server_time(headers: Mapping[str, str]) -> datetime | None:
    """Return the time of the `Date` header in UTC; None if absent, unreadable or absurd."""
    found = _parsed_time(headers.get("Date", ""))
    return found if found is not None and FIRST_DAY <= found.date() < LAST_TIME.date() else None


def _parsed_time(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def network_reason(problem: BaseException) -> str:
    """Return in words why a request got no answer; the name of the error if its text says nothing known."""
    for words, reason in _NETWORK_REASONS:
        if words in str(problem) or words == type(problem).__name__:
            return reason
    return type(problem).__name__


_NETWORK_REASONS = (
    ("NameResolutionError", "the name could not be resolved"),
    ("Connection refused", "connection refused"),
    ("actively refused", "connection refused"),  # Windows
    ("timed out", "timed out"),
    ("IncompleteRead", "the answer was cut"),
    ("reset by peer", "connection reset"),
    ("SSLError", "no secure connection"),
    ("unreachable", "network unreachable"),
    ("RemoteDisconnected", "the connection was closed without an answer"),
    ("gaierror", "the name could not be resolved"),
)
