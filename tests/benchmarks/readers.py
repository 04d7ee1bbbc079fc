"""Many readers of several dashboards behind one port: time until a page is whole, as a multiple of one reader's.

uv run python -m tests.benchmarks.readers HOME [--readers 50] [--workers 1 2 4] [--pages 4]

Readers click without pause. A machine runs at most one page a core at a time, so the multiple cannot fall below readers
divided by cores where every page costs the processor alone.
"""

import argparse
import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

from dashboards.navigation import ENTRIES
from tests.benchmarks.fresh import table
from tests.benchmarks.reader import Paint, Reader, cpu_seconds
from tracker import workers

PAGES = [entry.url_path for entry in ENTRIES]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--pages", type=int, default=4, help="pages that each reader opens")
    options = parser.parse_args()
    rows = [measured(options.home, count, options.readers, options.pages) for count in options.workers]
    crowd = f"{options.readers} readers ms"
    header = ["processes", "one reader ms", crowd, "p95", "times", "pages a second", "CPU ms a page", "failed"]
    print(table("Readers who click without pause, medians", header, rows))


def measured(home: Path, count: int, readers: int, pages: int) -> list[str]:
    """One row of the table."""
    served = workers.start(home, count, port=0)
    try:
        for warm in range(4 * count):  # each process pays for imports once
            read(served.url, f"warm {warm}", PAGES)
        alone = read(served.url, "alone", PAGES)
        used = -sum(cpu_seconds(dashboard.process.pid) for dashboard in served.dashboards)
        with ThreadPoolExecutor(readers) as pool:
            each = pool.map(
                lambda name: read(served.url, f"reader {name}", random.Random(name).choices(PAGES, k=pages)),
                range(readers),
            )
            crowd = [paint for paints in each for paint in paints]
        used += sum(cpu_seconds(dashboard.process.pid) for dashboard in served.dashboards)
    finally:
        served.stop()
    one, many = (median(paint.seconds for paint in paints) for paints in (alone, crowd))
    slowest = sorted(paint.seconds for paint in crowd)[round(0.95 * (len(crowd) - 1))]
    failed = sum(not paint.is_whole for paint in crowd)
    a_second = readers / sum(paint.seconds for paint in crowd) * len(crowd)
    return [str(count), *(f"{seconds * 1000:.0f}" for seconds in (one, many, slowest)), f"{many / one:.1f}",
            f"{a_second:.1f}", f"{used / len(crowd) * 1000:.0f}", str(failed)]  # fmt: skip


def read(url: str, name: str, paths: Sequence[str]) -> list[Paint]:
    """Open pages one after the other in one session."""
    with Reader(url, name=name) as reader:
        return [reader.open(path) for path in paths]


if __name__ == "__main__":
    main()
