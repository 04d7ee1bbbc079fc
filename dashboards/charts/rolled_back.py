"""Where lines of an all-time counter dip because the Hub rolled its counters back for some days. Pure."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from dashboards.charts import periods
from dashboards.charts.axes import Axes, View

_SPELL = ("first", "last")


def dips(
    days: pl.DataFrame, spells: pl.DataFrame, axes: Axes, view: View, releases: Mapping[str, date]
) -> pl.DataFrame:
    """Where lines dip, one row per line and spell, at its first such step: first, last, day or age, code.

    `days` (day, code, value, total) are the readings, `spells` (first, last) the days on which counters were rolled
    back. A line dips on a step whose last reading is of such a day and lower than that before the spell; a line of
    shares also where the total is.
    """
    known = days.filter(pl.col("value").is_not_null()).sort("day").with_columns(read="day")
    every = spells.join(known, how="cross", maintain_order="left_right")
    earlier = every.filter(pl.col("read") < pl.col("first")).group_by("code", *_SPELL, maintain_order=True)
    before = earlier.agg(pl.col("value", "total").last().name.suffix("_before"))
    shown = periods.placed(known, axes, releases).sort("read").group_by("code", axes.x).last()
    is_lower = pl.col("value") < pl.col("value_before")
    if view == "share":
        is_lower |= pl.col("total") < pl.col("total_before")
    return (
        shown.join(before, on="code")
        .filter(pl.col("read").is_between("first", "last") & is_lower)
        .group_by(*_SPELL, "code")
        .agg(pl.col(axes.x).min())
        .sort(*_SPELL, "code")
        .select(*_SPELL, axes.x, "code")
    )
