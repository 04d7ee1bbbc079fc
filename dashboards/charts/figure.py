"""A chart with everything that must stay with it wherever it is shown or taken."""

from dataclasses import dataclass

import altair as alt
import polars as pl


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with its words and its data. Title, subtitle and footnote are drawn into every exported picture."""

    name: str
    """File name of what is downloaded, without its ending; one of its own on a page."""

    chart: alt.Chart | alt.LayerChart
    title: str
    subtitle: str
    """What is counted: scope, lens and unit."""

    footnote: str
    """Day, coverage and source."""

    alt_text: str
    """The chart in words, for those who do not see it."""

    data: pl.DataFrame
    """What is drawn, as offered for download."""
