"""Titles of events in charts of lines: events of the registry and rollbacks of counters. Pure."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from dashboards.charts.axes import Step
from dashboards.data import format

_MOST_NAMED = 8
"""Events that a footnote names at most."""


def footnote(events: pl.DataFrame) -> str:
    """The events as a sentence of the footnote; empty if there are none."""
    titles = [f"{format.day(day)}: {title}" for day, title in events.select("event_date", "title").iter_rows()]
    earlier = f"{len(titles) - _MOST_NAMED} earlier ones; " if len(titles) > _MOST_NAMED else ""
    return f" Events: {earlier}{'; '.join(titles[-_MOST_NAMED:])}." if titles else ""


def rollbacks(dips: pl.DataFrame, names: Mapping[str, str], step: Step) -> pl.DataFrame:
    """Rollbacks in lines (first, last, day or age, code) as events, one for each spell; `names` are of all lines."""
    spells = dips.group_by("first", "last", maintain_order=True).agg("code", pl.col("^day$").min())
    spans = spells.select("first", "last", "code").iter_rows()
    titles = [_rolled_back(first, last, _which(codes, names), step) for first, last, codes in spans]
    return spells.select(
        pl.col("day" if "day" in dips.columns else "first").alias("event_date"),
        pl.lit("rollback").alias("kind"),
        pl.Series("title", titles, dtype=pl.String),
    )


def rollbacks_by_age(dips: pl.DataFrame, names: Mapping[str, str], step: Step) -> pl.DataFrame:
    """Rollbacks in lines (first, last, age, code, ...) as events, one for each line and spell, at its age."""
    spans = dips.select("first", "last", "code").iter_rows()
    titles = [_rolled_back(first, last, names[code], step) for first, last, code in spans]
    marked = dips.with_columns(pl.lit("rollback").alias("kind"), pl.Series("title", titles, dtype=pl.String))
    return marked.rename({"first": "event_date"}).drop("last", "code")


def _which(codes: list[str], names: Mapping[str, str]) -> str:
    return "all lines" if len(codes) == len(names) > 2 else ", ".join(names[code] for code in codes)


def _rolled_back(first: date, last: date, which: str, step: Step) -> str:
    since = "" if step == "day" else f" from {format.day(first)}"
    until = f"{since} until {format.day(last)}" if first < last or since else " for a day"
    return f"All-time counters rolled back{until} ({which})"
