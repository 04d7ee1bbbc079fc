"""Fixtures: a Hub with a dataset, and homes to publish from."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from huggingface_hub import constants

from tests.support.simulated_home import simulated as simulated
from tracker.demo.hub.datasets.store import Repository
from tracker.demo.hub.server import EmbeddedHub
from tracker.lake.lake import Lake
from tracker.publish.dataset import PULL_TEXTS, Dataset, publish_texts
from tracker.publish.pull import PullResult, pull
from tracker.publish.push import PublishOptions, PublishResult, publish
from tracker.publish.state_pull import pull_state

REPO = "ada/data"
LAKE_ONLY = PublishOptions(has_marts=False)


@dataclass
class Cloud:
    """The dataset on an embedded Hub, with publish and pull."""

    hub: EmbeddedHub
    waits: list[float] = field(default_factory=list)
    on_progress: Callable[[str], None] = lambda line: None

    @property
    def repository(self) -> Repository:
        return self.hub.datasets[REPO]

    @property
    def files(self) -> dict[str, bytes]:
        """The files of the dataset."""
        return {path: blob.content for path, blob in self.repository.head.files.items()}

    @property
    def crawls(self) -> list[str]:
        """The crawls listed in the dataset."""
        return [json.loads(line)["crawl"] for line in self.files["lake/crawls.jsonl"].splitlines()]

    def publish(self, home: Path, options: PublishOptions = LAKE_ONLY, **more: Any) -> PublishResult:
        with Dataset(
            REPO, self.hub.url, sleep=self.waits.append, purpose=publish_texts(REPO), jitter=lambda: 1.0
        ) as dataset:
            return publish(Lake(home), dataset, replace(options, **more), self._notify)

    def pull(self, home: Path, **more: Any) -> PullResult:
        with Dataset(REPO, self.hub.url, sleep=self.waits.append, purpose=PULL_TEXTS, jitter=lambda: 1.0) as dataset:
            return pull(Lake(home), dataset, self._notify, **more)

    def pull_state(self, home: Path) -> PullResult:
        with Dataset(REPO, self.hub.url, sleep=self.waits.append, purpose=PULL_TEXTS, jitter=lambda: 1.0) as dataset:
            return pull_state(Lake(home), dataset, self._notify)

    def _notify(self, line: str) -> None:
        self.on_progress(line)


@pytest.fixture
def cloud(serve: Callable[..., EmbeddedHub], monkeypatch: pytest.MonkeyPatch) -> Cloud:
    """A Hub with an empty dataset and a token for it. Large files are uploaded without chunks (Xet off)."""
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_TELEMETRY", True)
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    monkeypatch.setenv("HF_TOKEN", "hf_aaaa")
    cloud = Cloud(serve(quota=1_000_000))
    cloud.hub.datasets.create(REPO, datetime(2026, 11, 1, tzinfo=UTC))
    return cloud


def land_copy(source: Path, home: Path, first: date, last: date) -> None:
    """Land a range of days of another home."""
    there, lake = Lake(source), Lake(home)
    for manifest in there.manifests():
        if first <= manifest.day <= last:
            for file in manifest.files:
                (lake.folder / file.path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(there.folder / file.path, lake.folder / file.path)
            lake.save_manifest(manifest)


@pytest.fixture
def part(simulated: Path, tmp_path: Path) -> Callable[..., Path]:
    """Copies a range of days of the simulated home, without its warehouse."""

    def part(name: str, first: date = date(2026, 10, 26), last: date = date.max) -> Path:
        land_copy(simulated, tmp_path / name, first, last)
        return tmp_path / name

    return part


@pytest.fixture(scope="session")
def content() -> Callable[[Path], dict[str, Any]]:
    """Reads a home's lake: rows of each file, sorted, and the manifests without checksums."""

    def content(home: Path) -> dict[str, Any]:
        lake = Lake(home)
        manifests = lake.manifests()
        assert lake.file_problems(manifests, by_content=True) == lake.unlisted_files(manifests) == []
        manifests_only = [replace(manifest, files=()) for manifest in manifests]
        files = {
            file.path: _ordered(pq.ParquetFile(lake.folder / file.path).read()) for m in manifests for file in m.files
        }
        return {"manifests": manifests_only, **files}

    return content


def _ordered(table: pa.Table) -> pa.Table:
    return table.sort_by([(field.name, "ascending") for field in table.schema if not pa.types.is_list(field.type)])
