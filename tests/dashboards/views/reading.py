"""What a test reads: from a page what is drawn and said, from the warehouse what is true."""

from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from streamlit.testing.v1 import AppTest


def asked(home: Path, sql: str) -> list[tuple[Any, ...]]:
    """Rows, asked of the warehouse with DuckDB alone."""
    with duckdb.connect(str(home / "tracker.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def changed(home: Path, *statements: str) -> None:
    """Changes a warehouse of the test's own."""
    with duckdb.connect(str(home / "tracker.duckdb")) as connection:
        for sql in statements:
            connection.execute(sql)


def drawn(app: AppTest, number: int, *columns: str) -> list[tuple[Any, ...]]:
    """The rows of these columns that a chart of the page draws, in the largest of its frames that has them."""
    sets = [pl.read_ipc_stream(one.data.data) for one in app.get("vega_lite_chart")[number].proto.datasets]
    having = [frame for frame in sets if set(columns) <= set(frame.columns)]
    return max(having, key=lambda frame: frame.height).select(columns).rows()


def said(app: AppTest) -> str:
    """All prose of a page, as the reader sees it."""
    parts = (*app.markdown, *app.subheader, *app.caption, *app.info)
    return "\n".join(part.value for part in parts).replace("\\", "")
