"""A chart of steps from one share to another: each bar begins where the one above it ended."""

from typing import Any, Literal

import altair as alt
import polars as pl

from dashboards.charts.bars import name_axis
from dashboards.charts.colours import FIRST, GREY, NEUTRALS, SECOND
from dashboards.charts.figure import Layered

_ROW, _NARROW = 44, "width < 300"
_ROOM = 0.3
"""Room for text on each side, as a part of the span of the shares."""
_LEVEL = 0.5


def steps(rows: pl.DataFrame, *, is_of_both: bool) -> Layered:
    """One row per step of `rows` (name, kind, step, before, after, text, short, level, note), from the top.

    `kind` is end (a point), step, rest (a grey bar) or unknown (text only). With `is_of_both` a dashed line marks half.
    """
    drawn = rows.with_row_index("place").with_columns(
        side=pl.when((pl.col("after") < pl.col("before")) & (pl.col("kind") != "end")).then(-1).otherwise(1),
        colour=pl.when(pl.col("kind") == "end").then(pl.lit("end"))
        .when(pl.col("kind") != "step").then(pl.lit("rest"))
        .when(pl.col("after") < pl.col("before")).then(pl.lit("down")).otherwise(pl.lit("up")),
    )  # fmt: skip
    look = _look([*rows["before"].to_list(), *rows["after"].to_list(), *([_LEVEL] if is_of_both else [])])
    x = alt.X("after:Q", **look)
    y = alt.Y("name:N", sort=rows["name"].to_list(), axis=name_axis())
    scale = alt.Scale(domain=["up", "down", "rest", "end"], range=[FIRST, SECOND, GREY, NEUTRALS[0]])
    colour = alt.Color("colour:N", legend=None, scale=scale)
    tips = [
        alt.Tooltip("step:N", title="Step"), alt.Tooltip("text:N", title="Effect"),
        alt.Tooltip("level:N", title="Share"), alt.Tooltip("note:N", title="What it is"),
    ]  # fmt: skip
    base = alt.Chart(drawn).encode(y=y)
    path = base.mark_line(interpolate="step-before", color=GREY, strokeWidth=1, opacity=0.7)
    named = base.encode(tooltip=tips)
    marked = named.encode(color=colour)
    bars = marked.transform_filter("datum.kind == 'step' || datum.kind == 'rest'").mark_bar(height=18)
    ends = marked.transform_filter("datum.kind == 'end'").mark_point(filled=True, size=170, opacity=1)
    half = alt.Chart(pl.DataFrame({"after": [_LEVEL]})).mark_rule(color=GREY, strokeWidth=1.5, strokeDash=[4, 3])
    layers = [
        *([half.encode(x=x)] if is_of_both else []),
        path.encode(x=x, order=alt.Order("place:Q")),
        bars.encode(x=alt.X("before:Q", **look), x2=alt.X2("after:Q")),
        ends.encode(x=x),
        _texts(named.transform_filter("datum.side > 0"), "left", x),
        _texts(named.transform_filter("datum.side < 0"), "right", x),
    ]
    return Layered(layers, _ROW * max(rows.height, 1))


def _texts(chart: alt.Chart, align: Literal["left", "right"], x: alt.X) -> alt.Chart:
    text = alt.expr(f"{_NARROW} ? datum.short : datum.text")
    offset = 9 if align == "left" else -9
    drawn: alt.Chart = chart.mark_text(align=align, dx=offset, fontSize=12, fontWeight=600, text=text).encode(x=x)
    return drawn


def _look(values: list[float | None]) -> dict[str, Any]:
    """Scale and axis of the shares."""
    known = [value for value in values if value is not None] or [0.0, 1.0]
    low, high = min(known), max(known)
    room = max(high - low, 0.02) * _ROOM
    # No tick outside 0 to 100%: the room there is for texts only.
    label = "datum.value < 0 || datum.value > 1.0001 ? '' : format(datum.value, '.0%')"
    axis = alt.Axis(title=None, labelExpr=label, tickCount=4, domain=False)
    scale = alt.Scale(domain=[low - room, high + 1.4 * room], nice=False, zero=False)
    return {"scale": scale, "axis": axis}
