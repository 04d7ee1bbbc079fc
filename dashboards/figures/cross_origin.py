"""The heat map of publishers by root."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from dashboards.charts import matrix
from dashboards.charts.figure import Figure
from dashboards.definition import Definition
from dashboards.words import cross_origin as words


def figure(
    cells: pl.DataFrame,
    month: date,
    last_day: date | None,
    definition: Definition,
    count: str,
    shown: words.Cells,
    names: Mapping[str, str],
    *,
    name: str,
    footnote: str,
) -> Figure:
    """Countries of publishers against countries of roots in one month; `names` are those of origins."""
    rows, columns = words.both_names(cells, names)
    return Figure(
        name=name,
        chart=matrix.matrix(
            words.drawn(cells, shown, rows, columns), list(rows.values()), list(columns.values()),
            ("Published in", "Built on a root from"), words.tips(count),
        ),
        title=f"Who builds on whose base, {words.month_name(month)}",
        subtitle=words.matrix_subtitle(definition, month, last_day, count, shown),
        footnote=footnote,
        alt_text=words.described(cells, shown, rows, columns),
        data=words.matrix_data(cells, rows, columns),
    )  # fmt: skip
