"""The report of the simulated home, and its warehouse."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.homes import reported as reported

Ask = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture(scope="session")
def ask(simulated: Path) -> Ask:
    """Rows of a query over the warehouse that the report is of."""
    connection = duckdb.connect(str(simulated / "tracker.duckdb"), read_only=True)
    return lambda sql, *values: connection.execute(sql, values).fetchall()
