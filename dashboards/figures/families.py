"""The chart of the families that are used most."""

from datetime import date

from dashboards.charts import colours as palette
from dashboards.charts import split_bars
from dashboards.charts.figure import Figure
from dashboards.data.format import file_stem
from dashboards.data.vocabulary import layer_names
from dashboards.data.warehouse import Build, Store
from dashboards.figures.cached import kept
from dashboards.queries import family as queries
from dashboards.queries import shared
from dashboards.text import family as words
from dashboards.text import footnotes


@kept
def largest(store: Store, build: Build, day: date, most: int) -> Figure:
    """A bar for each of the families that are used most on a day, of which there are some, split by layer."""
    found = queries.largest_families(store, day, most)
    bars = words.largest_bars(found)
    groups = bars["group"].unique(maintain_order=True).to_list()
    colours = palette.series(list(layer_names().values()))
    return Figure(
        name=file_stem("families", str(day)),
        chart=split_bars.bars(bars, groups, {part: colours[part] for part in colours if part in set(bars["part"])}),
        title="The families that are used most",
        subtitle=words.largest_subtitle(day),
        footnote=footnotes.footnote(build, shared.coverage(store)),
        alt_text=split_bars.described(bars, groups),
        data=found,
    )
