"""Waits before a request is repeated."""

from datetime import UTC, datetime

import pytest
from requests.structures import CaseInsensitiveDict

from tracker.hub.retry import RetryableError, parse_retry_after, requested_wait_seconds, seconds_before_retry

NOW = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("0", 0.0),
        ("7", 7.0),
        (" 120 ", 120.0),
        ("Fri, 20 Nov 2026 12:00:30 GMT", 30.0),
        ("Fri, 20 Nov 2026 13:00:30 +0100", 30.0),
        ("Fri, 20 Nov 2026 12:00:30 -0000", 30.0),
        ("Fri, 20 Nov 2026 11:59:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("", None),
    ],
)
def test_retry_after_is_a_number_or_a_date(value: str | None, seconds: float | None) -> None:
    assert parse_retry_after(value, NOW) == seconds


@pytest.mark.parametrize("now", [None, NOW])
def test_dated_retry_after_is_compared_with_the_hub_clock(now: datetime | None) -> None:
    headers = {"date": "Fri, 20 Nov 2026 12:00:10 GMT", "retry-after": "Fri, 20 Nov 2026 12:00:30 GMT"}
    assert requested_wait_seconds(CaseInsensitiveDict(headers), now) == 20.0


def test_dated_retry_after_without_any_clock_is_ignored() -> None:
    assert requested_wait_seconds(CaseInsensitiveDict({"retry-after": "Fri, 20 Nov 2026 12:00:30 GMT"})) is None


@pytest.mark.parametrize(
    ("attempt", "jitter", "seconds"), [(1, 1.0, 1.0), (1, 0.0, 0.5), (4, 1.0, 8.0), (7, 1.0, 60.0), (7, 0.0, 30.0)]
)
def test_backoff_doubles_up_to_a_minute(attempt: int, jitter: float, seconds: float) -> None:
    assert seconds_before_retry(RetryableError("busy"), attempt, jitter) == seconds


def test_requested_wait_replaces_the_backoff() -> None:
    assert seconds_before_retry(RetryableError("busy", 0.0), 5, 1.0) == 0.0
