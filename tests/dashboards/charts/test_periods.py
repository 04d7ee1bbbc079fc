"""Weeks, months, ages, indices, rollbacks and summaries of lines, some against plain Python."""

import calendar
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

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


def frame_of(days: Days) -> pl.DataFrame:
    """The days with a value as a frame; the total of each day is 5,000."""
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


def expected_steps(days: Days, x: str, step: Step, is_flow: bool) -> dict[tuple[date | int, str], tuple[float, float]]:
    """Place and code -> value and share, by the definitions: sums of complete flows, last values of counters."""
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
def test_aggregation_agrees_with_plain_python(x: str, step: Step, is_flow: bool, days: Days) -> None:
    axes = Axes("age" if x == "age" else "day", step)
    found = periods.aggregated(frame_of(days), axes, is_flow, released)
    drawn = {(row[x], row["code"]): (row["value"], row["share"]) for row in found.iter_rows(named=True)}
    expected = expected_steps(days, x, step, is_flow)
    assert drawn.keys() == expected.keys()
    assert [drawn[place] for place in expected] == [pytest.approx(figures) for figures in expected.values()]


def test_incomplete_months_and_weeks_have_no_sum() -> None:
    days = {(FIRST + timedelta(days=day), "a"): 1.0 for day in range(40) if day != 10}
    months = periods.aggregated(frame_of(days), Axes(step="month"), True, {})
    weeks = periods.aggregated(frame_of(days), Axes(step="week"), True, {})
    assert months.is_empty(), "February lacks a day, January and March are cut"
    assert weeks["day"].to_list() == [date(2026, 2, 9) + timedelta(days=7 * week) for week in range(4)]
    assert weeks["value"].to_list() == [7.0] * 4


def test_share_of_a_zero_total_is_null() -> None:
    frame = frame_of({(FIRST, "a"): 0.0}).with_columns(total=pl.lit(0.0))
    assert periods.aggregated(frame, Axes(), True, {})["share"].to_list() == [None]


@settings(max_examples=examples(60), deadline=None)
@given(days=some_days, at=st.none() | st.integers(0, 80).map(lambda day: FIRST + timedelta(days=day)))
def test_index_is_100_on_the_first_common_day(days: Days, at: date | None) -> None:
    frame = periods.aggregated(frame_of(days), Axes(), True, {})
    found, base = periods.indexed(frame, Axes(), at)
    codes = {code for _, code in days}
    common = [
        day for day in {day for day, _ in days} if all(days.get((day, code), 0) > 0 for code in codes)
        and (at is None or day >= at)
    ]  # fmt: skip
    expected = min(common, default=None)
    assert base == expected
    for row in found.iter_rows(named=True):
        if expected is None:
            assert row["index"] is None
        else:
            assert row["index"] == pytest.approx(100 * row["value"] / days[expected, row["code"]])


def test_index_by_age_is_100_at_the_first_common_age() -> None:
    days = {(FIRST + timedelta(days=day), code): 10.0 + day for day in range(20) for code in "ab"}
    released_on = {"a": FIRST - timedelta(days=3), "b": FIRST}
    axes = Axes("age")
    found, base = periods.indexed(periods.aggregated(frame_of(days), axes, True, released_on), axes, date(2026, 2, 10))
    assert base == 3, "a is known from age 3 on; a chosen day means nothing here"
    assert found.filter(pl.col("age") == 3)["index"].to_list() == [100.0, 100.0]


ROLLBACK_FIRST = date(2026, 10, 10)
ROLLBACKS = pl.DataFrame({"first": [date(2026, 10, 15)], "last": [date(2026, 10, 17)]})
ROLLBACK_RELEASES = {"a": date(2026, 10, 1), "b": date(2026, 10, 16)}


def readings(last: date = date(2026, 10, 20)) -> pl.DataFrame:
    """Counters of three lines: a falls on 15 to 17 October, b only on the 16th, c never; their total falls."""
    days = [ROLLBACK_FIRST + timedelta(days=number) for number in range((last - ROLLBACK_FIRST).days + 1)]
    rows = []
    for place, day in enumerate(days):
        is_back = date(2026, 10, 15) <= day <= date(2026, 10, 17)
        values = {"a": 40 if is_back else 100, "b": 4 if day == date(2026, 10, 16) else 10, "c": 500 + place}
        rows += [(day, code, float(value), float(sum(values.values()))) for code, value in values.items()]
    return pl.DataFrame(rows, schema=["day", "code", "value", "total"], orient="row")


def test_lines_dip_on_the_first_day_below_the_reading_before() -> None:
    assert periods.rollback_dips(readings(), ROLLBACKS, Axes(), "value", {}).select("day", "code").rows() == [
        (date(2026, 10, 15), "a"), (date(2026, 10, 16), "b"),
    ]  # fmt: skip


def test_dips_by_age_are_at_the_age_of_each_line() -> None:
    found = (
        periods.rollback_dips(readings(), ROLLBACKS, Axes("age"), "value", ROLLBACK_RELEASES)
        .select("age", "code")
        .rows()
    )
    assert found == [(14, "a"), (0, "b")]


@pytest.mark.parametrize(
    ("last", "found"), [(date(2026, 10, 17), [(date(2026, 10, 12), "a")]), (date(2026, 10, 20), [])]
)
def test_week_dips_only_if_its_last_reading_is_rolled_back(last: date, found: list[tuple[date, str]]) -> None:
    assert (
        periods.rollback_dips(readings(last), ROLLBACKS, Axes(step="week"), "value", {}).select("day", "code").rows()
        == found
    )


def test_shares_also_dip_with_the_total() -> None:
    assert set(periods.rollback_dips(readings(), ROLLBACKS, Axes(), "share", {})["code"]) == {"a", "b", "c"}


def test_rollback_without_an_earlier_reading_has_no_dips() -> None:
    assert periods.rollback_dips(
        readings().filter(pl.col("day") >= date(2026, 10, 15)), ROLLBACKS, Axes(), "value", {}
    ).is_empty()


SUMMARY_FIRST = date(2026, 8, 1)


def lines_of(x: str, values: dict[str, list[tuple[Any, float]]]) -> pl.DataFrame:
    """Lines with a value at each step, of a total of 1000."""
    rows = [(at, code, value, value / 1000) for code, line in values.items() for at, value in line]
    kind = pl.Int64() if x == "age" else pl.Date()
    schema = {x: kind, "code": pl.String(), "value": pl.Float64(), "share": pl.Float64()}
    return pl.DataFrame(rows, schema=schema, orient="row")


def day(number: int) -> date:
    """The day `number` days after the first."""
    return SUMMARY_FIRST + timedelta(days=number)


DAYS = lines_of("day", {
    "a": [(day(0), 500), (day(5), 100), (day(35), 150)],
    "b": [(day(10), 200), (day(35), 300)],
    "c": [(day(34), 7)],
})  # fmt: skip


def test_change_is_over_thirty_days_or_since_the_first_value() -> None:
    found = periods.summary(DAYS, Axes(), "value").select("code", "at", "value", "change", "since", "peak", "peak_at")
    assert found.rows() == [
        ("b", day(35), 300, pytest.approx(0.5), day(10), 300, day(35)),
        ("a", day(35), 150, pytest.approx(0.5), day(5), 500, day(0)),
        ("c", day(34), 7, None, None, 7, day(34)),
    ]


def test_shares_change_in_points() -> None:
    found = periods.summary(DAYS, Axes(), "share").select("code", "share", "change", "peak")
    assert found.rows()[0] == ("b", 0.3, pytest.approx(0.1), 0.3)


@pytest.mark.parametrize(
    ("axes", "steps", "since"),
    [
        (Axes(step="month"), [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)], date(2026, 2, 1)),
        (Axes(step="week"), [day(7 * week) for week in range(6)], day(7)),
        (Axes("age"), [0, 10, 40], 10),
        (Axes("age", "week"), [0, 7, 14, 21, 28, 35], 7),
        (Axes("age", "month"), [0, 30, 60], 30),
    ],
)
def test_change_of_whole_steps_is_over_about_thirty_days(axes: Axes, steps: list[Any], since: Any) -> None:
    line = lines_of(axes.x, {"a": [(step, place + 1) for place, step in enumerate(steps)]})
    assert periods.summary(line, axes, "value")["since"].to_list() == [since]


def test_relative_change_from_zero_is_null() -> None:
    assert periods.summary(lines_of("day", {"a": [(day(0), 0), (day(1), 5)]}), Axes(), "value")["change"].to_list() == [
        None
    ]


def test_index_sorts_by_growth() -> None:
    grown = DAYS.with_columns(index=pl.when(pl.col("code") == "a").then(400.0).otherwise(pl.col("value")))
    assert periods.summary(grown, Axes(), "index")["code"].to_list() == ["a", "b", "c"]


def test_comparison_is_at_the_last_day_or_last_common_age() -> None:
    assert periods.comparison_step(DAYS, Axes(), "value") == day(35)
    ages = lines_of("age", {"a": [(0, 1), (1, 1), (2, 1), (9, 1)], "b": [(1, 1), (2, 1), (3, 1)]})
    assert periods.comparison_step(ages, Axes("age"), "value") == 2
    assert periods.comparison_step(lines_of("age", {"a": [(0, 1)], "b": [(800, 1)]}), Axes("age"), "value") is None


def test_line_without_a_value_in_the_first_week_is_late() -> None:
    assert periods.late_lines(lines_of("age", {"a": [(6, 1), (9, 1)], "b": [(7, 1)], "c": [(780, 1)]})) == ("b", "c")


def test_sums_changes_and_indices_do_not_cross_a_break() -> None:
    """Segment 2 begins on the third day of a week, with ten times as much."""
    days = [FIRST - timedelta(days=FIRST.weekday()) + timedelta(days=number) for number in range(21)]
    frame = pl.DataFrame({
        "day": days, "code": "a", "value": [1.0] * 9 + [10.0] * 12, "total": 100.0, "segment": [1] * 9 + [2] * 12,
    })  # fmt: skip
    weeks = periods.aggregated(frame, Axes(step="week"), True, {})
    assert weeks.select("day", "value", "segment").rows() == [(days[0], 7.0, 1), (days[14], 70.0, 2)]
    steps = periods.aggregated(frame, Axes(), True, {})
    found, base = periods.indexed(steps, Axes())
    assert base == days[9] and found["index"].to_list() == [None] * 9 + [100.0] * 12
    earlier, first = periods.indexed(steps, Axes(), days[2])
    assert first == days[2] and earlier["index"].to_list() == [100.0] * 9 + [None] * 12
    [row] = periods.summary(steps, Axes(), "value").to_dicts()
    assert (row["since"], row["change"], row["peak"]) == (days[9], 0.0, 10.0)
    [early] = periods.summary(steps.head(5), Axes(), "value").to_dicts()
    assert (early["since"], early["change"], early["peak"]) == (days[0], 0.0, 1.0)


def test_first_reading_breaks_one_line_alone() -> None:
    """Most of line b is first read on the third day; line a goes on."""
    frame = pl.DataFrame({
        "day": [day(0), day(1), day(2), day(3)] * 2, "code": ["a"] * 4 + ["b"] * 4,
        "value": [10.0, 11.0, 12.0, 15.0, 1.0, 1.0, 100.0, 110.0], "total": 200.0, "segment": 1,
    })  # fmt: skip
    cut = periods.with_breaks(frame, pl.DataFrame({"day": [day(2)], "code": ["b"]}))
    assert cut["segment"].to_list() == [1, 1, 1, 1, 1, 1, 2, 2]
    steps = periods.aggregated(cut, Axes(), False, {})
    changes = {row["code"]: (row["since"], row["change"]) for row in periods.summary(steps, Axes(), "value").to_dicts()}
    assert changes == {"a": (day(0), 0.5), "b": (day(2), pytest.approx(0.1))}
    drawn, base = periods.indexed(steps, Axes())
    assert base == day(2) and drawn.filter(pl.col("code") == "b")["index"].to_list()[:3] == [None, None, 100.0]
    assert periods.with_breaks(frame, pl.DataFrame({"day": [], "code": []})).equals(frame)
