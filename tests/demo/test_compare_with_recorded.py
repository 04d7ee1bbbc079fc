"""The simulated world has the shares and the shape of the recorded listing."""

from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from tests.demo.compare_with_recorded import RECORDED, RECORDED_SHARES, Shares, comparison, shares
from tracker.demo.replay import Replay
from tracker.demo.simulation.known_models import known_models
from tracker.demo.simulation.world import SimulatedWorld
from tracker.registry.entries import Role
from tracker.registry.load import load

POINTS = 3


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Shares:
    return shares(SimulatedWorld(seed=2, days=1, models=2_000), tmp_path_factory.mktemp("simulated"))


def test_simulated_shares_are_those_of_the_listing(simulated: Shares) -> None:
    compared = comparison(simulated, RECORDED_SHARES)
    assert len(compared) > 35
    assert [row for row in compared if abs(row[2] - row[3]) > POINTS] == []


@pytest.mark.slow
@pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded days are not beside the project")
def test_stated_shares_are_those_of_the_recorded_days(tmp_path: Path) -> None:
    compared = comparison(RECORDED_SHARES, shares(Replay(RECORDED), tmp_path))
    assert [row for row in compared if row[3] >= 3 and abs(row[2] - row[3]) > 1] == []


@pytest.fixture(scope="module")
def rows() -> list[dict[str, object]]:
    world = SimulatedWorld(seed=2, days=1)
    return [dict(row) for row in world.listing(world.days[0]).rows]


def test_downloads_have_the_shape_of_the_listing(rows: list[dict[str, object]]) -> None:
    downloads = {str(row["id"]): int(str(row["downloads"])) for row in rows}
    first = max(downloads, key=lambda name: downloads[name])
    assert first == "sentence-transformers/all-MiniLM-L6-v2"
    assert abs(downloads[first] / 257e6 - 1) < 0.1
    assert 13 <= sum(count > 10_000_000 for count in downloads.values()) <= 17
    assert 0.15 < np.mean([count == 0 for count in downloads.values()]) < 0.5
    assert np.median(list(downloads.values())) < 50


def test_gguf_copies_have_more_downloads_than_originals(rows: list[dict[str, object]]) -> None:
    downloads = {str(row["id"]): int(str(row["downloads"])) for row in rows}
    parents = {
        str(row["id"]): row["baseModels"]["models"] for row in rows if "gguf" in row["tags"] and "baseModels" in row
    }  # type: ignore[index, operator]
    above = [name for name, linked in parents.items() if downloads[name] > max(downloads[one["id"]] for one in linked)]
    assert len(above) >= 30


def test_repackagers_of_pictures_copy_no_language_models(rows: list[dict[str, object]]) -> None:
    tasks = {row["_id"]: row.get("pipeline_tag") for row in rows}
    repackagers = {org.handle for org in load().organizations if org.role is Role.REPACKAGER}
    known = {model.repo_id for model in known_models(len(rows), date.max.toordinal())}
    copied: Counter[tuple[str, object]] = Counter()
    for row in rows:
        if row["author"] in repackagers and row["id"] not in known and "baseModels" in row:
            copied.update((str(row["author"]), tasks[base["_id"]]) for base in row["baseModels"]["models"])  # type: ignore[index]
    assert sum(count for (owner, _), count in copied.items() if owner == "Comfy-Org") > 3
    assert copied["Comfy-Org", "text-generation"] == copied["bartowski", "text-to-image"] == 0
