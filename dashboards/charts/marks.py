"""What is drawn beside the lines: events as thin rules that say on request what happened."""

import altair as alt
import polars as pl

from dashboards.charts import series
from dashboards.charts.axes import Axes

_GREY = "#8a8f98"


def events(happened: pl.DataFrame | None, drawn: pl.DataFrame, axes: Axes, x: alt.X) -> list[alt.Chart]:
    """A rule and a small mark at its top for each event within the days drawn, or the ages where it has an age.

    `happened` has event_date, kind, title, and age where ages are drawn: without it nothing is.
    """
    if happened is None or drawn.is_empty():
        return []
    if axes.x == "age":
        return _marked(happened, x) if "age" in happened.columns and happened.height else []
    first, last = series.day_range(drawn)
    within = happened.filter(pl.col("event_date").is_between(first, last))
    if within.is_empty():
        return []
    return _marked(axes.placed(within.with_columns(day="event_date")), x)


def _marked(placed: pl.DataFrame, x: alt.X) -> list[alt.Chart]:
    placed = placed.with_columns(date=pl.col("event_date").dt.strftime("%Y-%m-%d")).drop("event_date")
    tips = [alt.Tooltip("date:N", title="Day"), alt.Tooltip("kind:N"), alt.Tooltip("title:N", title="Event")]
    rule = alt.Chart(placed).mark_rule(color=_GREY, strokeWidth=1, strokeDash=[2, 3], opacity=0.8)
    head = alt.Chart(placed).mark_point(shape="triangle-down", filled=True, size=90, color=_GREY, opacity=1)
    return [rule.encode(x=x, tooltip=tips), head.encode(x=x, y=alt.YValue(4), tooltip=tips)]
