"""DuckDB behind three functions, so that a change of its Python API is met in one place."""

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa

Connection = duckdb.DuckDBPyConnection


Values = Sequence[Any] | Mapping[str, Any] | None


def rows(connection: Connection, query: str, values: Values = None) -> list[tuple[Any, ...]]:
    """All rows of a query that gives few."""
    found: list[tuple[Any, ...]] = connection.execute(query, values).fetchall()
    return found


def one(connection: Connection, query: str, values: Values = None) -> Any:
    """The single value of a query that gives one row of one column."""
    [(value,)] = rows(connection, query, values)
    return value


def arrow(connection: Connection, query: str, values: Values = None) -> pa.Table:
    """What a query gives, as columns."""
    return connection.sql(query, params=values).to_arrow_table()
