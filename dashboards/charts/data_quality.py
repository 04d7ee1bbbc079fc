"""The figures of the page of data quality, with their words. Pure."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from dashboards.charts import calendar, dots, shares
from dashboards.charts.figure import Figure
from dashboards.words import data_quality as words


def coverage(days: pl.DataFrame, scope: str, name: str, last_day: date, footnote: str) -> Figure:
    """Which days of a scope (`name` in words) were read."""
    cells = words.coverage_cells(days)
    return Figure(
        name=f"coverage-{scope}-{last_day}",
        chart=calendar.calendar(cells, words.STATES, words.LETTERS, words.COLOURS),
        title="Which days were read",
        subtitle=f"Scope: {name}. One cell a day, one column a week.",
        footnote=footnote,
        alt_text=calendar.described(cells, words.STATES),
        data=days,
    )


def events(weeks: pl.DataFrame, kinds: Mapping[str, int], last_day: date, footnote: str) -> Figure:
    """What was odd, by kind and week."""
    return Figure(
        name=f"events-by-week-{last_day}",
        chart=dots.dots(weeks, kinds),
        title="What was odd in what was read",
        subtitle="Number of events of each kind by week: the larger the dot, the more.",
        footnote=footnote,
        alt_text=dots.described(weeks, kinds),
        data=weeks,
    )


def deviation(found: pl.DataFrame, last_day: date, footnote: str) -> Figure:
    """How far 30-day counts were off readings."""
    lines = words.deviation_lines(found)
    return Figure(
        name=f"identity-deviation-{last_day}",
        chart=shares.shares(lines, words.DEVIATION_NAMES),
        title="How far 30-day counts were off the counters of 30 days before",
        subtitle="Deviation as a share of 30-day downloads, over models with 1,000 a month or more read on both days.",
        footnote=footnote,
        alt_text=shares.described(lines, words.DEVIATION_NAMES),
        data=found,
    )


def lineage(days: pl.DataFrame, of: str, last_day: date, footnote: str) -> Figure:
    """How much of each day has a known root."""
    return Figure(
        name=f"lineage-coverage-{of}-{last_day}",
        chart=shares.shares(days, words.LINEAGE_NAMES, shares.floor_of(days)),
        title="How much has a known root",
        subtitle=f"Share of all {of} of each day. The axis does not begin at 0.",
        footnote=footnote,
        alt_text=shares.described(days, words.LINEAGE_NAMES),
        data=days,
    )
