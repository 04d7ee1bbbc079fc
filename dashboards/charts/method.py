"""The figure of the page of method, with its words. Pure."""

from dashboards.charts import swatches
from dashboards.charts.figure import Figure
from dashboards.words import method as words


def colours(palette: dict[str, str], footnote: str) -> Figure:
    """The colours of countries (name -> #rrggbb) as each sight sees them."""
    distances = words.distances(palette)
    seen = words.swatches(palette)
    return Figure(
        name="colours",
        chart=swatches.swatches(seen, distances),
        title="Can the colours be told apart?",
        subtitle="Colours of countries as seen with four kinds of sight, and the distance of the two most alike.",
        footnote=footnote,
        alt_text=swatches.described(distances),
        data=seen,
    )
