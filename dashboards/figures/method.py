"""The chart of the page of method."""

from dashboards.charts import swatches
from dashboards.charts.figure import Figure
from dashboards.data.warehouse import Build, Store
from dashboards.figures.cached import kept
from dashboards.queries import shared
from dashboards.text import footnotes
from dashboards.text import method as words


@kept
def colours(store: Store, build: Build) -> Figure:
    """The colours of countries as each sight sees them."""
    palette = words.palette_names(shared.origin_names(store))
    distances = words.distances(palette)
    seen = words.swatches(palette)
    return Figure(
        name="colours",
        chart=swatches.swatches(seen, distances),
        title="Can the colours be told apart?",
        subtitle="Colours of countries as seen with four kinds of sight, and the distance of the two most alike.",
        footnote=footnotes.footnote(build, shared.coverage(store)),
        alt_text=swatches.described(distances),
        data=seen,
    )
