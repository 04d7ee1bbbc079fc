"""A chart with its title, subtitle, footnote, alternative text and data, and its Vega-Lite specifications.

`browser_spec` does what `st.altair_chart` does, but without Altair's check of every part against the schema of
Vega-Lite, which takes longer than all else on a page; the tests check every chart instead. `export_spec` is for files:
title, subtitle and footnote are drawn into the picture.
"""

import textwrap
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import altair as alt
import polars as pl

from dashboards.charts.pointer_panel import Panel, with_panel

EXPORT_WIDTH = 900
_PLOT_WIDTH = EXPORT_WIDTH - 170
_LINE_LENGTH = 130
_INK, _GREY = "#1f2328", "#5b6470"
_TRANSFORMER = "frames_by_name"

ALTAIR_SETTINGS = threading.Lock()
"""Altair's settings are global to the process, and pages and downloads run in several threads."""


@dataclass(frozen=True, slots=True)
class Layered:
    """Charts on the same axes, the first at the back; none has its own size.

    Altair copies and checks every layer three times when it layers charts, which is most of the cost of a chart.
    `browser_spec` puts the specifications of the layers side by side instead.
    """

    layers: Sequence[alt.Chart]
    height: int
    """Pixels; the width follows the screen."""

    panel: Panel | None = None
    """What a browser shows under the pointer instead of a tooltip."""

    def altair(self) -> alt.LayerChart:
        """The chart as Altair composes it."""
        return alt.LayerChart(layer=list(self.layers), height=self.height)


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with all that accompanies it, on a page as in an exported picture."""

    name: str
    """File name of downloads without its ending; unique on a page."""

    chart: alt.Chart | Layered
    title: str
    subtitle: str
    """What is counted: scope, lens and unit."""

    footnote: str
    """Day, coverage and source."""

    alt_text: str
    """Description for screen readers."""

    data: pl.DataFrame
    """The figures drawn, as offered for download."""

    credit: str = ""
    """Credit lines of sources other than the Hub, which a citation must name."""

    def altair(self) -> alt.Chart | alt.LayerChart:
        """The chart as Altair composes it."""
        return self.chart.altair() if isinstance(self.chart, Layered) else self.chart


def browser_spec(chart: alt.Chart | Layered) -> dict[str, Any]:
    """The Vega-Lite specification of a chart, its data as Polars frames (name -> frame) under `datasets`."""
    frames: dict[str, pl.DataFrame] = {}
    with ALTAIR_SETTINGS, _named(frames), alt.theme.enable("none"):
        spec = _layered_spec(chart) if isinstance(chart, Layered) else chart.to_dict(validate=False)
    _hide_marks(spec)
    return spec | {"datasets": frames}


def export_spec(figure: Figure, origin: str = "") -> dict[str, Any]:
    """The Vega-Lite specification of a figure with its texts and data, on white, of fixed size.

    `origin` is the last line of the picture: licence and address.
    """
    title = alt.TitleParams(
        figure.title, subtitle=textwrap.wrap(figure.subtitle, _LINE_LENGTH), anchor="start", frame="group", offset=18,
        fontSize=22, subtitleFontSize=13, subtitleColor=_GREY, color=_INK, subtitlePadding=6,
    )  # fmt: skip
    chart = figure.altair().properties(width=_PLOT_WIDTH)
    framed = (
        alt.vconcat(chart, _footnote(figure.footnote, origin), spacing=8)
        .properties(title=title, padding=20, background="white")
        .configure_view(stroke=None)
        .configure_text(color=_INK)
        .configure_axis(labelColor=_GREY, labelFontSize=12, gridColor="#e3e6ea", domainColor="#b8bec6")
    )
    # By default Altair refuses more than 5,000 rows.
    with ALTAIR_SETTINGS, alt.data_transformers.enable("default", max_rows=None):
        return dict(framed.to_dict())


def _layered_spec(chart: Layered) -> dict[str, Any]:
    channels: dict[int, Any] = {}
    layers = [_layer_spec(layer, channels) for layer in chart.layers]
    if chart.panel:
        layers = with_panel(layers, chart.panel)
    return {"$schema": alt.SCHEMA_URL, "height": chart.height, "layer": layers, "params": list(_lifted(layers))}


def _layer_spec(layer: alt.Chart, channels: dict[int, Any]) -> dict[str, Any]:
    """What Altair makes of a layer, but each channel once: layers share their axes, colours and dashes."""
    bare = layer.copy(deep=False)
    bare.encoding = alt.Undefined
    spec: dict[str, Any] = bare.to_dict(validate=False, context={"top_level": False})
    encoding = {}
    for name, channel in layer.encoding._kwds.items() if layer.encoding is not alt.Undefined else ():
        if channel is not alt.Undefined:
            if id(channel) not in channels:
                only = alt.FacetedEncoding(**{name: channel})
                channels[id(channel)] = only.to_dict(validate=False, context={"data": layer.data})[name]
            encoding[name] = channels[id(channel)]
    return spec | ({"encoding": encoding} if encoding else {})


def _lifted(layers: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The parameters of all layers, removed from them: Streamlit looks for selections only at the top."""
    for place, layer in enumerate(layers):
        for parameter in layer.pop("params", []):
            layer["name"] = f"layer-{place}"
            yield parameter | ({"views": [layer["name"]]} if "select" in parameter else {})


def _hide_marks(spec: dict[str, Any]) -> None:
    """Hide single marks from screen readers, which read the alternative text of the whole chart instead."""
    for layer in spec.get("layer", []):
        _hide_marks(layer)
    mark = spec.get("mark")
    if mark is not None:
        spec["mark"] = ({"type": mark} if isinstance(mark, str) else mark) | {"aria": False}


@contextmanager
def _named(frames: dict[str, pl.DataFrame]) -> Iterator[None]:
    """Make Altair refer to each frame by a name and collect the frames in `frames`."""
    names: dict[int, str] = {}

    def collect(data: Any) -> dict[str, str]:
        name = names.setdefault(id(data), f"data-{len(names)}")
        frames[name] = data
        return {"name": name}

    alt.data_transformers.register(_TRANSFORMER, collect)
    with alt.data_transformers.enable(_TRANSFORMER):
        yield


def _footnote(*texts: str) -> alt.Chart:
    lines = [line for text in texts for line in textwrap.wrap(text, _LINE_LENGTH + 20, break_on_hyphens=False)]
    frame = pl.DataFrame({"row": list(range(len(lines))), "text": lines})
    marks = alt.Chart(frame, height=15 * len(lines), width=_PLOT_WIDTH).mark_text(
        align="left", baseline="top", fontSize=11, color=_GREY
    )
    drawn: alt.Chart = marks.encode(x=alt.XValue(0), y=alt.Y("row:O", axis=None), text=alt.Text("text:N"))
    return drawn
