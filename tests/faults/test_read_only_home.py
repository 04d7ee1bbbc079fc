"""A home that can be read and not written."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults.conftest import content, sentence

Run = Callable[..., Any]


def remount(disk: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(disk)], check=True)


@pytest.fixture
def sealed(disk: Callable[[int], Path], filled: Path) -> Path:
    """The filled home on a disk that is read only."""
    home = Path(shutil.copytree(filled, disk(30_000) / "home"))
    remount(home.parent, "ro")
    return home


@pytest.mark.parametrize("command", [["crawl"], ["build"], ["import", "file", "mine.csv"]], ids=" ".join)
def test_writing_commands_refuse_a_read_only_home(
    sealed: Path, tracker: Run, tmp_path: Path, command: list[str]
) -> None:
    (tmp_path / "somewhere" / "mine.csv").write_text("id,day,downloads_30d\ngpt2,2026-08-01,7\n")
    before = content(sealed)
    done = tracker(*command, "--home", sealed, HF_ENDPOINT="http://127.0.0.1:9")
    assert (done.code, done.out) == (13, "")
    assert sentence(done.err) == f"{sealed} cannot be written (Read-only file system). Use another --home."
    assert content(sealed) == before
    if command[0] == "import":
        remount(sealed.parent, "rw")
        assert tracker(*command, "--home", sealed).code == 0


def test_reading_commands_work_in_a_read_only_home(sealed: Path, tracker: Run) -> None:
    assert tracker("status", "--home", sealed).code == 0
    asked = tracker("sql", "select last_day from build", "--format", "json", "--home", sealed)
    assert (asked.code, asked.err) == (0, "") and "2026-08-19" in asked.out
