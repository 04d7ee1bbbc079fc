"""The bars of who builds on a family or lab."""

from dataclasses import dataclass
from typing import Literal

import polars as pl

from dashboards.charts import bars as bar_charts
from dashboards.charts.figure import Figure
from dashboards.data.definition import Definition
from dashboards.data.format import file_stem
from dashboards.data.warehouse import Build, Store
from dashboards.figures.cached import cached_figure
from dashboards.queries import builders as queries
from dashboards.queries import shared
from dashboards.queries.builders import Built, Filters
from dashboards.text import builders as words
from dashboards.text import family as family_words
from dashboards.text import footnotes

Part = Literal["origin", "format"]


@dataclass(frozen=True, slots=True)
class BuildersScope:
    """What is built on, under a definition, in one warehouse."""

    store: Store
    build: Build
    definition: Definition
    built: Built
    name: str

    def stem(self, *parts: str) -> str:
        """The file name of downloads."""
        return file_stem(self.built.code, *parts, str(self.build.last_day))

    def parts(self, filters: Filters, but: str = "") -> pl.DataFrame:
        """What others built that matches, whatever its column `but`."""
        return filters.matching(queries.parts(self.store, self.built, self.definition), but=but)


@cached_figure
def bars(scope: BuildersScope, part: Part, filters: Filters) -> Figure:
    """Downloads by country or format, under the filters of the other. There must be some."""
    found = scope.parts(filters, part)
    if part == "origin":
        drawn = words.country_bars(found, shared.origin_names(scope.store))
        colours = family_words.country_colours(drawn)
    else:
        drawn, colours = words.format_bars(found), words.format_colours()
    order = list(drawn["group"])
    return Figure(
        name=scope.stem("builders", part),
        chart=bar_charts.groups(drawn, order, colours, legend=False, is_clickable=True),
        title=words.title(scope.name, part),
        subtitle=f"{words.SUBTITLE} {scope.definition.counted().capitalize()}.",
        footnote=footnotes.footnote(scope.build, shared.coverage(scope.store), "root"),
        alt_text=bar_charts.described_groups(drawn, order),
        data=drawn.select("group", "part", "value", "share"),
    )
