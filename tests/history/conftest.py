"""A simulated Hub with its archives, a home with its last days, and imports into it."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from huggingface_hub import constants

from tests.support.archives import archives
from tracker.demo.catalog import Row
from tracker.demo.hub.datasets.store import DatasetStore
from tracker.demo.hub.server import EmbeddedHub
from tracker.demo.simulation.world import SimulatedWorld
from tracker.domain import CRAWL, Manifest, Scope, Source
from tracker.history.imports import import_archive, import_file, remove
from tracker.history.types import ImportOptions, ImportResult
from tracker.hub.client import HubClient
from tracker.hub.crawl import CrawlOptions as CrawlOrder
from tracker.hub.crawl import crawl
from tracker.lake.lake import Lake
from tracker.lake.writer import SCHEMAS, LakeWriter
from tracker.progress import NoProgress
from tracker.registry.entries import Registry
from tracker.registry.load import load

NOW = datetime(2026, 11, 21, 6, tzinfo=UTC)
OWN_DAYS = 5
MANIFEST = Manifest(
    "2026-09-01-file-mine", date(2026, 9, 1), "file-mine", (), Source.FILE, "file/mine.csv@0123", NOW, NOW, 0.0, 0, 0,
    1, 1, 0, 0, {}, (), 0, 0, True, None, False, "1", "1",
)  # fmt: skip
"""Of a day of a user's file."""


@dataclass
class Home:
    """A home, and what can be done with it."""

    folder: Path
    hub: EmbeddedHub
    notes: list[str] = field(default_factory=list)

    @property
    def lake(self) -> Lake:
        return Lake(self.folder)

    def bring(self, source: str, **more: Any) -> ImportResult:
        """Imports from the Hub."""
        order = ImportOptions(Source(source), NOW.date(), **more)
        return import_archive(self.lake, order, self.hub.url, False, "tests", lambda: NOW, self.notes.append)

    def bring_file(self, file: Path, **more: Any) -> ImportResult:
        """Imports a file."""
        return import_file(self.lake, ImportOptions(Source.FILE, NOW.date(), file=file, **more), "tests", lambda: NOW)

    def remove(self, source: str) -> int:
        """Takes a source out again."""
        return remove(self.lake, Source(source))

    def read(self, day: date) -> None:
        """Crawls a day."""
        self.hub.day = day
        hub = HubClient(self.hub.url, now=lambda: NOW)
        crawl(self.lake, CrawlOrder(day, Scope.HUB), hub, REGISTRY, NoProgress(), lambda: NOW)

    def manifests(self, source: str) -> dict[date, Manifest]:
        """Its imported days."""
        return {manifest.day: manifest for manifest in self.lake.manifests() if manifest.source == source}

    def rows(self, manifest: Manifest, table: str = "model_days") -> list[Row]:
        """What one day holds."""
        files = self.lake.files(table, [manifest])
        found: list[Row] = (
            pa.concat_tables([pq.ParquetFile(file).read() for file in files]).to_pylist() if files else []
        )
        return found

    def content(self) -> dict[str, bytes]:
        """Every file of the lake."""
        paths = sorted(path for path in self.lake.folder.rglob("*") if path.is_file())
        return {path.relative_to(self.lake.folder).as_posix(): path.read_bytes() for path in paths}

    def fetched(self) -> list[str]:
        """Requests for files of datasets."""
        return [request.path.partition("/resolve/")[2] for request in self.hub.requests if "/resolve/" in request.path]


def add_crawl(lake: Lake, names: dict[str, str], day: date) -> None:
    """A crawl that read only ids and names."""
    columns = {"hub_id": list(names), "repo_id": list(names.values())}
    nulls = {field.name: pa.nulls(len(names), field.type) for field in SCHEMAS["models"]}
    writer = LakeWriter(lake.home)
    writer.write("models", pa.table(nulls | {name: pa.array(values) for name, values in columns.items()}))
    files = lake.add_files(*writer.close(lake, day, "hub"))
    lake.save_manifest(replace(MANIFEST, crawl=f"{day}-hub", day=day, scope="hub", source=CRAWL, files=files))


REGISTRY: Registry = load()


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """A lake without crawls."""
    (tmp_path / "home").mkdir()
    return Lake(tmp_path / "home")


@pytest.fixture(scope="session")
def world() -> SimulatedWorld:
    return SimulatedWorld(seed=3, days=60, models=400, registry=REGISTRY)


@pytest.fixture(scope="session")
def archive_days(world: SimulatedWorld) -> list[date]:
    """Days the archives have: all but those of our own, and one of these."""
    return list(world.days[: -OWN_DAYS + 1])


@pytest.fixture(scope="session")
def made(world: SimulatedWorld, archive_days: list[date]) -> DatasetStore:
    return archives(world, archive_days[-1])


@pytest.fixture
def hub(world: SimulatedWorld, made: DatasetStore, monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddedHub]:
    """Serves copies of the archives, which a test may change."""
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_TELEMETRY", True)
    store = DatasetStore()
    for name in made:
        repository = made[name]
        store.add(type(repository)(name, commits=list(repository.commits)))
    with EmbeddedHub(world, quota=1_000_000, datasets=store) as hub:
        yield hub


@pytest.fixture(scope="session")
def crawled(tmp_path_factory: pytest.TempPathFactory, world: SimulatedWorld) -> Path:
    """A home with the last days of the world. Read only."""
    folder = tmp_path_factory.mktemp("crawled") / "home"
    with EmbeddedHub(world, quota=1_000_000) as hub:
        home = Home(folder, hub)
        for day in world.days[-OWN_DAYS:]:
            home.read(day)
    return folder


@pytest.fixture
def home(crawled: Path, hub: EmbeddedHub, tmp_path: Path) -> Home:
    """A copy of it that a test may change."""
    return Home(Path(shutil.copytree(crawled, tmp_path / "home")), hub)


@pytest.fixture
def empty(hub: EmbeddedHub, tmp_path: Path) -> Home:
    return Home(tmp_path / "empty", hub)


@pytest.fixture(scope="session")
def known(crawled: Path) -> set[tuple[str, str]]:
    """Ids and names that the home has read."""
    lake = Lake(crawled)
    files = lake.files("models", lake.manifests())
    rows = [row for file in files for row in pq.ParquetFile(file).read(["hub_id", "repo_id"]).to_pylist()]
    return {(row["hub_id"], row["repo_id"]) for row in rows}


@pytest.fixture(scope="session")
def expected(world: SimulatedWorld, known: set[tuple[str, str]]) -> Callable[..., dict[str, tuple[int, int, int]]]:
    """What a whole archive tells of a day, by the key it must have in the lake: plain Python over the world.

    An archive that tells renames is matched by all names a repository has, others by those the home has read.
    """
    ids = {hub_id for hub_id, _ in known}

    def expected(day: date, *, tells_renames: bool = False) -> dict[str, tuple[int, int, int]]:
        found = {}
        for row in world.listing(day).rows:
            is_known = row["_id"] in ids if tells_renames else (row["_id"], row["id"]) in known
            key = row["_id"] if is_known else f"name:{row['id']}"
            found[key] = (row["downloads"], row["downloadsAllTime"], row["likes"])
        return found

    return expected
