"""Builds of a home: what is swapped in, set aside or refused."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.support.database import in_memory
from tests.support.slow import first_of, slow
from tests.warehouse.conftest import land
from tracker.domain import Manifest
from tracker.errors import DataError, HomeError
from tracker.lake.lake import Lake, locked
from tracker.registry.entries import Organization, Registry, Role
from tracker.warehouse.build import FAILED, FILE, BuildOptions, BuildResult, build, run
from tracker.warehouse.sql_files import Check, Incremental, Model, Strategy

NOW = datetime(2026, 8, 21, 6, tzinfo=UTC)
FIRST, SECOND = date(2026, 8, 19), date(2026, 8, 20)
REGISTRY = Registry(version="tests")
Land = Callable[..., Manifest]


def readings(*downloads: int) -> list[dict[str, Any]]:
    """Counters of repositories 0, 1, ..."""
    return [
        {"hub_id": str(n), "downloads_30d": d, "downloads_all_time": d, "likes": 0} for n, d in enumerate(downloads)
    ]


def models_named(*names: str) -> list[dict[str, Any]]:
    return [{"hub_id": str(number), "repo_id": name} for number, name in enumerate(names)]


def built(lake: Lake, registry: Registry = REGISTRY) -> BuildResult:
    return build(lake, registry, NOW)


@pytest.fixture(scope="module")
def first_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home built with one repository on the first day; copy it before changing it."""
    lake = Lake(tmp_path_factory.mktemp("first") / "home")
    land(lake, FIRST, readings(10), models_named("a/x"))
    assert not built(lake).has_failed
    return lake.home


@pytest.fixture
def built_lake(lake: Lake, first_home: Path) -> Lake:
    """The lake of a copy of `first_home`."""
    shutil.copytree(first_home, lake.home, dirs_exist_ok=True)
    return lake


def query(lake: Lake, sql: str, file: str = FILE) -> list[Any]:
    with duckdb.connect(str(lake.home / file), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_build_creates_the_warehouse_of_a_lake(lake: Lake, land_crawl: Land) -> None:
    land_crawl(FIRST, readings(10, 20), models_named("a/x", "b/y"))
    land_crawl(SECOND, readings(11, 21))
    done = built(lake)
    assert (done.path, done.days, done.models, done.findings, done.unlisted_files) == (lake.home / FILE, 2, 2, (), ())
    counters = "select day, sum(downloads_30d) from adoption_days where lens = 'publisher' and models > 0 group by day"
    assert sorted(query(lake, counters)) == [(FIRST, 30), (SECOND, 32)]
    assert query(lake, "select built_at, last_day from build") == [(NOW.replace(tzinfo=None), SECOND)]
    assert sorted(path.name for path in lake.home.iterdir()) == [".build.lock", "lake", FILE]


@pytest.mark.slow
def test_second_build_gives_the_same_tables(built_lake: Lake) -> None:
    lake = built_lake
    tables = "select table_name, estimated_size from duckdb_tables() order by 1"
    first = [query(lake, tables), query(lake, "from adoption_days order by all"), query(lake, "from models order by 1")]
    built(lake)
    again = [query(lake, tables), query(lake, "from adoption_days order by all"), query(lake, "from models order by 1")]
    assert first == again


def test_empty_home_is_an_error_with_advice(lake: Lake) -> None:
    with pytest.raises(DataError, match=r"nothing to build from in .*home: .* Run `tracker crawl` first"):
        built(lake)
    assert not (lake.home / FILE).exists()


def test_failed_check_keeps_the_earlier_warehouse(built_lake: Lake, land_crawl: Land) -> None:
    before = (built_lake.home / FILE).read_bytes()
    land_crawl(SECOND, readings(-1))
    done = built(built_lake)
    assert done.has_failed
    assert [(finding.check.name, finding.rows) for finding in done.findings] == [("model_days__are_not_negative", 1)]
    [example] = done.findings[0].examples
    assert example == "hub_id 0, day 2026-08-20, downloads_30d -1, downloads_all_time -1, likes 0"
    assert (built_lake.home / FILE).read_bytes() == before
    [found] = query(built_lake, "from check_findings", FAILED)
    assert found == ("model_days__are_not_negative", "Counters are never below zero.", "fail", 1, example)


@pytest.mark.slow
def test_successful_build_removes_the_failed_file(lake: Lake, land_crawl: Land) -> None:
    land_crawl(FIRST, readings(-1), models_named("a/x"))
    assert built(lake).has_failed and (lake.home / FAILED).exists() and not (lake.home / FILE).exists()
    land_crawl(FIRST, readings(1), models_named("a/x"))
    assert not built(lake).has_failed
    assert not (lake.home / FAILED).exists() and (lake.home / FILE).exists()


@pytest.mark.parametrize(
    ("manifest", "check", "rows"),
    [
        ({"day": date(2026, 8, 22)}, "coverage_days__have_no_gap", 2),
        slow({"is_complete": False, "incomplete_because": "it shrank"}, "crawls__read_whole_listings", 1),
        slow({"rows_read": 100, "refused": 2}, "crawls__refuse_few_rows", 1),
    ],
)
def test_warning_is_reported_and_the_build_swapped_in(
    built_lake: Lake, land_crawl: Land, manifest: dict[str, Any], check: str, rows: int
) -> None:
    day = manifest.pop("day", SECOND)
    land_crawl(day, readings(11), **manifest)
    done = built(built_lake)
    assert [(f.check.name, f.check.fails, f.rows) for f in done.findings] == [(check, False, rows)]
    last_day = day if manifest.get("is_complete", True) else FIRST  # a part of a listing is no last day
    assert not done.has_failed and query(built_lake, "select last_day from build") == [(last_day,)]


@pytest.mark.slow
def test_one_percent_refused_rows_is_no_warning(lake: Lake, land_crawl: Land) -> None:
    land_crawl(FIRST, readings(10), models_named("a/x"), rows_read=100, refused=1)
    assert built(lake).findings == ()


@pytest.mark.slow
def test_unknown_origin_fails(lake: Lake, land_crawl: Land) -> None:
    stray = Organization(handle="a", lab="a", country="XX", role=Role.LAB, evidence="https://example.org")
    land_crawl(FIRST, readings(10, 20), models_named("a/x", "b/y"))
    done = built(lake, replace(REGISTRY, organizations=(stray,)))
    assert [(f.check.name, f.examples) for f in done.findings] == [
        ("models__have_known_origins", ("publisher_origin XX, models 1",))
    ]


@pytest.mark.slow
def test_reading_without_a_model_fails(lake: Lake, land_crawl: Land) -> None:
    land_crawl(FIRST, readings(10, 20), models_named("a/x"))
    done = built(lake)
    assert [f.check.name for f in done.findings if f.check.fails] == ["adoption_days__loses_no_download"]
    newest = (
        "day 2026-08-19, lens {}, models_expected 2, models_counted 1.0, "
        "downloads_30d_expected 30, downloads_30d_counted 10.0"
    )
    for example, lens in zip(done.findings[0].examples[:2], ("root", "publisher"), strict=True):
        assert example.startswith(newest.format(lens))


@pytest.mark.slow
def test_invalid_model_keeps_the_earlier_warehouse(
    built_lake: Lake, land_crawl: Land, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (built_lake.home / FILE).read_bytes()
    duplicate = Model(
        "duplicate", "marts", "Duplicate.", ("day",), "select day from stg_model_days cross join range(2)", frozenset()
    )
    with monkeypatch.context() as patched:
        patched.setattr("tracker.warehouse.build.models", lambda connection: [*real_models(connection), duplicate])
        with pytest.raises(
            DataError, match=r"marts/duplicate.sql declares one row per \(day\), but 1 keys have several rows"
        ):
            built(built_lake)
    assert (built_lake.home / FILE).read_bytes() == before
    assert built(built_lake).findings == ()
    assert sorted(path.name for path in built_lake.home.iterdir()) == [".build.lock", "lake", FILE]


def real_models(connection: Any) -> Sequence[Model]:
    from tracker.warehouse.sql_files import models

    return models(connection)


@pytest.mark.slow
def test_reader_keeps_reading_the_earlier_file(built_lake: Lake, land_crawl: Land) -> None:
    with duckdb.connect(str(built_lake.home / FILE), read_only=True) as reader:
        land_crawl(SECOND, readings(11))
        built(built_lake)
        assert reader.execute("select last_day from build").fetchall() == [(FIRST,)]
        assert reader.execute("select count(*), min(downloads_30d) from model_days").fetchall() == [(1, 10)]
    assert query(built_lake, "select last_day from build") == [(SECOND,)]


@pytest.mark.parametrize("damage", ["missing", "cut", "garbled", "foreign"])
def test_damaged_lake_file_is_named(built_lake: Lake, damage: str) -> None:
    before = (built_lake.home / FILE).read_bytes()
    path = built_lake.partition_path("model_days", FIRST, "hub")
    content = path.read_bytes()
    if damage == "missing":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(content[:-1])
    elif damage == "garbled":
        path.write_bytes(content[:4] + b"\xff" * (len(content) - 12) + content[-8:])
    else:
        path.write_bytes(b"x" * len(content))
    with pytest.raises(HomeError, match=r"model_days/day=2026-08-19/hub.parquet") as caught:
        build(built_lake, REGISTRY, NOW, options=BuildOptions(full=True))
    assert "Restore it from a backup" in str(caught.value)
    assert (built_lake.home / FILE).read_bytes() == before


@pytest.mark.slow
def test_unlisted_file_is_reported_and_ignored(built_lake: Lake) -> None:
    stray = built_lake.partition_path("model_days", SECOND, "hub")
    stray.parent.mkdir()
    stray.write_bytes(b"anything")
    done = built(built_lake)
    assert (done.unlisted_files, done.days) == ((stray,), 1)
    assert stray.read_bytes() == b"anything"


KILLED = """
import os, shutil, signal, sys
import duckdb

warehouse, new_file = sys.argv[1:]
shutil.copyfile(warehouse, new_file)
connection = duckdb.connect(new_file)
connection.execute("insert into model_days select * replace (day + 2 as day) from model_days")
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("gone", first_of([[], [f"{FILE}.new"]]), ids=["file and log", "log only"])
@pytest.mark.parametrize("full", first_of([True, False]), ids=["full", "incremental"])
@pytest.mark.slow
def test_leftovers_of_a_killed_build_are_removed(
    built_lake: Lake, land_crawl: Land, gone: Sequence[str], full: bool
) -> None:
    land_crawl(SECOND, readings(11))
    new_file = built_lake.home / f"{FILE}.new"
    killed = subprocess.run([sys.executable, "-c", KILLED, str(built_lake.home / FILE), str(new_file)])
    assert killed.returncode == -signal.SIGKILL
    assert new_file.exists() and (built_lake.home / f"{FILE}.new.wal").stat().st_size
    (built_lake.home / "tmp").mkdir()
    for name in gone:
        (built_lake.home / name).unlink()
    plans: list[str] = []
    build(built_lake, REGISTRY, NOW, options=BuildOptions(full=full), on_plan=plans.append)
    assert len(plans) == 1 and plans[0].startswith("Full refresh") == full
    assert query(built_lake, "select hub_id from models") == [("0",)]
    assert query(built_lake, "select day from model_days order by day") == [(FIRST,), (SECOND,)]
    assert sorted(path.name for path in built_lake.home.iterdir()) == [".build.lock", "lake", FILE]


def test_second_build_of_a_home_is_refused(lake: Lake, land_crawl: Land) -> None:
    land_crawl(FIRST, readings(10), models_named("a/x"))
    with locked(lake.home, "build"), pytest.raises(HomeError, match="Another `tracker build` is running"):
        built(lake)


@pytest.mark.slow
def test_steps_are_reported_in_order(lake: Lake, land_crawl: Land) -> None:
    land_crawl(FIRST, readings(10), models_named("a/x"))
    steps: list[str] = []
    build(lake, REGISTRY, NOW, steps.append)
    assert len(steps) == len(set(steps)) and {"stg_crawls", "core_layers", "models", "build"} <= set(steps)
    assert steps.index("stg_models") < steps.index("core_latest_models") < steps.index("models")


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (Model("m", "marts", "About.", ("day",), "select 1 as day, 2 as extra", frozenset()), "extra of table m"),
        (Model("m", "core", "About.", ("day",), "select 1 as day union all select 1", frozenset()), r"core/m.sql decl"),
        (Model("m", "core", "About.", ("day",), "select nothing", frozenset()), r"warehouse/core/m.sql: Binder Error"),
        (Model("m", "marts", "About.", ("day",), "select null as day from range(2)", frozenset()), "one row per"),
    ],
)
def test_invalid_model_is_named(model: Model, message: str) -> None:
    with in_memory() as connection, pytest.raises(DataError, match=message):
        run(connection, [model])


def test_state_table_must_have_its_declared_columns() -> None:
    incremental = Incremental(Strategy.MERGE, "hub_id varchar")
    model = Model("core_a", "core", "A.", ("hub_id",), "select 1 as hub_id", frozenset(), incremental)
    message = r"core_a.sql declares the columns \(hub_id varchar\), but returns \(hub_id integer\)"
    with in_memory() as connection, pytest.raises(DataError, match=message):
        run(connection, [model])


def test_checks_are_immutable() -> None:
    check = Check("a__b", "A.", True, "select 1", frozenset())
    with pytest.raises(AttributeError):
        check.name = "other"  # type: ignore[misc]


def test_core_tables_are_dropped_after_their_last_reader() -> None:
    first = Model("core_a", "core", "A.", ("hub_id",), "select 1 as hub_id", frozenset())
    second = Model("core_b", "core", "B.", ("hub_id",), "select hub_id from core_a", frozenset({"core_a"}))
    third = Model("core_c", "core", "C.", ("hub_id",), "select hub_id from core_b", frozenset({"core_b"}))
    with in_memory() as connection:
        run(connection, [first, second, third], keep={"core_b"})
        left = connection.execute("select table_name from duckdb_tables() order by 1").fetchall()
    assert left == [("core_b",), ("core_c",)]


def test_grain_of_a_big_table_is_checked_on_a_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.warehouse.runner.BIG_TABLE_ROWS", 99)
    twice = "select range // 2 as hub_id, 1 as day from range(200)"
    with in_memory() as connection, pytest.raises(DataError, match=r"declares one row per \(hub_id, day\), but"):
        run(connection, [Model("core_a", "core", "A.", ("hub_id", "day"), twice, frozenset())])
