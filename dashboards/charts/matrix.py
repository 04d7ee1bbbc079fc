"""A heat map with its numbers in the cells. Phones get smaller figures and upright names of columns."""

from collections.abc import Mapping, Sequence

import altair as alt
import polars as pl

from dashboards.charts.inks import GREY, HEAT, MOST_HEAT
from dashboards.charts.layered import Layered

_ROW_HEIGHT = 38
_NAMES_HEIGHT = 130
"""Pixels above the cells for the columns' names, upright where the columns are narrow."""

_COLUMN = 100
"""Pixels a column needs for a name that lies."""

_NARROW_CELLS = "width < 420"


def matrix(
    cells: pl.DataFrame, rows: Sequence[str], columns: Sequence[str], titles: tuple[str, str], tips: Mapping[str, str]
) -> Layered:
    """One cell per `row` and `column` with `text` in it, or `short` on a phone.

    The more `heat` (0 to 1) it has, the less of the page shines through: the least is nearest the page, light or dark.
    `is_own` cells have an edge. `titles` name the rows and the columns; `tips` are the columns of `cells` that the
    pointer tells -> their names.
    """
    x = alt.X("column:N", title=titles[1], sort=list(columns), axis=_names_above(len(columns)))
    beside = alt.Axis(domain=False, ticks=False, labelLimit=130, labelFontSize=12, labelOverlap=False)
    y = alt.Y("row:N", title=titles[0], sort=list(rows), axis=beside)
    told = [alt.Tooltip(f"{column}:N", title=name) for column, name in tips.items()]
    scale = alt.Scale(type="sqrt", domain=[0, 1], range=[0, MOST_HEAT])
    heat = alt.FillOpacity("heat:Q", legend=None, scale=scale)
    # Conditions as dictionaries: alt.when checks each against the whole schema, which costs more than all the rest.
    edge = alt.StrokeValue("transparent", condition={"test": "datum.is_own", "value": GREY})
    base = alt.Chart(cells).encode(x=x, y=y, tooltip=told)
    field = base.mark_rect(strokeWidth=1.5, cornerRadius=2, fill=HEAT).encode(fillOpacity=heat, stroke=edge)
    figures = base.mark_text(
        fontSize=alt.expr(f"{_NARROW_CELLS} ? 10 : 13"),
        text=alt.expr(f"{_NARROW_CELLS} ? datum.short : datum.text"),
    )
    return Layered([field, figures], _ROW_HEIGHT * max(len(rows), 1) + _NAMES_HEIGHT)


def _names_above(columns: int) -> alt.Axis:
    upright = f"width < {_COLUMN * columns}"
    return alt.Axis(
        orient="top", domain=False, ticks=False, labelLimit=130, labelPadding=6, labelFontSize=12, labelOverlap=False,
        labelAngle=alt.expr(f"{upright} ? -90 : 0"),
        labelAlign=alt.expr(f"{upright} ? 'left' : 'center'"),
        labelBaseline=alt.expr(f"{upright} ? 'middle' : 'bottom'"),
    )  # fmt: skip
