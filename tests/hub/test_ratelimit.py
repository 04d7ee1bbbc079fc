"""The quota's headers, and the waits they ask for."""

from datetime import UTC, datetime

import pytest

from tracker.hub.ratelimit import Quota, quota, retry_after_seconds

NOW = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)
POLICY = '"fixed window";"api";q=500;w=300'


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({"RateLimit": '"api";r=499;t=295', "RateLimit-Policy": POLICY}, Quota(499, 295, 500, 300)),
        ({"ratelimit": '"api";r=0;t=1', "ratelimit-policy": POLICY}, Quota(0, 1, 500, 300)),
        ({"RATELIMIT": '"api"; r=7; t=2'}, Quota(7, 2, None, None)),
        ({"RateLimit": '"api";t=2;r=7'}, Quota(7, 2, None, None)),
        ({"RateLimit": '"api";r=7;t=2, "x";r=1;t=9', "RateLimit-Policy": f'{POLICY}, "x";q=1'}, Quota(7, 2, 500, 300)),
        ({"RateLimit": '"api";r=7'}, None),
        ({"RateLimit": '"api";r=many;t=2'}, None),
        ({"RateLimit": ""}, None),
        ({"RateLimit-Policy": POLICY}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_reads_the_quota_from_its_headers(headers: dict[str, str], told: Quota | None) -> None:
    assert quota(headers) == told


@pytest.mark.parametrize(
    ("per_window", "reserve"), [(None, 2), (3, 2), (20, 2), (29, 2), (30, 3), (500, 50), (1000, 100), (100_000, 10_000)]
)
def test_keeps_a_tenth_and_at_least_two(per_window: int | None, reserve: int) -> None:
    assert Quota(1, 1, per_window, 300).reserve == reserve


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
def test_reads_retry_after_as_seconds_or_as_a_date(value: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(value, NOW) == seconds
