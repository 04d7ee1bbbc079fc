"""Frames and charts as files for download."""

import io
import json
from functools import cache
from typing import Any

import polars as pl
import pyarrow as pa
import vl_convert

from tracker.spreadsheet import FORMULA_STARTS

_VEGA_LITE = "6.4"
_FOR_POINTERS = "6.1"
"""In 6.4 the tooltip of the nearest day shows "undefined" (vega/vega-lite pull request 9707)."""

_EMBED = "window.vegaEmbed = vegaEmbed;"


def csv_bytes(frame: pl.DataFrame) -> bytes:
    """The frame as CSV (UTF-8, header, unknown = empty cell), its text safe for spreadsheets.

    A spreadsheet runs a cell that begins with = + - or @ as a formula, and anyone can choose names on the Hub
    and column names in a query. Such text gets a leading apostrophe. Numbers stay numbers, written without exponents.
    """
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    safe = frame.with_columns(_safe(name) for name in texts)
    named = safe.rename(lambda name: f"'{name}" if name.startswith(FORMULA_STARTS) else name)
    return named.write_csv(float_scientific=False).encode()


def labelled(frame: pl.DataFrame, is_simulated: bool) -> pl.DataFrame:
    """The frame with a column is_simulated if its figures are simulated."""
    return frame.with_columns(is_simulated=pl.lit(True)) if is_simulated else frame


def readable(frame: pl.DataFrame) -> pl.DataFrame:
    """The data of a chart as people read them: the latest day and the largest values first, names without codes.

    Numbers of a column that has values of 100 or more are whole. Columns without any value are left out.
    """
    kept = [name for name in frame.columns if frame[name].count() or frame.is_empty()]
    names = [name for name in kept if name != "code" or "name" not in kept]
    large = [name for name in names if frame.schema[name].is_float() and (_largest(frame[name]) >= 100)]
    order = [name for name in ("day", "value", "share") if name in names]
    rows = frame.select(names).with_columns(pl.col(large).round().cast(pl.Int64))
    return rows.sort(order, descending=True, nulls_last=True, maintain_order=True) if "day" in names else rows


def _largest(column: pl.Series) -> float:
    found = column.fill_nan(None).abs().max()
    return float(found) if isinstance(found, int | float) else 0.0


def parquet_bytes(frame: pl.DataFrame) -> bytes:
    """The frame as Parquet. Its text is unchanged, because programs read it and not spreadsheets."""
    file = io.BytesIO()
    frame.write_parquet(file)
    return file.getvalue()


def arrow_bytes(frame: pl.DataFrame) -> bytes:
    """The frame as an Arrow stream, as Streamlit sends data to the browser."""
    table, stream = frame.to_arrow(), pa.BufferOutputStream()
    with pa.RecordBatchStreamWriter(stream, table.schema) as writer:
        writer.write_table(table)
    return bytes(stream.getvalue().to_pybytes())


def png_bytes(spec: dict[str, Any], scale: float = 2) -> bytes:
    """The chart as PNG, `scale` times its size in pixels."""
    return bytes(vl_convert.vegalite_to_png(json.dumps(spec), vl_version=_VEGA_LITE, scale=scale))


def svg_bytes(spec: dict[str, Any]) -> bytes:
    """The chart as SVG."""
    return vl_convert.vegalite_to_svg(json.dumps(spec), vl_version=_VEGA_LITE).encode()


@cache
def library() -> str:
    """The script that draws Vega-Lite charts in a browser, with its dependencies."""
    return str(vl_convert.javascript_bundle(_EMBED, vl_version=_FOR_POINTERS))


def spec_bytes(spec: dict[str, Any]) -> bytes:
    """The chart's Vega-Lite specification, with its data."""
    return json.dumps(spec, ensure_ascii=False, indent=1).encode()


def _safe(name: str) -> pl.Expr:
    text = pl.col(name)
    risky = pl.any_horizontal(text.str.starts_with(start) for start in FORMULA_STARTS)
    return pl.when(risky).then(pl.lit("'") + text).otherwise(text).alias(name)
