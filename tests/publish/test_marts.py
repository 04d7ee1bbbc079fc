"""The compact file of a dataset: publish it, pull it into a home without readings, and read that home."""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from huggingface_hub import constants

from dashboards.data.definition import Definition
from dashboards.data.warehouse import NotReady, open_store
from dashboards.queries import contributors, dominance
from tests.publish.conftest import REPO, Cloud, land_copy
from tests.support.slow import slow
from tracker.cli.status import status_lines
from tracker.database import one, rows
from tracker.demo.hub.faults import Fault, FaultKind
from tracker.demo.hub.server import EmbeddedHub
from tracker.errors import DataError, HomeError, HubError
from tracker.lake.lake import Lake
from tracker.pipeline import build_home
from tracker.publish import compact
from tracker.publish.compact import Note
from tracker.publish.dataset import Dataset
from tracker.publish.layout import COMPACT, MARTS_NOTE, READ_STEPS
from tracker.publish.marts_pull import MARTS_TEXTS, pull_marts
from tracker.publish.push import PublishOptions
from tracker.registry.load import load
from tracker.sql.query import open_warehouse
from tracker.warehouse.build import FILE
from tracker.warehouse.day_files import TABLES
from tracker.warehouse.sql_files import models

ROOT = Path(__file__).parents[2]
FIRST, LAST = date(2026, 9, 22), date(2026, 11, 20)


def pull(cloud: Cloud, home: Path) -> tuple[Note, bool]:
    with Dataset(REPO, cloud.hub.url, sleep=cloud.waits.append, purpose=MARTS_TEXTS) as dataset:
        return pull_marts(Lake(home), dataset, lambda line: None)


@pytest.fixture(scope="module")
def published(
    simulated: Path, tmp_path_factory: pytest.TempPathFactory, make_catalog: Callable[..., Any]
) -> Iterator[Cloud]:
    """A Hub with the dataset of the last days of the simulated home, which has the warehouse of all days."""
    home = tmp_path_factory.mktemp("marts") / "home"
    shutil.copytree(simulated, home)
    with pytest.MonkeyPatch.context() as patch, EmbeddedHub(make_catalog({LAST: ()}), quota=10**6) as hub:
        for name in ("HF_HUB_DISABLE_TELEMETRY", "HF_HUB_DISABLE_XET"):
            patch.setattr(constants, name, True)
        patch.setenv("HF_TOKEN", "hf_aaaa")
        hub.datasets.create(REPO, datetime(2026, 11, 1, tzinfo=UTC))
        cloud = Cloud(hub)
        cloud.publish(home, PublishOptions())
        yield cloud


@pytest.fixture
def cloud(published: Cloud) -> Iterator[Cloud]:
    """The published dataset, which gets its commits of a test removed afterwards."""
    count = len(published.repository.commits)
    published.hub.requests.clear()
    yield published
    del published.repository.commits[count:]
    published.hub.faults.clear()


@pytest.fixture(scope="module")
def pulled(published: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that has pulled the tables; read-only."""
    home = tmp_path_factory.mktemp("pulled") / "home"
    found, is_new = pull(published, home)
    assert (found.last_day, is_new, found.history_since) == (str(LAST), True, None)
    assert f"Tables of {REPO} ({found.revision[:7]}), pulled without readings, up to {LAST}" in status_lines(Lake(home))
    return home


def files(home: Path) -> dict[Path, tuple[int, int]]:
    """The files of a home, without locks, and which content they have."""
    found = [path for path in home.rglob("*") if path.is_file() and path.suffix != ".lock"]
    return {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in found}


def catalog(file: Path, schema: str = "main") -> dict[str, str]:
    """The comments of tables, views and their columns."""
    with duckdb.connect(str(file), read_only=True) as connection:
        return dict(
            connection.execute(
                "select table_name, comment from duckdb_tables() where schema_name = $schema union all "
                "select view_name, comment from duckdb_views() where schema_name = $schema and not internal union all "
                "select table_name || '.' || column_name, comment from duckdb_columns() "
                "where schema_name = $schema and not internal",
                {"schema": schema},
            ).fetchall()
        )


def test_compact_file_attaches_with_tables_and_comments(pulled: Path, simulated: Path) -> None:
    whole, found = catalog(simulated / FILE), catalog(pulled / FILE)
    assert found.pop("compact") and found.pop("compact.history_since") and found.pop("compact.readings_left_out")
    assert found == whole and all(found.values())
    assert not catalog(pulled / FILE, "state")
    with duckdb.connect() as other:
        other.execute(f"attach '{pulled / FILE}' as marts (read_only)")
        other.execute(f"attach '{simulated / FILE}' as whole (read_only)")
        for name in [name for name in whole if "." not in name]:
            for first, second in (("whole", "marts"), ("marts", "whole")):
                differ = f"select count(*) from (from {first}.{name} except all from {second}.{name})"
                assert other.execute(differ).fetchone() == (0,), name
        assert other.execute("select is_simulated from marts.build").fetchone() == (True,)


def test_second_pull_sends_one_request(cloud: Cloud, pulled: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(pulled, tmp_path / "home"))
    before = files(home)
    assert not pull(cloud, home)[1]
    assert [request.path for request in cloud.hub.requests] == [f"/api/datasets/{REPO}"]
    cloud.repository.add({"other.txt": b"1"}, "another file", datetime(2026, 11, 22, tzinfo=UTC))
    found, is_new = pull(cloud, home)
    assert (is_new, found.revision) == (False, cloud.repository.head.oid)
    assert not any("resolve" in request.path for request in cloud.hub.requests)
    assert files(home).items() & before.items() == {(home / FILE, before[home / FILE])}


def test_new_file_replaces_the_one_before(cloud: Cloud, pulled: Path, tmp_path: Path) -> None:
    """A process that has the earlier file open goes on reading it."""
    home = Path(shutil.copytree(pulled, tmp_path / "home"))
    changed = tmp_path / "changed.duckdb"
    shutil.copy(pulled / FILE, changed)
    with duckdb.connect(str(changed)) as connection:
        connection.execute("update build set last_day = date '2026-11-21'")
    cloud.repository.add({COMPACT: changed.read_bytes()}, "a day", datetime(2026, 11, 22, tzinfo=UTC))
    with open_warehouse(home / FILE) as reader:
        assert pull(cloud, home)[0].last_day == "2026-11-21"
        assert reader.execute("select last_day from build").fetchone() == (LAST,)
    assert (home / FILE).read_bytes() == changed.read_bytes()
    assert not Lake(home).unfinished_runs()


def test_home_with_own_data_is_not_touched(cloud: Cloud, simulated: Path, pulled: Path, tmp_path: Path) -> None:
    lake_only, warehouse_only = tmp_path / "lake", tmp_path / "warehouse"
    land_copy(simulated, lake_only, LAST, LAST)
    warehouse_only.mkdir()
    shutil.copy(simulated / FILE, warehouse_only / FILE)
    shutil.copy(pulled / MARTS_NOTE, warehouse_only / MARTS_NOTE)  # a note does not make a warehouse a pulled one
    for home, own in ((lake_only, "readings of its own"), (warehouse_only, "a warehouse of its own")):
        before = files(home)
        with pytest.raises(HomeError, match=rf"has {own}.*Nothing was changed\. Pull into another --home\."):
            pull(cloud, home)
        assert files(home) == before


@pytest.mark.parametrize("content", [b"", b"PAR1", None], ids=["empty", "no database", "a whole warehouse"])
def test_unusable_file_is_not_pulled(
    cloud: Cloud, pulled: Path, simulated: Path, tmp_path: Path, content: bytes | None
) -> None:
    home = Path(shutil.copytree(pulled, tmp_path / "home"))
    sent = (simulated / FILE).read_bytes() if content is None else content
    cloud.repository.add({COMPACT: sent}, "damage", datetime(2026, 11, 22, tzinfo=UTC))
    with pytest.raises(DataError, match=r"marts\.duckdb of ada/data cannot be read \(.+\)\. Nothing was pulled\."):
        pull(cloud, home)
    assert (home / FILE).read_bytes() == (pulled / FILE).read_bytes()
    assert (home / MARTS_NOTE).read_text() == (pulled / MARTS_NOTE).read_text()


def test_interrupted_pull_leaves_the_tables(cloud: Cloud, pulled: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    cloud.hub.faults.add(Fault(FaultKind.STATUS, "resolve", status=403, times=9))
    with pytest.raises(HubError, match="Run the same command again"):
        pull(cloud, home)
    assert not (home / FILE).exists()
    cloud.hub.faults.clear()
    assert pull(cloud, home)[1]
    assert (home / FILE).read_bytes() == (pulled / FILE).read_bytes()


@pytest.mark.slow
def test_damaged_tables_are_fetched_again(cloud: Cloud, pulled: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(pulled, tmp_path / "home"))
    (home / FILE).write_bytes((home / FILE).read_bytes()[:5000])
    assert pull(cloud, home)[1]
    assert (home / FILE).read_bytes() == (pulled / FILE).read_bytes()


def test_dataset_without_compact_file_says_so(cloud: Cloud, tmp_path: Path) -> None:
    cloud.repository.add({COMPACT: None}, "earlier version", datetime(2026, 11, 22, tzinfo=UTC))
    with pytest.raises(DataError, match=r"ada/data has no marts\.duckdb: a publish of this version makes it"):
        pull(cloud, tmp_path / "home")


@pytest.mark.slow
def test_pulled_tables_do_not_hinder_a_build(cloud: Cloud, pulled: Path, simulated: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(pulled, tmp_path / "home"))
    land_copy(simulated, home, date.min, FIRST)
    assert not build_home(home, load(), datetime(2026, 11, 21, 6, tzinfo=UTC)).has_failed
    with open_warehouse(home / FILE) as connection:
        assert connection.execute("select count(*) from crawls").fetchone() == (1,)
    with pytest.raises(HomeError, match="has readings of its own"):
        pull(cloud, home)


def test_rebuilt_warehouse_is_the_same_compact_file(simulated: Path, tmp_path: Path) -> None:
    """Its sum ignores the time of the build, and sees rows and comments."""
    home = Path(shutil.copytree(simulated, tmp_path / "home"))
    sums = [described(home).sum]
    for change in (
        "update build set built_at = built_at + interval 1 hour",
        "update models set author = 'someone' where hub_id = (select min(hub_id) from models)",
        "comment on column models.author is 'Who published it.'",
    ):
        with duckdb.connect(str(home / FILE)) as connection:
            connection.execute(change)
        sums.append(described(home).sum)
    assert sums[0] == sums[1] and len({*sums}) == 3


def described(home: Path) -> compact.Compact:
    with open_warehouse(home / FILE) as connection:
        found = compact.describe(connection)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def cut(simulated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a compact file that lacks most days; read-only."""
    home = tmp_path_factory.mktemp("cut") / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compact, "MOST_READINGS", 5_000)
        compact.write(simulated / FILE, described(simulated), home / FILE)
        yield home


def test_long_history_is_cut_to_whole_days(cut: Path, simulated: Path) -> None:
    counts = "select day, count(*) from {} group by 1 order by 1"
    with open_warehouse(simulated / FILE) as whole, open_warehouse(cut / FILE) as kept:
        [(since, left_out)] = rows(kept, "from compact")
        assert date(2026, 11, 1) < since < LAST
        for table in TABLES:
            all_days, found = rows(whole, counts.format(table)), rows(kept, counts.format(table))
            assert [row for row in found if row[0] >= since] == [row for row in all_days if row[0] >= since]
            earlier = {*found} - {row for row in found if row[0] >= since}
            assert earlier <= {*all_days} and (len(earlier) > 0) == (table == "model_days")
        readings = [one(each, "select count(*) from model_days") for each in (whole, kept)]
        assert left_out == readings[0] - readings[1]
        assert rows(kept, "from models_now order by all") == rows(whole, "from models_now order by all")


@pytest.mark.parametrize(
    "metric", ["downloads_30d", slow("likes"), slow("downloads_7d_mean"), slow("downloads_all_time")]
)
def test_cut_history_has_the_days_that_pages_compare(cut: Path, simulated: Path, metric: str) -> None:
    stores = []
    for home in (cut, simulated):
        opened = open_store(home)
        assert not isinstance(opened, NotReady)
        stores.append(opened[0])
    definition, traced = Definition(), metric if metric in contributors.METRICS else "downloads_30d"
    for day in (LAST - timedelta(days=days) for days in range(5)):
        before = [contributors.day_before(store, definition, traced, day) for store in stores]
        assert before[0] == before[1] is not None
        moved = [contributors.contributors(store, definition, traced, "country", before[0], day) for store in stores]
        assert moved[0].equals(moved[1]) and moved[0].height
        largest = [
            dominance.dominant_models(store, definition, metric, "country", day, ("CN", "US")) for store in stores
        ]
        if metric == "downloads_all_time":  # added up from the first day on
            assert largest[0].is_empty() and largest[1].height
        else:
            assert largest[0].equals(largest[1]) and largest[0].height


def test_many_models_have_no_compact_file(simulated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compact, "MOST_MODELS", 400)
    with open_warehouse(simulated / FILE) as connection:
        assert compact.describe(connection) is None


def test_all_steps_that_pages_read_are_in_the_file() -> None:
    """Pages name their tables in SQL: what follows `from` or `join` there, of the tables that are steps."""
    with duckdb.connect() as connection:
        steps = {model.name for model in models(connection) if model.schema == "steps"}
    found = set()
    for folder in ("dashboards", "tracker/api"):
        for path in (ROOT / folder).rglob("*.py"):
            found |= {
                *re.findall(r"(?:from |join |[\"'](?=\w+ as ))(?:steps\.)?(\w+)\b", path.read_text(encoding="utf-8"))
            } & steps
    assert found and found <= {*READ_STEPS} <= steps
