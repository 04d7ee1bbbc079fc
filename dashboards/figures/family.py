"""The charts of the page Family, and the largest families."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from dashboards.charts import bars as bar_charts
from dashboards.charts import line_parts, lines
from dashboards.charts.axes import View
from dashboards.charts.colours import series_colours, series_styles
from dashboards.charts.figure import Figure
from dashboards.data.definition import Definition
from dashboards.data.format import file_stem
from dashboards.data.vocabulary import layer_names
from dashboards.data.warehouse import Build, Store
from dashboards.figures.cached import cached_figure
from dashboards.figures.segments import segment_events
from dashboards.queries import family as queries
from dashboards.queries import shared
from dashboards.text import events, footnotes
from dashboards.text import family as words


@dataclass(frozen=True, slots=True)
class FamilyScope:
    """The selected family and definition in one warehouse."""

    store: Store
    build: Build
    definition: Definition
    family: str
    name: str
    day: date

    @property
    def origins(self) -> Mapping[str, str]:
        """Code -> name of all origins."""
        return shared.origin_names(self.store)

    def stem(self, *parts: str) -> str:
        """The file name of downloads from a section."""
        return file_stem(self.family, *parts, str(self.day))

    def generation_days(self, metric: str) -> pl.DataFrame:
        """A metric of each generation: day, code, value, share."""
        return queries.generation_days(self.store, self.definition, self.family, metric)

    def derivative_months(self, least: int) -> pl.DataFrame:
        """New derivatives by relation: month, part, value."""
        return words.by_relation(queries.derivatives(self.store, self.definition.models, self.family, least))

    def bars(self, part: str) -> pl.DataFrame:
        """The bars of `part` (sizes or layers): group, part, value, share."""
        if part == "layers":
            return words.by_layer(self._members("layer", "is_gguf"))
        return words.by_size(self._members("size_bucket", "is_gguf"))

    def _members(self, *by: str) -> pl.DataFrame:
        return queries.members(self.store, self.definition, self.family, by)


@cached_figure
def generations(scope: FamilyScope, metric: str, view: View) -> Figure:
    """Each generation by day. There must be some."""
    days = scope.generation_days(metric)
    names = words.generation_names(days["code"])
    styles = series_styles(names)
    happened = segment_events(scope.store, scope.definition.models, metric, days)
    return Figure(
        name=scope.stem("generations", metric, view),
        chart=lines.lines(days, view, styles, events=happened),
        title=words.generations_title(metric, view, scope.name),
        subtitle=words.generations_subtitle(scope.definition, metric),
        footnote=_footnote(scope, line_parts.missing_days(days)) + events.footnote(happened),
        alt_text=lines.described(days, view, styles),
        data=words.generation_data(days, names),
    )


@cached_figure
def derivatives(scope: FamilyScope, least: int) -> Figure:
    """New derivatives by month and relation. There must be some."""
    months = scope.derivative_months(least)
    return Figure(
        name=scope.stem("derivatives", str(least)),
        chart=bar_charts.months(months, words.relation_colours(months)),
        title=words.TITLES["derivatives"].format(name=scope.name),
        subtitle=words.derivatives_subtitle(scope.definition.models, least),
        footnote=_footnote(scope),
        alt_text=bar_charts.described_months(months),
        data=months.rename({"part": "relation", "value": "derivatives"}),
    )


@cached_figure
def bars(scope: FamilyScope, part: str) -> Figure:
    """The bars of `part` (sizes or layers), split by format. There must be some."""
    found = scope.bars(part)
    order = words.layer_order(found) if part == "layers" else words.size_order(found)
    return Figure(
        name=scope.stem(part),
        chart=bar_charts.groups(found, order, words.format_colours(found)),
        title=words.TITLES[part].format(name=scope.name),
        subtitle=words.credited_subtitle(scope.definition, words.SUBTITLES[part]),
        footnote=_footnote(scope),
        alt_text=bar_charts.described_groups(found, order),
        data=found.select("group", "part", "value", "share"),
    )


@cached_figure
def largest_families(store: Store, build: Build, models: str, day: date, most: int) -> Figure:
    """The families with the most downloads on a day, a bar each, split by model type. There must be some."""
    found = queries.largest_families(store, models, day, most)
    parts = words.largest_bars(found)
    order = parts["group"].unique(maintain_order=True).to_list()
    colours = series_colours(layer_names().values())
    used = {part: colour for part, colour in colours.items() if part in set(parts["part"])}
    return Figure(
        name=file_stem("families", str(day)),
        chart=bar_charts.groups(parts, order, used),
        title="The families with the most downloads",
        subtitle=words.largest_subtitle(models, day),
        footnote=footnotes.footnote(build, shared.coverage(store)),
        alt_text=bar_charts.described_groups(parts, order),
        data=found,
    )


def _footnote(scope: FamilyScope, missing_days: int = 0) -> str:
    return footnotes.footnote(scope.build, shared.coverage(scope.store), "root", missing_days)
