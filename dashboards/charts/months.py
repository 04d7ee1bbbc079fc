"""Columns over months, each split into parts."""

from collections.abc import Mapping

import altair as alt
import polars as pl

from dashboards.data import format

HEIGHT = 300


def columns(frame: pl.DataFrame, parts: Mapping[str, str]) -> alt.Chart:
    """One column a month; `frame` has month, part and value, `parts` are the colours by part, from the foot up."""
    order = list(parts)
    rank = pl.col("part").replace_strict({part: index for index, part in enumerate(order)}, return_dtype=pl.Int64)
    told = frame.with_columns(
        month=pl.col("month").cast(pl.Datetime("ms")).dt.epoch("ms").cast(pl.Float64),
        named=pl.col("month").dt.strftime("%B %Y"),
        exact=format.text_column(frame["value"], lambda value: f"{value:,.1f}"),
        rank=rank,
    )
    axis = alt.Axis(title=None, format="%b %Y", grid=False, labelOverlap=True, labelFlush=True, tickCount=6)
    x = alt.X("month:T", timeUnit="utcyearmonth", axis=axis, scale=alt.Scale(type="utc"))
    y = alt.Y("value:Q", axis=alt.Axis(title=None, tickCount=5, domain=False, ticks=False), stack="zero")
    colour = alt.Color(
        "part:N",
        legend=alt.Legend(title=None, orient="top", columns=3),
        scale=alt.Scale(domain=order, range=list(parts.values())),
    )
    tips = [
        alt.Tooltip("named:N", title="Month"), alt.Tooltip("part:N", title="Relation"),
        alt.Tooltip("exact:N", title="Derivatives"),
    ]  # fmt: skip
    drawn: alt.Chart = alt.Chart(told, height=HEIGHT).mark_bar().encode(
        x=x, y=y, color=colour, order=alt.Order("rank:Q"), tooltip=tips
    )  # fmt: skip
    return drawn


def described(frame: pl.DataFrame) -> str:
    """The columns in words: the sum of the last full months, and the largest part."""
    if frame.is_empty():
        return "A column chart without data."
    months = frame.group_by("month").agg(pl.col("value").sum()).sort("month")
    highest = months.sort("value", "month", descending=[True, False]).row(0, named=True)
    last = months.row(-1, named=True)
    return (
        f"Column chart of {format.count(months.height, 'month')} to {last['month']:%B %Y}: "
        f"{last['value']:,.0f} in the last, most in {highest['month']:%B %Y} with {highest['value']:,.0f}."
    )
