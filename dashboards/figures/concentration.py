"""The chart of the page Concentration."""

from dashboards.charts import lines
from dashboards.charts.axes import Axes, Thinning, thinned
from dashboards.charts.colours import pair_styles
from dashboards.charts.figure import Figure
from dashboards.data.format import file_stem
from dashboards.data.warehouse import Build, Store
from dashboards.figures.cached import cached_figure
from dashboards.figures.segments import segment_events
from dashboards.queries import concentration as queries
from dashboards.queries import shared
from dashboards.text import concentration as words
from dashboards.text import events, footnotes


@cached_figure
def by_day(store: Store, build: Build, models: str, of: str, measure: str, step: str, most_days: int | None) -> Figure:
    """A measure over at most `most_days` days, a line per lens."""
    days = queries.days(store, models, of, measure, step)
    thinning = Thinning.of(days, most_days, "value")
    happened = segment_events(store, models, "downloads", days)
    axes, styles = Axes(thinning=thinning, unit=words.UNITS[measure]), pair_styles(words.LENS_LINES)
    return Figure(
        name=file_stem("concentration", of, measure, step, str(queries.last_day(store, models))),
        chart=lines.lines(days, "value", styles, axes, events=happened),
        title=words.title(of, measure),
        subtitle=words.subtitle(models, of, measure, step),
        footnote=footnotes.footnote(build, shared.coverage(store), thinning=thinning) + events.footnote(happened),
        alt_text=lines.described(days, "value", styles, axes),
        data=words.data(thinned(days, thinning), of, measure),
    )
