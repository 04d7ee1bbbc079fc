"""The chart of the page Published figures."""

from dashboards.charts import bridge as charts
from dashboards.charts.figure import Figure
from dashboards.data.bridge import Bridge
from dashboards.data.format import file_stem
from dashboards.data.warehouse import Build, Store
from dashboards.figures.cached import cached_figure
from dashboards.queries import bridge as queries
from dashboards.queries import shared
from dashboards.text import bridge as words
from dashboards.text import footnotes


@cached_figure
def steps(store: Store, build: Build, figure: str, names: tuple[str, ...] | None) -> Figure:
    """The steps from our default to a published figure. There must be a reading."""
    found = queries.bridge(store, figure, names)
    assert found is not None
    rows, coverage = words.rows(found), shared.coverage(store)
    called = names_of(store, found)
    # A day of labs alone after listings of the whole Hub is not the day counted.
    is_of_labs = footnotes.covers_labs(coverage) and found.ours.counted.day == build.last_day
    return Figure(
        name=file_stem("bridge", figure, str(build.last_day)),
        chart=charts.steps(rows, is_of_both=found.other is not None),
        title=words.title(found, called, is_simulated=build.is_simulated),
        subtitle=words.subtitle(found, called, is_of_labs=is_of_labs),
        footnote=footnotes.footnote(build, coverage),
        alt_text=words.alt_text(rows),
        data=words.data(rows),
    )


def names_of(store: Store, found: Bridge) -> dict[str, str]:
    """Code -> name of what the subjects are; accounts are called by their handles."""
    if found.counted_by == "layer":
        return words.LAYER_NAMES
    names = {"country": shared.origin_names, "family": shared.family_names}.get(found.counted_by)
    return names(store) if names else {}
