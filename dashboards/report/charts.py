"""The charts of the report, each with its findings, definition and table."""

from typing import Literal

import polars as pl

from dashboards.charts import line_parts
from dashboards.data import format, vocabulary
from dashboards.data.definition import Definition
from dashboards.data.warehouse import Build, Store
from dashboards.figures import bridge as bridge_figures
from dashboards.figures import concentration as concentration_figures
from dashboards.figures import cross_origin as cross_figures
from dashboards.figures import data_quality as quality_figures
from dashboards.figures import family as family_figures
from dashboards.figures import findings
from dashboards.figures import overview as overview_figures
from dashboards.figures import robustness as robustness_figures
from dashboards.figures import rulers as ruler_figures
from dashboards.figures.overview import OverviewScope
from dashboards.queries import bridge as bridge_queries
from dashboards.queries import concentration as concentration_queries
from dashboards.queries import cross_origin, data_quality, family, shared
from dashboards.queries import crossovers as crossover_queries
from dashboards.queries import robustness as robustness_queries
from dashboards.queries import rulers as ruler_queries
from dashboards.report.exhibit import Exhibit, Missing, Table
from dashboards.text import bridge as bridge_words
from dashboards.text import concentration as concentration_words
from dashboards.text import cross_origin as cross_words
from dashboards.text import crossovers as crossover_words
from dashboards.text import data_quality as quality_words
from dashboards.text import family as family_words
from dashboards.text import overview as overview_words
from dashboards.text import robustness as robustness_words
from dashboards.text import robustness_crossovers, terms
from dashboards.text import rulers as ruler_words
from dashboards.text.report import NO_LENS
from tracker.api.citation import SCOPES

GROUP = "country"
HEADLINE = "downloads_30d"
"""The metric of the badges and of the findings at the top of the page."""

MOST_FAMILIES = 15
RULER_DAYS = 30
"""The window in which rulers are compared."""

MOST_DAYS = 620
"""Most days in a chart and its data. A day takes about 5 kB in all files, so ten years stay below 5 MB."""

_BASELINE_LENS = "publisher, except where the definition says otherwise"


def scope(store: Store, build: Build, lens: str) -> OverviewScope:
    """What the report counts under one lens: the default of the dashboard."""
    return OverviewScope(store, build, Definition(lens), "share", GROUP, most_days=MOST_DAYS)


def of_metric(of: OverviewScope, metric: str, slug: str) -> Exhibit | Missing:
    """Shares of countries in a metric over days, with the table of the last day."""
    lens, latest = of.definition.lens, findings.latest(of, metric)
    if latest is None:
        title = overview_words.title(lens, metric, of.view, GROUP)
        return Missing(slug, title, f"No day with known {vocabulary.METRIC_NAMES[metric]} yet.")
    rows = overview_words.table(latest.rows, latest.names).select("name", "share", "share_change", metric)
    return Exhibit(
        slug=slug,
        figure=overview_figures.by_day(of, metric).figure(),
        findings=() if metric == HEADLINE else (findings.headline(of, metric, latest),),
        unit=vocabulary.METRIC_NAMES[metric],
        definition=f"{terms.METRIC_MEANINGS[metric]} {terms.LENS_MEANING.replace('**', '')}",
        lens=lens,
        day=latest.day,
        table=Table.of(f"All countries on {latest.day}", rows),
    )


def derivatives(of: OverviewScope, slug: str) -> Exhibit | Missing:
    """New derivatives by month and country of the base model, without a threshold of downloads."""
    title = "New derivatives by country of the base model"
    if of.months(0).is_empty():
        return Missing(slug, title, "No derivative is known for any whole month yet.")
    figure = overview_figures.derivatives(of, 0).figure()
    last = line_parts.day_range(figure.data)[1]
    rows = figure.data.filter(pl.col("day") == last).sort("value", descending=True)
    return Exhibit(
        slug=slug,
        figure=figure,
        findings=(),
        unit="new derivatives of the month, by weight",
        definition=figure.subtitle,
        lens="root",
        day=of.build.last_day,
        table=Table.of(f"{last:%B %Y}, the last whole month", rows.select("name", "share", "value")),
    )


def largest_families(of: OverviewScope, slug: str) -> Exhibit | Missing:
    """Families credited with most 30-day downloads on the last whole day."""
    day = shared.last_whole_day(of.store)
    found = family.largest_families(of.store, of.definition.models, day, MOST_FAMILIES)
    if found.is_empty():
        return Missing(slug, "Most used families", family_words.NO_FAMILY)
    totals = family_words.largest_totals(found).select("name", "share", pl.col("value").alias("downloads_30d"))
    return Exhibit(
        slug=slug,
        figure=family_figures.largest_families(of.store, of.build, of.definition.models, day, MOST_FAMILIES).figure(),
        findings=(family_words.largest_headline(of.definition.models, found, day),),
        unit="30-day downloads, by weight",
        definition=terms.METRIC_MEANINGS["downloads_30d"],
        lens="root",
        day=day,
        table=Table.of(f"The largest families on {day}", totals),
    )


def crossovers(of: OverviewScope, slug: str) -> Exhibit | Missing:
    """When China passed the United States under each definition, and all crossovers of countries."""
    models = of.definition.models
    found, days = robustness_queries.headlines(of.store, models), robustness_queries.days(of.store, models)
    headline = robustness_words.DIFFERENCE
    crossed, uncrossed = crossover_words.split(findings.crossover_rows(of))
    if days is None or robustness_words.bars(found, headline).is_empty():
        return Missing(slug, "When China passed the United States", _no_daily(of))
    return Exhibit(
        slug=slug,
        figure=robustness_figures.crossovers(of.store, of.build, models, headline, days).figure(),
        findings=(robustness_crossovers.summary(found, crossover_queries.days_known(of.store, models)),),
        unit="days",
        definition=crossover_words.HOW_READ,
        lens=_BASELINE_LENS,
        day=days[1],
        table=Table.of("Crossovers, by publisher", crossed if crossed.height else uncrossed),
    )


def robustness(of: OverviewScope, slug: str) -> Exhibit | Missing:
    """How far the lead moves with each change of the definition."""
    headline = robustness_words.DIFFERENCE
    models = of.definition.models
    found, days = robustness_queries.headlines(of.store, models), robustness_queries.days(of.store, models)
    baseline = robustness_words.baseline_value(found, headline)
    if days is None or baseline is None:
        return Missing(slug, robustness_words.title(headline), _no_daily(of))
    return Exhibit(
        slug=slug,
        figure=robustness_figures.moves(of.store, of.build, models, headline, baseline, days[1]).figure(),
        findings=(robustness_words.verdict(found, headline),),
        unit="difference of shares of estimated downloads of 30 days; shares are 0 to 1",
        definition=robustness_words.NOTE,
        lens=_BASELINE_LENS,
        day=days[1],
        table=Table.of("All headlines under each definition", robustness_words.table(found)),
    )


def bridge(of: OverviewScope, figure: str, slug: str) -> Exhibit | Missing:
    """The steps from the default to a published figure, without a list of models."""
    found = bridge_queries.bridge(of.store, figure, None)
    if found is None:
        return Missing(slug, bridge_queries.choices(of.store)[figure], bridge_words.NOTHING)
    names = bridge_figures.names_of(of.store, found)
    return Exhibit(
        slug=slug,
        figure=bridge_figures.steps(of.store, of.build, figure, None).figure(),
        findings=(bridge_words.both_shares(found, names), bridge_words.rest(found)),
        unit="shares are 0 to 1",
        definition=bridge_words.published(found),
        lens=_BASELINE_LENS,
        day=found.ours.counted.day,
        table=Table.of("Steps to the published figure", bridge_words.table(bridge_words.rows(found))),
    )


def matrix(of: OverviewScope, slug: str) -> Exhibit | Missing:
    """Countries of publishers against countries of base models in the last month."""
    title, months = "Who builds on whose base", cross_origin.months(of.store)
    if not months:
        return Missing(slug, title, cross_words.NO_MONTH)
    definition, month = Definition(), months[0]
    # Downloads of a month need two days of readings, models need one.
    cells_of = {
        count: cross_origin.matrix(of.store, definition, month, count, cross_figures.MOST_ORIGINS)
        for count in ("downloads", "models")
    }
    count = next((count for count, cells in cells_of.items() if cells["value"].count()), None)
    if count is None:
        return Missing(slug, title, f"No figures for {cross_words.month_name(month)} yet.")
    cells = cells_of[count]
    rows, columns = cross_figures.sides(of.store, cells)
    figure = cross_figures.matrix(of.store, of.build, definition, month, count, "row_share").figure()
    return Exhibit(
        slug=slug,
        figure=figure,
        findings=(cross_figures.headline(of.store, definition, cells, month, count),),
        unit=f"{count} of the month, by weight",
        definition=cross_words.CAVEAT,
        lens="both: publisher by root",
        day=cross_origin.last_day(of.store) or of.build.last_day,
        table=_matrix_table(figure.data, rows, columns, count),
    )


def concentration(of: OverviewScope, slug: str) -> Exhibit | Missing:
    """The effective number of labs over days, with all measures of the last day."""
    day = concentration_queries.last_day(of.store, of.definition.models)
    if day is None:
        return Missing(slug, concentration_words.title("lab", "effective_number"), _no_daily(of))
    measures = concentration_queries.measures(of.store, of.definition.models, day, "mean")
    largest = concentration_queries.largest(of.store, of.definition, "lab", day, "mean", 1)
    figure = concentration_figures.by_day(
        of.store, of.build, of.definition.models, "lab", "effective_number", "mean", of.most_days
    )
    when = concentration_words.when(measures, "mean", day)
    return Exhibit(
        slug=slug,
        figure=figure.figure(),
        findings=(concentration_words.headline(measures, of.definition, "lab", "mean", day, largest),),
        unit="effective number of labs",
        definition=concentration_words.NOTE,
        lens="both, one line each",
        day=day,
        table=Table.of(f"All measures: {when}", concentration_words.measure_rows(measures)),
    )


def coverage(of: OverviewScope, slug: str) -> Exhibit | Missing:
    """Which days of the widest scope were read."""
    scopes = data_quality.scopes(of.store)
    if not scopes:
        return Missing(slug, "Which days were read", "No crawl has finished yet.")
    scope, name = next(iter(scopes.items()))
    days, name = data_quality.coverage_days(of.store, scope), SCOPES.get(name, name)
    states = days.group_by("state").agg(days=pl.len().cast(pl.Int64)).sort("days", "state", descending=[True, False])
    return Exhibit(
        slug=slug,
        figure=quality_figures.coverage(of.store, of.build, scope, name).figure(),
        findings=(quality_words.coverage_headline(days, name),),
        unit="models read",
        definition=quality_words.STATES_MEANING,
        lens=NO_LENS,
        day=of.build.last_day,
        table=Table.of("Days by state", states.with_columns(pl.col("state").replace(quality_words.STATES))),
    )


def rulers(of: OverviewScope, by: Literal["origin", "lab"], slug: str) -> Exhibit | Missing:
    """Shares of countries or labs on each ruler that was read, over the same days."""
    is_by_origin = by == "origin"
    store, title = of.store, ruler_words.ORIGIN_TITLE if is_by_origin else ruler_words.LAB_TITLE
    found = {of_what: ruler_queries.shares(store, of_what, RULER_DAYS) for of_what in ("origin", "lab")}
    if found["lab"]["axis"].n_unique() < 2:
        return Missing(slug, title, ruler_words.NO_COMMON_DAY)
    origins, labs = shared.origin_names(store), shared.lab_names(store)
    figure = (ruler_figures.origins if is_by_origin else ruler_figures.labs)(store, of.build, RULER_DAYS).figure()
    return Exhibit(
        slug=slug,
        figure=figure,
        findings=(ruler_words.headline(found["origin"], found["lab"], origins, labs),) if is_by_origin else (),
        unit="shares are 0 to 1",
        definition=ruler_words.NOTE,
        lens="publisher; the maker, on rulers without publishers",
        day=found["lab"]["last_day"].max(),  # type: ignore[arg-type]
        table=Table.of(title, figure.data),
    )


def _matrix_table(cells: pl.DataFrame, rows: dict[str, str], columns: dict[str, str], count: str) -> Table:
    """Shares of each publisher's row, as in the heat map; empty where no model is known."""
    shares = {(row["publisher"], row["root"]): format.percent(row["row_share"]) for row in cells.to_dicts()}
    texts = [[name, *(shares.get((code, root), "") for root in columns)] for code, name in rows.items()]
    return Table(f"Share of each publisher's {count} by base model", ["Published in", *columns.values()], texts)


def _no_daily(of: OverviewScope) -> str:
    """Why daily downloads are unknown."""
    return terms.NO_DAILY[shared.why_no_daily(of.store, of.definition.models)]
