"""`tracker demo`: a world, a Hub that serves it, the real crawler, the real build, the dashboard."""

import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from tracker.dashboard import free_port, serve
from tracker.demo.catalog import Catalog
from tracker.demo.replay import Replay
from tracker.demo.simulation.world import SimulatedWorld
from tracker.errors import DataError
from tracker.hub.crawl import CrawlResult
from tracker.lake.lake import Lake
from tracker.messages import build_lines, crawl_line
from tracker.pipeline import build_home, crawl_catalog
from tracker.registry.entries import Registry


def run_demo(
    days: int,
    seed: int,
    models: int,
    replay: Path | None,
    kept: Path | None,
    registry: Registry,
    now: Callable[[], datetime],
    *,
    port: int,
    open_browser: bool,
) -> int:
    """Crawls a simulated world (or the recordings in `replay`) day by day, builds, and serves the dashboard.

    The data lie in `kept`, or in a temporary folder that is removed at the end. Returns the dashboard's exit code.
    """
    free_port(port)  # before the crawl, so that a taken one is not found out at its end
    started = time.monotonic()
    catalog: Catalog = (
        Replay(replay) if replay else SimulatedWorld(seed=seed, days=days, models=models, registry=registry)
    )
    what = "recorded" if replay else "simulated"
    first, last = catalog.days[0], catalog.days[-1]
    _say(f"Crawling {len(catalog.days)} {what} days, {first} to {last}, from a Hub on this machine.")
    with _home(kept) as home:
        crawl_catalog(catalog, home, registry, now, _say_day)
        built = build_home(home, registry, now())
        _say("\n".join(build_lines(built)))
        if built.has_failed:
            raise DataError("A check failed; this is a defect of the program, please report it.")
        label = "The data are SIMULATED. " if catalog.is_simulated else ""
        _say(f"{label}Ready after {time.monotonic() - started:.0f} s.")
        return serve(home, port=port, open_browser=open_browser)


@contextmanager
def _home(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        _drop_runs_of_gone_hubs(Lake(kept))
        _say(f"The data are kept in {kept.resolve()}; look at them with `tracker sql --home {kept}`.")
        yield kept
        return
    folder = Path(tempfile.mkdtemp(prefix="tracker-demo-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _drop_runs_of_gone_hubs(lake: Lake) -> None:
    """Removes what an interrupted demo left: its Hub is gone with its port, and the pages can be made again."""
    for folder in lake.unfinished_runs():
        journal = folder / "journal.jsonl"
        if journal.exists() and '"url": "http://127.0.0.1:' in journal.read_text(encoding="utf-8"):
            shutil.rmtree(folder)


def _say_day(outcome: CrawlResult) -> None:
    if sys.stderr.isatty() or outcome.manifest.day.day in (1, 11, 21):
        end = "\r" if sys.stderr.isatty() else "\n"
        print(f"{crawl_line(outcome):100}", end=end, file=sys.stderr, flush=True)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
