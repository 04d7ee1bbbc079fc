"""A home with a simulated Hub, for the tests of the app; import the fixture where it is wanted."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from filelock import FileLock

from tracker.demo.simulation.world import SimulatedWorld
from tracker.pipeline import build_home, crawl_catalog
from tracker.registry.load import load


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A home with sixty simulated days of 500 models, every table built. Made once for all workers; read only."""
    root = tmp_path_factory.getbasetemp()
    folder = (root if worker_id == "master" else root.parent) / "simulated"
    with FileLock(folder.with_suffix(".lock")):
        if not folder.exists():
            beside, registry = folder.with_suffix(".new"), load()
            now = datetime(2026, 11, 21, 6, tzinfo=UTC)
            world = SimulatedWorld(seed=0, days=60, models=500, registry=registry)
            crawl_catalog(world, beside, registry, lambda: now, lambda day: None)
            assert not build_home(beside, registry, now).has_failed
            beside.rename(folder)
    return folder
