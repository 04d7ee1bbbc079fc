"""A chart as the specification a browser draws, with its frames as columns: what `st.altair_chart` does, but quicker.

Altair checks every part of a chart against the schema of Vega-Lite, which takes longer than all else a page does. The
tests check every chart; a reader need not wait for it.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import altair as alt
import polars as pl

from dashboards.charts.layered import Layered

SETTINGS = threading.Lock()
"""Altair's settings are global to all threads; pages, and files that readers take away, are made in several."""

_TRANSFORMER = "frames_by_name"


def unchecked(chart: alt.Chart | Layered) -> dict[str, Any]:
    """The specification of a chart, its data as Polars frames under `datasets`."""
    frames: dict[str, pl.DataFrame] = {}
    with SETTINGS, _named(frames), alt.theme.enable("none"):
        spec = _layered(chart) if isinstance(chart, Layered) else chart.to_dict(validate=False)
    _hide_marks(spec)
    return spec | {"datasets": frames}


def _layered(chart: Layered) -> dict[str, Any]:
    layers = [layer.to_dict(validate=False, context={"top_level": False}) for layer in chart.layers]
    return {"$schema": alt.SCHEMA_URL, "height": chart.height, "layer": layers, "params": list(_lifted(layers))}


def _lifted(layers: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The parameters of all layers, taken out of them: Streamlit looks for what can be picked at the top alone."""
    for place, layer in enumerate(layers):
        for parameter in layer.pop("params", []):
            layer["name"] = f"layer-{place}"
            yield parameter | ({"views": [layer["name"]]} if "select" in parameter else {})


def _hide_marks(spec: dict[str, Any]) -> None:
    """Keeps the marks from being announced one by one, as pictures without a name: the chart as a whole has words."""
    for layer in spec.get("layer", []):
        _hide_marks(layer)
    mark = spec.get("mark")
    if mark is not None:
        spec["mark"] = ({"type": mark} if isinstance(mark, str) else mark) | {"aria": False}


@contextmanager
def _named(frames: dict[str, pl.DataFrame]) -> Iterator[None]:
    """While it lasts, each frame of a chart becomes a name, and is kept in `frames`."""
    places: dict[int, str] = {}

    def keep(data: Any) -> dict[str, str]:
        name = places.setdefault(id(data), f"data-{len(places)}")
        frames[name] = data
        return {"name": name}

    alt.data_transformers.register(_TRANSFORMER, keep)
    with alt.data_transformers.enable(_TRANSFORMER):
        yield
