"""A full refresh on Spark: the public tables of DuckDB's, to which later days are added."""

import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.spark import CHEAP, needs_spark
from tests.warehouse.comparison import differences
from tests.warehouse.conftest import land
from tracker.engines.spark import SparkEngine
from tracker.lake.lake import Lake
from tracker.registry.load import load
from tracker.warehouse.build import FILE, BuildOptions, build

NOW = datetime(2026, 11, 21, tzinfo=UTC)
FIRST = date(2026, 8, 28)
NAMES = [
    *("Qwen/Qwen3-8B", "unsloth/Qwen3-8B-GGUF", "someone/Qwen3-8B-tuned", "meta-llama/Llama-3.1-8B", "other/merged-8B"),
    *(f"crowd/model-{number}-7B" for number in range(110)),
]
LINKS = [
    {
        "hub_id": "1",
        "parent_hub_id": "0",
        "parent_ref": "Qwen/Qwen3-8B",
        "relation": "quantized",
        "declared_in": "card",
    },
    {"hub_id": "2", "parent_ref": "Qwen/Qwen3-8B", "relation": "finetune", "declared_in": "card"},
    {"hub_id": "4", "parent_ref": "someone/Qwen3-8B-tuned", "relation": "merge", "declared_in": "card"},
    {"hub_id": "4", "parent_ref": "meta-llama/Llama-3.1-8B", "relation": "merge", "declared_in": "card", "position": 1},
    *({"hub_id": str(n), "parent_ref": NAMES[n - 1], "relation": "finetune", "declared_in": "card"} for n in (6, 7, 8)),
    {"hub_id": "9", "parent_ref": "gone/unknown-7B", "relation": "finetune", "declared_in": "card"},
]


def readings(day: int) -> list[dict[str, Any]]:
    """Counters that grow each day, except for a rollback of all on day 3 and a lasting drop of one on day 4."""
    effective = 1 if day == 3 else day
    return [
        {
            "hub_id": str(n),
            "downloads_30d": 300 * (n % 7 + 1) + effective,
            "downloads_all_time": (0 if n == 3 and day >= 4 else 5000) + 10 * (n % 7 + 1) * effective,
            "likes": n,
        }
        for n in range(len(NAMES))
    ]


def attributes() -> list[dict[str, Any]]:
    created = datetime(2026, 8, 1, tzinfo=UTC)
    return [
        {
            "hub_id": str(n),
            "repo_id": name,
            "created_at": created + timedelta(days=n % 30),
            "tags": ["gguf"] * (n == 1),
            "pipeline_tag": "text-generation" if n % 5 else "image-to-text",
        }
        for n, name in enumerate(NAMES)
    ]


def land_days(lake: Lake, days: Sequence[int]) -> None:
    """Land these days, counted from the first; the first has the attributes and links of all models."""
    for day in days:
        first: dict[str, Any] = {"attributes": attributes(), "links": LINKS} if day == 0 else {}
        land(lake, FIRST + timedelta(days=day), readings(day), **first)


@pytest.fixture
def homes(tmp_path: Path) -> Iterator[tuple[Lake, Lake]]:
    """Two homes with one lake."""
    lake, other = Lake(tmp_path / "spark"), Lake(tmp_path / "duckdb")
    lake.folder.mkdir(parents=True)
    other.home.mkdir()
    other.folder.symlink_to(lake.folder, target_is_directory=True)
    yield lake, other


def executors() -> list[int]:
    """Processes started by this one, over any number of steps, in which Spark runs tasks."""
    parents, found = {}, []
    for folder in Path("/proc").iterdir():
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            if b"CoarseGrainedExecutorBackend" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except (OSError, ValueError):  # no process, or one that has just ended
            continue
    return [number for number in found if os.getpid() in _ancestors(number, parents)]


def _ancestors(number: int, parents: Mapping[int, int]) -> set[int]:
    found = set()
    while number in parents and number not in found:
        found.add(number)
        number = parents[number]
    return found


@needs_spark
@pytest.mark.slow
@pytest.mark.endless
@pytest.mark.timeout(3600)
def test_spark_builds_the_tables_of_duckdb(homes: tuple[Lake, Lake]) -> None:
    """To the last bit, although an executor is killed on the way, and then with a day added by DuckDB.

    Spark reads the lake under a URI that only Spark knows, as it reads object storage.
    Takes about six CPU minutes, nearly all of them planning, whatever the number of models.
    """
    lake, other = homes
    land_days(lake, [0, 1, 2, 3, 4, 6])
    mounted = {"spark.hadoop.fs.viewfs.mounttable.storage.link./lake": lake.folder.as_uri()}
    engine = SparkEngine(
        "local-cluster[2,1,1024]", lake.home / "work", CHEAP | mounted, other_lake="viewfs://storage/lake"
    )
    killed: list[int] = []

    def kill_one(step: str) -> None:
        if step == "core_lineage" and not killed:
            killed.append(executors()[0])
            os.kill(killed[0], signal.SIGKILL)

    result = build(lake, load(), NOW, on_step=kill_one, options=BuildOptions(full=True, engine=engine))
    assert killed
    build(other, load(), NOW, options=BuildOptions(full=True))
    assert not result.has_failed and result.models == len(NAMES)
    assert differences(lake.home / FILE, other.home / FILE) == {}
    land_days(lake, [7])
    plans: list[str] = []
    build(lake, load(), NOW, on_plan=plans.append)
    build(other, load(), NOW, options=BuildOptions(full=True))
    assert plans == ["Incremental build: adding 2026-09-04 to the warehouse of 2026-09-03."]
    assert differences(lake.home / FILE, other.home / FILE) == {}
