"""A chart with everything that must stay with it wherever it is shown or taken."""

from dataclasses import dataclass

import altair as alt
import polars as pl

from dashboards.charts.layered import Layered


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with its words and its data. Title, subtitle and footnote are drawn into every exported picture."""

    name: str
    """File name of what is downloaded, without its ending; one of its own on a page."""

    chart: alt.Chart | Layered
    title: str
    subtitle: str
    """What is counted: scope, lens and unit."""

    footnote: str
    """Day, coverage and source."""

    alt_text: str
    """The chart in words, for those who do not see it."""

    data: pl.DataFrame
    """What is drawn, as offered for download."""

    @property
    def whole(self) -> alt.Chart | alt.LayerChart:
        """The chart as Altair has it: to be laid out with more."""
        return self.chart.whole() if isinstance(self.chart, Layered) else self.chart
