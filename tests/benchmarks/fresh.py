"""Cost of a fresh process, and the local Hub that it uses.

Only the standard library is imported here, because on Linux a process inherits the peak memory of its parent.
"""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

LAST_DAY = date(2026, 11, 20)
FIRST_DAY = LAST_DAY - timedelta(days=1)
"""The two days of each simulated Hub in the benchmarks."""

_MEBIBYTE = 2**20
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024
_QUOTA = 10**9
"""A quota so high that no client waits."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Cost of one process from start to end."""

    cpu_seconds: float
    """User and system time, all threads."""

    peak_mib: float
    wall_seconds: float
    said: str
    """Its standard output."""


@dataclass(frozen=True, slots=True)
class Served:
    """A Hub in a separate process."""

    url: str

    def show(self, day: date) -> None:
        """Serve another day from now on."""
        request = urllib.request.Request(f"{self.url}/__control__/day/{day.isoformat()}", method="POST")
        with urllib.request.urlopen(request) as answer:
            answer.read()


def cost(*arguments: str, **variables: str) -> Cost:
    """Cost of `python ARGUMENTS`. Raises RuntimeError with its stderr if it fails."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            env=environment() | variables,
        )
        _, status, used = os.wait4(process.pid, 0)
        wall_seconds = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode:
            raise RuntimeError(f"{' '.join(arguments)} ended with {process.returncode}: {err.read().decode()}")
        return Cost(
            used.ru_utime + used.ru_stime, used.ru_maxrss * _RSS_UNIT / _MEBIBYTE, wall_seconds, out.read().decode()
        )


def crawl_cost(hub: Served, home: Path, day: date) -> Cost:
    """Cost of `tracker crawl --scope hub` for the day that `hub` serves."""
    order = ("crawl", "--scope", "hub", "--day", day.isoformat(), "--home", str(home))
    return cost("-m", "tracker", *order, HF_ENDPOINT=hub.url)


@contextmanager
def simulated_hub(models: int) -> Iterator[Served]:
    """A Hub that serves two days of a simulated world with about `models` models, starting at FIRST_DAY."""
    options = ("--days", "2", "--last-day", LAST_DAY.isoformat(), "--day", FIRST_DAY.isoformat())
    with hub("--simulate", "--models", str(models), *options) as served:
        yield served


@contextmanager
def hub(*options: str) -> Iterator[Served]:
    """An embedded Hub with these options of `python -m tracker.demo.hub`; stopped on exit."""
    command = [sys.executable, "-m", "tracker.demo.hub", *options, "--quota", str(_QUOTA)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment()) as process:
        try:
            url = process.stdout.readline().strip() if process.stdout else ""
            if not url:
                raise RuntimeError(f"{' '.join(command)} did not start")
            yield Served(url)
        finally:
            process.terminate()


def table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Text in columns: the first aligned left, the others right."""
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) if not at else cell.rjust(width) for at, (cell, width) in enumerate(pairs)).rstrip()
        for pairs in (list(zip(row, widths, strict=True)) for row in (header, *rows))
    ]
    return "\n".join((title, "", *lines, ""))


def environment() -> dict[str, str]:
    """The environment without settings of the Hub, the tracker and the user.

    Bytecode caching stays on, as in an installed program.
    """
    removed = ("HF_", "HUGGING_FACE_", "HUGGINGFACE_", "TRACKER_", "PYTHONDONTWRITEBYTECODE")
    rest = {name: value for name, value in os.environ.items() if not name.startswith(removed)}
    quiet = dict.fromkeys(("HF_HUB_DISABLE_TELEMETRY", "HF_HUB_DISABLE_PROGRESS_BARS"), "1")
    nobody = {
        "HF_HOME": str(Path(tempfile.gettempdir()) / "no-hugging-face-home"),
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }
    return rest | quiet | nobody
