"""Publish and pull: the same rows, the same warehouse, and further days."""

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from tests.publish.conftest import REPO, Cloud
from tests.support.pinned_registry import pinned_registry
from tests.warehouse.comparison import differences
from tracker.cli.publish import due_line
from tracker.config import Settings
from tracker.demo.hub.server import EmbeddedHub
from tracker.demo.simulation.world import SimulatedWorld
from tracker.domain import Scope
from tracker.errors import DataError
from tracker.hub.client import HubClient
from tracker.hub.crawl import CrawlOptions, crawl
from tracker.lake.lake import Lake
from tracker.pipeline import build_home
from tracker.progress import NoProgress
from tracker.publish.card import card
from tracker.publish.layout import COMPACT, MARTS, mart_path
from tracker.publish.push import PublishOptions
from tracker.registry.load import load
from tracker.warehouse.build import FILE

Part = Callable[..., Path]
Content = Callable[[Path], dict[str, Any]]
NOW = datetime(2026, 11, 21, 6, tzinfo=UTC)
LAST, BEFORE = date(2026, 11, 20), date(2026, 11, 19)


@pytest.mark.slow
def test_pulled_home_crawls_on_and_builds_the_same(
    cloud: Cloud, part: Part, simulated: Path, content: Content, tmp_path: Path
) -> None:
    first, registry = part("first", date.min, BEFORE), load()
    sent = cloud.publish(first)
    assert (len(sent.crawls), sent.months) == (59, ["2026-09", "2026-10"])
    again = tmp_path / "again"
    found = cloud.pull(again)
    assert (len(found.landed), found.not_replaced, found.in_dataset) == (59, [], 59)
    assert content(again) == content(first)
    assert Lake(again).unfinished_runs() == []

    world = SimulatedWorld(seed=0, days=60, models=500, registry=pinned_registry())
    assert world.days[-1] == LAST
    with EmbeddedHub(world, quota=1_000_000) as hub:
        crawl(
            Lake(again),
            CrawlOptions(LAST, Scope.HUB),
            HubClient(hub.url, now=lambda: NOW),
            registry,
            NoProgress(),
            lambda: NOW,
        )
    assert not build_home(again, registry, NOW).has_failed
    # The last crawl took another time, and the Hub's clock, which runs from noon, had gone on for longer.
    differ = differences(simulated / "tracker.duckdb", again / "tracker.duckdb", "model_days.read_at")
    assert differ.keys() <= {"crawls"}


def test_dataset_has_tables_card_and_latest_json(cloud: Cloud, simulated: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(simulated, tmp_path / "home"))
    cloud.publish(home, PublishOptions())
    files = cloud.files
    with duckdb.connect(str(home / FILE), read_only=True) as connection:
        connection.execute("set timezone = 'UTC'")
        for table in set(MARTS) - {"model_flows"}:
            expected = connection.sql(f"select * from main.{table} order by all").to_arrow_table()
            found = pq.read_table(pa.BufferReader(files[mart_path(table)]))
            assert found.to_pylist() == expected.to_pylist(), table
        flows = connection.sql("select strftime(day, '%Y-%m'), count(*) from model_flows group by 1").fetchall()
    for month, count in flows:
        assert pq.read_metadata(pa.BufferReader(files[mart_path("model_flows", month)])).num_rows == count
    latest = json.loads(files["latest.json"])
    assert (latest["last_day"], latest["is_simulated"]) == ("2026-11-20", True)
    assert latest["scopes"] == {"hub": {"first": "2026-09-22", "last": "2026-11-20", "days": 60}}
    _, head, body = files["README.md"].decode().split("---\n", 2)
    metadata = yaml.safe_load(head)
    assert metadata["license"] == ["apache-2.0"]
    for config in metadata["configs"]:
        assert any(fnmatchcase(path, config["data_files"]) for path in files), config
    assert [config["config_name"] for config in metadata["configs"] if config.get("default")] == ["adoption_days"]
    assert "SIMULATED" in body and "{{" not in body and "| None |" not in body
    assert f"hf://datasets/{REPO}/marts/adoption_days.parquet" in body


def test_card_of_a_single_day_names_its_source(simulated: Path) -> None:
    first = Lake(simulated).manifests()[0]
    text = card(simulated / FILE, REPO, [first], ()).decode()
    assert f"| {first.scope} | {first.source} | {first.day} | {first.day} | 1 |" in text


@pytest.mark.slow
def test_only_changed_marts_are_sent_again(cloud: Cloud, simulated: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(simulated, tmp_path / "home"))
    cloud.publish(home, PublishOptions())
    with duckdb.connect(str(home / FILE)) as connection:
        connection.execute("update build set built_at = built_at + interval 1 hour")
    again = cloud.publish(home, PublishOptions())
    assert (again.files, again.removed, again.revision) == ({}, [], cloud.repository.head.oid)
    with duckdb.connect(str(home / FILE)) as connection:
        connection.execute("update model_flows set downloads = downloads + 1 where day = '2026-10-20'")
    changed = cloud.publish(home, PublishOptions())
    assert changed.files.keys() == {mart_path("model_flows", "2026-10"), "marts/build.parquet", "latest.json", COMPACT}


def test_outdated_warehouse_is_not_published(cloud: Cloud, part: Part, simulated: Path) -> None:
    home = part("home", first=LAST)
    with pytest.raises(DataError, match="There is no warehouse at"):
        cloud.publish(home, PublishOptions())
    shutil.copy(simulated / FILE, home / FILE)
    with pytest.raises(
        DataError, match=r"was not built from the crawls that are now in the lake\. Run `tracker build`"
    ):
        cloud.publish(home, PublishOptions())


@pytest.mark.slow
def test_new_day_is_sent_and_past_month_compacted(cloud: Cloud, part: Part, content: Content, tmp_path: Path) -> None:
    cloud.publish(part("october", last=date(2026, 10, 30)))
    further = cloud.publish(part("halloween", last=date(2026, 10, 31)))
    assert {path for path in further.files if "model_days" in path} == {"lake/model_days/day=2026-10-31/hub.parquet"}
    assert (further.removed, further.months) == ([], [])
    november = part("november", last=date(2026, 11, 1))
    passed = cloud.publish(november)
    assert passed.months == ["2026-10"]
    assert {path for path in passed.removed if "model_days" in path} == {
        f"lake/model_days/day=2026-10-{day}/hub.parquet" for day in range(26, 32)
    }
    assert {path for path in cloud.files if path.startswith("lake/model_days/")} == {
        "lake/model_days/month=2026-10/hub.parquet",
        "lake/model_days/day=2026-11-01/hub.parquet",
    }
    assert len(cloud.repository.commits) == 4
    cloud.pull(tmp_path / "again")
    assert content(tmp_path / "again") == content(november)
    assert cloud.publish(tmp_path / "again").files == {}


@pytest.mark.slow
def test_pull_fetches_only_missing_days(cloud: Cloud, part: Part, content: Content) -> None:
    whole, half = part("whole"), part("half", last=date(2026, 11, 17))
    cloud.publish(whole)
    cloud.hub.requests.clear()
    assert cloud.pull(half).landed == ["2026-11-18-hub", "2026-11-19-hub", "2026-11-20-hub"]
    assert content(half) == content(whole)
    fetched = {unquote(r.path.partition("/main/")[2] or r.path) for r in cloud.hub.requests if "/resolve/" in r.path}
    assert all("lake/crawls.jsonl" in path or re.search("day=2026-11-(18|19|20)", path) for path in fetched)
    assert cloud.pull(half).landed == []


@pytest.mark.slow
def test_late_day_is_compacted_into_its_month(cloud: Cloud, part: Part, content: Content) -> None:
    whole, gap = part("whole"), part("gap")
    lake = Lake(gap)
    [late] = [manifest for manifest in lake.manifests() if manifest.day == date(2026, 10, 28)]
    lake.remove_crawl(late)
    cloud.publish(gap)
    sent = cloud.publish(whole)
    assert sent.crawls == ["2026-10-28-hub"] and sent.months == ["2026-10"] and sent.removed == []
    assert cloud.pull(gap).landed == ["2026-10-28-hub"]
    assert content(gap) == content(whole)


@pytest.mark.parametrize("is_complete", [True, False])
def test_day_is_due_until_its_crawl_is_complete(cloud: Cloud, part: Part, is_complete: bool) -> None:
    home = part("home", first=LAST)
    [manifest] = Lake(home).manifests()
    why = None if is_complete else "it shrank"
    Lake(home).save_manifest(replace(manifest, is_complete=is_complete, incomplete_because=why))
    cloud.publish(home)
    found = Settings.from_env({"HF_ENDPOINT": cloud.hub.url})
    due = "due=no" if is_complete else "due=yes"
    assert [due_line(found, REPO, *of) for of in ((Scope.HUB, LAST), (Scope.LABS, LAST), (Scope.HUB, BEFORE))] == [
        due,
        "due=yes",
        "due=yes",
    ]


def test_dry_run_lists_files_and_sends_nothing(cloud: Cloud, part: Part) -> None:
    head = cloud.repository.head
    sent = cloud.publish(part("home"), is_dry=True)
    assert len(sent.crawls) == 26 and "lake/crawls.jsonl" in sent.files
    assert cloud.repository.head == head
