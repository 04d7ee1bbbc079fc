"""The report of the simulated home, and its warehouse."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.support.simulated_home import reported as reported
from tracker.sql.query import show_steps

Ask = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture(scope="session")
def ask(simulated: Path) -> Ask:
    """Query the warehouse of the report."""

    def query(sql: str, *values: object) -> list[tuple[Any, ...]]:
        # Closed each time, because the program opens the same file with other settings.
        with duckdb.connect(str(simulated / "tracker.duckdb"), read_only=True) as connection:
            show_steps(connection)
            return connection.execute(sql, values).fetchall()

    return query
