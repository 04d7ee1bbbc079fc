"""Axes of line charts: labels with their year, scales that invert, thinning of long histories."""

import re
from datetime import date, timedelta
from typing import Any

import altair as alt
import polars as pl
import pytest
import vl_convert
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.charts import line_parts
from dashboards.charts.axes import Axes, Ruler, Step, Thinning, thinned
from tests.support.examples import examples

LAST = date(2026, 8, 22)


def days(first: date, last: date, step: str) -> pl.DataFrame:
    """A day on each step, with a value."""
    return pl.DataFrame({"day": pl.date_range(first, last, interval=step, eager=True)}).with_columns(value=1.0)


def labels(frame: pl.DataFrame, axes: Axes) -> list[str]:
    """The labels of the x axis, as Vega draws them on a wide screen."""
    chart: Any = alt.Chart(axes.placed(frame), width=900).mark_point().encode(x=axes.across(frame), y="value:Q")
    svg = vl_convert.vegalite_to_svg(chart.to_dict())
    axis = svg.partition("X-axis")[2].partition("Y-axis")[0]
    return re.findall(r"<text[^>]*>([^<]+)</text>", axis)


@pytest.mark.parametrize(
    ("last", "step", "interval", "expected"),
    [
        (date(2026, 10, 1), "month", "1mo", ["Sep 2026", "Oct 2026"]),
        (date(2026, 9, 1), "month", "1mo", ["Sep 2026"]),
        (date(2027, 1, 1), "month", "1mo", ["Sep 2026", "Oct 2026", "Nov 2026", "Dec 2026", "Jan 2027"]),
        (date(2028, 6, 1), "month", "1mo",
         [f"{month} {year}" for year in (2026, 2027, 2028) for month in ("Mar", "Jun", "Sep", "Dec")][2:10]),
        (date(2026, 9, 15), "week", "1w", ["1 Sep 2026", "8 Sep 2026", "15 Sep 2026"]),
    ],
)  # fmt: skip
def test_labels_are_at_the_steps_drawn(last: date, step: Step, interval: str, expected: list[str]) -> None:
    assert labels(days(date(2026, 9, 1), last, interval), Axes(step=step)) == expected


@pytest.mark.parametrize(("step", "ages"), [("week", [0, 7, 14, 21]), ("month", [0, 30, 60, 90])])
def test_ages_are_labelled_at_whole_steps(step: Step, ages: list[int]) -> None:
    frame = pl.DataFrame({"age": ages, "value": [1.0] * len(ages)})
    assert labels(frame, Axes("age", step)) == [*(str(age) for age in ages), "Days since release"]


@pytest.mark.parametrize("last", [date(2026, 9, 3), date(2026, 11, 20), date(2027, 9, 1)])
def test_every_label_of_days_has_its_year(last: date) -> None:
    found = labels(days(date(2026, 8, 24), last, "1d"), Axes())
    assert found and all(re.search(r" 202[67]$", text) for text in found)


@pytest.mark.parametrize("part", [0.0, 0.25, 1.0])
@pytest.mark.parametrize("scale", ["linear", "log"])
def test_ruler_value_inverts_part(scale: Any, part: float) -> None:
    ruler = Ruler("value", "count", 2.0, 500.0, scale)
    assert ruler.part(ruler.value(part)) == pytest.approx(part)


def test_ruler_of_a_ratio_holds_one() -> None:
    frame = pl.DataFrame({"value": [3.0, 8.0, 0.0]})
    ruler = Ruler.over(frame, "value", Axes("age", "checkpoint", "log", unit="ratio"))
    assert ruler.low < 1 < 8 < ruler.high


def one_line(days: list[date]) -> pl.DataFrame:
    """One line with a value on these days."""
    return pl.DataFrame(
        {"day": days, "code": ["CN"] * len(days), "value": [1.0] * len(days)},
        schema={"day": pl.Date, "code": pl.String, "value": pl.Float64},
    )


def before_last(*ages: int) -> list[date]:
    return sorted(LAST - timedelta(days=age) for age in ages)


@pytest.mark.parametrize(
    ("days", "most", "expected"),
    [
        (5, None, None),
        (620, 620, None),
        (621, 620, Thinning(date(2024, 12, 14), 1)),
        (730, 620, Thinning(date(2025, 1, 1), 1)),
        (3_660, 620, Thinning(date(2026, 5, 4), 1)),
        (7_300, 620, Thinning(date(2026, 5, 11), 2)),
        (36_500, 620, Thinning(date(2026, 5, 18), 10)),
    ],
)
def test_longer_histories_have_fewer_single_days(days: int, most: int | None, expected: Thinning | None) -> None:
    assert Thinning.of(one_line(before_last(0, days - 1)), most) == expected


@settings(max_examples=examples(60), deadline=None)
@given(
    ages=st.sets(st.integers(1, 6_000), min_size=1, max_size=80),
    daily=st.integers(0, 300),
    most=st.integers(100, 700),
)
def test_thinning_keeps_the_last_known_day_of_each_period(ages: set[int], daily: int, most: int) -> None:
    known = before_last(*{*ages, *range(daily + 1)})
    whole = one_line(known)
    thinning = Thinning.of(whole, most)
    shown = thinned(whole, thinning)["day"].to_list()
    drawn = line_parts.with_gaps(whole, Axes(thinning=thinning))
    assert shown == sorted(set(shown) & set(known)) and shown[-1] == LAST
    assert drawn.height <= most
    assert drawn.filter(pl.col("value").is_not_null())["day"].to_list() == shown
    if thinning is None:
        assert shown == known
        return
    assert (LAST - thinning.since).days >= 89
    monday = date(1969, 12, 29)
    periods: dict[int, date] = {}
    for day in known:
        if day < thinning.since:
            periods[(day - monday).days // (7 * thinning.weeks)] = day
    assert shown == [*periods.values(), *(day for day in known if day >= thinning.since)]


def test_week_without_values_breaks_the_line() -> None:
    whole = one_line(before_last(*range(120), *range(140, 400)))
    drawn = line_parts.with_gaps(whole, Axes(thinning=Thinning(LAST - timedelta(days=99), 1)))
    open_days = drawn.filter(pl.col("value").is_null())["day"].to_list()
    assert open_days == [date(2026, 4, 12), date(2026, 4, 19)]


def test_thinning_keeps_the_last_day_with_a_value() -> None:
    days = before_last(*range(400))
    whole = one_line(days).with_columns(value=pl.when(pl.col("day").dt.weekday() < 6).then(1.0))
    drawn = thinned(whole, Thinning(LAST - timedelta(days=99), 1, "value"))
    early = drawn.filter(pl.col("day") < LAST - timedelta(days=99))
    assert early.height > 30 and set(early["day"].dt.weekday()[1:-1]) == {5}, "Fridays"
