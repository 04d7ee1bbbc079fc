"""Models first read between two days: left out of changes of shares, and a break of the lines they belong to."""

from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from dashboards.data.definition import Definition
from dashboards.data.warehouse import NotReady, Store, open_store
from dashboards.queries import first_readings, overview
from tests.support.warehouse_file import read_rows, run_sql

DAY = date(2026, 11, 20)
BEFORE = DAY - timedelta(days=30)
LARGEST = """
select hub_id, downloads_30d::double, created_at::date from models join latest_counts using (hub_id)
where publisher_origin = 'CN' and root_origin = 'CN' and task_class = 'language' and created_at < '2026-01-01'
order by downloads_30d desc limit 1
"""


@pytest.fixture
def first_read_home(own_simulated: Path) -> tuple[Path, str, float]:
    """A home whose largest Chinese model was first read five days ago; its hub_id and 30-day downloads."""
    [(hub_id, downloads, _)] = read_rows(own_simulated, LARGEST)
    run_sql(own_simulated, f"update models set first_seen = '{DAY - timedelta(days=5)}' where hub_id = '{hub_id}'")
    return own_simulated, hub_id, downloads


def opened(home: Path) -> Store:
    found = open_store(home)
    assert not isinstance(found, NotReady)
    return found[0]


def test_first_read_model_is_left_out_of_changes_of_shares(first_read_home: tuple[Path, str, float]) -> None:
    home, _, downloads = first_read_home
    store = opened(home)
    for lens in ("publisher", "root"):
        found = first_readings.first_read(store, Definition(lens), "downloads_30d", "country", BEFORE, DAY)
        assert found == {"CN": downloads}
    assert not first_readings.first_read(store, Definition(), "downloads_7d_mean", "country", BEFORE, DAY)
    table = overview.origin_table(store, Definition(), "downloads_30d", "country", DAY)
    row = next(row for row in table.to_dicts() if row["code"] == "CN")
    total = table["downloads_30d"].sum()
    same = (row["downloads_30d"] - downloads) / (total - downloads)
    assert row["share_change"] == pytest.approx(same - row["share_before"])
    assert row["share"] - row["share_before"] > row["share_change"]


def test_model_created_since_is_growth(first_read_home: tuple[Path, str, float]) -> None:
    home, hub_id, _ = first_read_home
    run_sql(home, f"update models set created_at = '{BEFORE} 09:00' where hub_id = '{hub_id}'")
    assert not first_readings.first_read(opened(home), Definition(), "downloads_30d", "country", BEFORE, DAY)


def test_large_arrival_breaks_its_line(own_simulated: Path) -> None:
    arrived = DAY - timedelta(days=4)
    run_sql(
        own_simulated,
        f"update family_days set arrived_30d = 0.6 * downloads_30d where family = 'qwen' and day = '{arrived}'",
        f"update family_days set arrived_30d = 0.01 * downloads_30d where family = 'llama' and day = '{arrived}'",
    )
    store, families = opened(own_simulated), ("llama", "qwen")
    counters = first_readings.breaks(store, Definition("root"), "family", families, is_flow=False)
    assert counters.rows() == [(arrived, "qwen", pytest.approx(0.6), arrived)]
    flows = first_readings.breaks(store, Definition("root"), "family", families, is_flow=True)
    assert flows["day"].to_list() == [arrived - timedelta(days=29)], "30 days before a reading are known"


def test_simulated_lake_has_no_arrivals(simulated: Path) -> None:
    with duckdb.connect(str(simulated / "tracker.duckdb"), read_only=True) as connection:
        sql = "select sum(arrived_30d), count(arrived_30d) > 0, bool_and((arrived_30d is null) = (models is null)) "
        assert connection.execute(f"{sql} from family_days").fetchone() == (0.0, True, True)
