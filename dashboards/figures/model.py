"""The chart of the page of a model."""

from datetime import date

import polars as pl

from dashboards.charts import history as drawn
from dashboards.charts.figure import Figure
from dashboards.data.format import file_stem
from dashboards.data.warehouse import Build, Store
from dashboards.figures.cached import cached_figure
from dashboards.queries import model as queries
from dashboards.queries import shared
from dashboards.text import footnotes
from dashboards.text import model as words


def points(store: Store, hub_id: str, shown: str, days: tuple[date, date, date]) -> pl.DataFrame:
    """One history of a model; `days` are its first and last reading and the last day of the warehouse."""
    first, last, today = days
    if shown == "downloads":
        return queries.flows(store, hub_id, first, today)
    return queries.readings(store, hub_id, shown, first, last)


@cached_figure
def history(store: Store, build: Build, hub_id: str, repo_id: str, shown: str, days: tuple[date, date, date]) -> Figure:
    """Downloads by day, or the readings of a counter. Some must be known."""
    found = points(store, hub_id, shown, days)
    return Figure(
        name=file_stem("model", repo_id, shown, str(build.last_day)),
        chart=drawn.chart(found, shown, words.HISTORIES[shown], words.BASES),
        title=f"{words.HISTORIES[shown]} of {repo_id}",
        subtitle=words.history_subtitle(shown),
        footnote=footnotes.footnote(build, shared.coverage(store)),
        alt_text=drawn.described(found, words.HISTORIES[shown].lower()),
        data=found,
    )
