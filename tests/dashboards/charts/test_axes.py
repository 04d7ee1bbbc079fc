"""What stands below a chart of lines: the steps that are drawn, each with its year."""

import re
from datetime import date
from typing import Any

import altair as alt
import polars as pl
import pytest
import vl_convert

from dashboards.charts.axes import Axes, Step


def days(first: date, last: date, step: str) -> pl.DataFrame:
    """A day on each step, with a value."""
    return pl.DataFrame({"day": pl.date_range(first, last, interval=step, eager=True)}).with_columns(value=1.0)


def named(frame: pl.DataFrame, axes: Axes) -> list[str]:
    """The words below the axis, as Vega draws them on a wide screen."""
    chart: Any = alt.Chart(axes.placed(frame), width=900).mark_point().encode(x=axes.across(frame), y="value:Q")
    svg = vl_convert.vegalite_to_svg(chart.to_dict())
    axis = svg.partition("X-axis")[2].partition("Y-axis")[0]
    return re.findall(r"<text[^>]*>([^<]+)</text>", axis)


@pytest.mark.parametrize(
    ("last", "step", "interval", "said"),
    [
        (date(2026, 10, 1), "month", "1mo", ["Sep 2026", "Oct 2026"]),
        (date(2026, 9, 1), "month", "1mo", ["Sep 2026"]),
        (date(2027, 1, 1), "month", "1mo", ["Sep 2026", "Oct 2026", "Nov 2026", "Dec 2026", "Jan 2027"]),
        (date(2028, 6, 1), "month", "1mo",
         [f"{month} {year}" for year in (2026, 2027, 2028) for month in ("Mar", "Jun", "Sep", "Dec")][2:10]),
        (date(2026, 9, 15), "week", "1w", ["1 Sep 2026", "8 Sep 2026", "15 Sep 2026"]),
    ],
)  # fmt: skip
def test_the_steps_that_are_drawn_are_named(last: date, step: Step, interval: str, said: list[str]) -> None:
    assert named(days(date(2026, 9, 1), last, interval), Axes(step=step)) == said


@pytest.mark.parametrize(("step", "said"), [("week", [0, 7, 14, 21]), ("month", [0, 30, 60, 90])])
def test_ages_are_named_by_whole_steps(step: Step, said: list[int]) -> None:
    frame = pl.DataFrame({"age": said, "value": [1.0] * len(said)})
    assert named(frame, Axes("age", step)) == [*(str(age) for age in said), "Days since release"]


@pytest.mark.parametrize("last", [date(2026, 9, 3), date(2026, 11, 20), date(2027, 9, 1)])
def test_every_day_named_has_its_year(last: date) -> None:
    said = named(days(date(2026, 8, 24), last, "1d"), Axes())
    assert said and all(re.search(r" 202[67]$", text) for text in said)
