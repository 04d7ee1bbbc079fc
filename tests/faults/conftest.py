"""Homes that something is done to, and the program as a process that meets them."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import filled as filled
from tests.cli.conftest import folder as folder
from tests.cli.conftest import hub_of as hub_of
from tests.cli.conftest import listing as listing
from tests.cli.conftest import own as own
from tests.cli.conftest import shipped as shipped
from tests.cli.conftest import tracker as tracker
from tracker.demo.hub.server import EmbeddedHub

NEXT = date(2026, 8, 20)
"""The day after those of the filled home."""


def content(folder: Path) -> dict[str, bytes]:
    """Every file under a folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def sentence(err: str) -> str:
    """The one sentence that a failed command ends with: neither a traceback nor a second one."""
    said = [line for line in err.splitlines() if line.startswith("tracker: ")]
    assert len(said) == 1 and err.endswith(f"{said[0]}\n") and "Traceback" not in err, err
    return said[0].removeprefix("tracker: ")


@pytest.fixture
def next_day(hub_of: Callable[..., EmbeddedHub], make_catalog: Callable[..., Any]) -> Callable[..., EmbeddedHub]:
    """A Hub that serves rows on the day after those of the filled home."""
    return lambda rows, **more: hub_of(make_catalog({NEXT: rows}), **more)


@pytest.fixture
def crawl(tracker: Callable[..., Any]) -> Callable[..., Any]:
    """Crawl a whole Hub into a home, by default for the next day."""

    def crawl(home: Path, hub: EmbeddedHub, *more: str, day: date | None = NEXT, **environ: str) -> Any:
        days = ("--day", day.isoformat()) if day else ()
        return tracker("crawl", "--scope", "hub", *days, "--home", home, *more, HF_ENDPOINT=hub.url, **environ)

    return crawl


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """Mounts a disk of so many kilobytes; skips where that is not permitted."""
    with ExitStack() as mounted:

        def disk(kilobytes: int) -> Path:
            folder = tmp_path / "disk"
            folder.mkdir()
            command = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)]
            if subprocess.run(command, capture_output=True).returncode:
                pytest.skip("no disk can be mounted here")
            mounted.callback(subprocess.run, ["umount", "--lazy", str(folder)], check=True)
            return folder

        yield disk
