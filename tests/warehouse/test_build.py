"""Builds of a home: what is swapped in, what is set aside, what is refused."""

import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import duckdb
import pytest

from tests.support.database import in_memory
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


def counted(*downloads: int) -> list[dict[str, Any]]:
    """Readings of repositories 0, 1, ..."""
    return [
        {"hub_id": str(n), "downloads_30d": d, "downloads_all_time": d, "likes": 0} for n, d in enumerate(downloads)
    ]


def named(*names: str) -> list[dict[str, Any]]:
    return [{"hub_id": str(number), "repo_id": name} for number, name in enumerate(names)]


def built(lake: Lake, registry: Registry = REGISTRY) -> BuildResult:
    return build(lake, registry, NOW)


def asked(lake: Lake, query: str, file: str = FILE) -> list[Any]:
    with duckdb.connect(str(lake.home / file), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_build_creates_the_warehouse_of_a_lake(lake: Lake, land_crawl: Land) -> None:
    land_crawl(FIRST, counted(10, 20), named("a/x", "b/y"))
    land_crawl(SECOND, counted(11, 21))
    done = built(lake)
    assert (done.path, done.days, done.models, done.findings, done.unlisted_files) == (lake.home / FILE, 2, 2, (), ())
    counters = "select day, sum(downloads_30d) from adoption_days where lens = 'publisher' and models > 0 group by day"
    assert sorted(asked(lake, counters)) == [(FIRST, 30), (SECOND, 32)]
    assert asked(lake, "select built_at at time zone 'UTC', last_day from build") == [
        (NOW.replace(tzinfo=None), SECOND)
    ]
    assert sorted(path.name for path in lake.home.iterdir()) == [".build.lock", "lake", FILE]


def test_second_build_gives_the_same_tables(lake: Lake, land_crawl: Land) -> None:
    land_crawl(FIRST, counted(10, 20), named("a/x", "b/y"))
    tables = "select table_name, estimated_size from duckdb_tables() order by 1"
    built(lake)
    first = [asked(lake, tables), asked(lake, "from adoption_days order by all"), asked(lake, "from models order by 1")]
    built(lake)
    again = [asked(lake, tables), asked(lake, "from adoption_days order by all"), asked(lake, "from models order by 1")]
    assert first == again


def test_empty_home_is_an_error_with_advice(lake: Lake) -> None:
    with pytest.raises(DataError, match=r"nothing to build from in .*home: .* Run `tracker crawl` first"):
        built(lake)
    assert not (lake.home / FILE).exists()


def test_failed_check_keeps_the_earlier_warehouse(lake: Lake, land_crawl: Land) -> None:
    land_crawl(FIRST, counted(10), named("a/x"))
    built(lake)
    before = (lake.home / FILE).read_bytes()
    land_crawl(SECOND, counted(-1))
    done = built(lake)
    assert done.has_failed
    assert [(finding.check.name, finding.rows) for finding in done.findings] == [("model_days__are_not_negative", 1)]
    [example] = done.findings[0].examples
    assert example == "hub_id 0, day 2026-08-20, downloads_30d -1, downloads_all_time -1, likes 0"
    assert (lake.home / FILE).read_bytes() == before
    [found] = asked(lake, "from check_findings", FAILED)
    assert found == ("model_days__are_not_negative", "Counters are never below zero.", "fail", 1, example)


def test_successful_build_removes_the_failed_file(lake: Lake, land_crawl: Land) -> None:
    land_crawl(FIRST, counted(-1), named("a/x"))
    assert built(lake).has_failed and (lake.home / FAILED).exists() and not (lake.home / FILE).exists()
    land_crawl(FIRST, counted(1), named("a/x"))
    assert not built(lake).has_failed
    assert not (lake.home / FAILED).exists() and (lake.home / FILE).exists()


@pytest.mark.parametrize(
    ("told", "check", "rows"),
    [
        ({"day": date(2026, 8, 22)}, "coverage_days__have_no_gap", 2),
        ({"is_complete": False, "incomplete_because": "it shrank"}, "crawls__read_whole_listings", 1),
        ({"rows_read": 100, "refused": 2}, "crawls__refuse_few_rows", 1),
    ],
)
def test_warning_is_reported_and_the_build_swapped_in(
    lake: Lake, land_crawl: Land, told: dict[str, Any], check: str, rows: int
) -> None:
    land_crawl(FIRST, counted(10), named("a/x"))
    day = told.pop("day", SECOND)
    land_crawl(day, counted(11), **told)
    done = built(lake)
    assert [(f.check.name, f.check.fails, f.rows) for f in done.findings] == [(check, False, rows)]
    assert not done.has_failed and asked(lake, "select last_day from build") == [(day,)]


def test_one_percent_refused_rows_is_no_warning(lake: Lake, land_crawl: Land) -> None:
    land_crawl(FIRST, counted(10), named("a/x"), rows_read=100, refused=1)
    assert built(lake).findings == ()


def test_unknown_origin_fails(lake: Lake, land_crawl: Land) -> None:
    stray = Organization(handle="a", lab="a", country="XX", role=Role.LAB, evidence="https://example.org")
    land_crawl(FIRST, counted(10, 20), named("a/x", "b/y"))
    done = built(lake, replace(REGISTRY, organizations=(stray,)))
    assert [(f.check.name, f.examples) for f in done.findings] == [
        ("models__have_known_origins", ("publisher_origin XX, models 1",))
    ]


def test_reading_without_a_model_fails(lake: Lake, land_crawl: Land) -> None:
    land_crawl(FIRST, counted(10, 20), named("a/x"))
    done = built(lake)
    assert [f.check.name for f in done.findings if f.check.fails] == ["adoption_days__loses_no_download"]
    assert (
        done.findings[0]
        .examples[0]
        .startswith(
            "day 2026-08-19, lens publisher, models_expected 2, models_counted 1.0, "
            "downloads_30d_expected 30, downloads_30d_counted 10.0"
        )
    )


def test_invalid_model_keeps_the_earlier_warehouse(
    lake: Lake, land_crawl: Land, monkeypatch: pytest.MonkeyPatch
) -> None:
    land_crawl(FIRST, counted(10), named("a/x"))
    built(lake)
    before = (lake.home / FILE).read_bytes()
    twice = Model(
        "twice", "marts", "Twice.", ("day",), "select day from stg_model_days cross join range(2)", frozenset()
    )
    with monkeypatch.context() as patched:
        patched.setattr("tracker.warehouse.build.models", lambda connection: [*real_models(connection), twice])
        with pytest.raises(
            DataError, match=r"marts/twice.sql declares one row per \(day\), but 1 keys have several rows"
        ):
            built(lake)
    assert (lake.home / FILE).read_bytes() == before
    assert built(lake).findings == ()
    assert sorted(path.name for path in lake.home.iterdir()) == [".build.lock", "lake", FILE]


def real_models(connection: Any) -> Sequence[Model]:
    from tracker.warehouse.sql_files import models

    return models(connection)


def test_reader_keeps_reading_the_earlier_file(lake: Lake, land_crawl: Land) -> None:
    land_crawl(FIRST, counted(10), named("a/x"))
    built(lake)
    with duckdb.connect(str(lake.home / FILE), read_only=True) as reader:
        land_crawl(SECOND, counted(11))
        built(lake)
        assert reader.execute("select last_day from build").fetchall() == [(FIRST,)]
        assert reader.execute("select count(*), min(downloads_30d) from model_days").fetchall() == [(1, 10)]
    assert asked(lake, "select last_day from build") == [(SECOND,)]


@pytest.mark.parametrize("damage", ["missing", "cut", "garbled", "foreign"])
def test_damaged_lake_file_is_named(lake: Lake, land_crawl: Land, damage: str) -> None:
    land_crawl(FIRST, counted(*range(50)), named(*(f"a/{n}" for n in range(50))))
    built(lake)
    before = (lake.home / FILE).read_bytes()
    path = lake.partition_path("model_days", FIRST, "hub")
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
        build(lake, REGISTRY, NOW, options=BuildOptions(full=True))
    assert "Put it back from a copy" in str(caught.value)
    assert (lake.home / FILE).read_bytes() == before


def test_unlisted_file_is_reported_and_ignored(lake: Lake, land_crawl: Land) -> None:
    land_crawl(FIRST, counted(10), named("a/x"))
    stray = lake.partition_path("model_days", SECOND, "hub")
    stray.parent.mkdir()
    stray.write_bytes(b"anything")
    done = built(lake)
    assert (done.unlisted_files, done.days) == ((stray,), 1)
    assert stray.read_bytes() == b"anything"


KILLED = """
import os, shutil, signal, sys
import duckdb

warehouse, beside = sys.argv[1:]
shutil.copyfile(warehouse, beside)
connection = duckdb.connect(beside)
connection.execute("insert into model_days select * replace (day + 2 as day) from model_days")
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("gone", [(), (f"{FILE}.new",)], ids=["file and log", "log alone"])
@pytest.mark.parametrize("full", [False, True], ids=["further", "full"])
def test_leftovers_of_a_killed_build_are_removed(lake: Lake, land_crawl: Land, gone: Sequence[str], full: bool) -> None:
    land_crawl(FIRST, counted(10), named("a/x"))
    built(lake)
    land_crawl(SECOND, counted(11))
    beside = lake.home / f"{FILE}.new"
    killed = subprocess.run([sys.executable, "-c", KILLED, str(lake.home / FILE), str(beside)])
    assert killed.returncode == -signal.SIGKILL
    assert beside.exists() and (lake.home / f"{FILE}.new.wal").stat().st_size
    (lake.home / "tmp").mkdir()
    for name in gone:
        (lake.home / name).unlink()
    plans: list[str] = []
    build(lake, REGISTRY, NOW, options=BuildOptions(full=full), on_plan=plans.append)
    assert len(plans) == 1 and plans[0].startswith("Full refresh") == full
    assert asked(lake, "select hub_id from models") == [("0",)]
    assert asked(lake, "select day from model_days order by day") == [(FIRST,), (SECOND,)]
    assert sorted(path.name for path in lake.home.iterdir()) == [".build.lock", "lake", FILE]


def test_second_build_of_a_home_is_refused(lake: Lake, land_crawl: Land) -> None:
    land_crawl(FIRST, counted(10), named("a/x"))
    with locked(lake.home, "build"), pytest.raises(HomeError, match="Another `tracker build` is running"):
        built(lake)


def test_steps_are_reported_in_order(lake: Lake, land_crawl: Land) -> None:
    land_crawl(FIRST, counted(10), named("a/x"))
    heard: list[str] = []
    build(lake, REGISTRY, NOW, heard.append)
    assert len(heard) == len(set(heard)) and {"stg_crawls", "core_layers", "models", "build"} <= set(heard)
    assert heard.index("stg_models") < heard.index("core_latest_models") < heard.index("models")


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (Model("m", "marts", "About.", ("day",), "select 1 as day, 2 as strange", frozenset()), "strange of table m"),
        (Model("m", "core", "About.", ("day",), "select 1 as day union all select 1", frozenset()), r"core/m.sql decl"),
        (Model("m", "core", "About.", ("day",), "select nothing", frozenset()), r"warehouse/core/m.sql: Binder Error"),
        (Model("m", "marts", "About.", ("day",), "select null as day from range(2)", frozenset()), "one row per"),
    ],
)
def test_invalid_model_is_named(model: Model, said: str) -> None:
    with in_memory() as connection, pytest.raises(DataError, match=said):
        run(connection, [model])


def test_state_table_must_have_its_declared_columns() -> None:
    incremental = Incremental(Strategy.MERGE, "hub_id varchar")
    model = Model("core_a", "core", "A.", ("hub_id",), "select 1 as hub_id", frozenset(), incremental)
    said = r"core_a.sql declares the columns \(hub_id varchar\), but returns \(hub_id integer\)"
    with in_memory() as connection, pytest.raises(DataError, match=said):
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
