"""What the pages cost the server: first paint, a change of one control, ten readers at once with and without thought.

uv run python -m tests.benchmarks.pages HOME [--sessions 5] [--readers 10] [--page VIEW]...

Readers are websocket clients that speak Streamlit's own messages, so no browser's time is counted: a paint is the time
from asking until the server has sent the whole page. The first session of a page finds nothing cached.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from dashboards.contents import ENTRIES, Entry
from tests.benchmarks.fresh import table
from tests.benchmarks.reader import Paint, Reader
from tracker import dashboard

SECONDS_OF_THOUGHT = 3.0
"""Between one page and the next of a reader who reads."""

EMPTY = "import streamlit as st\nst.title('Nothing')\n"


@dataclass
class Costs:
    """Paints of one page."""

    firsts: list[Paint] = field(default_factory=list)
    """First paints; the first of them is cold."""

    changes: list[Paint] = field(default_factory=list)
    """Paints after a change of one control."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--sessions", type=int, default=5)
    parser.add_argument("--readers", type=int, default=10)
    parser.add_argument("--page", action="append", help="only this page; the file's name in views/")
    options = parser.parse_args()
    entries = [entry for entry in ENTRIES if not options.page or entry.view in options.page]
    with tempfile.TemporaryDirectory() as folder, _served(_empty(Path(folder)), options.home) as empty:
        alone = [_opened(empty) for _ in range(options.sessions + 1)][1:]
    with _served(dashboard.APP, options.home) as served:
        costs = {entry: _one_page(served, entry, options.sessions) for entry in entries}
        hasty = _together(served, entries, options.readers, 0.0)
        thoughtful = _together(served, entries, options.readers, SECONDS_OF_THOUGHT)
    print(table("Milliseconds of the server until a page is whole", *_report(alone, costs)))
    print(table(f"{options.readers} readers at once", *_crowd(costs, hasty, thoughtful)))


def _one_page(served: dashboard.Dashboard, entry: Entry, sessions: int) -> Costs:
    costs = Costs()
    for _ in range(sessions):
        with Reader(served.url, served.process.pid) as reader:
            costs.firsts.append(reader.open(entry.url_path))
            costs.changes += [reader.change(control, option) for control, option in reader.changes()]
    return costs


def _opened(served: dashboard.Dashboard) -> Paint:
    """The first page for a reader who leaves at once."""
    with Reader(served.url, served.process.pid) as reader:
        return reader.open("")


def _together(
    served: dashboard.Dashboard, entries: Sequence[Entry], readers: int, thought: float
) -> dict[Entry, list[Paint]]:
    """Every reader opens every page, each in an order of its own, after seconds of thought that differ by half."""

    def read(number: int) -> list[tuple[Entry, Paint]]:
        chance = random.Random(number)
        paints = []
        with Reader(served.url) as reader:
            for entry in chance.sample(entries, len(entries)):
                time.sleep(thought * chance.uniform(0.5, 1.5))
                paints.append((entry, reader.open(entry.url_path)))
        return paints

    found: dict[Entry, list[Paint]] = {entry: [] for entry in entries}
    with ThreadPoolExecutor(readers) as pool:
        for paints in pool.map(read, range(readers)):
            for entry, paint in paints:
                found[entry].append(paint)
    return found


def _report(alone: Sequence[Paint], costs: dict[Entry, Costs]) -> tuple[list[str], list[list[str]]]:
    header = ["page", "cold", "first p50", "p95", "cpu", "change p50", "p95", "cpu", "KiB"]
    rows = [["an empty page of Streamlit", "", *_spread(alone), "", "", "", f"{alone[0].bytes / 1024:.0f}"]]
    for entry, of in costs.items():
        cold, *warm = of.firsts
        size = f"{median(paint.bytes for paint in of.firsts) / 1024:.0f}"
        rows.append([entry.title, _ms(cold.seconds), *_spread(warm or [cold]), *_spread(of.changes), size])
    return header, rows


def _crowd(costs: dict[Entry, Costs], *crowds: dict[Entry, list[Paint]]) -> tuple[list[str], list[list[str]]]:
    """Each page with one reader, and with many who click at once and who think in between, as multiples of one."""
    rows = []
    for entry, of in costs.items():
        one = median(paint.seconds for paint in of.firsts[1:] or of.firsts)
        many = [median(paint.seconds for paint in crowd[entry]) for crowd in crowds]
        failed = sum(not paint.is_whole for crowd in crowds for paint in crowd[entry])
        rows.append(
            [entry.title, _ms(one), *(text for each in many for text in (_ms(each), f"{each / one:.1f}")), str(failed)]
        )
    return ["page", "one reader p50", "hasty p50", "times", "thoughtful p50", "times", "failed"], rows


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
        _opened(served)  # pays for what is imported at the first page
        yield served
    finally:
        served.stop()


if __name__ == "__main__":
    main()
