"""core_snapshot_changes: what all repositories together did from one snapshot to the next."""

from tests.support.database import in_memory
from tracker.database import rows
from tracker.warehouse.sql_files import models

READINGS = """
create table core_readings as
from (values
    (1, date '2026-08-20', date '2026-08-19', 2000, 500, 400),
    (2, date '2026-08-20', date '2026-08-19', 2000, 500, 400),
    (3, date '2026-08-20', date '2026-08-19', 1000, 700, 700),
    (4, date '2026-08-20', date '2026-08-19', 5000, 10, 90),
    (5, date '2026-08-20', date '2026-08-18', 7000, 60, 50)
) as readings (repository_key, day, day_before, downloads_30d, downloads_all_time, all_time_before)
"""


def test_repositories_with_the_same_counters_all_count() -> None:
    """Two are alike, one stands still, one drops, and one was not read the day before."""
    with in_memory() as connection:
        [model] = [model for model in models(connection) if model.name == "core_snapshot_changes"]
        connection.execute(READINGS)
        connection.execute(
            "create table core_snapshots as select date '2026-08-20' as day, date '2026-08-19' as previous_day, "
            "'crawl' as source, 2 as number, false as is_interrupted"
        )
        columns = "repositories, dropped, busy, unchanged, total_change, downloads_30d, downloads_30d_total"
        assert rows(connection, f"select {columns} from ({model.sql})") == [(4, 1, 3, 1, 200.0, 5000.0, 10_000.0)]
