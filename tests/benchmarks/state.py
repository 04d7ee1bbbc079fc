"""One more day on an empty machine, from the state of a dataset: bytes, CPU time, memory and disk after 10 and 60 days.

uv run python -m tests.benchmarks.state [--models N] [--days 10 60] [--memory 6GB]

The lake is generated, with random ids and with new and changed repositories each day; its last day is landed instead of
crawled. Bytes pulled are those of the files that `tracker pull --state` fetches, without the requests around them. The
compact file is left out, because a dataset of the whole Hub has none.
"""

import argparse
import re
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from tests.benchmarks.fresh import LAST_DAY, Cost, Served, cost, hub, table
from tracker.publish.layout import COMPACT

REPO = "someone/days"
WHOLE_HUB = 3_300_000
_SAMPLE_SECONDS = 0.1
_FETCHED = ("state/", "lake/models/", "lake/edges/", "lake/crawls.jsonl")


@dataclass(slots=True)
class Day:
    """What one more day costs."""

    costs: dict[str, Cost] = field(default_factory=dict)
    """Step -> its process."""

    pulled: float = 0
    pushed: float = 0
    """Megabytes."""

    peak_disk: float = 0
    """Largest size of the home, in megabytes."""

    full_build: float = 0
    """CPU seconds of a build of all days before, for comparison."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=int, default=100_000)
    parser.add_argument("--days", type=int, nargs=2, default=[10, 60])
    parser.add_argument("--memory", default="6GB", help="memory limit of DuckDB in builds")
    parser.add_argument("--home", type=Path, help="used by the script itself")
    options = parser.parse_args()
    if options.home:
        _make(options.home, options.models, options.days[0])
        return
    few, many = (_measured(options.models, days, options.memory) for days in options.days)
    header = ["", *(f"{days} days" for days in options.days), "ratio", f"{options.days[1]} days at {WHOLE_HUB:,}"]
    rows = [
        _row(name, one, other, options.models) for (name, one), (_, other) in zip(_rows(few), _rows(many), strict=True)
    ]
    print(table(f"{options.models:,} models, one more day on an empty machine", header, rows))


def _rows(day: Day) -> Iterator[tuple[str, float]]:
    yield "MB pulled", day.pulled
    yield "MB pushed", day.pushed
    for name, one in day.costs.items():
        yield f"CPU seconds, {name}", one.cpu_seconds
    yield "CPU seconds, all three", sum(one.cpu_seconds for one in day.costs.values())
    yield "CPU seconds, full build of the days before", day.full_build
    for name, one in day.costs.items():
        yield f"peak MiB, {name}", one.peak_mib
    yield "peak MB of disk", day.peak_disk


def _row(name: str, few: float, many: float, models: int) -> list[str]:
    """Only bytes are scaled to the whole Hub: CPU time and memory have a large part that does not grow with models."""
    scaled = f"{many / models * WHOLE_HUB:,.0f}" if "MB" in name else ""
    return [name, f"{few:,.1f}", f"{many:,.1f}", f"{many / few:.2f}", scaled]


def _measured(models: int, days: int, memory: str) -> Day:
    """Publish a home of so many days, then add one on an empty machine."""
    day = Day()
    with tempfile.TemporaryDirectory() as folder, hub("--simulate", "--models", "2", "--days", "2") as served:
        home, machine = Path(folder) / "home", Path(folder) / "machine"
        cost(
            "-m", "tests.benchmarks.state", "--home", str(home), "--models", str(models), "--days", str(days), str(days)
        )
        day.full_build = _tracker(served, home, "build", "--slim", "--memory", memory).cpu_seconds
        _tracker(served, home, "publish", REPO, "--create")
        day.pulled = _fetched(served)
        with _largest(machine, day):
            day.costs["pull"] = _tracker(served, machine, "pull", REPO, "--state")
            _link(home / "further" / "lake", machine / "lake")
            day.costs["build"] = _tracker(served, machine, "build", "--memory", memory)
            day.costs["publish"] = _tracker(served, machine, "publish", REPO)
        sent = re.search(r"([\d,.]+) MB sent", day.costs["publish"].said)
        day.pushed = (float(sent[1].replace(",", "")) if sent else 0) - _fetched(served, COMPACT)
    print(f"{days} days:", {name: round(value, 1) for name, value in _rows(day)}, file=sys.stderr)
    return day


def _tracker(served: Served, home: Path, command: str, *arguments: str) -> Cost:
    order = (command, *arguments, "--home", str(home))
    return cost("-m", "tracker", *order, HF_ENDPOINT=served.url, HF_TOKEN="hf_benchmark", HF_HUB_DISABLE_XET="1")


def _fetched(served: Served, *paths: str) -> float:
    """Megabytes of the files of the dataset under these paths: by default, what a pull of the state fetches."""
    from huggingface_hub import HfApi

    tree = HfApi(served.url, token="hf_benchmark").list_repo_tree(REPO, repo_type="dataset", recursive=True)
    return sum(getattr(entry, "size", 0) for entry in tree if entry.path.startswith(paths or _FETCHED)) / 1e6


@contextmanager
def _largest(home: Path, day: Day) -> Iterator[None]:
    """Sample the size of a folder."""
    has_ended = threading.Event()

    def sample() -> None:
        while not has_ended.wait(_SAMPLE_SECONDS):
            with suppress(FileNotFoundError):  # a folder was removed since it was listed
                day.peak_disk = max(day.peak_disk, _megabytes(home))

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield
    finally:
        has_ended.set()
        thread.join()


def _megabytes(folder: Path) -> float:
    total = 0
    for path in folder.rglob("*.*"):
        with suppress(FileNotFoundError):  # removed since it was listed
            total += path.stat().st_size if path.name != COMPACT else 0
    return total / 1e6


def _link(source: Path, target: Path) -> None:
    for path in source.rglob("*.*"):
        if path.is_file():
            (target / path.relative_to(source)).parent.mkdir(parents=True, exist_ok=True)
            (target / path.relative_to(source)).hardlink_to(path)


def _make(home: Path, models: int, days: int) -> None:
    from tests.benchmarks.generated import Generated

    made = Generated(home, models, has_random_ids=True)
    made.land(LAST_DAY - timedelta(days=days - 1))
    for before in range(days - 2, -1, -1):
        made.land_typical(LAST_DAY - timedelta(days=before))
    made.land_elsewhere(home / "further", LAST_DAY + timedelta(days=1))


if __name__ == "__main__":
    main()
