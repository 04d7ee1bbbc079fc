"""The charts of the page Country to country."""

from datetime import date

import polars as pl

from dashboards.charts import colours, heatmaps, lines
from dashboards.charts.axes import Axes
from dashboards.charts.figure import Figure
from dashboards.data.definition import Definition
from dashboards.data.format import file_stem
from dashboards.data.warehouse import Build, Store
from dashboards.figures.cached import cached_figure
from dashboards.queries import cross_origin as queries
from dashboards.queries import shared
from dashboards.text import cross_origin as words
from dashboards.text import footnotes
from dashboards.text.cross_origin import Cells

MOST_ORIGINS = 6


def sides(store: Store, cells: pl.DataFrame) -> tuple[dict[str, str], dict[str, str]]:
    """Code -> name of the publishers and of the roots, in the order of the matrix."""
    names = shared.origin_names(store)
    publishers = words.axis_names(words.axis_order(cells, "publisher"), names, "publisher")
    return publishers, words.axis_names(words.axis_order(cells, "root"), names, "root")


def shares(store: Store, definition: Definition, count: str) -> pl.DataFrame:
    """The share of each country's models built on foreign base models: month, code, value."""
    own = tuple(code for code in colours.ORIGINS if code not in words.NO_COUNTRY)
    return queries.foreign_shares(store, definition, count, own)


def headline(store: Store, definition: Definition, cells: pl.DataFrame, month: date, count: str) -> str:
    """The headline of a month: who builds most on foreign base models."""
    rows, columns = sides(store, cells)
    flow, parts = words.largest_flow(cells), {}
    if flow:
        parts = queries.layers_of_flow(store, definition, month, count, flow["publisher"], flow["root"])
    return words.headline(cells, month, queries.last_day(store), count, {**rows, **columns}, parts)


@cached_figure
def matrix(store: Store, build: Build, definition: Definition, month: date, count: str, shown: Cells) -> Figure:
    """Publishers against roots in one month."""
    cells = queries.matrix(store, definition, month, count, MOST_ORIGINS)
    rows, columns = sides(store, cells)
    return Figure(
        name=file_stem("cross-origin", str(month)[:7], count, shown.replace("_", "-")),
        chart=heatmaps.matrix(
            words.matrix_cells(cells, shown, rows, columns), list(rows.values()), list(columns.values()),
            ("Published in", "Base model from"), words.tooltips(count),
        ),
        title=f"Who builds on whose base, {words.month_name(month)}",
        subtitle=words.matrix_subtitle(definition, month, queries.last_day(store), count, shown),
        footnote=footnotes.footnote(build, shared.coverage(store)),
        alt_text=words.alt_text(cells, shown, rows, columns),
        data=words.matrix_data(cells, rows, columns),
    )  # fmt: skip


@cached_figure
def foreign_bases(store: Store, build: Build, definition: Definition, count: str) -> Figure:
    """Shares built on foreign base models by month. There must be some."""
    found, names = shares(store, definition, count), shared.origin_names(store)
    styles, axes = colours.group_styles("country", words.foreign_names(found, names)), Axes(step="month", unit="share")
    months = found.rename({"month": "day"})
    return Figure(
        name=file_stem("foreign-bases", count, str(build.last_day)),
        chart=lines.lines(months, "value", styles, axes),
        title="Share of each country's models built on foreign base models",
        subtitle=words.foreign_subtitle(definition, count),
        footnote=footnotes.footnote(build, shared.coverage(store)),
        alt_text=lines.described(months, "value", styles, axes),
        data=words.foreign_data(found, names),
    )
