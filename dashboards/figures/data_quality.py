"""The charts of the page Data quality."""

from dashboards.charts import heatmaps, lines, timelines
from dashboards.charts.axes import Axes
from dashboards.charts.colours import neutral_styles
from dashboards.charts.figure import Figure
from dashboards.data.warehouse import Build, Store
from dashboards.figures.cached import cached_figure
from dashboards.queries import data_quality as queries
from dashboards.queries import shared
from dashboards.text import data_quality as words
from dashboards.text import footnotes

_HEIGHT = 300
"""Pixels of the plot of a line chart."""


@cached_figure
def coverage(store: Store, build: Build, scope: str, name: str) -> Figure:
    """The days of a scope called `name` by whether they were read."""
    days = queries.coverage_days(store, scope)
    cells = words.coverage_cells(days)
    return Figure(
        name=f"coverage-{scope}-{build.last_day}",
        chart=heatmaps.calendar(cells, words.STATES, words.LETTERS, words.COLOURS),
        title="Which days were read",
        subtitle=f"Scope: {name}. One cell a day, one column a week.",
        footnote=_footnote(store, build),
        alt_text=heatmaps.described_calendar(cells, words.STATES),
        data=days,
    )


@cached_figure
def events(store: Store, build: Build) -> Figure:
    """Data issues by kind and week. There must be some."""
    weeks, kinds = queries.event_weeks(store), queries.event_kinds(store)
    return Figure(
        name=f"events-by-week-{build.last_day}",
        chart=timelines.events(weeks, kinds),
        title="Data issues by kind and week",
        subtitle="Number of issues of each kind by week: the larger the dot, the more.",
        footnote=_footnote(store, build),
        alt_text=timelines.described_events(weeks, kinds),
        data=weeks,
    )


@cached_figure
def deviation(store: Store, build: Build) -> Figure:
    """How far reconstructed counters deviate from readings, by day. There must be some."""
    found = queries.identity_deviations(store)
    days, styles = words.deviation_lines(found), neutral_styles(words.DEVIATION_NAMES)
    return Figure(
        name=f"identity-deviation-{build.last_day}",
        chart=lines.lines(days, "share", styles, height=_HEIGHT),
        title="How far 30-day counts were off the counters of 30 days before",
        subtitle="Deviation as a share of 30-day downloads, over models with 1,000 a month or more read on both days.",
        footnote=_footnote(store, build),
        alt_text=lines.described(days, "share", styles),
        data=found,
    )


@cached_figure
def lineage(store: Store, build: Build, of: str) -> Figure:
    """The share of downloads or models (`of`) with a known root, by day."""
    days, styles = queries.lineage_coverage(store, of), neutral_styles(words.LINEAGE_NAMES)
    axes = Axes(floor=lines.raised_floor(days["share"]))
    return Figure(
        name=f"lineage-coverage-{of}-{build.last_day}",
        chart=lines.lines(days, "share", styles, axes, height=_HEIGHT),
        title="How much has a known root",
        subtitle=f"Share of all {of} of each day. The axis does not begin at 0.",
        footnote=_footnote(store, build),
        alt_text=lines.described(days, "share", styles, axes),
        data=days,
    )


def _footnote(store: Store, build: Build) -> str:
    return footnotes.footnote(build, shared.coverage(store))
