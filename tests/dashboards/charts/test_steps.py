"""Weeks, months, ages and indices are what plain Python says they are."""

import calendar
from collections.abc import Callable
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.charts import periods
from dashboards.charts.axes import Axes, Step
from tests.support.examples import examples

FIRST = date(2026, 1, 28)
Days = dict[tuple[date, str], float]

some_days: st.SearchStrategy[Days] = st.dictionaries(
    st.tuples(st.integers(0, 75).map(lambda day: FIRST + timedelta(days=day)), st.sampled_from("ab")),
    st.integers(0, 1000).map(float),
    max_size=150,
)
almost_all_days: st.SearchStrategy[Days] = st.sets(st.integers(0, 75), max_size=4).map(
    lambda gone: {
        (FIRST + timedelta(days=day), code): float(day * 3 + ord(code) - 97)
        for day in range(76)
        for code in "ab"
        if day not in gone
    }
)
released = {"a": date(2026, 2, 3)}


def framed(days: Days) -> pl.DataFrame:
    """The days with a value as a frame; all together had 5,000 each day."""
    rows = [(day, code, value, 5000.0) for (day, code), value in days.items()]
    schema = {"day": pl.Date, "code": pl.String, "value": pl.Float64, "total": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def by_day(day: date, code: str) -> tuple[date, int]:
    return day, 1


def by_week(day: date, code: str) -> tuple[date, int]:
    return day - timedelta(days=day.weekday()), 7


def by_month(day: date, code: str) -> tuple[date, int]:
    return day.replace(day=1), calendar.monthrange(day.year, day.month)[1]


def by_age(length: int) -> Callable[[date, str], tuple[int, int] | None]:
    def placed(day: date, code: str) -> tuple[int, int] | None:
        if code not in released or day < released[code]:
            return None
        age = (day - released[code]).days
        return age - age % length, length

    return placed


PERIODS: dict[tuple[str, Step], Callable[[date, str], tuple[date | int, int] | None]] = {
    ("day", "day"): by_day,
    ("day", "week"): by_week,
    ("day", "month"): by_month,
    ("age", "day"): by_age(1),
    ("age", "week"): by_age(7),
    ("age", "month"): by_age(30),
}


def judged(days: Days, x: str, step: Step, is_flow: bool) -> dict[tuple[date | int, str], tuple[float, float]]:
    """Place and code -> value and share, by the definitions: whole sums of flows, last values of counters."""
    members: dict[tuple[date | int, str], dict[date, float]] = {}
    lengths: dict[date | int, int] = {}
    for (day, code), value in days.items():
        place = PERIODS[x, step](day, code)
        if place is not None:
            members.setdefault((place[0], code), {})[day] = value
            lengths[place[0]] = place[1]
    found = {}
    for (start, code), values in members.items():
        if not is_flow:
            found[start, code] = (values[max(values)], values[max(values)] / 5000)
        elif len(values) == lengths[start]:
            found[start, code] = (sum(values.values()), sum(values.values()) / (5000 * len(values)))
    return found


@pytest.mark.parametrize("is_flow", [True, False], ids=["flow", "counter"])
@pytest.mark.parametrize(("x", "step"), PERIODS)
@settings(max_examples=examples(25), deadline=None)
@given(days=some_days | almost_all_days)
def test_periods_are_those_of_plain_python(x: str, step: Step, is_flow: bool, days: Days) -> None:
    axes = Axes("age" if x == "age" else "day", step)
    found = periods.gathered(framed(days), axes, is_flow, released)
    drawn = {(row[x], row["code"]): (row["value"], row["share"]) for row in found.iter_rows(named=True)}
    wanted = judged(days, x, step, is_flow)
    assert drawn.keys() == wanted.keys()
    assert [drawn[place] for place in wanted] == [pytest.approx(figures) for figures in wanted.values()]


def test_a_month_that_is_not_over_and_a_week_with_a_missing_day_are_left_out_of_sums() -> None:
    days = {(FIRST + timedelta(days=day), "a"): 1.0 for day in range(40) if day != 10}
    months = periods.gathered(framed(days), Axes(step="month"), True, {})
    weeks = periods.gathered(framed(days), Axes(step="week"), True, {})
    assert months.is_empty(), "February lacks a day, January and March are cut"
    assert weeks["day"].to_list() == [date(2026, 2, 9) + timedelta(days=7 * week) for week in range(4)]
    assert weeks["value"].to_list() == [7.0] * 4


def test_a_share_of_nothing_is_unknown() -> None:
    frame = framed({(FIRST, "a"): 0.0}).with_columns(total=pl.lit(0.0))
    assert periods.gathered(frame, Axes(), True, {})["share"].to_list() == [None]


@settings(max_examples=examples(60), deadline=None)
@given(days=some_days, at=st.none() | st.integers(0, 80).map(lambda day: FIRST + timedelta(days=day)))
def test_an_index_is_100_on_the_first_day_on_which_all_lines_are_known(days: Days, at: date | None) -> None:
    frame = periods.gathered(framed(days), Axes(), True, {})
    found, base = periods.indexed(frame, Axes(), at)
    codes = {code for _, code in days}
    common = [
        day for day in {day for day, _ in days} if all(days.get((day, code), 0) > 0 for code in codes)
        and (at is None or day >= at)
    ]  # fmt: skip
    wanted = min(common, default=None)
    assert base == wanted
    for row in found.iter_rows(named=True):
        if wanted is None:
            assert row["index"] is None
        else:
            assert row["index"] == pytest.approx(100 * row["value"] / days[wanted, row["code"]])


def test_by_age_lines_are_indexed_at_their_first_common_age() -> None:
    days = {(FIRST + timedelta(days=day), code): 10.0 + day for day in range(20) for code in "ab"}
    births = {"a": FIRST - timedelta(days=3), "b": FIRST}
    axes = Axes("age")
    found, base = periods.indexed(periods.gathered(framed(days), axes, True, births), axes, date(2026, 2, 10))
    assert base == 3, "a is known from age 3 on; a chosen day means nothing here"
    assert found.filter(pl.col("age") == 3)["index"].to_list() == [100.0, 100.0]
