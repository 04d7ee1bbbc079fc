"""The charts of robustness: how far the headline moves, and when China passed the United States."""

from datetime import date

import polars as pl

from dashboards.charts import crossings, tornado
from dashboards.charts.figure import Figure
from dashboards.words import robustness as words


def bars(found: pl.DataFrame, headline: str, baseline: float, last_day: date, *, name: str, footnote: str) -> Figure:
    """A headline under each definition, from its `baseline`."""
    moved = words.bars(found, headline)
    return Figure(
        name=name,
        chart=tornado.tornado(moved, baseline, is_signed=headline == words.DIFFERENCE),
        title=words.title(headline),
        subtitle=words.subtitle(baseline, headline, last_day),
        footnote=footnote,
        alt_text=words.described_bars(moved, baseline, headline),
        data=words.data(found, headline),
    )


def crossovers(
    found: pl.DataFrame, interval: pl.DataFrame, order: pl.DataFrame, days: tuple[date, date], *, name: str,
    footnote: str,
) -> Figure:  # fmt: skip
    """The crossover under each definition, in the order of the bars `order`; `interval` is that of the baseline."""
    rows = words.rows(found, interval, order, days[0])
    return Figure(
        name=name,
        chart=crossings.crossings(rows, *days),
        title="When China passed the United States",
        subtitle=words.crossings_subtitle(*days),
        footnote=footnote,
        alt_text=words.described_rows(rows),
        data=rows.select("told", "said", "crossed_on", "low", "high").rename({"told": "definition"}),
    )
