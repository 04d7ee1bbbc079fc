"""What a fresh process costs, and the Hub on this machine that it speaks with.

Only the standard library is imported here: on Linux the peak memory told of a process is at least that of the one
which started it.
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
"""The two days every simulated Hub of the benchmarks has."""

_MEBIBYTE = 2**20
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024
_QUOTA = 10**9
"""So many requests that nobody ever waits."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process took from its start to its end."""

    cpu_seconds: float
    """User and system time, all threads."""

    peak_mib: float
    wall_seconds: float
    said: str
    """Its standard output."""


@dataclass(frozen=True, slots=True)
class Served:
    """A Hub in a process of its own."""

    url: str

    def show(self, day: date) -> None:
        """Serves another day from now on."""
        request = urllib.request.Request(f"{self.url}/__control__/day/{day.isoformat()}", method="POST")
        with urllib.request.urlopen(request) as answer:
            answer.read()


def cost(*arguments: str, **environment: str) -> Cost:
    """What `python ARGUMENTS` costs. Raises RuntimeError with its errors if it fails."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, *arguments], stdout=out, stderr=err, env=_environment() | environment
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
    """What `tracker crawl --scope hub` of the day that `hub` shows costs."""
    order = ("crawl", "--scope", "hub", "--day", day.isoformat(), "--home", str(home))
    return cost("-m", "tracker", *order, HF_ENDPOINT=hub.url)


@contextmanager
def simulated_hub(models: int) -> Iterator[Served]:
    """A Hub that serves two days, FIRST_DAY first, of a simulated world of about so many models."""
    options = ("--days", "2", "--last-day", LAST_DAY.isoformat(), "--day", FIRST_DAY.isoformat())
    with hub("--simulate", "--models", str(models), *options) as served:
        yield served


@contextmanager
def hub(*options: str) -> Iterator[Served]:
    """An embedded Hub with these options of `python -m tracker.demo.hub`, ended afterwards."""
    command = [sys.executable, "-m", "tracker.demo.hub", *options, "--quota", str(_QUOTA)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=_environment()) as process:
        try:
            url = process.stdout.readline().strip() if process.stdout else ""
            if not url:
                raise RuntimeError(f"{' '.join(command)} did not start")
            yield Served(url)
        finally:
            process.terminate()


def table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Text in columns: the first to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) if not at else cell.rjust(width) for at, (cell, width) in enumerate(pairs)).rstrip()
        for pairs in (list(zip(row, widths, strict=True)) for row in (header, *rows))
    ]
    return "\n".join((title, "", *lines, ""))


def _environment() -> dict[str, str]:
    """The environment without anything that speaks with the world, or that belongs to the person who measures.

    Compiled modules are kept from one process to the next, as they are wherever a program is installed.
    """
    own = ("HF_", "HUGGING_FACE_", "HUGGINGFACE_", "TRACKER_", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    quiet = dict.fromkeys(("HF_HUB_DISABLE_TELEMETRY", "HF_HUB_DISABLE_PROGRESS_BARS"), "1")
    nobody = {
        "HF_HOME": str(Path(tempfile.gettempdir()) / "no-hugging-face-home"),
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }
    return kept | quiet | nobody
