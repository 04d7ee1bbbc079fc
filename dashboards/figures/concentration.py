"""The chart of concentration."""

import polars as pl

from dashboards.charts import curves, looks
from dashboards.charts.figure import Figure
from dashboards.words import concentration as words


def figure(days: pl.DataFrame, of: str, measure: str, step: str, *, name: str, footnote: str) -> Figure:
    """A measure of concentration over days, a line a lens. `days` has day, code (the lens), value and its parts."""
    unit, lines = words.UNITS[measure], looks.of_pair(words.LENS_LINES)
    return Figure(
        name=name,
        chart=curves.curves(days, lines, "day", unit),
        title=words.title(of, measure),
        subtitle=words.subtitle(of, measure, step),
        footnote=footnote,
        alt_text=curves.described(days, lines, "day", unit),
        data=words.data(days, of, measure),
    )
