"""Names, days and counters of an import: what is understood, what is refused and why."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from tracker.errors import UsageError
from tracker.history.values import LARGEST_COUNT, Parsed, date_format, parsed_counter, parsed_day, parsed_name

TODAY = date(2026, 11, 21)


def read(values: pa.Array, parse: Any) -> list[tuple[Any, str | None]]:
    """Value and reason of each."""
    table = pa.table({"v": values})
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.register("given", table)
        connection.execute("create table kept as from given")
        [(_, kind, *_)] = connection.execute("describe kept").fetchall()
        parsed: Parsed = parse("v", kind)
        cases = " ".join(f"when {test} then '{reason}'" for test, reason in parsed.problems)
        return connection.execute(f"select {parsed.value}, case {cases} end from kept").fetchall()


def day(values: pa.Array, written: str | None = None) -> list[Any]:
    """Days, or the start of the reason for which each is refused."""
    found = read(values, lambda name, kind: parsed_day(name, kind, TODAY, written))
    return [reason.partition(":")[0] if reason else value.date() for value, reason in found]


def count(values: pa.Array) -> list[Any]:
    found = read(values, parsed_counter)
    return [reason.partition(":")[0] if reason else value for value, reason in found]


AUGUST_5, AUGUST_6 = date(2026, 8, 5), date(2026, 8, 6)
NO_DAY, NO_ORDER = "no valid day", "the order of day and month is not known"
BEFORE, FUTURE = "the day is before 2018-01-01", "the day is in the future"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-08-05", AUGUST_5),
        (" 2026/8/5 ", AUGUST_5),
        ("2026-08-05T23:59:59.123456789Z", AUGUST_5),
        ("2026-08-05 23:30:00-05:00", AUGUST_6),
        ("2026-08-06T03:00+0530", AUGUST_5),
        ("2026-08-06T00:30:00+08", AUGUST_5),
        ("2018-01-01", date(2018, 1, 1)),
        ("2017-12-31", BEFORE),
        ("1970-01-01", BEFORE),
        ("0001-01-02", BEFORE),
        ("2026-11-21T23:00:00Z", TODAY),
        ("2026-11-21T23:00:00-05:00", FUTURE),
        ("2026-11-22", FUTURE),
        ("9999-12-31", FUTURE),
        ("26-08-05", NO_DAY),
        ("20260805", NO_DAY),
        ("2026-02-30", NO_DAY),
        ("2026-08-05T25:00:00Z", NO_DAY),
        ("2026-08-05 CST", NO_DAY),
        ("epoch", NO_DAY),
        ("infinity", NO_DAY),
        ("today", NO_DAY),
        ("46239", NO_DAY),
        ("", NO_DAY),
        (None, NO_DAY),
        ("05/08/2026", NO_ORDER),
        ("5.8.2026", NO_ORDER),
        ("05-08-2026 12:00", NO_ORDER),
    ],
)
def test_day_as_text_is_read_in_utc_or_refused(text: str | None, expected: date | str) -> None:
    assert day(pa.array([text], pa.string())) == [expected]


@pytest.mark.parametrize(
    ("text", "written", "expected"),
    [
        ("05/08/2026", "%d/%m/%Y", AUGUST_5),
        ("08/05/2026", "%m/%d/%Y", AUGUST_5),
        ("5.8.26", "%d.%m.%y", AUGUST_5),
        ("5 Aug 2026", "%d %b %Y", AUGUST_5),
        ("05/08/2026 23:00 -0500", "%d/%m/%Y %H:%M %z", AUGUST_6),
        ("31/13/2026", "%d/%m/%Y", "the day does not fit --date-format %d/%m/%Y"),
        ("2026-08-05", "%d/%m/%Y", "the day does not fit --date-format %d/%m/%Y"),
        ("05/08/2062", "%d/%m/%Y", FUTURE),
    ],
)
def test_date_format_decides_how_days_are_read(text: str, written: str, expected: date | str) -> None:
    assert day(pa.array([text]), written) == [expected]


def test_days_with_a_type_are_read_in_utc() -> None:
    late = datetime(2026, 8, 5, 23, 30)
    assert day(pa.array([AUGUST_5, None])) == [AUGUST_5, "no day"]
    assert day(pa.array([late], pa.timestamp("ns"))) == [AUGUST_5]
    there = late.replace(tzinfo=timezone(timedelta(hours=-5))).astimezone(UTC)
    assert day(pa.array([there], pa.timestamp("us", "America/New_York"))) == [AUGUST_6]
    assert day(pa.array([date(1970, 1, 1), date(2100, 1, 1)])) == [BEFORE, FUTURE]


@pytest.mark.parametrize(
    ("written", "expected"),
    [("%d/%m/%Y", "%d/%m/%Y"), ("DD/MM/YYYY", "%d/%m/%Y"), ("m/d/yy", "%m/%d/%y"), ("%-d.%-m.%Y", "%d.%m.%Y")],
)
def test_date_format_can_be_words_or_directives(written: str, expected: str) -> None:
    assert date_format(written) == expected


@pytest.mark.parametrize("written", ["", "%Y", "%d/%m", "%q/%d/%m/%Y", "day first"])
def test_date_format_without_a_whole_day_is_a_usage_error(written: str) -> None:
    with pytest.raises(UsageError, match="--date-format"):
        date_format(written)


NOT_WHOLE, NEGATIVE, TOO_LARGE = "v is not a whole number", "v is negative", "v is more than 1,000,000,000,000"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0),
        (" 12345 ", 12345),
        ("\t12345\r", 12345),
        ("100.0", 100),
        (str(LARGEST_COUNT), LARGEST_COUNT),
        (str(LARGEST_COUNT + 1), TOO_LARGE),
        (str(2**53 + 1), TOO_LARGE),
        ("9" * 40, TOO_LARGE),
        ("1.5", NOT_WHOLE),
        ("1.000", NOT_WHOLE),
        ("1,100", NOT_WHOLE),
        ("1 100", NOT_WHOLE),
        ("1_000", NOT_WHOLE),
        ("1e6", NOT_WHOLE),
        ("0x10", NOT_WHOLE),
        ("12%", NOT_WHOLE),
        ("11.3M", NOT_WHOLE),
        ("inf", NOT_WHOLE),
        ("-Infinity", NOT_WHOLE),
        ("+5", NOT_WHOLE),
        ("true", NOT_WHOLE),
        ("-1", NEGATIVE),
        ("-3.0", NEGATIVE),
        ("NaN", None),
        ("", None),
        ("N/A", None),
        (None, None),
    ],
)
def test_counter_as_text_is_a_whole_number_or_refused(text: str | None, expected: int | str | None) -> None:
    assert count(pa.array([text], pa.string())) == [expected]


def test_counters_with_a_type_follow_the_same_rules() -> None:
    nan, infinity = float("nan"), float("inf")
    assert count(pa.array([3.0, nan, None, 2.5, infinity, -1.0, 1e17])) == [
        3, None, None, NOT_WHOLE, NOT_WHOLE, NEGATIVE, NOT_WHOLE,
    ]  # fmt: skip
    assert count(pa.array([3, nan], pa.float32())) == [3, None]
    assert count(pa.array([3, -1, None, LARGEST_COUNT + 1])) == [3, NEGATIVE, None, TOO_LARGE]
    assert count(pa.array([7, 2**64 - 1], pa.uint64())) == [7, TOO_LARGE]
    assert count(pa.array([7, -7], pa.int8())) == [7, NEGATIVE]
    assert count(pa.array([Decimal("100.00"), Decimal("1.25")])) == [100, NOT_WHOLE]


@pytest.mark.parametrize("name", ["Qwen/Qwen3-8B", " gpt2 ", "_a/b.c-d", "01-ai/Yi"])
def test_repository_name_is_understood(name: str) -> None:
    assert read(pa.array([name]), lambda column, kind: parsed_name(column)) == [(name.strip(), None)]


@pytest.mark.parametrize(
    "name", [None, "", "a b/c", "../..", "a/../b", "a/b/c", "https://h/a", "a" * 201, "模型/a", "\x1b[2J"]
)
def test_text_that_names_no_repository_is_refused(name: str | None) -> None:
    [(_, reason)] = read(pa.array([name], pa.string()), lambda column, kind: parsed_name(column))
    assert reason is not None and reason.startswith("no repository name")
