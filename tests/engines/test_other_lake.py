"""`tracker build --lake`: a lake that is not in the home, and what later builds make of its warehouse."""

import json
import shutil
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.publish.test_readings import reading
from tests.support.database import in_memory
from tests.support.spark import CHEAP, needs_spark
from tests.warehouse.conftest import land
from tracker.database import Connection, connect, rows
from tracker.domain import Manifest
from tracker.engines.session import start_session
from tracker.engines.spark import SparkEngine, Tables, table_types
from tracker.errors import DataError, HomeError, TrackerError
from tracker.lake import axis_days
from tracker.lake.lake import Lake
from tracker.registry.entries import Registry
from tracker.warehouse.build import FILE, BuildOptions, build
from tracker.warehouse.increment import earlier_build, plan
from tracker.warehouse.inputs import create_lake_views, create_registry_tables
from tracker.warehouse.sql_files import Model, models

NOW = datetime(2026, 11, 21, tzinfo=UTC)
FIRST = date(2026, 11, 18)
REGISTRY = Registry(version="tests")


def land_day(lake: Lake, number: int) -> Manifest:
    named = [{"hub_id": "1", "repo_id": "a/x", "created_at": NOW - timedelta(days=90), "tags": []}]
    links = [{"hub_id": "1", "parent_ref": "b/y", "relation": "finetune", "declared_in": "card"}]
    first: dict[str, Any] = {"attributes": named, "links": links} if number == 0 else {}
    counters = {"hub_id": "1", "downloads_30d": 30 + number, "downloads_all_time": 90, "likes": 1}
    return land(lake, FIRST + timedelta(days=number), [counters], **first)


@pytest.fixture
def other(tmp_path: Path) -> Lake:
    """The lake of another home: three days, in a folder whose name Spark could take for a pattern."""
    lake = Lake(tmp_path / "other [1] home")
    for number in range(3):
        land_day(lake, number)
    return lake


@dataclass(frozen=True)
class OverFolder:
    """DuckDB as an engine, over the lake in a folder."""

    folder: Path

    def lake(self, home: Path) -> Lake:
        return Lake(home, self.folder)

    def compute(
        self,
        connection: Connection,
        lake: Lake,
        manifests: Sequence[Manifest],
        ordered: Sequence[Model],
        wanted: Collection[str],
        on_step: Callable[[str], None],
    ) -> Sequence[Model]:
        return ordered


def test_later_builds_need_the_crawls_of_the_other_lake(other: Lake, tmp_path: Path) -> None:
    lake = Lake(tmp_path / "home")
    done = build(lake, REGISTRY, NOW, options=BuildOptions(full=True, engine=OverFolder(other.folder)))
    assert (done.days, done.models, done.unlisted_files, lake.folder.exists()) == (3, 1, (), False)
    before = (lake.home / FILE).read_bytes()
    refusal = (
        f"The warehouse was built from the lake {other.folder}, and {{}} of its 3 crawls are not in the lake of this "
        f"home. Add new days to that lake and run `tracker build --full --engine spark --lake {other.folder}`, or give "
        "--full alone to build from the lake of this home. Nothing was changed."
    )
    for own_days, lacking in ([], 3), ([0, 3], 2):
        for number in own_days:
            land_day(lake, number)
        with pytest.raises(DataError) as refused:
            build(lake, REGISTRY, NOW)
        assert str(refused.value) == refusal.format(lacking)
    assert (lake.home / FILE).read_bytes() == before
    assert plan(lake.home / FILE, lake.manifests(), REGISTRY, full=True).message == "Full refresh: --full was given."


def test_home_with_the_same_crawls_adds_days(other: Lake, tmp_path: Path) -> None:
    lake = Lake(tmp_path / "home")
    build(lake, REGISTRY, NOW, options=BuildOptions(full=True, engine=OverFolder(other.folder)))
    shutil.copytree(other.folder, lake.folder)
    land_day(lake, 3)
    plans: list[str] = []
    build(lake, REGISTRY, NOW, on_plan=plans.append)
    assert plans == ["Incremental build: adding 2026-11-21 to the warehouse of 2026-11-20."]
    with connect(lake.home / FILE, read_only=True) as connection:
        built = earlier_build(connection)
    assert (len(built.crawls), built.other_lake) == (4, None)


def without_crawls(lake: Lake) -> None:
    shutil.rmtree(lake.folder / "crawls")


def without_file(lake: Lake) -> None:
    (lake.folder / "model_days/day=2026-11-19/hub.parquet").unlink()


def with_damaged_manifest(lake: Lake) -> None:
    (lake.folder / "crawls/2026-11-19-hub.json").write_text("{}")


DAMAGE = {
    without_crawls: (DataError, "There is nothing to build from in --lake LAKE: no manifest is in LAKE/crawls. "),
    without_file: (HomeError, "LAKE/model_days/day=2026-11-19/hub.parquet is missing; crawl 2026-11-19-hub wrote it "),
    with_damaged_manifest: (HomeError, "LAKE/crawls/2026-11-19-hub.json is damaged or not a manifest of this program"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_lake_is_refused_before_spark_starts(
    other: Lake, tmp_path: Path, damage: Callable[[Lake], None]
) -> None:
    damage(other)
    kind, message = DAMAGE[damage]
    engine = SparkEngine("no master", tmp_path / "work", other_lake=other.folder)
    with pytest.raises(kind) as refused:
        build(Lake(tmp_path / "home"), REGISTRY, NOW, options=BuildOptions(full=True, engine=engine))
    assert str(refused.value).startswith(message.replace("LAKE", str(other.folder)))


READ, REFUSED = "viewfs://read/lake", "viewfs://refused/lake"
"""A URI for each test, because Java remembers what the first one means."""


def mounted(uri: str, folder: Path) -> dict[str, str]:
    """Settings with which Spark alone knows a folder under this URI, as it knows object storage."""
    return CHEAP | {f"spark.hadoop.fs.viewfs.mounttable.{uri.split('/')[2]}.link./lake": folder.as_uri()}


@needs_spark
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_spark_reads_a_lake_in_storage(other: Lake, tmp_path: Path) -> None:
    """The inputs are those that DuckDB reads, and of a folder too."""
    axis_days.files(other, [reading(other)])
    (other.folder / "model_days/day=2026-11-18/unlisted.parquet").write_bytes(b"no manifest lists it")
    read = {}
    for place in (READ, other.folder):
        engine = SparkEngine("local[1]", tmp_path / "work", mounted(READ, other.folder), place)
        read[place] = spark_inputs(engine, tmp_path / "home")
        engine.remove_results()
    with in_memory() as connection:
        create_lake_views(connection, other, other.manifests(), readings=axis_days.manifests(other))
        expected = {name: sorted(map(repr, rows(connection, f"from {name}"))) for name in read[READ]}
    assert {name: len(found) for name, found in expected.items()} == {
        **{"lake_model_days": 3, "lake_models": 1, "lake_edges": 1, "lake_axis_days": 1},
        **{"lake_axis_crawls": 1, "lake_crawls": 3},
    }
    assert read[READ] == expected == read[other.folder]
    assert not (tmp_path / "work").exists()


def spark_inputs(engine: SparkEngine, home: Path) -> dict[str, list[str]]:
    """Rows of the lake's tables as Spark reads them."""
    names = ("lake_model_days", "lake_models", "lake_edges", "lake_axis_days", "lake_axis_crawls", "lake_crawls")
    lake = engine.lake(home)
    with in_memory() as connection:
        create_lake_views(connection, lake, lake.manifests(), readings=axis_days.manifests(lake))
        create_registry_tables(connection, REGISTRY, NOW)
        tables = Tables(
            start_session(engine.master, engine.settings), engine.folder / "tables", table_types(models(connection))
        )
        try:
            tables.add_inputs(connection, lake, lake.manifests())
            return {name: sorted(repr(tuple(row)) for row in tables.session.table(name).collect()) for name in names}
        finally:
            tables.session.stop()


@needs_spark
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_unusable_storage_is_refused(other: Lake, tmp_path: Path) -> None:
    connector = (
        "Spark has no connector for {}://. Name its package as spark.jars.packages in the configuration of Spark"
    )
    cases = {
        f"{REFUSED}/none": f"--lake {REFUSED}/none does not exist. ",
        f"{REFUSED}/edges": f"There is nothing to build from in --lake {REFUSED}/edges: no manifest is in ",
        "s3a://bucket/lake": f"--lake s3a://bucket/lake: {connector.format('s3a')}",
        "nothing://bucket/lake": f"--lake nothing://bucket/lake: {connector.format('nothing')}",
    }
    for uri, message in cases.items():
        assert refusal_of(uri, other, tmp_path).startswith(message)
    for damage in (without_file, with_damaged_manifest):
        damage(other)
        message = DAMAGE[damage][1].replace("LAKE", REFUSED)
        assert refusal_of(REFUSED, other, tmp_path).startswith(message)
    manifest = other.folder / "crawls/2026-11-19-hub.json"
    manifest.unlink()
    content = json.loads((other.folder / "crawls/2026-11-20-hub.json").read_text())
    content["files"][0]["bytes"] += 1
    (other.folder / "crawls/2026-11-20-hub.json").write_text(json.dumps(content))
    assert "/day=2026-11-20/hub.parquet has " in refusal_of(REFUSED, other, tmp_path)


def refusal_of(uri: str, lake: Lake, folder: Path) -> str:
    engine = SparkEngine("local[1]", folder / "work", mounted(REFUSED, lake.folder), uri)
    with pytest.raises(TrackerError) as refused:
        engine.lake(folder / "home")
    return str(refused.value)
