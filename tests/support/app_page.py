"""Text and chart data of a page under test."""

import json
from datetime import date
from typing import Any
from urllib.parse import unquote

import polars as pl
from streamlit.testing.v1 import AppTest

LANGUAGE = "task_class = 'language'"
"""SQL condition of what pages count by default."""

LAYER = "if(layer = 'repackaged' and is_by_maker, 'release', layer)"
"""SQL expression of the layer under which pages count a row: a lab's own copies are originals."""


def shown_table(app: AppTest, number: int = 0) -> Any:
    """A table of a page as a pandas frame, with the names that links inside the product show."""
    return with_names(app.dataframe[number].value)


def with_names(frame: Any) -> Any:
    """The pandas frame of a table with the names that links inside the product show instead of their addresses."""
    return frame.map(_name)


def _name(value: Any) -> Any:
    return unquote(value.partition("=")[2]) if isinstance(value, str) and value.startswith("./") else value


def page_text(app: AppTest) -> str:
    """All text of a page except tables and charts."""
    parts = (*app.markdown, *app.subheader, *app.caption, *app.info, *app.error)
    return "\n".join(part.value for part in parts).replace("\\", "")


def chart_frames(app: AppTest, number: int = 0) -> list[pl.DataFrame]:
    """The data sets of a chart as sent to the browser."""
    return [pl.read_ipc_stream(data.data.data) for data in app.get("vega_lite_chart")[number].proto.datasets]


def chart_rows(app: AppTest, number: int, *columns: str) -> list[tuple[Any, ...]]:
    """Rows of these columns in the largest data set of a chart that has them."""
    frames = [frame for frame in chart_frames(app, number) if set(columns) <= set(frame.columns)]
    return max(frames, key=lambda frame: frame.height).select(columns).rows()


def chart_records(app: AppTest, number: int = 0) -> list[dict[str, Any]]:
    """All rows of a chart, from all its data sets."""
    return [row for frame in chart_frames(app, number) for row in frame.to_dicts()]


def line_points(app: AppTest, number: int = 0) -> list[tuple[date | int, str, float | None]]:
    """The points of a line chart: day or age, code and value; null breaks the line."""
    spec = json.loads(app.get("vega_lite_chart")[number].proto.spec)
    codes = spec["layer"][0]["transform"][0]["fold"]
    steps = max((frame for frame in chart_frames(app, number) if set(codes) <= set(frame.columns)), key=len)
    x = "age" if "age" in steps.columns else "day"
    places = steps[x] if x == "age" else steps[x].cast(pl.Int64).cast(pl.Datetime("ms")).dt.date()
    return [(place, code, value) for code in codes for place, value in zip(places, steps[code], strict=True)]
