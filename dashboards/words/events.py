"""What events beside lines are called: those of the registry, and rollbacks that lines show. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date

import polars as pl

from dashboards import format
from dashboards.charts.axes import Step

_MOST_TOLD = 8
"""How many events a footnote names."""


def told(events: pl.DataFrame) -> str:
    """The events for the footnote; empty if there are none."""
    titles = [f"{format.long_day(day)}: {title}" for day, title in events.select("event_date", "title").iter_rows()]
    earlier = f"{len(titles) - _MOST_TOLD} earlier ones; " if len(titles) > _MOST_TOLD else ""
    return f" Events: {earlier}{'; '.join(titles[-_MOST_TOLD:])}." if titles else ""


def rolled_back(dips: pl.DataFrame, names: Mapping[str, str], step: Step, by: str = "first") -> pl.DataFrame:
    """Rollbacks that lines show (first, last, day or age, code) as events, each with the lines that dip.

    One for each spell; `by` age one for each age at which lines dip, placed there.
    """
    spells = dips.group_by(list(dict.fromkeys(("first", "last", by))), maintain_order=True).agg(
        "code", pl.col("^day$").min()
    )
    spans = spells.select("first", "last", "code").iter_rows()
    titles = [_rolled_back(first, last, [names[code] for code in codes], step) for first, last, codes in spans]
    return spells.select(
        pl.col("day" if "day" in dips.columns else "first").alias("event_date"),
        pl.lit("rollback").alias("kind"),
        pl.Series("title", titles, dtype=pl.String),
        pl.col("^age$"),
    )


def _rolled_back(first: date, last: date, names: Iterable[str], step: Step) -> str:
    since = "" if step == "day" else f" from {format.long_day(first)}"
    until = f"{since} until {format.long_day(last)}" if first < last or since else " for a day"
    return f"All-time counters rolled back{until} ({', '.join(names)})"
