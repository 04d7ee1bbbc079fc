"""Events on a line chart: a rule with a triangle at the top, or a diamond on the line that the event is about."""

import altair as alt
import polars as pl

from dashboards.charts import line_parts
from dashboards.charts.axes import DAY_FORMAT, Axes
from dashboards.charts.colours import GREY

CROSSOVER = "crossover"
"""Kind of the event that is named on its line."""

_EVENT_TIPS = [alt.Tooltip("date:N", title="Day"), alt.Tooltip("kind:N"), alt.Tooltip("title:N", title="Event")]


def event_marks(
    events: pl.DataFrame | None, frame: pl.DataFrame, axes: Axes, x: alt.X, y: alt.Y, column: str
) -> list[alt.Chart]:
    """A thin rule with a small triangle at the top for each event within the days of `frame`.

    `events` has event_date, kind and title. With a code, the event is a diamond on the line of that code instead, if
    `column` of the line is known on the day. On an axis of ages it also has age and the column of `y`, and each event
    is a triangle below its line.
    """
    if events is None or events.is_empty() or frame.is_empty():
        return []
    if axes.x == "age":
        return [_triangle(events, "up", 10).encode(x=x, y=y, tooltip=_EVENT_TIPS)] if "age" in events.columns else []
    within = events.filter(pl.col("event_date").is_between(*line_parts.day_range(frame)))
    of_lines = _on_lines(within, frame, column)
    within = within.join(of_lines, on=["event_date", "title"], how="anti")
    return [*_rules(within, axes, x), *_diamonds(of_lines, axes, x, y)]


def _on_lines(events: pl.DataFrame, frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """The events with a code whose line has a known value on their day, with that value."""
    if "code" not in events.columns:
        return events.clear().with_columns(pl.lit(None, pl.Float64).alias(column))
    known = frame.filter(pl.col(column).is_not_null()).select("code", column, event_date="day")
    return events.join(known, on=["event_date", "code"])


def _diamonds(events: pl.DataFrame, axes: Axes, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """A diamond on a line for each event; a crossover also has its name."""
    if events.is_empty():
        return []
    placed = _dated(axes.placed(events.with_columns(day="event_date")))
    diamond = alt.Chart(placed).mark_point(shape="diamond", filled=True, size=130, color=GREY, opacity=1)
    marks = [diamond.encode(x=x, y=y, tooltip=_EVENT_TIPS)]
    crossed = placed.filter(pl.col("kind") == CROSSOVER)
    if crossed.height:
        broken = crossed.with_columns(label=pl.col("title").str.replace(" by ", "\nby ").str.replace("; ", "\n"))
        text = alt.Chart(broken).mark_text(dy=20, fontSize=12, color=GREY, lineBreak="\n")
        marks.append(text.encode(x=x, y=y, text=alt.Text("label:N")))
    return marks


def _rules(events: pl.DataFrame, axes: Axes, x: alt.X) -> list[alt.Chart]:
    if events.is_empty():
        return []
    placed = axes.placed(events.with_columns(day="event_date"))
    rule = alt.Chart(_dated(placed)).mark_rule(color=GREY, strokeWidth=1, strokeDash=[2, 3], opacity=0.8)
    triangle = _triangle(placed, "down", 0).encode(x=x, y=alt.YValue(4), tooltip=_EVENT_TIPS)
    return [rule.encode(x=x, tooltip=_EVENT_TIPS), triangle]


def _triangle(events: pl.DataFrame, direction: str, offset: int) -> alt.Chart:
    chart: alt.Chart = alt.Chart(_dated(events)).mark_point(
        shape=f"triangle-{direction}", filled=True, size=90, color=GREY, opacity=1, yOffset=offset
    )
    return chart


def _dated(events: pl.DataFrame) -> pl.DataFrame:
    return events.with_columns(date=pl.col("event_date").dt.strftime(DAY_FORMAT)).drop("event_date")
