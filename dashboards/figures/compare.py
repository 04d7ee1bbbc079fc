"""The chart of the page that compares."""

from collections.abc import Mapping

import polars as pl

from dashboards import palette
from dashboards.charts import lines, series
from dashboards.charts.figure import Figure
from dashboards.comparison import Comparison
from dashboards.words import compare as words
from dashboards.words.terms import label_names


def figure(
    comparison: Comparison,
    frame: pl.DataFrame,
    names: Mapping[str, str],
    events: pl.DataFrame,
    name: str,
    subtitle: str,
    footnote: str,
) -> Figure:
    """The lines of `frame` (day or age, code, value, share, index) with their events, which the footnote names."""
    axes, view = comparison.axes, comparison.view
    styles = palette.styles(tuple(frame["code"].unique().sort()), comparison.kind == "origins")
    told = words.happened(events, *series.day_range(frame)) if axes.x == "day" else ""
    chart = lines.lines(
        frame, view, label_names(names), {code: style.colour for code, style in styles.items()}, axes,
        {code: style.dash for code, style in styles.items()}, events,
    )  # fmt: skip
    return Figure(
        name=name,
        chart=chart,
        title=words.title(comparison),
        subtitle=subtitle,
        footnote=footnote + told,
        alt_text=lines.described(frame, view, names, axes),
        data=words.taken(frame, comparison, names),
    )
