"""DuckDB in memory for tests."""

import duckdb

from tracker.database import Connection


def in_memory() -> Connection:
    """An empty DuckDB with one thread, because tests already run in a process per core."""
    return duckdb.connect(config={"threads": 1})
