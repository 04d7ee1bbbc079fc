"""A home of which a part is a link to another disk."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.conftest import NEXT
from tracker.lake.lake import Lake

Run = Callable[..., Any]
MEMORY = Path("/dev/shm")
"""A separate disk on Linux with write permission for everyone."""


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    """A folder on another disk than the home's."""
    if not MEMORY.is_dir() or MEMORY.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second disk here")
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        yield Path(folder)


@pytest.mark.slow
@pytest.mark.parametrize("part", ["lake", "runs", "lake/models"])
def test_crawls_imports_and_builds_go_on(
    elsewhere: Path, filled: Path, next_day: Run, crawl: Run, tracker: Run, make_model: Run, tmp_path: Path, part: str
) -> None:
    home = Path(shutil.copytree(filled, tmp_path / "home"))
    (home / part).mkdir(exist_ok=True)
    shutil.move(home / part, elsewhere / "part")
    (home / part).symlink_to(elsewhere / "part")
    (tmp_path / "somewhere" / "mine.csv").write_text("id,day,downloads_30d\nsomeone/model-1,2026-08-01,7\n")
    done = crawl(home, next_day([make_model(number) for number in range(20)]))
    assert (done.code, done.out[:25]) == (0, f"{NEXT}-hub: 20 models"), done.err
    assert tracker("import", "file", "mine.csv", "--home", home).code == 0
    assert tracker("build", "--home", home).code == 0
    lake = Lake(home)
    manifests = lake.manifests()
    assert (
        lake.file_problems(manifests, by_content=True) == lake.unlisted_files(manifests) == lake.unfinished_runs() == []
    )
    assert (home / part).is_symlink()
