"""A home with simulated data and its report, shared by several test folders."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from filelock import FileLock

from dashboards.report.command import run
from tests.support.pinned_registry import pinned_registry
from tracker.demo.run import crawl_catalog
from tracker.demo.simulation.world import SimulatedWorld
from tracker.pipeline import build_home
from tracker.registry.load import load


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A built home with sixty simulated days of 500 models. Made once for all workers; read-only."""
    root = tmp_path_factory.getbasetemp()
    folder = (root if worker_id == "master" else root.parent) / "simulated"
    with FileLock(folder.with_suffix(".lock")):
        if not folder.exists():
            unfinished, registry = folder.with_suffix(".new"), load()
            now = datetime(2026, 11, 21, 6, tzinfo=UTC)
            world = SimulatedWorld(seed=0, days=60, models=500, registry=pinned_registry())
            crawl_catalog(world, unfinished, registry, lambda: now, lambda day: None)
            assert not build_home(unfinished, registry, now).has_failed
            unfinished.rename(folder)
    return folder


@pytest.fixture(scope="session")
def reported(simulated: Path) -> Path:
    """The report of the simulated home. Made once for all workers; read-only."""
    folder = simulated.with_name("report")
    with FileLock(folder.with_suffix(".lock")):
        if not folder.exists():
            run(simulated, folder, "https://example.org/models", lambda text: None)
    return folder
