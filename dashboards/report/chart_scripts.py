"""A chart as the script a page loads: its specification, and its rows packed by column.

A page opened from a disk may load scripts and nothing else, so the rows come as a script too.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import polars as pl

from dashboards.charts import spec
from dashboards.charts.figure import Figure

_DIGITS = 6
"""Of what is drawn alone: a six-digit figure is exact to a thousandth of a pixel. The data files are exact."""


def script(figure: Figure, slug: str) -> bytes:
    """Hands the chart to `assets/draw.js` under its slug."""
    drawn = spec.unchecked(figure.chart)
    frames: dict[str, pl.DataFrame] = drawn.pop("datasets")
    words = set(re.findall(r"\w+", " ".join(_texts(drawn))))
    packed = {name: {column: _packed(frame[column]) for column in frame.columns if _is_used(column, words)}
              for name, frame in frames.items()}  # fmt: skip
    said = {"spec": drawn | {"description": figure.alt_text}, "frames": packed}
    text = json.dumps(said, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return f"window.charts = window.charts || {{}};\nwindow.charts[{json.dumps(slug)}] = {text};\n".encode()


def _texts(node: Any) -> Iterator[str]:
    """All texts of a specification but its keys: the fields it draws are named there."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)


def _is_used(column: str, words: set[str]) -> bool:
    return set(re.findall(r"\w+", column)) <= words


def _packed(column: pl.Series) -> dict[str, list[Any]]:
    """The distinct values of a column and the place of each row's among them, or all values if few are alike."""
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
