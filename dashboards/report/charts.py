"""The charts beside those by country: crossovers, families, bases, concentration, robustness, coverage."""

import polars as pl

from dashboards.data import format
from dashboards.data.definition import Definition
from dashboards.figures import concentration as concentration_figures
from dashboards.figures import cross_origin as cross_figures
from dashboards.figures import data_quality as quality_figures
from dashboards.figures import families as family_figures
from dashboards.figures import findings
from dashboards.figures import robustness as robustness_figures
from dashboards.figures.overview import Asked
from dashboards.queries import concentration, cross_origin, data_quality, family, robustness, shared
from dashboards.queries import crossovers as ahead
from dashboards.report.exhibit import Exhibit, Missing, Table
from dashboards.text import concentration as concentration_words
from dashboards.text import cross_origin as cross_words
from dashboards.text import crossovers as ahead_words
from dashboards.text import data_quality as quality_words
from dashboards.text import family as family_words
from dashboards.text import robustness as robustness_words
from dashboards.text import robustness_crossovers, terms
from dashboards.text.report import NO_LENS

MOST_FAMILIES = 15
_DOWNLOADS = "share of estimated downloads of 30 days, 0 to 1"


def largest_families(of: Asked, slug: str) -> Exhibit | Missing:
    """The families credited with most 30-day downloads on the last whole day."""
    day = shared.last_whole_day(of.store)
    found = family.largest_families(of.store, day, MOST_FAMILIES)
    if found.is_empty():
        return Missing(slug, "The families that are used most", family_words.NO_FAMILY)
    return Exhibit(
        slug=slug,
        figure=family_figures.largest(of.store, of.build, day, MOST_FAMILIES).make(),
        said=(family_words.largest_headline(found, day),),
        unit="30-day downloads, by weight",
        definition=terms.METRIC_MEANINGS["downloads_30d"],
        lens="root",
        day=day,
        table=Table.of(
            f"The largest families on {day}",
            family_words.largest_totals(found).select("name", "share", pl.col("value").alias("downloads_30d")),
        ),
    )


def crossovers(of: Asked, slug: str) -> Exhibit | Missing:
    """When China passed the United States under each definition, and who else passed whom."""
    found, days = robustness.headlines(of.store), robustness.days(of.store)
    order = robustness_words.bars(found, robustness_words.DIFFERENCE)
    crossed, standing = ahead_words.split(findings.crossing_rows(of))
    if days is None or order.is_empty():
        return Missing(slug, "When China passed the United States", robustness_words.NOTHING)
    return Exhibit(
        slug=slug,
        figure=robustness_figures.crossovers(of.store, of.build, robustness_words.DIFFERENCE, days).make(),
        said=(robustness_crossovers.summary(found, ahead.days_known(of.store)),),
        unit="days",
        definition=ahead_words.HOW_READ,
        lens="publisher, but where the definition says otherwise",
        day=days[1],
        table=Table.of("Who passed whom, counted by publisher", crossed if crossed.height else standing),
    )


def matrix(of: Asked, slug: str) -> Exhibit | Missing:
    """Countries of publishers against countries of roots in the last month."""
    months = cross_origin.months(of.store)
    if not months:
        return Missing(slug, "Who builds on whose base", cross_words.NO_MONTH)
    definition, month = Definition(), months[0]
    # Downloads of a month are known from the second day of readings on, models from the first.
    cells_of = {
        count: cross_origin.matrix(of.store, month, definition.layers, count, cross_figures.MOST_ORIGINS)
        for count in ("downloads", "models")
    }
    count = next((count for count, cells in cells_of.items() if cells["value"].count()), None)
    if count is None:
        return Missing(slug, "Who builds on whose base", f"Nothing is known of {cross_words.month_name(month)}.")
    cells = cells_of[count]
    rows, columns = cross_figures.sides(of.store, cells)
    figure = cross_figures.matrix_of(of.store, of.build, definition, month, count, "row_share").make()
    return Exhibit(
        slug=slug,
        figure=figure,
        said=(cross_figures.headline(of.store, definition, cells, month, count),),
        unit=f"{count} of the month, by weight",
        definition=cross_words.CAVEAT,
        lens="both: publisher by root",
        day=cross_origin.last_day(of.store) or of.build.last_day,
        table=_matrix_table(figure.data, rows, columns, count),
    )


def concentrated(of: Asked, slug: str) -> Exhibit | Missing:
    """The effective number of labs over days, and all measures of the last."""
    day = concentration.last_day(of.store)
    if day is None:
        return Missing(slug, concentration_words.title("lab", "effective_number"), concentration_words.NOTHING)
    measures = concentration.measures(of.store, day, "mean")
    largest = concentration.largest(of.store, "lab", "publisher", day, "mean", 1)
    return Exhibit(
        slug=slug,
        figure=concentration_figures.by_day(of.store, of.build, "lab", "effective_number", "mean", of.most_days).make(),
        said=(concentration_words.headline(measures, "lab", "publisher", "mean", day, largest),),
        unit="effective number of labs",
        definition=concentration_words.NOTE,
        lens="both, a line each",
        day=day,
        table=Table.of(
            f"All measures: {concentration_words.when(measures, 'mean', day)}",
            concentration_words.measure_rows(measures),
        ),
    )  # fmt: skip


def moved(of: Asked, slug: str) -> Exhibit | Missing:
    """How far the lead moves with each switch of the definition."""
    headline = robustness_words.DIFFERENCE
    found, days = robustness.headlines(of.store), robustness.days(of.store)
    baseline = robustness_words.baseline_value(found, headline)
    if days is None or baseline is None:
        return Missing(slug, robustness_words.title(headline), robustness_words.NOTHING)
    return Exhibit(
        slug=slug,
        figure=robustness_figures.moves(of.store, of.build, headline, baseline, days[1]).make(),
        said=(robustness_words.verdict(found, headline),),
        unit=f"difference of shares: {_DOWNLOADS}",
        definition=robustness_words.NOTE,
        lens="publisher, but where the definition says otherwise",
        day=days[1],
        table=Table.of("All headlines under each definition", robustness_words.table(found)),
    )


def covered(of: Asked, slug: str) -> Exhibit | Missing:
    """Which days of the widest scope were read."""
    scopes = data_quality.scopes(of.store)
    if not scopes:
        return Missing(slug, "Which days were read", "No crawl has landed yet: nothing is known of what was read.")
    scope = scopes[0]
    days = data_quality.coverage_days(of.store, scope)
    name = terms.SCOPES.get(scope, scope)
    states = days.group_by("state").agg(days=pl.len().cast(pl.Int64)).sort("days", "state", descending=[True, False])
    return Exhibit(
        slug=slug,
        figure=quality_figures.coverage(of.store, of.build, scope, name).make(),
        said=(quality_words.coverage_headline(days, scope),),
        unit="models read",
        definition=quality_words.STATES_MEANING,
        lens=NO_LENS,
        day=of.build.last_day,
        table=Table.of(
            "How many days were read how", states.with_columns(pl.col("state").replace(quality_words.STATES))
        ),
    )


def _matrix_table(cells: pl.DataFrame, rows: dict[str, str], columns: dict[str, str], count: str) -> Table:
    """The shares of each publisher's row, as the heat map has them; no cell where nothing is."""
    shares = {(row["publisher"], row["root"]): row["row_share"] for row in cells.to_dicts()}
    words = [[name, *(_share(shares, (code, root)) for root in columns)] for code, name in rows.items()]
    return Table(f"Share of each publisher's {count} by root", ["Published in", *columns.values()], words)


def _share(shares: dict[tuple[str, str], float | None], place: tuple[str, str]) -> str:
    return format.percent(shares[place]) if place in shares else ""
