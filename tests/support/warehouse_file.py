"""The warehouse file of a home, opened with DuckDB alone and without the program's queries."""

from pathlib import Path
from typing import Any

import duckdb


def read_rows(home: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """All rows of a query. The file is closed again, because the program opens it with settings of its own."""
    with duckdb.connect(str(home / "tracker.duckdb"), read_only=True) as connection:
        return connection.execute(sql, list(values)).fetchall()


def read_value(home: Path, sql: str) -> Any:
    """The one value of a query with one row and one column."""
    [(value,)] = read_rows(home, sql)
    return value


def run_sql(home: Path, *statements: str) -> None:
    """Change a warehouse; only for homes that belong to one test."""
    with duckdb.connect(str(home / "tracker.duckdb")) as connection:
        for sql in statements:
            connection.execute(sql)
