"""What lines come to: last value, change over thirty days, peak, and where all can be compared."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from dashboards.charts.axes import Axes
from dashboards.charts.outcome import compared_at, late, outcome

FIRST = date(2026, 8, 1)


def frame(x: str, values: dict[str, list[tuple[Any, float]]]) -> pl.DataFrame:
    """Lines with a value at each step, of a total of 1000."""
    rows = [(at, code, value, value / 1000) for code, line in values.items() for at, value in line]
    kind = pl.Int64() if x == "age" else pl.Date()
    schema = {x: kind, "code": pl.String(), "value": pl.Float64(), "share": pl.Float64()}
    return pl.DataFrame(rows, schema=schema, orient="row")


def day(number: int) -> date:
    """So many days after the first."""
    return FIRST + timedelta(days=number)


DAYS = frame("day", {
    "a": [(day(0), 500), (day(5), 100), (day(35), 150)],
    "b": [(day(10), 200), (day(35), 300)],
    "c": [(day(34), 7)],
})  # fmt: skip


def test_the_change_is_over_thirty_days_or_since_the_first_step_known() -> None:
    found = outcome(DAYS, Axes(), "value").select("code", "at", "value", "change", "since", "peak", "peak_at")
    assert found.rows() == [
        ("b", day(35), 300, pytest.approx(0.5), day(10), 300, day(35)),
        ("a", day(35), 150, pytest.approx(0.5), day(5), 500, day(0)),
        ("c", day(34), 7, None, None, 7, day(34)),
    ]


def test_shares_change_by_points() -> None:
    found = outcome(DAYS, Axes(), "share").select("code", "share", "change", "peak")
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
def test_whole_steps_are_compared_with_those_about_thirty_days_before(axes: Axes, steps: list[Any], since: Any) -> None:
    line = frame(axes.x, {"a": [(step, place + 1) for place, step in enumerate(steps)]})
    assert outcome(line, axes, "value")["since"].to_list() == [since]


def test_from_nothing_no_relative_change_is_known() -> None:
    assert outcome(frame("day", {"a": [(day(0), 0), (day(1), 5)]}), Axes(), "value")["change"].to_list() == [None]


def test_an_index_orders_by_growth() -> None:
    grown = DAYS.with_columns(index=pl.when(pl.col("code") == "a").then(400.0).otherwise(pl.col("value")))
    assert outcome(grown, Axes(), "index")["code"].to_list() == ["a", "b", "c"]


def test_lines_are_compared_on_the_last_day_or_the_last_age_at_which_all_are_known() -> None:
    assert compared_at(DAYS, Axes(), "value") == day(35)
    ages = frame("age", {"a": [(0, 1), (1, 1), (2, 1), (9, 1)], "b": [(1, 1), (2, 1), (3, 1)]})
    assert compared_at(ages, Axes("age"), "value") == 2
    assert compared_at(frame("age", {"a": [(0, 1)], "b": [(800, 1)]}), Axes("age"), "value") is None


def test_a_line_that_is_not_known_in_the_first_week_is_late() -> None:
    assert late(frame("age", {"a": [(6, 1), (9, 1)], "b": [(7, 1)], "c": [(780, 1)]})) == ("b", "c")
