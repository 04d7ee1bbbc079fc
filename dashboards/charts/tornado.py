"""How far a figure moves under each change of its definition: bars from the baseline, the largest move on top."""

import altair as alt
import polars as pl

from dashboards.charts.inks import FIRST, GREY, SECOND

_ROW_HEIGHT = 44
_LINES = "split(datum.label, '\\n')"


def tornado(bars: pl.DataFrame, baseline: float, *, is_signed: bool = False) -> alt.LayerChart:
    """One bar per row of `bars` (name, value, move, text), in its order, from the baseline to the value.

    A figure whose sign matters has a line at 0.
    """
    order = bars["name"].to_list()
    span = [baseline, *bars["value"].to_list(), *([0.0] if is_signed else [])]
    room = (max(span) - min(span) or 0.01) * 0.3
    scale = alt.Scale(domain=[min(span) - room, max(span) + room], nice=False, zero=False)
    x = alt.X("value:Q", scale=scale, axis=alt.Axis(title=None, format="+.0%" if is_signed else ".0%", tickCount=4))
    y = alt.Y("name:N", sort=order, axis=y_axis())
    drawn = bars.with_columns(baseline=pl.lit(baseline), way=pl.when(pl.col("move") >= 0).then(1).otherwise(-1))
    colour = alt.when("datum.way > 0").then(alt.value(FIRST)).otherwise(alt.value(SECOND))
    tips = [alt.Tooltip("told:N", title="Definition"), alt.Tooltip("text:N", title="Moves by"),
            alt.Tooltip("exact:N", title="To")]  # fmt: skip
    base = alt.Chart(drawn).encode(y=y, tooltip=tips)
    layers = [base.mark_bar(height=18).encode(x=x, x2="baseline:Q", color=colour)]
    for way in (1, -1):
        words = base.mark_text(align="left" if way > 0 else "right", dx=6 * way, fontSize=12, fontWeight=600)
        layers.append(words.transform_filter(f"datum.way == {way}").encode(x=x, text="text:N", color=colour))
    layers.append(_rule(baseline, x, [1, 0]))
    layers += [_rule(0.0, x, [4, 3])] if is_signed else []
    return alt.LayerChart(layer=layers).properties(height=_ROW_HEIGHT * max(bars.height, 1))


def y_axis() -> alt.Axis:
    """Names in several lines where they are long (a line break in the name)."""
    return alt.Axis(
        title=None, labelExpr=_LINES, labelLimit=170, labelFontSize=12, domain=False, ticks=False, labelPadding=8
    )


def _rule(at: float, x: alt.X, dash: list[int]) -> alt.Chart:
    rule: alt.Chart = alt.Chart(pl.DataFrame({"value": [at]})).mark_rule(color=GREY, strokeWidth=1.5, strokeDash=dash)
    return rule.encode(x=x)
