"""A slim warehouse: its day files, who can read them from where, and when they are deleted."""

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from dashboards.data import warehouse as store
from tests.support.program import environment, run_here
from tests.warehouse.comparison import differences
from tests.warehouse.conftest import land
from tracker.api.tracker import Tracker
from tracker.database import Connection, connect, rows
from tracker.errors import DataError, UsageError
from tracker.lake.lake import Lake
from tracker.registry.entries import Organization, Origin, Registry, Role
from tracker.sql.console import run_query
from tracker.sql.process import Limits
from tracker.sql.query import open_warehouse, run_statement
from tracker.warehouse import day_files, day_writer, increment, state_files
from tracker.warehouse.build import FILE, BuildOptions, build
from tracker.warehouse.day_files import MISSING, NEEDED_BY
from tracker.warehouse.day_writer import KEEP_UNUSED, remove_unused
from tracker.warehouse.increment import plan

NOW = datetime(2026, 9, 2, tzinfo=UTC)
REGISTRY = Registry(version="tests")
ACCOUNT = Organization(handle="someone", country="CN", role=Role.COMMUNITY, evidence="its page")
WITH_ACCOUNT = replace(
    REGISTRY,
    organizations=(ACCOUNT,),
    origins=(Origin(code="CN", name="China", region="China"),),
    version="tests with an account",
)
PATIENT = Limits(seconds=60)
COUNT = "select count(*), sum(likes) from model_days"


def counters(day: int) -> list[dict[str, Any]]:
    """Counters of four repositories; the last appears on day 2."""
    return [
        {"hub_id": str(n), "downloads_30d": 10 * n, "downloads_all_time": 1000 + 7 * n * day, "likes": n}
        for n in range(4 if day > 1 else 3)
    ]


def attributes(*numbers: int) -> list[dict[str, Any]]:
    moment = datetime(2026, 8, 1, tzinfo=UTC)
    return [{"hub_id": str(n), "repo_id": f"someone/m{n}", "created_at": moment} for n in numbers]


def built(lake: Lake, slim: bool | None = None, now: datetime = NOW, registry: Registry = REGISTRY) -> str:
    """Build; return the kind of the build."""
    messages: list[str] = []
    assert not build(lake, registry, now, options=BuildOptions(slim=slim), on_plan=messages.append).has_failed
    return " ".join(messages)


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A slim home, built on two days of August and added to on three more, the last in September. Copy it first."""
    lake = Lake(tmp_path_factory.mktemp("slim") / "home")
    for day in range(2):
        land(lake, date(2026, 8, 28 + day), counters(day), attributes(0, 1, 2) if day == 0 else ())
    assert built(lake, slim=True).startswith("Full refresh")
    land(lake, date(2026, 8, 30), counters(2), attributes(3))
    assert built(lake).startswith("Incremental build: adding 2026-08-30")
    for day in (3, 4):
        land(lake, date(2026, 8, 28) + timedelta(days=day), counters(day))
    assert built(lake).startswith("Incremental build: adding 2026-08-31, 2026-09-01")
    return lake.home


@pytest.fixture
def home(grown: Path, tmp_path: Path) -> Path:
    """A moved copy of the slim home: where it was built is gone for its readers."""
    return Path(shutil.copytree(grown, tmp_path / "moved to"))


def used(home: Path) -> list[day_files.DayFile]:
    with connect(home / FILE, read_only=True) as connection:
        return day_files.day_files(connection) or []


def names(home: Path) -> set[str]:
    return {file.file for file in used(home)}


def stored(home: Path) -> set[str]:
    return {path.relative_to(home).as_posix() for path in (home / "days").rglob("*.parquet")}


def test_slim_warehouse_equals_a_single_file(grown: Path, home: Path) -> None:
    assert (
        built(Lake(home), slim=False) == "Full refresh: the earlier warehouse is slim, and this one is a single file."
    )
    assert differences(grown / FILE, home / FILE) == {}
    assert used(home) == [] and stored(home) == stored(grown)
    alone = shutil.copy(home / FILE, home.parent / "alone.duckdb")
    with duckdb.connect(str(alone), read_only=True) as connection:
        assert needing_folder(connection) == set() and rows(connection, COUNT) == [(18, 24)]
    back = plan(home / FILE, Lake(home).manifests(), REGISTRY, full=False, slim=True)
    assert back.is_slim and back.message.startswith("Full refresh: the earlier warehouse is a single file")
    assert not plan(home / FILE, Lake(home).manifests(), REGISTRY, full=False).is_slim


def test_first_build_is_slim_from_a_size_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Flags override the size of the lake."""
    lake, none = Lake(tmp_path), "Full refresh: there is no earlier warehouse."
    land(lake, date(2026, 8, 28), counters(1), attributes(0, 1, 2))

    def planned(slim: bool | None = None) -> tuple[bool, str]:
        chosen = plan(lake.home / FILE, lake.manifests(), REGISTRY, full=False, slim=slim)
        return chosen.is_slim, chosen.message.removeprefix(none).strip()

    assert planned() == (
        False,
        "The warehouse is a single file: fewer than 5,000,000 model-days (--slim changes this).",
    )
    monkeypatch.setattr(increment, "SLIM_FROM_MODEL_DAYS", 3)
    because = "the lake has 3 model-days, 3 or more (--single-file changes this)."
    assert planned() == (True, f"The warehouse is slim, with the folder days: {because}")
    assert planned(slim=False) == (False, "") and planned(slim=True) == (True, "")
    monkeypatch.setattr(increment, "SLIM_FROM_MODEL_DAYS", 4)
    assert not planned()[0]


def test_lost_warehouse_is_slim_again(home: Path) -> None:
    (home / FILE).unlink()
    chosen = plan(home / FILE, Lake(home).manifests(), REGISTRY, full=False)
    assert chosen.is_slim and "the folder days has files of an earlier build" in chosen.message


def test_finished_month_is_one_file_sorted_by_repository(grown: Path) -> None:
    found = [(file.table, file.month.month) for file in used(grown)]
    assert found == [("model_days", 8), ("model_days", 9), ("model_flows", 8), ("model_flows", 9)]
    rows_of_august = pq.read_table(grown / used(grown)[0].file, columns=["id", "day"]).to_pylist()
    keys = [(row["id"], row["day"]) for row in rows_of_august]
    assert len(keys) == 14 and keys == sorted(keys)


def test_months_written_in_parts_are_the_same(grown: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each part becomes row groups of its own and ends between two repositories."""
    monkeypatch.setattr(day_writer, "SAMPLED", 1)
    monkeypatch.setattr(day_writer, "SORTED_ROWS", 5)
    lake = Lake(tmp_path / "parts")
    shutil.copytree(grown / "lake", lake.folder)
    built(lake, slim=True)
    assert differences(grown / FILE, lake.home / FILE) == {}
    for of_parts, of_one in zip(used(lake.home), used(grown), strict=True):
        assert pq.read_table(lake.home / of_parts.file).equals(pq.read_table(grown / of_one.file))
    august = pq.ParquetFile(lake.home / used(lake.home)[0].file)
    parts = [august.read_row_group(part)["id"].unique().to_pylist() for part in range(august.num_row_groups)]
    assert len(parts) > 2 and [number for part in parts for number in part] == [1, 2, 3, 4]


def test_further_days_in_parts_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day_writer, "SAMPLED", 1)
    monkeypatch.setattr(day_writer, "SORTED_ROWS", 3)
    lake = Lake(tmp_path / "parts")
    for day in range(5):
        new = {0: (0, 1, 2), 2: (3,)}.get(day, ())
        land(lake, date(2026, 8, 28) + timedelta(days=day), counters(day), attributes(*new))
        assert built(lake, slim=True).startswith("Incremental build" if day else "Full refresh")
    single = Lake(tmp_path / "single")
    shutil.copytree(lake.folder, single.folder)
    built(single)
    assert differences(lake.home / FILE, single.home / FILE) == {}


def test_builds_share_files_and_old_readers_go_on(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first build adds a file to September, the second merges its files; both leave August as it is.

    The second also has a changed registry, for which it first builds some tables again.
    """
    lake, of_first, opened = Lake(home), names(home), store.open_store(home)
    august = {name for name in of_first if "2026-08" in name}
    assert isinstance(opened, tuple) and len(august) == 2

    def flows(when: store.Store = opened[0]) -> tuple[Any, ...]:
        return store.rows(when, "select count(*), sum(downloads) from model_flows").row(0)

    before = flows()
    land(lake, date(2026, 9, 2), counters(5))
    assert built(lake).startswith("Incremental build: adding 2026-09-02")
    of_second = names(home)
    assert of_second > of_first and len(of_second) == 6 and flows() == before
    monkeypatch.setattr(day_writer, "MAX_FILES", 2)
    land(lake, date(2026, 9, 3), counters(6))
    message = built(lake, now=NOW + timedelta(days=1), registry=WITH_ACCOUNT)
    assert message.startswith("Incremental build: updating what reads the changed registry (organizations")
    of_third = names(home)
    assert of_third & of_second == august and len(of_third) == 4 and flows() == before
    changed = store.open_store(home)
    assert isinstance(changed, tuple) and flows(changed[0]) != before
    assert stored(home) > of_third | of_second
    remove_unused(home, used(home), NOW + timedelta(days=1) + KEEP_UNUSED / 2)
    assert stored(home) > of_third | of_second
    remove_unused(home, used(home), NOW + timedelta(days=1) + KEEP_UNUSED)
    assert stored(home) == of_third
    single = Lake(home.parent / "single")
    shutil.copytree(lake.folder, single.folder)
    built(single, registry=WITH_ACCOUNT)
    assert differences(home / FILE, single.home / FILE) == {}


def test_credits_of_roots_are_files_by_month(tmp_path: Path) -> None:
    """Further days of September leave the file of August as it is; a changed registry alone leaves both."""
    lake = Lake(tmp_path / "home")
    link = {"hub_id": "1", "parent_hub_id": "0", "parent_ref": "someone/m0", "relation": "finetune"}
    links = [{**link, "declared_in": "baseModels", "position": 1}]
    land(lake, date(2026, 8, 30), counters(1), attributes(0, 1, 2), links=links)
    for day in (31, 32):
        land(lake, date(2026, 8, 1) + timedelta(days=day - 1), counters(day - 29)[:3])
    built(lake, slim=True)
    first = [file for file in used(lake.home) if file.table == "root_days"]
    land(lake, date(2026, 9, 2), counters(4)[:3])
    assert built(lake).startswith("Incremental build: adding 2026-09-02")
    second = [file for file in used(lake.home) if file.table == "root_days"]
    assert [file.month.month for file in first] == [file.month.month for file in second] == [8, 9]
    assert first[0] == second[0] and first[1] != second[1]
    assert built(lake, registry=WITH_ACCOUNT).startswith("Incremental build: updating")
    assert [file for file in used(lake.home) if file.table == "root_days"] == second
    single = Lake(tmp_path / "single")
    shutil.copytree(lake.folder, single.folder)
    built(single, registry=WITH_ACCOUNT)
    assert differences(lake.home / FILE, single.home / FILE) == {}
    with connect(single.home / FILE, read_only=True) as connection:
        assert rows(connection, "select count(*) from steps.root_days") == [(sum(file.rows for file in second),)]


@pytest.mark.parametrize("folder", ["it's 'a' home", 'ü "b" [1]', "c;d,e{f}$g"])
def test_moved_home_is_read_from_odd_paths(home: Path, folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    there = home.rename(home.parent / folder)
    monkeypatch.chdir(there.parent)
    assert Tracker.of_home(folder).sql(COUNT).row(0) == (18, 24)
    assert run_query(there / FILE, COUNT, PATIENT).frame.row(0)[0] == 18
    opened = store.open_store(there)
    assert isinstance(opened, tuple) and store.rows(opened[0], COUNT).row(0)[0] == 18


def test_plain_duckdb_reads_a_home_where_it_was_built(grown: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    with duckdb.connect(str(grown / FILE), read_only=True) as connection:
        assert rows(connection, COUNT) == [(18, 24)]


@pytest.fixture
def alone(home: Path) -> Path:
    """The file of a slim warehouse without its folder."""
    shutil.rmtree(home / "days")
    return home / FILE


def needing_folder(connection: Connection) -> set[str]:
    """The tables and views that cannot be read."""
    names = rows(
        connection,
        "select table_name from duckdb_tables() where schema_name = 'main' union all "
        "select view_name from duckdb_views() where schema_name = 'main' and not internal",
    )
    failed = set()
    for (name,) in names:
        try:
            rows(connection, f"select * from {name} limit 0")
        except duckdb.IOException:
            failed.add(name)
    assert len(names) > 30
    return failed


def test_file_alone_says_which_views_need_the_folder(alone: Path, grown: Path) -> None:
    commented = "select view_name from duckdb_views() where comment like '%folder days%variable tracker_home%'"
    with duckdb.connect(str(alone), read_only=True) as connection:
        day_files.set_home(connection, alone.parent)
        assert needing_folder(connection) == set(NEEDED_BY)
        assert {name for (name,) in rows(connection, commented)} == {*NEEDED_BY, *day_files.STEPS}
        day_files.set_home(connection, grown)
        assert needing_folder(connection) == set()
    assert all(name in MISSING for name in NEEDED_BY)


def test_missing_folder_is_explained_by_every_reader(alone: Path) -> None:
    with pytest.raises(DataError) as of_api:
        Tracker.of_home(alone).counts("someone/m1")
    with pytest.raises(DataError) as of_page:
        run_query(alone, "select * from model_history", PATIENT)
    assert str(of_api.value) == str(of_page.value) == MISSING
    done = run_here(["sql", COUNT, "--home", str(alone.parent)], alone.parent, environment(alone.parent, {}))
    assert (done.code, done.out, done.err) == (DataError.exit_code, "", f"tracker: {MISSING}\n")
    told = run_here(["status", "--home", str(alone.parent)], alone.parent, environment(alone.parent, {})).out
    assert f"  {MISSING}" in told.splitlines() and "day files in" not in told
    opened = store.open_store(alone.parent)
    assert isinstance(opened, store.NotReady) and opened.because == MISSING
    assert Tracker.of_home(alone).sql("select count(*) from models").item() == 4


@pytest.mark.parametrize(("folder", "message"), [("days/model_days", "1 of 4 files"), ("state", "1 of ")])
def test_missing_file_makes_a_full_refresh(home: Path, folder: str, message: str) -> None:
    files = [*names(home), *(f"state/{path.name}" for path in (home / "state").iterdir())]
    (home / next(file for file in files if file.startswith(folder))).unlink()
    chosen = plan(home / FILE, Lake(home).manifests(), REGISTRY, full=False)
    assert chosen.message.startswith(f"Full refresh: {message}")
    assert chosen.message.endswith(f"of the earlier warehouse are missing in {folder.split('/')[0]}.")
    assert chosen.is_slim


def test_internal_tables_are_state_files(grown: Path) -> None:
    """They are not in the warehouse file, and the files of earlier builds are gone."""
    with connect(grown / FILE, read_only=True) as connection:
        inside = rows(connection, "select table_name from duckdb_tables() where schema_name = 'state' order by all")
        listed = {file.path: file.table.rows for file in state_files.state_files(connection)}
    assert inside == [("day_files",), ("registry_tables",), ("repository_ids",), ("table_files",)]
    found = {path.relative_to(grown).as_posix(): pq.read_metadata(path).num_rows for path in grown.glob("state/*")}
    assert found == listed and sum(listed.values()) > 20


@pytest.mark.parametrize(("other", "numbered"), [("a", ("hub_id", "root_id")), ("name:x/y", ())])
def test_ids_of_state_files_are_numbered(tmp_path: Path, other: str, numbered: tuple[str, ...]) -> None:
    """Unless a column has an id that is not of a repository; no value changes, and the order is that of the key."""
    with duckdb.connect() as connection:
        connection.execute("create table ids as select * from (values (1, 'a'), (2, 'b')) as t(id, hub_id)")
        expected = [("a", None, 2**70), ("b", other, 3)]
        connection.execute("create table links (hub_id varchar, root_id varchar, total hugeint)")
        connection.executemany("insert into links values (?, ?, ?)", expected[::-1])
        columns = (("hub_id", "VARCHAR"), ("root_id", "VARCHAR"), ("total", "HUGEINT"))
        table = state_files.CarriedTable("state.links", columns, 2, "")
        stored = state_files.write(connection, table, "links", ("hub_id",), tmp_path / "links.parquet", "ids")
        query = state_files.read_sql(stored, tmp_path / "links.parquet", "ids")
        assert stored.numbered == numbered and sorted(rows(connection, query)) == expected
        assert rows(connection, f"select typeof(hub_id), typeof(total) from ({query}) limit 1") == [
            ("VARCHAR", "HUGEINT")
        ]


OUTSIDE = ["{home}/days/unused.json", "{home}/lake/crawls/2026-08-28-hub.json", "/etc/hostname", "open://days/x"]


@pytest.mark.parametrize("file", OUTSIDE)
def test_sql_reads_day_files_and_no_others(home: Path, file: str) -> None:
    query = f"select count(*) from read_text('{file.format(home=home)}') having count(*) > 0"
    try:
        assert run_query(home / FILE, query, PATIENT).frame.is_empty()
    except UsageError as problem:
        assert "no files" in str(problem) or "No files found" in str(problem)
    if "/days/" not in file:
        with open_warehouse(home / FILE) as connection, pytest.raises(UsageError, match="no files"):
            run_statement(connection, query)
