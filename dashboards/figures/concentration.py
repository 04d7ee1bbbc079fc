"""The chart of the page of concentration."""

from dashboards.charts import curves, looks
from dashboards.charts.figure import Figure
from dashboards.charts.thinning import Thinning, thinned
from dashboards.data.format import file_stem
from dashboards.data.warehouse import Build, Store
from dashboards.figures.cached import kept
from dashboards.queries import concentration as queries
from dashboards.queries import shared
from dashboards.text import concentration as words
from dashboards.text import footnotes


@kept
def by_day(store: Store, build: Build, of: str, measure: str, step: str, most_days: int | None) -> Figure:
    """A measure over days, a line for each lens; of many days so many are shown at most."""
    whole = queries.days(store, of, measure, step)
    thinning = Thinning.of(whole, most_days)
    days = thinned(whole, "value", thinning)
    unit, lines = words.UNITS[measure], looks.of_pair(words.LENS_LINES)
    return Figure(
        name=file_stem("concentration", of, measure, step, str(queries.last_day(store))),
        chart=curves.curves(days, lines, "day", unit),
        title=words.title(of, measure),
        subtitle=words.subtitle(of, measure, step),
        footnote=footnotes.footnote(build, shared.coverage(store), thinning=thinning),
        alt_text=curves.described(days, lines, "day", unit),
        data=words.data(days, of, measure),
    )
