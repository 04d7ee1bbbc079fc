"""The chart of the page Momentum."""

from datetime import date

import polars as pl

from dashboards.charts import lines as line_charts
from dashboards.charts.axes import Axes
from dashboards.charts.colours import MOST_LINES, member_styles
from dashboards.charts.figure import Figure
from dashboards.data.format import file_stem
from dashboards.data.warehouse import Build, Store
from dashboards.figures.cached import cached_figure
from dashboards.queries import momentum as queries
from dashboards.queries import shared
from dashboards.text import footnotes
from dashboards.text import momentum as words
from dashboards.text.momentum import Ram


def lines(store: Store, models: str, size: str, ram: Ram, since: date, chosen: tuple[str, ...]) -> pl.DataFrame:
    """The releases to draw: the selected or the highest ones, at most MOST_LINES."""
    found = queries.releases(store, models, size, ram, since)
    return (found.filter(found["hub_id"].is_in(chosen)) if chosen else found).head(MOST_LINES)


@cached_figure
def relative_adoption(
    store: Store, build: Build, models: str, size: str, ram: Ram, since: date, chosen: tuple[str, ...]
) -> Figure:
    """The relative adoption (RAM) of releases by age. There must be some."""
    drawn = lines(store, models, size, ram, since, chosen)
    points = queries.points(store, tuple(drawn["hub_id"]), ram)
    ages, axes = points.rename({"age_days": "age"}), Axes("age", "checkpoint", "log", unit="ratio")
    styles = member_styles(words.short_names(drawn))
    return Figure(
        name=file_stem("momentum", size, ram, str(build.last_day)),
        chart=line_charts.lines(ages, "value", styles, axes),
        title=words.title(models, size),
        subtitle=words.subtitle(ram, bool(chosen), points),
        footnote=footnotes.footnote(build, shared.coverage(store)),
        alt_text=line_charts.described(ages, "value", styles, axes),
        data=words.data(points, words.names(drawn)),
    )
