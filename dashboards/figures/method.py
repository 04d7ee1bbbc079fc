"""The chart of the page Method."""

from dashboards.charts import colour_vision
from dashboards.charts.figure import Figure
from dashboards.data.warehouse import Build, Store
from dashboards.figures.cached import cached_figure
from dashboards.queries import shared
from dashboards.text import footnotes
from dashboards.text import method as words


@cached_figure
def colours(store: Store, build: Build) -> Figure:
    """The colours of countries under each kind of colour vision."""
    palette = words.palette_names(shared.origin_names(store))
    distances = words.distances(palette)
    seen = words.swatches(palette)
    return Figure(
        name="colours",
        chart=colour_vision.swatches(seen, distances),
        title="Can the colours be distinguished?",
        subtitle="Colours of countries under four kinds of colour vision, with the distance of the two most alike.",
        footnote=footnotes.footnote(build, shared.coverage(store)),
        alt_text=colour_vision.described_swatches(distances),
        data=seen,
    )
