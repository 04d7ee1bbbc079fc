"""The chart of the families that are used most."""

from datetime import date

import polars as pl

from dashboards import palette
from dashboards.charts import split_bars
from dashboards.charts.figure import Figure
from dashboards.words import families as words
from dashboards.words.terms import layer_names


def figure(found: pl.DataFrame, day: date, *, name: str, footnote: str) -> Figure:
    """A bar a family, split by layer. `found` has family, name, layer, value, share, the largest family first."""
    bars = words.bars(found)
    groups = bars["group"].unique(maintain_order=True).to_list()
    colours = palette.series(list(layer_names().values()))
    return Figure(
        name=name,
        chart=split_bars.bars(bars, groups, {part: colours[part] for part in colours if part in set(bars["part"])}),
        title="The families that are used most",
        subtitle=words.subtitle(day),
        footnote=footnote,
        alt_text=split_bars.described(bars, groups),
        data=found,
    )
