"""The charts by country: downloads under both lenses, likes, new derivatives."""

import polars as pl

from dashboards.charts import line_parts
from dashboards.data import vocabulary
from dashboards.data.definition import Definition
from dashboards.data.warehouse import Build, Store
from dashboards.figures import findings
from dashboards.figures import overview as figures
from dashboards.figures.overview import Asked
from dashboards.report.exhibit import Exhibit, Missing, Table
from dashboards.text import overview as words
from dashboards.text import terms

GROUP = "country"
HEADLINE = "downloads_30d"
"""The metric of the findings and of the badges; what is found in it stands above all charts."""

MOST_DAYS = 620
"""Days of a chart and of its data at most. A day takes some 5 kB in all; so ten years stay below 5 MB."""


def asked(store: Store, build: Build, lens: str) -> Asked:
    """The definition that the report counts by, under one lens: all models, as the app does by default."""
    return Asked(store, build, Definition(lens), "share", GROUP, MOST_DAYS)


def of_metric(of: Asked, metric: str, slug: str) -> Exhibit | Missing:
    """The shares of countries in a metric over days, and the table of all on the last day."""
    lens, found = of.definition.lens, findings.latest(of, metric)
    if found is None:
        title = words.title(lens, metric, of.view, GROUP)
        return Missing(slug, title, f"The {vocabulary.METRIC_NAMES[metric]} of no day are known.")
    rows = words.table(found.rows, found.names).select("name", "share", "share_change", metric)
    return Exhibit(
        slug=slug,
        figure=figures.by_day(of, metric).make(),
        said=() if metric == HEADLINE else (words.headline(found.rows, lens, metric, found.day, found.names),),
        unit=vocabulary.METRIC_NAMES[metric],
        definition=f"{terms.METRIC_MEANINGS[metric]} {terms.LENS_MEANING.replace('**', '')}",
        lens=lens,
        day=found.day,
        table=Table.of(f"All origins on {found.day}", rows),
    )


def derivatives(of: Asked, slug: str) -> Exhibit | Missing:
    """New derivatives by the root's country and month, however few their downloads."""
    if of.months(0).is_empty():
        return Missing(slug, "New derivatives by country of the root model", "No whole month has a derivative yet.")
    figure = figures.derivatives(of, 0).make()
    last = line_parts.day_range(figure.data)[1]
    rows = figure.data.filter(pl.col("day") == last).sort("value", descending=True)
    return Exhibit(
        slug=slug,
        figure=figure,
        said=(),
        unit="new derivatives of the month, by weight",
        definition=figure.subtitle,
        lens="root",
        day=of.build.last_day,
        table=Table.of(f"{last:%B %Y}, the last whole month", rows.select("name", "share", "value")),
    )
