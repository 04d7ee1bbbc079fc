"""The parts of DuckDB's Python API that the program uses, so that an API change affects one module."""

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa

Connection = duckdb.DuckDBPyConnection
Values = Sequence[Any] | Mapping[str, Any] | None
"""Parameters of a query: by position (`?`), by name (`$name`), or none."""


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
