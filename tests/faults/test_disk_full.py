"""A disk that fills up in the middle of a crawl or a build."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults.conftest import NEXT, content, sentence
from tests.support.slow import first_of
from tracker.lake.lake import Lake
from tracker.warehouse.build import FILE

Run = Callable[..., Any]
SAID = "Cannot write to disk ("
ROOM = "Free some space or fix the permissions, then run the same command again."


def fill(folder: Path, kilobytes_left: int) -> Path:
    """A file that leaves so much room on the disk of a folder."""
    ballast = folder / "ballast"
    left = kilobytes_left * 1024
    with ballast.open("wb") as file:
        file.write(bytes(shutil.disk_usage(folder).free - left))
    return ballast


@pytest.mark.parametrize("kilobytes_left", first_of([60, 20, 0]))
def test_crawl_goes_on_once_a_full_disk_has_room(
    disk: Callable[[int], Path],
    filled: Path,
    next_day: Run,
    crawl: Run,
    make_model: Run,
    kilobytes_left: int,
) -> None:
    home = disk(8000) / "home"
    shutil.copytree(filled / "lake", home / "lake")
    hub, lake = next_day([make_model(number) for number in range(2500)]), Lake(home)
    before, ballast = content(lake.folder), fill(home, kilobytes_left)
    stopped = crawl(home, hub)
    assert (stopped.code, stopped.out) == (13, "")
    said = sentence(stopped.err)
    assert said.startswith(SAID) and "No space left on device" in said and said.endswith(ROOM)
    assert content(lake.folder) == before

    ballast.unlink()
    kept = sum(1 for page in lake.runs.rglob("*.json.zst") if page.stat().st_size)
    asked = len(hub.requests)
    done = crawl(home, hub)
    assert (done.code, done.out[:28]) == (0, f"{NEXT}-hub: 2,500 models")
    assert len(hub.requests) - asked <= 5 - kept
    assert (
        lake.file_problems(lake.manifests(), by_content=True)
        == lake.unlisted_files(lake.manifests())
        == lake.unfinished_runs()
        == []
    )


@pytest.mark.slow
@pytest.mark.parametrize("kilobytes_left", [100, 600])
def test_build_on_a_full_disk_keeps_the_earlier_warehouse(
    disk: Callable[[int], Path], filled: Path, tracker: Run, kilobytes_left: int
) -> None:
    home = disk(60_000) / "home"
    shutil.copytree(filled, home)
    before, ballast = content(home), fill(home, kilobytes_left)
    stopped = tracker("build", "--home", home)
    assert (stopped.code, stopped.out) == (13, "")
    assert sentence(stopped.err).startswith(SAID) and "No space left on device" in stopped.err
    assert not [path for path in home.iterdir() if path.name.startswith(f"{FILE}.")]
    ballast.unlink()
    assert {name: content(home).get(name) for name in before} == before
    assert tracker("build", "--home", home).code == 0
    assert not [path for path in home.iterdir() if path.name.startswith(f"{FILE}.")]
