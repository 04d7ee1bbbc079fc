"""What the overview asks: adoption by country or region, as the Python API has it."""

from datetime import date, timedelta

import polars as pl
import streamlit as st

from dashboards.definition import Definition
from dashboards.palette import NOT_KNOWN, OTHER
from dashboards.queries.shared import tracker
from dashboards.store import Store
from dashboards.words.terms import METRIC_NAMES

_GROUPS = {"country": "origin", "region": "region"}
"""How a page groups -> what the Python API calls it."""


@st.cache_data(show_spinner=False, max_entries=500)
def origin_days(
    store: Store, definition: Definition, metric: str, group: str, own: tuple[str, ...] | None, most: int
) -> pl.DataFrame:
    """One row per day and group: day, code, value, share (0 to 1, of all groups that day).

    `own` limits which codes may stand for themselves (None: any); of those the `most` largest on the
    last day do, all others are summed as 'other'. What is counted under no known origin always stands for
    itself. Days without data have no row.
    """
    days = _adoption(store, definition, metric, group)
    code = pl.col("code")
    may_stand = (code != NOT_KNOWN) & (pl.lit(True) if own is None else code.is_in(own))
    largest = days.filter((pl.col("day") == pl.col("day").max()) & may_stand).sort(
        "value", "code", descending=[True, False]
    )
    drawn = [*largest["code"].head(most), NOT_KNOWN]
    lines = pl.when(code.is_in(drawn)).then(code).otherwise(pl.lit(OTHER)).alias("code")
    known = pl.col("share").count() > 0
    sums = days.group_by("day", lines).agg(pl.col("value").sum(), pl.when(known).then(pl.col("share").sum()))
    return sums.sort("day", "code")


@st.cache_data(show_spinner=False, max_entries=500)
def origin_table(store: Store, definition: Definition, metric: str, group: str, day: date) -> pl.DataFrame:
    """Every group on `day`: code, every metric (in whole numbers), share of `metric`, share_change; the largest first.

    share_change is the difference to the share 30 days before, unknown where that day has no data.
    """
    table = _adoption(store, definition, metric, group, day).select("code", "share")
    before = _adoption(store, definition, metric, group, day - timedelta(days=30))
    table = table.join(before.select("code", share_before="share"), on="code", how="left")
    for name in METRIC_NAMES:
        figure = _adoption(store, definition, name, group, day).select("code", pl.col("value").alias(name))
        table = table.join(figure, on="code", how="full", coalesce=True)
    ordered = table.sort(metric, "code", descending=[True, False], nulls_last=True)
    whole = (pl.col(name).round().cast(pl.Int64) for name in METRIC_NAMES)
    return ordered.select("code", *whole, "share", share_change=pl.col("share") - pl.col("share_before"))


def _adoption(store: Store, definition: Definition, metric: str, group: str, day: date | None = None) -> pl.DataFrame:
    """What the Python API says of all days or of one: day, code, value, share; no origin known is NOT_KNOWN."""
    by = _GROUPS[group]
    found = tracker(store).adoption(by=by, metric=metric, since=day, until=day, **definition.switches)
    return found.select("day", pl.col(by).fill_null(NOT_KNOWN).alias("code"), pl.col(metric).alias("value"), "share")
