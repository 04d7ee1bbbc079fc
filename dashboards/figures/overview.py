"""The charts of the overview: lines by country or region."""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from dashboards.charts import colours, line_parts, lines
from dashboards.charts.axes import Axes, Thinning, View, thinned
from dashboards.charts.colours import LineStyle
from dashboards.charts.figure import Figure
from dashboards.data.definition import Definition
from dashboards.data.format import file_stem
from dashboards.data.warehouse import Build, Store
from dashboards.figures.cached import kept
from dashboards.queries import crossovers as queries
from dashboards.queries import overview, shared
from dashboards.text import crossovers as words
from dashboards.text import footnotes
from dashboards.text import overview as origin_words
from dashboards.text.terms import label_names


@dataclass(frozen=True, slots=True)
class Asked:
    """What every part of the page is asked for."""

    store: Store
    build: Build
    definition: Definition
    view: View
    group: str
    most_days: int | None = None
    """Days that a chart shows at most; None shows all."""

    def days(self, metric: str) -> pl.DataFrame:
        """The metric by country or region: day, code, value, share."""
        own = colours.named_codes(self.group)
        return overview.origin_days(self.store, self.definition, metric, self.group, own, colours.MOST_LINES)

    def months(self, least: int) -> pl.DataFrame:
        """New derivatives by root: day, code, value, share."""
        own = colours.named_codes(self.group)
        return overview.derivative_months(self.store, least, self.group, own, colours.MOST_LINES)

    def names(self, codes: Iterable[str], lens: str | None = None) -> dict[str, str]:
        """Code -> name of countries or regions; the lens says what the one that is not known is called."""
        known = shared.origin_names(self.store)
        return origin_words.group_names(lens or self.definition.lens, self.group, known, codes)


@kept
def by_day(asked: Asked, metric: str) -> Figure:
    """A metric by country or region over days, of which there are some."""
    days, lens = asked.days(metric), asked.definition.lens
    thinning, names = Thinning.of(days, asked.most_days), asked.names(days["code"].unique())
    styles = _styles(asked, names)
    footnote = footnotes.footnote(
        asked.build, shared.coverage(asked.store), lens, line_parts.missing_days(days), thinning
    )
    return Figure(
        name=file_stem("origins", lens, metric, asked.view, asked.group, str(line_parts.day_range(days)[1])),
        chart=lines.lines(days, asked.view, styles, Axes(thinning=thinning)),
        title=origin_words.title(lens, metric, asked.view, asked.group),
        subtitle=origin_words.subtitle(asked.definition, metric, asked.view),
        footnote=footnote + (_roots(asked) if lens == "root" else ""),
        alt_text=lines.described(days, asked.view, styles),
        data=origin_words.chart_data(thinned(days, thinning), names),
    )


@kept
def derivatives(asked: Asked, least: int) -> Figure:
    """New derivatives by root over months, of which there are some."""
    months, axes = asked.months(least), Axes(step="month")
    names = asked.names(months["code"].unique(), "root")
    styles = _styles(asked, names)
    return Figure(
        name=file_stem("derivatives", str(least), asked.view, asked.group, str(asked.build.last_day)),
        chart=lines.lines(months, asked.view, styles, axes),
        title=words.derivatives_title(asked.view, asked.group),
        subtitle=words.derivatives_subtitle(asked.view, asked.group, least),
        footnote=footnotes.footnote(asked.build, shared.coverage(asked.store), "root") + _roots(asked),
        alt_text=lines.described(months, asked.view, styles, axes),
        data=origin_words.chart_data(months, names),
    )


def _styles(asked: Asked, names: dict[str, str]) -> dict[str, LineStyle]:
    return colours.with_labels(colours.group_styles(asked.group, names), label_names(names))


def _roots(asked: Asked) -> str:
    return words.root_coverage(queries.roots_known(asked.store))
