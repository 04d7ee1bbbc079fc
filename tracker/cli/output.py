"""Write query results as a table, CSV, JSON or Parquet."""

import json
import math
import os
import re
import stat
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

from tracker.cli.environment import is_job_of_actions
from tracker.cli.terminal import plain
from tracker.database import Connection, arrow, connect
from tracker.errors import UsageError
from tracker.spreadsheet import FORMULA_STARTS
from tracker.sql.query import run_statement

SHOWN_ROWS = 100
"""Rows of a table on a terminal. Files and other formats have all rows."""

_A_FORMULA = f"^[{re.escape(''.join(FORMULA_STARTS))}]"


class Format(StrEnum):
    """How results are written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


_BY_SUFFIX = {
    "": Format.TABLE,
    ".txt": Format.TABLE,
    ".csv": Format.CSV,
    ".json": Format.JSON,
    ".parquet": Format.PARQUET,
}
_NOT_IN_TEXT = ("INTERVAL", "BIT", "UNION", "TIME WITH TIME ZONE", "BLOB")
_NOT_IN_PARQUET = _NOT_IN_TEXT[:-1]


def chosen_format(name: str | None, output: Path | None) -> Format:
    """Return the format of this name, else that of the file's suffix, else a table. Raises UsageError."""
    if name is not None and name not in list(Format):
        raise UsageError(f"--format {name}: choose one of {', '.join(Format)}")
    if name is not None or output is None:
        return Format(name or Format.TABLE)
    if (suffix := output.suffix.lower()) not in _BY_SUFFIX:
        raise UsageError(f"--output {output}: {suffix} names no format; add --format with one of {', '.join(Format)}")
    return _BY_SUFFIX[suffix]


def answer(connection: Connection, query: str, form: Format, output: Path | None = None) -> None:
    """Run one statement and write its rows. Raises UsageError."""
    write(run_statement(connection, query, _NOT_IN_PARQUET if form == Format.PARQUET else _NOT_IN_TEXT), form, output)


def write(found: pa.Table, form: Format, output: Path | None) -> None:
    """Writes a result to `output`, or to stdout.

    Raises UsageError for Parquet on a terminal, an unwritable file, and columns that the format cannot hold.
    """
    _refuse_one_name_twice(found, form)
    if output is None:
        if form == Format.PARQUET and sys.stdout.isatty():
            raise UsageError("Parquet is not for a terminal: add --output FILE, or send stdout into a file.")
        _write(found, form, sys.stdout.buffer, SHOWN_ROWS, is_shown=form == Format.TABLE or _is_read_by_people())
        return
    try:
        if output.exists() and not output.is_file():  # a device or a pipe
            with output.open("wb") as file:
                _write(found, form, file)
            return
        unfinished = output.with_name(f".{output.name}.{os.getpid()}.new")
        try:
            with unfinished.open("wb") as file:
                _write(found, form, file)
            unfinished.replace(output)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as problem:
        raise UsageError(f"--output {output}: {problem.strerror}") from problem


def _is_read_by_people() -> bool:
    """Whether stdout is a terminal or the log of a job of GitHub Actions, which is a pipe; files get exact values."""
    if sys.stdout.isatty():
        return True
    try:
        is_file = stat.S_ISREG(os.fstat(sys.stdout.fileno()).st_mode)
    except OSError:  # no descriptor below it
        return False
    return is_job_of_actions() and not is_file


def _refuse_one_name_twice(found: pa.Table, form: Format) -> None:
    twice = [name for name, count in Counter(found.column_names).items() if count > 1]
    if twice and form in (Format.JSON, Format.PARQUET):
        raise UsageError(f"--format {form}: two columns are called {twice[0]}; tell them apart with `as`.")


def _write(
    found: pa.Table, form: Format, sink: BinaryIO, shown_rows: int | None = None, *, is_shown: bool = False
) -> None:
    """Write all rows, or the first ones of a table. `is_shown` means that a terminal or a log shows them."""
    try:
        match form:
            case Format.CSV if not is_shown:
                pyarrow.csv.write_csv(_as_text(_printable(found)), sink)
            case Format.CSV:
                csv = pa.BufferOutputStream()
                pyarrow.csv.write_csv(_as_text(_printable(found)), csv)
                sink.write(_shown(csv.getvalue().to_pybytes(), True))
            case Format.JSON:
                rows = _printable(found).to_pylist()
                lines = (json.dumps(_plain(row), default=str, ensure_ascii=False) for row in rows)
                sink.write(_shown(("[" + ",\n".join(lines) + "]\n").encode(), is_shown))
            case Format.PARQUET:
                pyarrow.parquet.write_table(found, sink, compression="zstd")
            case Format.TABLE:
                sink.write(_shown(_table(_printable(found), shown_rows).encode(), is_shown))
    # Only the writer knows which types its format can hold: told to the user with the column's type and what to do.
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid) as problem:
        raise UsageError(
            f"--format {form} cannot hold a column of this type ({problem}); cast it to varchar."
        ) from problem
    sink.flush()


def _shown(content: bytes, is_shown: bool) -> bytes:
    return plain(content.decode("utf-8", "replace")).encode() if is_shown else content


def _printable(found: pa.Table) -> pa.Table:
    """Write days and times that Python's calendar does not have, such as infinity, as text."""
    columns = [_as_calendar_text(column) for column in found.columns]
    return pa.table(columns, names=found.column_names) if columns else found


def _as_calendar_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if not _TEMPORAL.search(str(column.type)):
        return column
    try:
        column.to_pylist()
    except (OverflowError, ValueError, pa.ArrowException):
        with connect() as connection:
            connection.register("found", pa.table({"value": column}))
            return arrow(connection, "select value::varchar as value from found")["value"]
    return column


_TEMPORAL = re.compile("date|time")


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


def _table(found: pa.Table, shown_rows: int | None) -> str:
    """Columns under their names, numbers to the right; all rows, or the first ones and how many there are."""
    shown = found.slice(0, shown_rows)
    cells = [
        [_line(name), *(_cell(value) for value in shown.column(i).to_pylist())]
        for i, name in enumerate(found.column_names)
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
        return _number(value)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return f"{value:,}"
    return _line(str(value))


def _line(text: str) -> str:
    return plain(text).replace("\n", " ").replace("\t", " ")


def _number(value: float) -> str:
    """Six digits, and never fewer than the whole part; exponents only for what is very large or very small."""
    if not math.isfinite(value) or not 1e-4 <= abs(value) < 1e15:
        return f"{value:,.6g}"
    digits = max(1, 5 - math.floor(math.log10(abs(value))))
    return f"{value:,.0f}" if value.is_integer() else f"{value:,.{digits}f}".rstrip("0").rstrip(".")
