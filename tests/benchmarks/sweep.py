"""One sweep of a large Hub, killed in its last quarter and resumed: requests, CPU, memory, disk, time to land.

uv run python -m tests.benchmarks.sweep [--models 1000000]

The Hub needs about 2.5 GB of memory for each million models, in a process of its own whose cost is not counted.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.fresh import FIRST_DAY, environment, simulated_hub, table

PAGE_ROWS = 1000
_RUN = f"{FIRST_DAY.isoformat()}-hub"


@dataclass(frozen=True, slots=True)
class Part:
    """One process, from its start to its end or until it was killed."""

    cpu_seconds: float
    peak_mib: float
    wall_seconds: float
    landing_seconds: float
    """Seconds from the last page to the end."""

    pages: int
    """In the run folder at the most."""

    run_bytes: int
    """Size of the run folder at the most."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=int, default=1_000_000)
    models: int = parser.parse_args().models
    with simulated_hub(models) as hub, tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        killed = part(hub.url, home, lambda pages: pages >= 0.875 * models / PAGE_ROWS)
        resumed = part(hub.url, home, lambda pages: False)
        manifest = json.loads((home / "lake" / "crawls" / f"{_RUN}.json").read_text())
        landed = sum(file.stat().st_size for file in (home / "lake").rglob("*.parquet"))
    header = ["part", "CPU s", "peak MiB", "wall s", "landing s", "pages", "run folder MB"]
    rows = [
        [name, f"{one.cpu_seconds:.1f}", f"{one.peak_mib:.0f}", f"{one.wall_seconds:.0f}", f"{one.landing_seconds:.0f}",
         f"{one.pages:,}", f"{one.run_bytes / 1e6:.0f}"]
        for name, one in (("until killed", killed), ("resumed", resumed))
    ]  # fmt: skip
    print(table("A sweep of the whole Hub", header, rows))
    facts = ["models", "requests", "pages", "duplicates", "refused", "is_complete"]
    print(table("Landed", [*facts, "lake MB"], [[*(str(manifest[fact]) for fact in facts), f"{landed / 1e6:.0f}"]]))


def part(url: str, home: Path, is_enough: Callable[[int], bool]) -> Part:
    """Run a crawl until it ends, or kill it once `is_enough` of the number of saved pages."""
    order = ["-m", "tracker", "crawl", "--scope", "hub", "--day", FIRST_DAY.isoformat(), "--home", str(home)]
    began = last_page = time.monotonic()
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, *order], env=environment() | {"HF_ENDPOINT": url}, stdout=log, stderr=log
        )
        pages = most_bytes = 0
        while not (ended := os.wait4(process.pid, os.WNOHANG))[0]:
            sizes = _sizes(home / "runs" / _RUN)
            if len(sizes) > pages:
                pages, last_page = len(sizes), time.monotonic()
            most_bytes = max(most_bytes, sum(sizes))
            if is_enough(pages):
                process.kill()
            time.sleep(0.5)
    _, status, used = ended
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, -9):
        raise RuntimeError((home / "log").read_text())
    now = time.monotonic()
    cpu_seconds = used.ru_utime + used.ru_stime
    return Part(cpu_seconds, used.ru_maxrss / 1024, now - began, now - last_page, pages, most_bytes)


def _sizes(folder: Path) -> list[int]:
    """Bytes of each page in the run folder; none while it is being deleted."""
    try:
        return [entry.stat().st_size for entry in os.scandir(folder) if entry.name != "journal.jsonl"]
    except FileNotFoundError:
        return []


if __name__ == "__main__":
    main()
