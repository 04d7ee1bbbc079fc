"""The disk fills up during a publish or a pull."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.publish.conftest import REPO, Cloud
from tracker.lake.lake import Lake

FIRST, LAST = date(2026, 10, 24), date(2026, 11, 1)
FULL = 1500
"""Size of the disk in kilobytes."""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk; skips if it cannot be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={FULL}k", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("cannot mount a tmpfs")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path, bytes_left: int) -> Path:
    """Write a file that leaves `bytes_left` free."""
    ballast = folder / "ballast"
    ballast.write_bytes(bytes(shutil.disk_usage(folder).free - bytes_left))
    return ballast


def run(cloud: Cloud, *arguments: str) -> Any:
    environment = {"HF_ENDPOINT": cloud.hub.url, "HF_HUB_DISABLE_TELEMETRY": "1", "HF_HUB_DISABLE_XET": "1"}
    command = [sys.executable, "-m", "tracker", *arguments]
    return subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, timeout=120)


@pytest.mark.slow
def test_full_disk_leaves_home_and_dataset_unchanged(
    cloud: Cloud, part: Callable[..., Path], content: Callable[[Path], dict[str, Any]], disk: Path
) -> None:
    source = part("home", FIRST, LAST)
    home = Path(shutil.copytree(source, disk / "home"))
    before, head = content(home), cloud.repository.head
    ballast = fill(disk, 12_000)
    stopped = run(cloud, "publish", REPO, "--no-marts", "--home", str(home))
    assert (stopped.returncode, stopped.stdout) == (13, "")
    assert "No space left on device" in stopped.stderr and "Traceback" not in stopped.stderr
    assert content(home) == before and cloud.repository.head == head
    ballast.unlink()
    cloud.publish(home)
    assert Lake(home).unfinished_runs() == []

    shutil.rmtree(home)
    ballast = fill(disk, 60_000)
    stopped = run(cloud, "pull", REPO, "--home", str(home))
    assert (stopped.returncode, stopped.stdout) == (13, "")
    assert "No space left on device" in stopped.stderr and "Traceback" not in stopped.stderr
    assert content(home)["manifests"] == []
    ballast.unlink()
    cloud.pull(home)
    assert content(home) == before
