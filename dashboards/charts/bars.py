"""Bar charts: moves from a baseline, groups split into parts, months split into parts."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import altair as alt
import polars as pl

from dashboards.charts.axes import COUNT_LABELS, milliseconds
from dashboards.charts.colours import FIRST, GREY, SECOND
from dashboards.charts.figure import Layered
from dashboards.data import format

MONTHS_HEIGHT = 300

_MOVE_ROW, _GROUP_ROW = 44, 28
_AXIS_HEIGHT, _LEGEND_HEIGHT = 50, 34
_NARROW = "width < 300"
_LEAST_MOVE = 0.0005
"""A smaller move is shown as 0.0 points and has no direction."""

_POINT_LABELS = "datum.value == 0 ? '0' : replace(format(datum.value * 100, '+~r'), '\u2212', '-')"
_SPLIT_NAMES = "split(datum.label, '\\n')"
_CENTRED: Any = {"condition": {"test": "indexof(datum.label, '\\n') > 0", "value": -6}, "value": 0}
"""Offset that centres names of two lines."""


def moves(bars: pl.DataFrame, baseline: float, *, is_signed: bool = False) -> Layered:
    """One bar from the baseline to the value per row of `bars` (name, definition, value, move, text, exact), in order.

    If the sign of the figure matters, there is a line at 0 and the axis is in percentage points.
    """
    values = [baseline, *bars["value"].to_list(), *([0.0] if is_signed else [])]
    x = _moves_axis(values, is_signed)
    drawn = bars.with_columns(
        baseline=pl.lit(baseline),
        direction=pl.when(pl.col("move").abs() < _LEAST_MOVE).then(0).otherwise(pl.col("move").sign()).cast(pl.Int8),
        short=pl.col("text").str.strip_suffix(" points"),
    )
    colour = alt.Color("direction:N", legend=None, scale=alt.Scale(domain=[1, -1, 0], range=[FIRST, SECOND, GREY]))
    tips = [
        alt.Tooltip("definition:N", title="Definition"), alt.Tooltip("text:N", title="Moves by"),
        alt.Tooltip("exact:N", title="To"),
    ]  # fmt: skip
    y = alt.Y("name:N", sort=bars["name"].to_list(), axis=name_axis())
    base = alt.Chart(drawn).encode(y=y, color=colour, tooltip=tips)
    layers = [
        base.mark_bar(height=18).encode(x=x, x2=alt.X2("baseline:Q")),
        _move_text(base.transform_filter("datum.direction >= 0"), "left", 6).encode(x=x),
        _move_text(base.transform_filter("datum.direction < 0"), "right", -6).encode(x=x),
        _rule(baseline, x, [1, 0]),
        *([_rule(0.0, x, [4, 3])] if is_signed else []),
    ]
    return Layered(layers, _MOVE_ROW * max(bars.height, 1))


def groups(
    frame: pl.DataFrame,
    order: Sequence[str],
    parts: Mapping[str, str],
    *,
    legend: bool = True,
    is_clickable: bool = False,
) -> Layered:
    """One horizontal bar per group, in the given order, with its sum and share at the end.

    `frame` has group, part, value and share (of all); `parts` is part -> colour, stacked in this order. Without a
    legend the names of the groups must say what the parts are. A click on a bar that is clickable selects its group
    under the name `picked`.
    """
    sums = _group_sums(frame)
    texts = (format.text_column(sums["value"], format.compact), format.text_column(sums["share"], format.percent))
    sums = sums.with_columns(figure=texts[0] + " (" + texts[1] + ")")
    drawn = frame.with_columns(
        _rank(parts),
        format.text_column(frame["value"], format.exact, "exact"),
        format.text_column(frame["share"], format.percent, "percent"),
    )
    plain: dict[str, Any] = {"title": None, "domain": False, "ticks": False}
    y = alt.Y("group:N", sort=list(order), axis=alt.Axis(labelLimit=120, labelOverlap=False, **plain))
    scale = alt.Scale(domain=[0, float(sums["value"].max() or 1.0) * 1.75], nice=False)  # type: ignore[arg-type]
    x = alt.X("value:Q", axis=alt.Axis(labelExpr=COUNT_LABELS, tickCount=4, **plain), scale=scale, stack="zero")
    shown = alt.Legend(title=None, orient="top", columns=alt.expr(f"{_NARROW} ? 2 : 4")) if legend else None
    tips = [
        alt.Tooltip("group:N", title="Group"), alt.Tooltip("part:N", title="Part"),
        alt.Tooltip("exact:N", title="Exact"), alt.Tooltip("percent:N", title="Share of all"),
    ]  # fmt: skip
    bars = alt.Chart(drawn).mark_bar(cornerRadius=1)
    bars = bars.encode(x=x, y=y, color=_part_colour(parts, shown), order=alt.Order("rank:Q"), tooltip=tips)
    if is_clickable:
        picked = alt.selection_point(name="picked", fields=["group"], on="click", empty=False, toggle=False)
        bars = bars.mark_bar(cornerRadius=1, cursor="pointer").add_params(picked)
    figures = alt.Chart(sums).mark_text(align="left", dx=6, fontSize=12)
    figures = figures.encode(x=alt.X("value:Q", scale=scale), y=y, text=alt.Text("figure:N"))
    return Layered([bars, figures], _GROUP_ROW * len(order) + _AXIS_HEIGHT + (_LEGEND_HEIGHT if legend else 0))


def described_groups(frame: pl.DataFrame, order: Sequence[str]) -> str:
    """The alternative text of `groups`: each group with its sum and share."""
    sums = {group: (value, share) for group, value, share in _group_sums(frame).iter_rows()}
    parts = [f"{group} {format.compact(sums[group][0])} ({format.percent(sums[group][1])})" for group in order]
    return f"Bar chart: {'; '.join(parts)}."


def months(frame: pl.DataFrame, parts: Mapping[str, str]) -> alt.Chart:
    """One column per month; `frame` has month, part and value, `parts` is part -> colour from the bottom up."""
    drawn = frame.with_columns(
        _rank(parts),
        format.text_column(frame["value"], lambda value: f"{value:,.1f}", "exact"),
        month=milliseconds("month"),
        month_name=pl.col("month").dt.strftime("%B %Y"),
    )
    axis = alt.Axis(title=None, format="%b %Y", grid=False, labelOverlap=True, labelFlush=True, tickCount=6)
    x = alt.X("month:T", timeUnit="utcyearmonth", axis=axis, scale=alt.Scale(type="utc"))
    y = alt.Y("value:Q", axis=alt.Axis(title=None, tickCount=5, domain=False, ticks=False), stack="zero")
    colour = _part_colour(parts, alt.Legend(title=None, orient="top", columns=3))
    tips = [
        alt.Tooltip("month_name:N", title="Month"), alt.Tooltip("part:N", title="Relation"),
        alt.Tooltip("exact:N", title="Derivatives"),
    ]  # fmt: skip
    bars = alt.Chart(drawn, height=MONTHS_HEIGHT).mark_bar()
    chart: alt.Chart = bars.encode(x=x, y=y, color=colour, order=alt.Order("rank:Q"), tooltip=tips)
    return chart


def described_months(frame: pl.DataFrame) -> str:
    """The alternative text of `months`: the sums of the last and of the highest month."""
    if frame.is_empty():
        return "A column chart without data."
    sums = frame.group_by("month").agg(pl.col("value").sum()).sort("month")
    highest = sums.sort("value", "month", descending=[True, False]).row(0, named=True)
    last = sums.row(-1, named=True)
    return (
        f"Column chart of {format.count(sums.height, 'month')} to {last['month']:%B %Y}: "
        f"{last['value']:,.0f} in the last, most in {highest['month']:%B %Y} with {highest['value']:,.0f}."
    )


def name_axis() -> alt.Axis:
    """An axis of names that may have several lines."""
    return alt.Axis(
        title=None, labelExpr=_SPLIT_NAMES, labelLimit=170, labelFontSize=12, domain=False, ticks=False,
        labelPadding=8, labelOffset=_CENTRED, labelOverlap=False,
    )  # fmt: skip


def _moves_axis(values: list[float], is_signed: bool) -> alt.X:
    room = (max(values) - min(values) or 0.01) * 0.25
    scale = alt.Scale(domain=[min(values) - room, max(values) + room], nice=False, zero=False)
    axis = alt.Axis(title=None, format=".0%", tickCount=4, domain=False)
    if is_signed:
        axis = alt.Axis(title="percentage points", labelExpr=_POINT_LABELS, tickCount=4, domain=False)
    return alt.X("value:Q", scale=scale, axis=axis)


def _move_text(chart: alt.Chart, align: Literal["left", "right"], offset: int) -> alt.Chart:
    text = alt.expr(f"{_NARROW} ? datum.short : datum.text")
    drawn: alt.Chart = chart.mark_text(align=align, dx=offset, fontSize=12, fontWeight=600, text=text)
    return drawn


def _rule(at: float, x: alt.X, dash: list[int]) -> alt.Chart:
    rule: alt.Chart = alt.Chart(pl.DataFrame({"value": [at]})).mark_rule(color=GREY, strokeWidth=1.5, strokeDash=dash)
    return rule.encode(x=x)


def _group_sums(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.group_by("group", maintain_order=True).agg(pl.col("value").sum(), pl.col("share").sum())


def _rank(parts: Mapping[str, str]) -> pl.Expr:
    ranks = {part: index for index, part in enumerate(parts)}
    return pl.col("part").replace_strict(ranks, return_dtype=pl.Int64).alias("rank")


def _part_colour(parts: Mapping[str, str], legend: alt.Legend | None) -> alt.Color:
    return alt.Color("part:N", legend=legend, scale=alt.Scale(domain=list(parts), range=list(parts.values())))
