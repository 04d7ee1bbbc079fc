"""What is drawn beside the lines: events as thin rules that say on request what happened."""

import altair as alt
import polars as pl

from dashboards.charts import line_parts
from dashboards.charts.axes import Axes

_GREY = "#8a8f98"
_TIPS = [alt.Tooltip("date:N", title="Day"), alt.Tooltip("kind:N"), alt.Tooltip("title:N", title="Event")]


def events(happened: pl.DataFrame | None, drawn: pl.DataFrame, axes: Axes, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """A rule and a small mark at its top for each event within the days drawn; against ages a small mark below a line.

    `happened` has event_date, kind, title, and against ages the place of the mark: age, and the column of `y`.
    """
    if happened is None or happened.is_empty() or drawn.is_empty():
        return []
    if axes.x == "age":
        return [_head(happened, "triangle-up", 10).encode(x=x, y=y, tooltip=_TIPS)] if "age" in happened.columns else []
    first, last = line_parts.day_range(drawn)
    within = happened.filter(pl.col("event_date").is_between(first, last))
    if within.is_empty():
        return []
    placed = axes.placed(within.with_columns(day="event_date"))
    rule = alt.Chart(_dated(placed)).mark_rule(color=_GREY, strokeWidth=1, strokeDash=[2, 3], opacity=0.8)
    return [
        rule.encode(x=x, tooltip=_TIPS),
        _head(placed, "triangle-down", 0).encode(x=x, y=alt.YValue(4), tooltip=_TIPS),
    ]


def _head(placed: pl.DataFrame, shape: str, down: int) -> alt.Chart:
    chart: alt.Chart = alt.Chart(_dated(placed)).mark_point(
        shape=shape, filled=True, size=90, color=_GREY, opacity=1, yOffset=down
    )
    return chart


def _dated(placed: pl.DataFrame) -> pl.DataFrame:
    return placed.with_columns(date=pl.col("event_date").dt.strftime("%Y-%m-%d")).drop("event_date")
