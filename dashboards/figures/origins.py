"""The charts of the overview: lines by country or region."""

from collections.abc import Mapping

import polars as pl

from dashboards import palette
from dashboards.charts import lines
from dashboards.charts.axes import Axes, View
from dashboards.charts.figure import Figure
from dashboards.words import origins as words
from dashboards.words.terms import label_names


def figure(
    days: pl.DataFrame,
    view: View,
    group: str,
    names: Mapping[str, str],
    axes: Axes = Axes(),
    *,
    name: str,
    title: str,
    subtitle: str,
    footnote: str,
) -> Figure:
    """The lines of `days` (day, code, value, share) in the colours of their countries or regions."""
    return Figure(
        name=name,
        chart=lines.lines(days, view, label_names(names), palette.colours(group, tuple(days["code"].unique())), axes),
        title=title,
        subtitle=subtitle,
        footnote=footnote,
        alt_text=lines.described(days, view, names, axes),
        data=words.named(days, names),
    )
