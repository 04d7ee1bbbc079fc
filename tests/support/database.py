"""DuckDB in memory, as tests want it."""

import duckdb

from tracker.database import Connection


def in_memory() -> Connection:
    """An empty DuckDB on one thread: tests run in a process for every core already."""
    return duckdb.connect(config={"threads": 1})
