"""The charts of the page of an account."""

from dataclasses import dataclass

import polars as pl

from dashboards.charts import bars as bar_charts
from dashboards.charts import line_parts, lines
from dashboards.charts.axes import View
from dashboards.charts.colours import FIRST, neutral_styles
from dashboards.charts.figure import Figure
from dashboards.data.format import file_stem
from dashboards.data.warehouse import Build, Store
from dashboards.figures.cached import cached_figure
from dashboards.figures.segments import segment_events
from dashboards.queries import account as queries
from dashboards.queries import shared
from dashboards.text import account as words
from dashboards.text import events, footnotes


@dataclass(frozen=True, slots=True)
class AccountScope:
    """The account and the class of models in one warehouse."""

    store: Store
    build: Build
    models: str
    account: str

    def stem(self, *parts: str) -> str:
        """The file name of downloads from a section."""
        return file_stem("account", self.account, *parts, str(self.build.last_day))

    def footnote(self, missing_days: int = 0) -> str:
        """Day, coverage and source."""
        return footnotes.footnote(self.build, shared.coverage(self.store), missing_days=missing_days)


@cached_figure
def parts(scope: AccountScope, part: str) -> Figure:
    """Downloads of its models by type or format. There must be some."""
    drawn = words.part_bars(queries.parts(scope.store, scope.account, scope.models), part)
    return _bars(scope, part, drawn, words.parts_title(scope.account, part), words.parts_subtitle(scope.models))


@cached_figure
def bases(scope: AccountScope) -> Figure:
    """Credited downloads by family of the base model. There must be some."""
    drawn = words.base_bars(queries.bases(scope.store, scope.account, scope.models))
    return _bars(scope, "bases", drawn, words.bases_title(scope.account), words.bases_subtitle(scope.models))


@cached_figure
def use(scope: AccountScope, view: View) -> Figure:
    """Its 30-day downloads or their share by day. There must be some."""
    days = queries.days(scope.store, scope.account, scope.models)
    styles = neutral_styles({scope.account: scope.account})
    happened = segment_events(scope.store, scope.models, "downloads_30d", days)
    return Figure(
        name=scope.stem("use", view),
        chart=lines.lines(days, view, styles, events=happened),
        title=words.use_title(scope.account, view),
        subtitle=words.use_subtitle(scope.models),
        footnote=scope.footnote(line_parts.missing_days(days)) + events.footnote(happened),
        alt_text=lines.described(days, view, styles),
        data=days.rename({"code": "account"}),
    )


def _bars(scope: AccountScope, name: str, drawn: pl.DataFrame, title: str, subtitle: str) -> Figure:
    order, colours = list(drawn["group"]), dict.fromkeys(drawn["part"], FIRST)
    return Figure(
        name=scope.stem(name),
        chart=bar_charts.groups(drawn, order, colours, legend=False),
        title=title,
        subtitle=subtitle,
        footnote=scope.footnote(),
        alt_text=bar_charts.described_groups(drawn, order),
        data=drawn.select("group", "value", "share"),
    )
