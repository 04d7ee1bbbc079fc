"""Bars of groups, each split into parts: how much of each there is, the exact figures on hover."""

from collections.abc import Mapping, Sequence

import altair as alt
import polars as pl

from dashboards.charts.layered import Layered
from dashboards.data import format

_ROW, _AXIS_SPACE, _LEGEND_SPACE = 28, 50, 34
_LEGEND_COLUMNS = "width < 300 ? 2 : 4"
_AXIS = "upper(replace(format(datum.value, '~s'), 'G', 'B'))"


def bars(frame: pl.DataFrame, groups: Sequence[str], parts: Mapping[str, str], legend: bool = True) -> Layered:
    """One horizontal bar a group, in the order of `groups`, its sum at its end.

    `frame` has group, part, value and share (of all); `parts` are the colours by part, stacked in their order. Without
    a legend the groups must tell what the parts are.
    """
    order = list(parts)
    rank = pl.col("part").replace_strict({part: index for index, part in enumerate(order)}, return_dtype=pl.Int64)
    exact = format.text_column(frame["value"], format.exact)
    told = frame.with_columns(rank=rank, exact=exact, percent=format.text_column(frame["share"], format.percent))
    sums = frame.group_by("group", maintain_order=True).agg(pl.col("value").sum(), pl.col("share").sum())
    figure = (
        format.text_column(sums["value"], format.compact)
        + " ("
        + format.text_column(sums["share"], format.percent)
        + ")"
    )
    sums = sums.with_columns(figure=figure)
    top = float(sums["value"].max() or 1.0)  # type: ignore[arg-type]
    y = alt.Y(
        "group:N",
        sort=list(groups),
        axis=alt.Axis(title=None, labelLimit=120, labelOverlap=False, domain=False, ticks=False),
    )
    scale = alt.Scale(domain=[0, top * 1.75], nice=False)
    axis = alt.Axis(title=None, labelExpr=_AXIS, tickCount=4, domain=False, ticks=False)
    x = alt.X("value:Q", axis=axis, scale=scale, stack="zero")
    shown = alt.Legend(title=None, orient="top", columns=alt.expr(_LEGEND_COLUMNS)) if legend else None
    colour = alt.Color("part:N", legend=shown, scale=alt.Scale(domain=order, range=list(parts.values())))
    tips = [
        alt.Tooltip("group:N", title="Group"), alt.Tooltip("part:N", title="Part"),
        alt.Tooltip("exact:N", title="Exact"), alt.Tooltip("percent:N", title="Share of all"),
    ]  # fmt: skip
    drawn = (
        alt.Chart(told).mark_bar(cornerRadius=1).encode(x=x, y=y, color=colour, order=alt.Order("rank:Q"), tooltip=tips)
    )
    figures = alt.Chart(sums).mark_text(align="left", dx=6, fontSize=12)
    figures = figures.encode(x=alt.X("value:Q", scale=scale), y=y, text=alt.Text("figure:N"))
    height = _ROW * len(groups) + _AXIS_SPACE + (_LEGEND_SPACE if legend else 0)
    return Layered([drawn, figures], height)


def described(frame: pl.DataFrame, groups: Sequence[str]) -> str:
    """The bars in words: each group with its sum and share."""
    sums = frame.group_by("group", maintain_order=True).agg(pl.col("value").sum(), pl.col("share").sum())
    figures = {group: (value, share) for group, value, share in sums.iter_rows()}
    said = [f"{group} {format.compact(figures[group][0])} ({format.percent(figures[group][1])})" for group in groups]
    return f"Bar chart: {'; '.join(said)}."
