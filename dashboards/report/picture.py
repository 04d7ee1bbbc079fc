"""The picture that others' pages show of a link to the report."""

import textwrap
from typing import Any

import altair as alt

from dashboards.charts.figure import Figure
from dashboards.data import export

WIDTH, HEIGHT = 1200, 630
"""Pixels, as Open Graph readers expect."""

_LINE = 130
_INK, _GREY = "#1f2328", "#5b6470"


def png_bytes(figure: Figure) -> bytes:
    """A figure with its words as PNG of exactly WIDTH by HEIGHT."""
    words = [*textwrap.wrap(figure.subtitle, _LINE), *textwrap.wrap(figure.footnote, _LINE)]
    title = alt.TitleParams(
        figure.title, subtitle=words, anchor="start", frame="group", offset=20, fontSize=34, color=_INK,
        subtitleFontSize=16, subtitleColor=_GREY, subtitlePadding=10, subtitleLineHeight=21,
    )  # fmt: skip
    chart = (
        figure.whole.properties(width=WIDTH, height=HEIGHT, title=title, padding=36, background="white")
        .properties(autosize=alt.AutoSizeParams(type="fit", contains="padding"))
        .configure_view(stroke=None)
        .configure_text(color=_INK)
        .configure_axis(labelColor=_GREY, labelFontSize=15, gridColor="#e3e6ea", domainColor="#b8bec6")
    )
    with alt.data_transformers.enable("default", max_rows=None):
        spec: dict[str, Any] = chart.to_dict(validate=False)
    return export.png_bytes(spec, scale=1)
