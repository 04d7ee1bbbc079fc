"""A heat map with its numbers in the cells. Phones get smaller figures and upright names of columns."""

from collections.abc import Mapping, Sequence

import altair as alt
import polars as pl

from dashboards.charts.inks import GREY, HEAT, ON_DARK_HEAT, ON_LIGHT_HEAT

_ROW_HEIGHT = 38
_PHONE = "width < 420"


def matrix(
    cells: pl.DataFrame, rows: Sequence[str], columns: Sequence[str], titles: tuple[str, str], tips: Mapping[str, str]
) -> alt.LayerChart:
    """One cell per `row` and `column`, coloured by `heat` (0 to 1), with `text` in it; `is_own` cells have an edge.

    `titles` name the rows and the columns; `tips` are the columns that the pointer tells -> their names.
    """
    x = alt.X(
        "column:N", sort=list(columns), scale=alt.Scale(domain=list(columns)), title=titles[1],
        axis=alt.Axis(
            orient="top", domain=False, ticks=False, labelLimit=110, labelPadding=6,
            labelAngle=alt.expr(f"{_PHONE} ? -90 : 0"),
            labelAlign=alt.expr(f"{_PHONE} ? 'left' : 'center'"),
            labelBaseline=alt.expr(f"{_PHONE} ? 'middle' : 'bottom'"),
            labelFontSize=12, labelOverlap=False,
        ),
    )  # fmt: skip
    y = alt.Y(
        "row:N", sort=list(rows), scale=alt.Scale(domain=list(rows)), title=titles[0],
        axis=alt.Axis(domain=False, ticks=False, labelLimit=110, labelFontSize=12, titleAngle=-90),
    )  # fmt: skip
    told = [alt.Tooltip(f"{column}:N", title=name) for column, name in tips.items()]
    heat = alt.Color("heat:Q", legend=None, scale=alt.Scale(type="sqrt", domain=[0, 1], range=list(HEAT)))
    edge = alt.when("datum.is_own").then(alt.value(GREY)).otherwise(alt.value("transparent"))
    field = alt.Chart(cells).mark_rect(strokeWidth=1.5, cornerRadius=2).encode(
        x=x, y=y, color=heat, stroke=edge, tooltip=told
    )  # fmt: skip
    ink = alt.when("datum.heat > 0.3").then(alt.value(ON_DARK_HEAT)).otherwise(alt.value(ON_LIGHT_HEAT))
    figures = alt.Chart(cells).mark_text(fontSize=alt.expr(f"{_PHONE} ? 10 : 13")).encode(
        x=x, y=y, text="text:N", color=ink, tooltip=told
    )  # fmt: skip
    return alt.LayerChart(layer=[field, figures]).properties(height=_ROW_HEIGHT * max(len(rows), 1))
