"""Charts of shares on several rulers: a whole bar per ruler, and a dot per ruler in the row of each member."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import polars as pl

from dashboards.charts.bars import name_axis
from dashboards.charts.colours import GREY
from dashboards.charts.figure import Layered
from dashboards.data import format

_BAR_ROW, _DOT_ROW, _AXIS_HEIGHT, _LEGEND_HEIGHT = 52, 30, 40, 60
_SHAPES = ("circle", "diamond", "square", "triangle-up")
_PERCENT: Any = alt.Axis(title=None, format=".0%", tickCount=5, domain=False, ticks=False)


def whole_bars(frame: pl.DataFrame, order: Sequence[str], parts: Mapping[str, str], least: float) -> Layered:
    """One bar per group, in this order, split into its shares; `frame` has group, part and share.

    `parts` is part -> colour, from the left. Parts of at least `least` have their share as a label.
    """
    ranks = {part: place for place, part in enumerate(parts)}
    drawn = frame.with_columns(
        pl.col("part").replace_strict(ranks, return_dtype=pl.Int64).alias("rank"),
        format.text_column(frame["share"], format.percent, "percent"),
        format.text_column(frame["group"], _two_lines, "name"),
    ).sort("group", "rank")
    drawn = drawn.with_columns(
        end=pl.col("share").cum_sum().over("group"), start=pl.col("share").cum_sum().over("group") - pl.col("share")
    ).with_columns(middle=(pl.col("start") + pl.col("end")) / 2)
    names = [_two_lines(name) for name in order]
    y = alt.Y("name:N", sort=names, axis=name_axis())
    scale = alt.Scale(domain=[0, 1], nice=False)
    legend = alt.Legend(title=None, orient="top", labelLimit=0, columns=alt.expr("width < 300 ? 2 : 6"))
    colour = alt.Color("part:N", legend=legend, scale=alt.Scale(domain=list(parts), range=list(parts.values())))
    tips = [
        alt.Tooltip("group:N", title="Ruler"), alt.Tooltip("part:N", title="Country"),
        alt.Tooltip("percent:N", title="Share"),
    ]  # fmt: skip
    bars = alt.Chart(drawn).mark_bar(height=30, cornerRadius=1)
    bars = bars.encode(x=alt.X("start:Q", axis=_PERCENT, scale=scale), x2="end:Q", y=y, color=colour, tooltip=tips)
    labels = alt.Chart(drawn.filter(pl.col("share") >= least)).mark_text(fontSize=12, fontWeight=600, color="white")
    labels = labels.encode(x=alt.X("middle:Q", scale=scale), y=y, text=alt.Text("percent:N"), tooltip=tips)
    return Layered([bars, labels], _BAR_ROW * len(order) + _AXIS_HEIGHT + _LEGEND_HEIGHT)


def dots(frame: pl.DataFrame, order: Sequence[str], rulers: Mapping[str, str]) -> Layered:
    """One row per lab, in this order, with a dot per ruler at its share; `frame` has lab, ruler, share and rank.

    `rulers` is ruler -> colour. A line joins the dots of a lab.
    """
    drawn = frame.with_columns(format.text_column(frame["share"], format.percent, "percent"))
    ends = frame.group_by("lab", maintain_order=True).agg(low=pl.col("share").min(), high=pl.col("share").max())
    y = alt.Y(
        "lab:N", sort=list(order), axis=alt.Axis(title=None, domain=False, ticks=False, grid=False, labelLimit=150)
    )
    scale = alt.Scale(nice=True, zero=True)
    legend = alt.Legend(title=None, orient="top", labelLimit=0, columns=alt.expr("width < 300 ? 1 : 4"))
    names, colours = list(rulers), list(rulers.values())
    colour = alt.Color("ruler:N", legend=legend, scale=alt.Scale(domain=names, range=colours))
    shape = alt.Shape("ruler:N", legend=legend, scale=alt.Scale(domain=names, range=list(_SHAPES[: len(names)])))
    tips = [
        alt.Tooltip("lab:N", title="Lab"), alt.Tooltip("ruler:N", title="Ruler"),
        alt.Tooltip("percent:N", title="Share"), alt.Tooltip("rank:Q", title="Rank"),
    ]  # fmt: skip
    joined = alt.Chart(ends).mark_rule(color=GREY, strokeWidth=2, opacity=0.5)
    points = alt.Chart(drawn).mark_point(filled=True, size=110, opacity=1)
    x = alt.X("share:Q", axis=_PERCENT, scale=scale)
    layers = [
        joined.encode(x=alt.X("low:Q", axis=_PERCENT, scale=scale), x2="high:Q", y=y),
        points.encode(x=x, y=y, color=colour, shape=shape, tooltip=tips),
    ]
    return Layered(layers, _DOT_ROW * len(order) + _AXIS_HEIGHT + _LEGEND_HEIGHT)


def _two_lines(name: str) -> str:
    """Break the name of a ruler before its second part, so that a phone has room for the bars."""
    return name.replace(" on ", "\non ").replace(" of ", "\nof ")
