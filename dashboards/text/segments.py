"""Breaks of a series as events of charts: how many models were read before and since, and why. Pure."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboards.charts.line_parts import BREAK
from dashboards.data import format
from dashboards.data.vocabulary import METRIC_NAMES
from dashboards.text.terms import in_sentence

_REASONS = {
    "scope": "another scope is read",
    "arrived": "{arrived} of downloads are of models not read before",
    "left": "models with {left} of downloads are no longer read",
    "replaced": "models with {left} of downloads are no longer read, {arrived} are of models not read before",
}
_CHANGES = {"arrived": "is read for the first time", "left": "is no longer read", "corrected": "has a lower counter"}


def events(breaks: pl.DataFrame) -> pl.DataFrame:
    """The breaks as events: event_date, kind, title."""
    titles = [_title(row) for row in breaks.iter_rows(named=True)]
    return breaks.select("event_date", pl.lit(BREAK).alias("kind"), pl.Series("title", titles, dtype=pl.String))


def within(breaks: pl.DataFrame, changes: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """The events of breaks and of large models, after the first and up to the last day of `frame`."""
    found = pl.concat([events(breaks), large(changes)], how="diagonal").sort("event_date", maintain_order=True)
    if frame.is_empty():
        return found.clear()
    first, last = frame["day"].min(), frame["day"].max()
    return found.filter((pl.col("event_date") > first) & (pl.col("event_date") <= last))


def large(changes: pl.DataFrame) -> pl.DataFrame:
    """The large models that enter, leave or are corrected as events: event_date, kind, title, perhaps code."""
    titles = [
        f"{row['repo_id']} {_CHANGES[row['kind']]} ({format.percent(row['share'])} of downloads)"
        for row in changes.iter_rows(named=True)
    ]
    title = pl.Series("title", titles, dtype=pl.String)
    return changes.select("event_date", pl.lit("model").alias("kind"), title, pl.col("^code$"))


def same_models(rows: pl.DataFrame, metric: str, pair: tuple[str, str], names: Mapping[str, str]) -> str:
    """The shares of two groups before and after a break, over the models read on both days; empty if there are none."""
    if rows.is_empty():
        return ""
    before, day = rows.row(0, named=True)["before"], rows.row(0, named=True)["day"]
    shares = {row["code"]: (row["share_before"], row["share"]) for row in rows.iter_rows(named=True)}
    parts = [
        f"{in_sentence(names[code])} had {format.percent(old)} and has {format.percent(new)}"
        for code, (old, new) in ((code, shares.get(code, (0.0, 0.0))) for code in pair)
    ]
    read = f"{rows['models'].sum():,.0f} models read on both {format.day(before)} and {format.day(day)}"
    return f"Same models only: of the {METRIC_NAMES[metric]} of the {read}, {parts[0]}; {parts[1]}."


def _title(row: dict[str, Any]) -> str:
    day, models = format.day(row["event_date"]), f"{row['models']:,}"
    shares = {"left": format.percent(row["left_share"]), "arrived": format.percent(row["arrived_share"])}
    reason = _REASONS[row["break_kind"]].format(**shares)
    return f"{format.count(row['models_before'], 'model')} before {day}, {models} since: {reason}"
