"""Dates are UTC days on a machine in any time zone, for every way to read a warehouse."""

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.slow import first_of
from tests.warehouse.conftest import land
from tracker.lake.lake import Lake
from tracker.registry.load import load
from tracker.warehouse.build import build

ROOT = Path(__file__).parents[1]
DAY = date(2026, 8, 19)
CREATED = {"0": datetime(2026, 8, 1, 0, 15, tzinfo=UTC), "1": datetime(2026, 8, 1, 23, 45, tzinfo=UTC)}
BUILT = datetime(2026, 8, 20, 23, 30, tzinfo=UTC)

READ = """
import json, sys
from pathlib import Path
import duckdb, tracker
from dashboards.data import warehouse as store
from tracker.sql.console import run_query
from tracker.sql.query import open_warehouse, run_statement

home = Path(sys.argv[1])
file = home / "tracker.duckdb"
query = (
    "select string_agg(created_at::date::varchar, ' ' order by hub_id) || ' ' || min(created_at)::varchar || ' '"
    " || (select built_at::varchar from build) || ' ' || (select min(started_at)::date::varchar from crawls) as text"
    " from models"
)
found = {}
with duckdb.connect(str(file), read_only=True) as connection:
    found["own DuckDB"] = connection.sql(query).fetchall()[0][0]
    found["instants"] = str(connection.sql("select created_at from models order by hub_id").fetchall()[1][0])
found |= {"api": tracker.open(home).sql(query).item(), "console": run_query(file, query).frame.item()}
with open_warehouse(file) as connection:
    found["sql"] = run_statement(connection, query)["text"][0].as_py()
    zoned = "select (timestamptz '2026-08-01 23:45:00+00')::date::varchar as day"
    found["zoned"] = run_statement(connection, zoned)["day"][0].as_py()
opened, built = store.open_store(home)
found["page"], found["built"] = store.rows(opened, query).item(), built.built_at
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two repositories, created in the first and the last hour of a day."""
    lake = Lake(tmp_path_factory.mktemp("zones") / "home")
    models = [{"hub_id": n, "repo_id": f"a/{n}", "created_at": created} for n, created in CREATED.items()]
    for number in range(2):
        counters = [{"hub_id": n, "downloads_30d": 9, "downloads_all_time": 50 + number, "likes": 0} for n in CREATED]
        land(lake, DAY + timedelta(days=number), counters, () if number else models)
    build(lake, load(), BUILT)
    return lake.home


@pytest.mark.parametrize("zone", first_of(["Pacific/Kiritimati", "America/Los_Angeles", "Asia/Tokyo"]))
def test_every_reader_gets_utc_days(home: Path, zone: str) -> None:
    environment = {**os.environ, "TZ": zone}
    done = subprocess.run(
        [sys.executable, "-c", READ, str(home)], capture_output=True, text=True, env=environment, cwd=ROOT
    )
    text = "2026-08-01 2026-08-01 2026-08-01 00:15:00 2026-08-20 23:30:00 2026-08-21"
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        **dict.fromkeys(("api", "console", "sql", "page", "own DuckDB"), text),
        **{"zoned": "2026-08-01", "built": "2026-08-20 23:30:00", "instants": "2026-08-01 23:45:00"},
    }


def test_databases_are_opened_in_one_place() -> None:
    """`tracker.database.connect` sets the time zone; no other module opens a database itself."""
    files = [path for folder in ("tracker", "dashboards") for path in (ROOT / folder).rglob("*.py")]
    found = {str(path.relative_to(ROOT)) for path in files if "duckdb.connect(" in _code(path)}
    assert found == {"tracker/database.py"}


def _code(path: Path) -> str:
    """The lines of a file that are not comments."""
    return "\n".join(line for line in path.read_text().splitlines() if not line.lstrip().startswith("#"))
