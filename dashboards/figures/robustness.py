"""The charts of the page Robustness."""

from datetime import date

from dashboards.charts import bars as bar_charts
from dashboards.charts import timelines
from dashboards.charts.figure import Figure
from dashboards.data.format import file_stem
from dashboards.data.warehouse import Build, Store
from dashboards.figures.cached import cached_figure
from dashboards.queries import robustness as queries
from dashboards.queries import shared
from dashboards.text import footnotes, robustness_crossovers
from dashboards.text import robustness as words


@cached_figure
def moves(store: Store, build: Build, models: str, headline: str, baseline: float, last: date) -> Figure:
    """How far each switch moves a headline from its baseline."""
    found = queries.headlines(store, models)
    bars = words.bars(found, headline)
    return Figure(
        name=file_stem("robustness", headline, str(build.last_day)),
        chart=bar_charts.moves(bars, baseline, is_signed=headline == words.DIFFERENCE),
        title=words.title(headline),
        subtitle=words.subtitle(models, baseline, headline, last),
        footnote=footnotes.footnote(build, shared.coverage(store)),
        alt_text=words.alt_text(bars, baseline, headline),
        data=words.data(found, headline),
    )


@cached_figure
def crossovers(store: Store, build: Build, models: str, headline: str, days: tuple[date, date]) -> Figure:
    """When China passed the United States under each definition, in the order of the bars of `moves`."""
    found = queries.headlines(store, models)
    rows = robustness_crossovers.rows(found, queries.interval(store, models), words.bars(found, headline), days[0])
    return Figure(
        name=file_stem("crossovers", str(build.last_day)),
        chart=timelines.crossovers(rows, *days),
        title="When China last passed the United States",
        subtitle=robustness_crossovers.subtitle(models, *days),
        footnote=footnotes.footnote(build, shared.coverage(store)),
        alt_text=robustness_crossovers.alt_text(rows),
        data=rows.select("definition", "said", "crossed_on", "low", "high", "lost_on"),
    )
