"""The charts of the overview: lines by country or region."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl

from dashboards.charts import colours, line_parts, lines
from dashboards.charts.axes import Axes, Thinning, View, thinned
from dashboards.charts.colours import LineStyle
from dashboards.charts.figure import Figure
from dashboards.data.definition import Definition
from dashboards.data.format import file_stem
from dashboards.data.warehouse import Build, Store
from dashboards.figures.cached import cached_figure
from dashboards.figures.segments import segment_events
from dashboards.queries import crossovers as queries
from dashboards.queries import overview, shared
from dashboards.text import crossovers as words
from dashboards.text import events, footnotes
from dashboards.text import overview as origin_words
from dashboards.text.terms import label_names


@dataclass(frozen=True, slots=True)
class OverviewScope:
    """The selected definition, view and grouping in one warehouse."""

    store: Store
    build: Build
    definition: Definition
    view: View
    group: str
    pair: tuple[str, str] | None = None
    """The codes of the two countries that the headline compares; None means those of the registry."""

    most_days: int | None = None
    """The most days on a chart; None means all."""

    def days(self, metric: str) -> pl.DataFrame:
        """The metric by country or region: day, code, value, share."""
        own = colours.named_codes(self.group)
        return overview.origin_days(self.store, self.definition, metric, self.group, own, colours.MOST_LINES)

    def months(self, least: int) -> pl.DataFrame:
        """New derivatives by root: day, code, value, share."""
        own = colours.named_codes(self.group)
        return overview.derivative_months(
            self.store, self.definition.models, least, self.group, own, colours.MOST_LINES
        )

    def wanted(self) -> tuple[str, str] | None:
        """The codes of the countries, or of their regions, that the headline compares; None: the two largest."""
        pair = self.pair or shared.headline_pair(self.store)
        if pair is None or self.group == "country":
            return pair
        region = shared.origin_regions(self.store)
        first, second = region[pair[0]], region[pair[1]]
        return (first, second) if first != second else None

    def crossings(self, metric: str) -> list[dict[str, Any]]:
        """The crossovers of the pair by the metric that dates those of `metric`, a row for each direction."""
        measure, pair = words.MEASURES.get(metric), words.countries(self.wanted() or ("", ""))
        found = queries.crossovers(self.store, self.definition).iter_rows(named=True)
        return [row for row in found if row["metric"] == measure and {row["a"], row["b"]} == set(pair or ())]

    def names(self, codes: Iterable[str], lens: str | None = None) -> dict[str, str]:
        """Code -> name of countries or regions; the name of the unknown one depends on the lens."""
        known = shared.origin_names(self.store)
        return origin_words.group_names(lens or self.definition.lens, self.group, known, codes)


@cached_figure
def by_day(scope: OverviewScope, metric: str) -> Figure:
    """A metric by country or region and day. There must be some."""
    days, lens = scope.days(metric), scope.definition.lens
    thinning, names = Thinning.of(days, scope.most_days), scope.names(days["code"].unique())
    styles = colours.emphasised(_styles(scope, names), scope.wanted() or ())
    happened = _events(scope, metric, days)
    footnote = footnotes.footnote(
        scope.build, shared.coverage(scope.store), lens, line_parts.missing_days(days), thinning
    )
    return Figure(
        name=file_stem("origins", lens, metric, scope.view, scope.group, str(line_parts.day_range(days)[1])),
        chart=lines.lines(days, scope.view, styles, Axes(thinning=thinning), events=happened),
        title=origin_words.title(lens, metric, scope.view, scope.group),
        subtitle=origin_words.subtitle(scope.definition, metric, scope.view),
        footnote=footnote + events.footnote(happened) + (_roots(scope) if lens == "root" else ""),
        alt_text=lines.described(days, scope.view, styles),
        data=origin_words.chart_data(thinned(days, thinning), names),
    )


@cached_figure
def derivatives(scope: OverviewScope, least: int) -> Figure:
    """New derivatives by root and month. There must be some."""
    months, axes = scope.months(least), Axes(step="month")
    names = scope.names(months["code"].unique(), "root")
    styles = _styles(scope, names)
    return Figure(
        name=file_stem("derivatives", str(least), scope.view, scope.group, str(scope.build.last_day)),
        chart=lines.lines(months, scope.view, styles, axes),
        title=words.derivatives_title(scope.view, scope.group),
        subtitle=words.derivatives_subtitle(scope.definition.models, scope.view, scope.group, least),
        footnote=footnotes.footnote(scope.build, shared.coverage(scope.store), "root") + _roots(scope),
        alt_text=lines.described(months, scope.view, styles, axes),
        data=origin_words.chart_data(months, names),
    )


def _events(scope: OverviewScope, metric: str, days: pl.DataFrame) -> pl.DataFrame:
    """What the chart marks: breaks and large models, and the last crossover of the pair."""
    lens = scope.definition.lens if scope.group == "country" else None
    happened = segment_events(scope.store, scope.definition.models, metric, days, lens)
    crossed = words.last_crossing(scope.crossings(metric))
    if crossed is None:
        return happened
    code = next(code for code in scope.wanted() or () if words.country_of(code) == crossed["a"])
    event = words.crossing_event(crossed, code, metric, shared.origin_names(scope.store))
    return pl.concat([happened, event], how="diagonal")


def _styles(scope: OverviewScope, names: dict[str, str]) -> dict[str, LineStyle]:
    return colours.with_labels(colours.group_styles(scope.group, names), label_names(names))


def _roots(scope: OverviewScope) -> str:
    return words.root_coverage(queries.roots_known(scope.store))
