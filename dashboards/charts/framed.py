"""A figure as it leaves the page: title, subtitle and footnote drawn into the picture."""

import textwrap
from typing import Any

import altair as alt
import polars as pl

from dashboards.charts.figure import Figure
from dashboards.charts.spec import SETTINGS

WIDTH = 900
_PLOT = WIDTH - 170
_LINE = 130
_INK, _GREY = "#1f2328", "#5b6470"


def spec(figure: Figure) -> dict[str, Any]:
    """The Vega-Lite specification of the framed figure with its data, on white, of fixed size."""
    title = alt.TitleParams(
        figure.title, subtitle=textwrap.wrap(figure.subtitle, _LINE), anchor="start", frame="group", offset=18,
        fontSize=22, subtitleFontSize=13, subtitleColor=_GREY, color=_INK, subtitlePadding=6,
    )  # fmt: skip
    chart = figure.whole.properties(width=_PLOT)
    framed = (
        alt.vconcat(chart, _footnote(figure.footnote), spacing=8)
        .properties(title=title, padding=20, background="white")
        .configure_view(stroke=None)
        .configure_text(color=_INK)
        .configure_axis(labelColor=_GREY, labelFontSize=12, gridColor="#e3e6ea", domainColor="#b8bec6")
    )
    # Altair refuses more than 5,000 rows unless told otherwise; years of days are more.
    with SETTINGS, alt.data_transformers.enable("default", max_rows=None):
        return dict(framed.to_dict())


def _footnote(text: str) -> alt.Chart:
    lines = textwrap.wrap(text, _LINE + 20)
    frame = pl.DataFrame({"row": list(range(len(lines))), "text": lines})
    marks = alt.Chart(frame, height=15 * len(lines), width=_PLOT).mark_text(
        align="left", baseline="top", fontSize=11, color=_GREY
    )
    drawn: alt.Chart = marks.encode(x=alt.XValue(0), y=alt.Y("row:O", axis=None), text=alt.Text("text:N"))
    return drawn
