"""Write query results as a table, CSV, JSON or Parquet."""

import json
import math
import re
import sys
from collections import Counter
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from tracker.errors import UsageError
from tracker.spreadsheet import FORMULA_STARTS

SHOWN_ROWS = 100
_A_FORMULA = f"^[{re.escape(''.join(FORMULA_STARTS))}]"
_STEERS_A_TERMINAL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class Format(StrEnum):
    """How results are written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


def write(found: pa.Table, form: Format, output: Path | None) -> None:
    """Writes a result to `output`, or to stdout.

    Raises UsageError for Parquet on a terminal, an unwritable file, and columns that the format cannot hold.
    """
    _refuse_one_name_twice(found, form)
    if output is None:
        if form == Format.PARQUET and sys.stdout.isatty():
            raise UsageError("Parquet is not for a terminal: add --output FILE, or send stdout into a file.")
        _write(found, form, sys.stdout.buffer)
        return
    try:
        with output.open("wb") as file:
            _write(found, form, file)
    except OSError as problem:
        raise UsageError(f"--output {output}: {problem.strerror}") from problem


def _refuse_one_name_twice(found: pa.Table, form: Format) -> None:
    twice = [name for name, count in Counter(found.column_names).items() if count > 1]
    if twice and form in (Format.JSON, Format.PARQUET):
        raise UsageError(f"--format {form}: two columns are called {twice[0]}; tell them apart with `as`.")


def _write(found: pa.Table, form: Format, sink: BinaryIO) -> None:
    try:
        match form:
            case Format.CSV:
                pyarrow.csv.write_csv(_as_text(found), sink)
            case Format.JSON:
                lines = (json.dumps(_plain(row), default=str, ensure_ascii=False) for row in found.to_pylist())
                sink.write(("[" + ",\n".join(lines) + "]\n").encode())
            case Format.PARQUET:
                pyarrow.parquet.write_table(found, sink, compression="zstd")
            case Format.TABLE:
                sink.write(_table(found).encode())
    except pa.ArrowNotImplementedError as problem:  # Arrow's word for: no such type in this format
        raise UsageError(
            f"--format {form} cannot hold a column of this type ({problem}); cast it to varchar."
        ) from problem
    sink.flush()


def _plain(value: Any) -> Any:
    """A value for JSON: decimals become numbers, NaN and infinity become null."""
    match value:
        case dict():
            return {name: _plain(part) for name, part in value.items()}
        case list():
            return [_plain(part) for part in value]
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case float() if not math.isfinite(value):
            return None
    return value


def _as_text(found: pa.Table) -> pa.Table:
    """CSV knows no lists: they become JSON text. Text that a spreadsheet would run gets an apostrophe in front."""
    if not found.num_columns:
        return found
    names = [f"'{name}" if name.startswith(FORMULA_STARTS) else name for name in found.column_names]
    return pa.table([_harmless(_flat(column)) for column in found.columns], names=names)


def _flat(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_dictionary(column.type):
        return column.cast(pa.string())
    if not pa.types.is_nested(column.type):
        return column
    texts = (None if value is None else json.dumps(_plain(value), default=str) for value in column.to_pylist())
    return pa.chunked_array([pa.array(texts, pa.string())])


def _harmless(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if not pa.types.is_string(column.type):
        return column
    marked = pc.binary_join_element_wise("'", column, "")
    return pc.if_else(pc.match_substring_regex(column, _A_FORMULA), marked, column)


def _table(found: pa.Table) -> str:
    """Columns under their names, numbers to the right; the first rows, and how many there are."""
    shown = found.slice(0, SHOWN_ROWS)
    cells = [
        [name, *(_cell(value) for value in shown.column(i).to_pylist())] for i, name in enumerate(found.column_names)
    ]
    to_right = [
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
        for kind in found.schema.types
    ]
    widths = [max(map(len, column)) for column in cells]
    lines = [
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, to_right, strict=True)
        ).rstrip()
        for row in zip(*cells, strict=True)
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    rest = found.num_rows - shown.num_rows
    if rest:
        lines.append(f"... and {rest:,} more rows of {found.num_rows:,}; --format csv gives all")
    return "\n".join(lines) + "\n"


def _cell(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() else f"{value:,.6g}"
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return f"{value:,}"
    return _STEERS_A_TERMINAL.sub(" ", str(value))
