"""The parts of DuckDB's Python API that the program uses, so that an API change affects one module."""

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from tracker.errors import HomeError

Connection = duckdb.DuckDBPyConnection
Values = Sequence[Any] | Mapping[str, Any] | None
"""Parameters of a query: by position (`?`), by name (`$name`), or none."""

_CONNECTING = threading.Lock()
"""One at a time: connections to the same file share an instance, which another thread may be about to lock."""


def connect(
    path: Path | str = ":memory:",
    read_only: bool = False,
    config: Mapping[str, Any] | None = None,
    seal: Callable[[Connection], None] = lambda connection: None,
) -> Connection:
    """Open a database with the time zone UTC, so that no answer depends on the zone of the machine.

    `seal` removes permissions: it is called last, and only once for an instance.
    """
    with _CONNECTING:
        connection = duckdb.connect(str(path), read_only=read_only, config=dict(config or {}))
        if not one(connection, "select current_setting('lock_configuration')"):
            connection.execute("set global timezone = 'UTC'")
            seal(connection)
        return connection


def is_open_elsewhere(problem: duckdb.Error) -> bool:
    """Return whether DuckDB failed to open a file because another program has it open for writing."""
    text = str(problem)
    return "Could not set lock on file" in text or "being used by another process" in text


def refuse_open_elsewhere(path: Path, problem: duckdb.Error) -> None:
    """Raise HomeError if DuckDB failed to open `path` because another program has it open for writing."""
    if not is_open_elsewhere(problem):
        return
    holder = re.search(r"held in (.+?) \(PID (\d+)\)", str(problem))
    program = f"{Path(holder[1]).name} (process {holder[2]})" if holder else "another program"
    raise HomeError(
        f"{path.resolve()} is open for writing in {program}, so it can neither be read nor replaced. "
        "Close it there, then run the same command again. Nothing was changed."
    ) from problem


def rows(connection: Connection, query: str, values: Values = None) -> list[tuple[Any, ...]]:
    """Return all rows as tuples. For small results only; use `arrow` for bulk data."""
    found: list[tuple[Any, ...]] = connection.execute(query, values).fetchall()
    return found


def one(connection: Connection, query: str, values: Values = None) -> Any:
    """Return the value of a query with one row and one column. Raises ValueError for any other shape."""
    [(value,)] = rows(connection, query, values)
    return value


def arrow(connection: Connection, query: str, values: Values = None) -> pa.Table:
    """Return all rows as an Arrow table."""
    return connection.sql(query, params=values).to_arrow_table()


def literal(text: str) -> str:
    """Quote `text` as an SQL string, for statements that take no parameters."""
    return "'" + text.replace("'", "''") + "'"
