"""What the tests of pages share: questions to the file itself, and what a page says."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

Ask = Callable[..., list[tuple[Any, ...]]]
Said = Callable[[AppTest], str]
Drawn = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def ask() -> Ask:
    """Rows of a query, asked of a home's file without the program's queries."""

    def asked(home: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(home / "tracker.duckdb"), read_only=True) as connection:
            return connection.execute(sql, list(values)).fetchall()

    return asked


@pytest.fixture
def said() -> Said:
    """All prose of a page, as the reader sees it."""

    def prose(app: AppTest) -> str:
        parts = (*app.markdown, *app.subheader, *app.caption, *app.info)
        return "\n".join(part.value for part in parts).replace("\\", "")

    return prose


@pytest.fixture
def drawn() -> Drawn:
    """All rows of a chart's data, as they reach the browser."""

    def rows(app: AppTest, chart: int = 0) -> list[dict[str, Any]]:
        datasets = app.get("vega_lite_chart")[chart].proto.datasets
        tables = [pa.ipc.open_stream(data.data.data).read_all() for data in datasets]
        return [row for table in tables for row in table.to_pylist()]

    return rows
