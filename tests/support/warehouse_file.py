"""Read and change a home's warehouse directly with DuckDB."""

from pathlib import Path
from typing import Any

import duckdb

from tracker.sql.query import show_steps


def read_rows(home: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """All rows of a query. The file is closed afterwards, because the program opens it with other settings."""
    with duckdb.connect(str(home / "tracker.duckdb"), read_only=True) as connection:
        show_steps(connection)
        return connection.execute(sql, list(values)).fetchall()


def read_value(home: Path, sql: str) -> Any:
    """The value of a query with one row and one column."""
    [(value,)] = read_rows(home, sql)
    return value


def run_sql(home: Path, *statements: str) -> None:
    """Change a warehouse; only for homes that a single test owns."""
    with duckdb.connect(str(home / "tracker.duckdb")) as connection:
        show_steps(connection)
        for sql in statements:
            connection.execute(sql)
