"""Charts as files of the report: scripts that its pages load, and the preview image of a link to it.

A page opened from a disk may load scripts but no data, so the rows of a chart come as a script too.
"""

import json
import re
import textwrap
from collections.abc import Iterator
from typing import Any

import altair as alt
import polars as pl

from dashboards.charts.figure import Figure, browser_spec
from dashboards.data import export

WIDTH, HEIGHT = 1200, 630
"""Pixels of the preview image, as Open Graph readers expect."""

_DIGITS = 6
"""Significant digits of drawn values, exact to a thousandth of a pixel. The data files have all digits."""

_LINE = 130
"""Characters per line of the preview image."""

_INK, _GREY = "#1f2328", "#5b6470"


def script(figure: Figure, slug: str) -> bytes:
    """A script that registers the chart under its slug for `assets/draw.js`: specification, and rows by column."""
    chart = browser_spec(figure.chart)
    frames: dict[str, pl.DataFrame] = chart.pop("datasets")
    used = set(re.findall(r"\w+", " ".join(_texts(chart))))
    packed = {name: {column: _packed(frame[column]) for column in frame.columns if _is_used(column, used)}
              for name, frame in frames.items()}  # fmt: skip
    content = {"spec": chart | {"description": figure.alt_text}, "frames": packed}
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return f"window.charts = window.charts || {{}};\nwindow.charts[{json.dumps(slug)}] = {text};\n".encode()


def preview_png(figure: Figure, origin: str = "") -> bytes:
    """A figure with its texts and its `origin` (licence and address) as PNG of exactly WIDTH by HEIGHT."""
    texts = (figure.subtitle, figure.footnote, origin)
    lines = [line for text in texts for line in textwrap.wrap(text, _LINE, break_on_hyphens=False)]
    title = alt.TitleParams(
        figure.title, subtitle=lines, anchor="start", frame="group", offset=20, fontSize=34, color=_INK,
        subtitleFontSize=16, subtitleColor=_GREY, subtitlePadding=10, subtitleLineHeight=21,
    )  # fmt: skip
    chart = (
        figure.altair()
        .properties(width=WIDTH, height=HEIGHT, title=title, padding=36, background="white")
        .properties(autosize=alt.AutoSizeParams(type="fit", contains="padding"))
        .configure_view(stroke=None)
        .configure_text(color=_INK)
        .configure_axis(labelColor=_GREY, labelFontSize=15, gridColor="#e3e6ea", domainColor="#b8bec6")
    )
    with alt.data_transformers.enable("default", max_rows=None):
        specification: dict[str, Any] = chart.to_dict(validate=False)
    return export.png_bytes(specification, scale=1)


def _texts(node: Any) -> Iterator[str]:
    """All string values of a specification, among them the names of the fields it draws."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)


def _is_used(column: str, used: set[str]) -> bool:
    return set(re.findall(r"\w+", column)) <= used


def _packed(column: pl.Series) -> dict[str, list[Any]]:
    """All values of a column; if at most half are distinct, the distinct values and each row's place among them."""
    values = [_short(value) for value in column.to_list()]
    places: dict[Any, int] = {}
    for value in values:
        places.setdefault(value, len(places))
    if 2 * len(places) > len(values):
        return {"values": values}
    return {"values": list(places), "places": [places[value] for value in values]}


def _short(value: Any) -> Any:
    if not isinstance(value, float):
        return value
    if value != value:
        return None
    return int(value) if value.is_integer() else float(f"{value:.{_DIGITS}g}")
