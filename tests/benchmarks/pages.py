"""Server time of the pages: first paint, change of one control, ten readers at once with and without pauses.

uv run python -m tests.benchmarks.pages HOME [--sessions 5] [--readers 10] [--page VIEW]...

Readers are websocket clients that exchange Streamlit's messages, so no browser time is counted: a paint is the time
from the request until the server has sent the whole page. The first session of a page starts with an empty cache.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from dashboards.navigation import ENTRIES
from tests.benchmarks.fresh import table
from tests.benchmarks.reader import Paint, Reader
from tracker import dashboard

SECONDS_OF_THOUGHT = 1.0
"""Seconds between two pages of a reader who clicks about once a second."""

OPENED = 3
"""Number of times each of many readers opens each page."""

NOTHING = "an empty page of Streamlit"
EMPTY = "import streamlit as st\nst.title('Nothing')\n"


@dataclass
class Costs:
    """Paint times of one page."""

    firsts: list[Paint] = field(default_factory=list)
    """First paints; the first of them is cold."""

    changes: list[Paint] = field(default_factory=list)
    """Paints after a change of one control."""

    hasty: list[Paint] = field(default_factory=list)
    """First paints of many concurrent readers who do not pause."""

    thoughtful: list[Paint] = field(default_factory=list)
    """First paints of many concurrent readers who pause before each page."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--sessions", type=int, default=5)
    parser.add_argument("--readers", type=int, default=10)
    parser.add_argument("--page", action="append", help="only this page; the file's name in views/")
    options = parser.parse_args()
    pages = {entry.title: entry.url_path for entry in ENTRIES if not options.page or entry.view in options.page}
    with tempfile.TemporaryDirectory() as folder, _served(_empty(Path(folder)), options.home) as empty:
        found = _measured(empty, {NOTHING: ""}, options.sessions, options.readers)
    with _served(dashboard.APP, options.home) as served:
        found |= _measured(served, pages, options.sessions, options.readers)
    print(table("Milliseconds of the server until a page is whole", *_report(found)))
    print(table(f"{options.readers} readers at once", *_crowd(found)))


def _measured(served: dashboard.Dashboard, pages: Mapping[str, str], sessions: int, readers: int) -> dict[str, Costs]:
    """Costs by page title; `pages` maps title to address."""
    costs = {title: _one_page(served, path, sessions) for title, path in pages.items()}
    for title, paints in _together(served, pages, readers, 0.0).items():
        costs[title].hasty = paints
    for title, paints in _together(served, pages, readers, SECONDS_OF_THOUGHT).items():
        costs[title].thoughtful = paints
    return costs


def _one_page(served: dashboard.Dashboard, path: str, sessions: int) -> Costs:
    costs = Costs()
    for _ in range(sessions + 1):
        with Reader(served.url, served.process.pid) as reader:
            costs.firsts.append(reader.open(path))
            costs.changes += [reader.change(control, option) for control, option in reader.changes()]
    return costs


def _together(
    served: dashboard.Dashboard, pages: Mapping[str, str], readers: int, thought: float
) -> dict[str, list[Paint]]:
    """Let every reader open every page in a different order, with pauses that vary by half."""

    def read(number: int) -> list[tuple[str, Paint]]:
        chance = random.Random(number)
        paints = []
        with Reader(served.url) as reader:
            for title in chance.sample(list(pages) * OPENED, len(pages) * OPENED):
                time.sleep(thought * chance.uniform(0.5, 1.5))
                paints.append((title, reader.open(pages[title])))
        return paints

    found: dict[str, list[Paint]] = {title: [] for title in pages}
    with ThreadPoolExecutor(readers) as pool:
        for paints in pool.map(read, range(readers)):
            for title, paint in paints:
                found[title].append(paint)
    return found


def _report(found: Mapping[str, Costs]) -> tuple[list[str], list[list[str]]]:
    header = ["page", "cold", "first p50", "p95", "cpu", "change p50", "p95", "cpu", "KiB"]
    rows = []
    for title, of in found.items():
        cold, *warm = of.firsts
        size = f"{median(paint.bytes for paint in of.firsts) / 1024:.0f}"
        rows.append([title, _ms(cold.seconds), *_spread(warm), *_spread(of.changes), size])
    return header, rows


def _crowd(found: Mapping[str, Costs]) -> tuple[list[str], list[list[str]]]:
    """Time of each page with one reader, and with many, with and without pauses, as multiples of one."""
    rows = []
    for title, of in found.items():
        one = median(paint.seconds for paint in of.firsts[1:])
        row = [title, _ms(one)]
        for crowd in (of.hasty, of.thoughtful):
            middle, high, _ = _spread(crowd)
            row += [middle, high, f"{median(paint.seconds for paint in crowd) / one:.1f}"]
        rows.append([*row, str(sum(not paint.is_whole for paint in (*of.hasty, *of.thoughtful)))])
    hasty, thoughtful = (f"{name} p50" for name in ("hasty", "thoughtful"))
    return ["page", "one reader p50", hasty, "p95", "times", thoughtful, "p95", "times", "failed"], rows


def _spread(paints: Sequence[Paint]) -> list[str]:
    if not paints:
        return ["", "", ""]
    ordered = sorted(paint.seconds for paint in paints)
    high = ordered[min(round(0.95 * (len(ordered) - 1)), len(ordered) - 1)]
    return [_ms(median(ordered)), _ms(high), _ms(median(paint.cpu_seconds for paint in paints))]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f}"


def _empty(folder: Path) -> Path:
    path = folder / "app.py"
    path.write_text(EMPTY, encoding="utf-8")
    return path


@contextmanager
def _served(app: Path, home: Path) -> Iterator[dashboard.Dashboard]:
    served = dashboard.start(home, port=0, app=app)
    try:
        with Reader(served.url) as reader:
            reader.open("")  # the first page pays for imports
        yield served
    finally:
        served.stop()


if __name__ == "__main__":
    main()
