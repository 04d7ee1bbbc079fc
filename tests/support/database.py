"""DuckDB in memory for tests."""

from tracker.database import Connection, connect


def in_memory() -> Connection:
    """An empty DuckDB with one thread, because tests already run in a process per core."""
    return connect(config={"threads": 1})
