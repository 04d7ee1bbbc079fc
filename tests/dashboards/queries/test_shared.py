"""Queries of several pages."""

from pathlib import Path

import pytest

from dashboards.data.warehouse import NotReady, open_store
from dashboards.queries import shared
from dashboards.text import terms
from tests.support import tiny_warehouse


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (["delete from series_days"], "days"),
        (["delete from series_days where day < (select max(day) from series_days)"], "days"),
        (["update origin_days set downloads_all_time = null"], "counters"),
        ([], "models"),
    ],
    ids=["no day read", "one day read", "no all-time counters", "days cannot be compared"],
)
def test_reason_of_unknown_daily_downloads(tmp_path: Path, changes: list[str], expected: str) -> None:
    tiny_warehouse.write(tmp_path / "tracker.duckdb", *changes)
    store = open_store(tmp_path)
    assert not isinstance(store, NotReady)
    assert shared.why_no_daily(store[0], "language") == expected
    assert terms.NO_DAILY[expected].startswith("Daily downloads")
