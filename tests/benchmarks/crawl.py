"""CPU time and memory of a crawl against HfApi, pandas and DuckDB, on the same Hub and rows.

uv run python -m tests.benchmarks.crawl [--models N] [--pairs N]
"""

import argparse
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

from tests.benchmarks.fresh import FIRST_DAY, LAST_DAY, Cost, Served, cost, crawl_cost, simulated_hub, table

SMALL = 1_000
"""Models in the Hub that measures the cost of starting up."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One day, read by both programs in turn."""

    day: date
    models: int
    ours: Cost
    theirs: Cost


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=int, default=300_000)
    parser.add_argument("--pairs", type=int, default=3)
    options = parser.parse_args()
    with simulated_hub(SMALL) as hub:
        small = [pair for _ in range(options.pairs + 1) for pair in pairs(hub)][2:]
    with simulated_hub(options.models) as hub:
        large = [pair for _ in range(options.pairs) for pair in pairs(hub)]
    print(table("Each process, in CPU seconds and MiB at its peak", *each(large)))
    print(table("CPU microseconds per model, medians", *summary(small, large)))


def pairs(hub: Served) -> Iterator[Pair]:
    """Both days, read by both programs; the second crawl finds the first day in its lake."""
    with tempfile.TemporaryDirectory() as folder:
        for day in (FIRST_DAY, LAST_DAY):
            hub.show(day)
            theirs = cost("-m", "tests.benchmarks.neighbour", hub.url, f"{folder}/models.duckdb", day.isoformat())
            ours = crawl_cost(hub, Path(folder), day)
            manifest = json.loads((Path(folder) / f"lake/crawls/{day}-hub.json").read_text())
            if manifest["rows_read"] - manifest["duplicates"] != int(theirs.said):
                raise RuntimeError(f"the two read different rows: {manifest}, {theirs.said}")
            yield Pair(day, manifest["models"], ours, theirs)


def each(found: list[Pair]) -> tuple[list[str], list[list[str]]]:
    """Header and rows, one row per pair."""
    header = ["crawl", "models", "tracker", "HfApi", "ratio", "tracker MiB", "HfApi MiB", "ratio"]
    return header, [
        [
            _which(pair.day),
            f"{pair.models:,}",
            f"{pair.ours.cpu_seconds:.2f}",
            f"{pair.theirs.cpu_seconds:.2f}",
            f"{pair.theirs.cpu_seconds / pair.ours.cpu_seconds:.2f}",
            f"{pair.ours.peak_mib:.0f}",
            f"{pair.theirs.peak_mib:.0f}",
            f"{pair.theirs.peak_mib / pair.ours.peak_mib:.2f}",
        ]
        for pair in sorted(found, key=lambda pair: pair.day)
    ]


def summary(small: list[Pair], large: list[Pair]) -> tuple[list[str], list[list[str]]]:
    """Header and rows: cost per model, with and without the cost of starting up."""
    found = []
    for day in (FIRST_DAY, LAST_DAY):
        few, many = ([pair for pair in pairs if pair.day == day] for pairs in (small, large))
        models = median(pair.models for pair in many)
        ours, theirs = (median(costs) for costs in (_ours(many), _theirs(many)))
        found.append([_which(day), "whole process", *_per_model(ours, theirs, models)])
        ours, theirs = ours - median(_ours(few)), theirs - median(_theirs(few))
        models -= median(pair.models for pair in few)
        found.append([_which(day), f"less a run on {few[0].models:,}", *_per_model(ours, theirs, models)])
    return ["crawl", "of", "tracker", "HfApi", "ratio"], found


def _per_model(ours: float, theirs: float, models: float) -> list[str]:
    return [f"{ours / models * 1e6:.1f}", f"{theirs / models * 1e6:.1f}", f"{theirs / ours:.2f}"]


def _ours(found: list[Pair]) -> list[float]:
    return [pair.ours.cpu_seconds for pair in found]


def _theirs(found: list[Pair]) -> list[float]:
    return [pair.theirs.cpu_seconds for pair in found]


def _which(day: date) -> str:
    return "first" if day == FIRST_DAY else "second day"


if __name__ == "__main__":
    main()
