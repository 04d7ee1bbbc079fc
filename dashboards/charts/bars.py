"""How far a figure moves under each change of its definition: bars from the baseline, the largest move on top."""

from typing import Any, Literal

import altair as alt
import polars as pl

from dashboards.charts.inks import FIRST, GREY, SECOND
from dashboards.charts.layered import Layered

_ROW_HEIGHT = 44
_NARROW = "width < 300"
_NOTHING = 0.0005
"""A move below this reads as 0.0 points, up or down."""

_POINTS = "datum.value == 0 ? '0' : format(datum.value * 100, '+~r')"
_RAISED: Any = {"condition": {"test": "indexof(datum.label, '\\n') > 0", "value": -6}, "value": 0}
"""Names of two lines stand half a line higher, so that they are centred."""

_LINES = "split(datum.label, '\\n')"


def tornado(bars: pl.DataFrame, baseline: float, *, is_signed: bool = False) -> Layered:
    """One bar per row of `bars` (name, told, value, move, text, exact), in its order, from the baseline to the value.

    A figure whose sign matters has a line at 0, and its axis in points.
    """
    values = [baseline, *bars["value"].to_list(), *([0.0] if is_signed else [])]
    x = _x_axis(values, is_signed)
    drawn = bars.with_columns(
        baseline=pl.lit(baseline),
        way=pl.when(pl.col("move").abs() < _NOTHING).then(0).otherwise(pl.col("move").sign()).cast(pl.Int8),
        short=pl.col("text").str.strip_suffix(" points"),
    )
    colour = alt.Color(
        "way:N", legend=None, scale=alt.Scale(domain=[1, -1, 0], range=[FIRST, SECOND, GREY])
    )  # fmt: skip
    tips = [
        alt.Tooltip(f"{field}:N", title=title)
        for field, title in (("told", "Definition"), ("text", "Moves by"), ("exact", "To"))
    ]
    y = alt.Y("name:N", sort=bars["name"].to_list(), axis=y_axis())
    base = alt.Chart(drawn).encode(y=y, color=colour, tooltip=tips)
    layers = [base.mark_bar(height=18).encode(x=x, x2=alt.X2("baseline:Q"))]
    layers += [_words(base.transform_filter("datum.way >= 0"), "left", 6).encode(x=x)]
    layers += [_words(base.transform_filter("datum.way < 0"), "right", -6).encode(x=x)]
    layers += [_rule(baseline, x, [1, 0]), *([_rule(0.0, x, [4, 3])] if is_signed else [])]
    return Layered(layers, _ROW_HEIGHT * max(bars.height, 1))


def _x_axis(values: list[float], is_signed: bool) -> alt.X:
    room = (max(values) - min(values) or 0.01) * 0.25
    scale = alt.Scale(domain=[min(values) - room, max(values) + room], nice=False, zero=False)
    axis = alt.Axis(title=None, format=".0%", tickCount=4, domain=False)
    if is_signed:
        axis = alt.Axis(title="percentage points", labelExpr=_POINTS, tickCount=4, domain=False)
    return alt.X("value:Q", scale=scale, axis=axis)


def y_axis() -> alt.Axis:
    """Names in several lines where they are long (a line break in the name)."""
    return alt.Axis(
        title=None,
        labelExpr=_LINES,
        labelLimit=170,
        labelFontSize=12,
        domain=False,
        ticks=False,
        labelPadding=8,
        labelOffset=_RAISED,
    )


def _words(chart: alt.Chart, align: Literal["left", "right"], away: int) -> alt.Chart:
    text = alt.expr(f"{_NARROW} ? datum.short : datum.text")
    drawn: alt.Chart = chart.mark_text(align=align, dx=away, fontSize=12, fontWeight=600, text=text)
    return drawn


def _rule(at: float, x: alt.X, dash: list[int]) -> alt.Chart:
    rule: alt.Chart = alt.Chart(pl.DataFrame({"value": [at]})).mark_rule(color=GREY, strokeWidth=1.5, strokeDash=dash)
    return rule.encode(x=x)
