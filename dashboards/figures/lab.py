"""The charts of the page of a lab."""

from dataclasses import dataclass

import polars as pl

from dashboards.charts import bars as bar_charts
from dashboards.charts import line_parts, lines
from dashboards.charts.axes import View
from dashboards.charts.colours import pair_styles
from dashboards.charts.figure import Figure
from dashboards.data.definition import Definition
from dashboards.data.format import file_stem
from dashboards.data.warehouse import Build, Store
from dashboards.figures.cached import cached_figure
from dashboards.figures.segments import segment_events
from dashboards.queries import lab as queries
from dashboards.queries import shared
from dashboards.text import events, footnotes
from dashboards.text import family as family_words
from dashboards.text import lab as words


@dataclass(frozen=True, slots=True)
class LabScope:
    """The selected lab and definition in one warehouse."""

    store: Store
    build: Build
    definition: Definition
    lab: str
    name: str

    def stem(self, *parts: str) -> str:
        """The file name of downloads from a section."""
        return file_stem("lab", self.lab, *parts, str(self.build.last_day))

    def days(self, metric: str) -> pl.DataFrame:
        """A metric of the lab by day under both attributions: day, code, value, share."""
        return queries.days(self.store, self.definition, self.lab, metric)

    def months(self, least: int) -> pl.DataFrame:
        """New derivatives by relation: month, part, value."""
        found = queries.derivatives(self.store, self.lab, self.definition.models, least)
        return family_words.by_relation(found)


@cached_figure
def use(scope: LabScope, metric: str, view: View) -> Figure:
    """The lab's downloads or share by day, a line per attribution. There must be some."""
    days, styles = scope.days(metric), pair_styles(words.LENS_LINES)
    happened = segment_events(scope.store, scope.definition.models, metric, days)
    footnote = footnotes.footnote(
        scope.build, shared.coverage(scope.store), missing_days=line_parts.missing_days(days)
    ) + events.footnote(happened)
    lens = pl.col("code").replace_strict(words.LENS_LINES, return_dtype=pl.String).alias("attribution")
    return Figure(
        name=scope.stem("use", metric, view),
        chart=lines.lines(days, view, styles, events=happened),
        title=words.use_title(metric, view, scope.name),
        subtitle=words.use_subtitle(scope.definition, metric),
        footnote=footnote,
        alt_text=lines.described(days, view, styles),
        data=days.select("day", lens, "value", "share"),
    )


@cached_figure
def derivatives(scope: LabScope, least: int) -> Figure:
    """New derivatives of the lab's families by month and relation. There must be some."""
    months = scope.months(least)
    return Figure(
        name=scope.stem("derivatives", str(least)),
        chart=bar_charts.months(months, family_words.relation_colours(months)),
        title=family_words.TITLES["derivatives"].format(name=scope.name),
        subtitle=family_words.derivatives_subtitle(scope.definition.models, least),
        footnote=footnotes.footnote(scope.build, shared.coverage(scope.store), "root"),
        alt_text=bar_charts.described_months(months),
        data=months.rename({"part": "relation", "value": "derivatives"}),
    )
