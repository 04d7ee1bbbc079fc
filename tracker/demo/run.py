"""`tracker demo`: simulate or replay a Hub, crawl and build it with the real code, and open the dashboard."""

import json
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
from tracker.demo.simulation.known_models import LISTED_ON
from tracker.demo.simulation.world import SimulatedWorld
from tracker.domain import Scope
from tracker.errors import DataError, HomeError
from tracker.hub.client import HubClient
from tracker.hub.crawl import CrawlOptions, CrawlResult, crawl
from tracker.lake.lake import Lake
from tracker.messages import build_lines, crawl_line
from tracker.pipeline import build_home
from tracker.progress import NoProgress
from tracker.registry.entries import Registry

QUOTA = 1_000_000
"""Requests per window of the demo's Hub: so many that the crawl never waits."""


_RULER_DAYS, _RULER_STEP = 31, 5
"""The demo reads ModelScope on every fifth of the last days."""

_RECORD = "demo.json"
"""File of a home with the choices that decide its simulated world."""


def run_demo(
    days: int,
    seed: int,
    models: int,
    replay: Path | None,
    home: Path | None,
    registry: Registry,
    now: Callable[[], datetime],
    *,
    port: int,
    open_browser: bool,
) -> int:
    """Crawl a simulated world, or the recordings in `replay`, day by day; then build and serve the dashboard.

    The data are stored in `home`, or in a temporary folder that is deleted at the end. Returns the dashboard's exit
    code.
    """
    free_port(port)  # fail before the crawl, not after it
    started = time.monotonic()
    catalog: Catalog = (
        Replay(replay)
        if replay
        else SimulatedWorld(seed=seed, days=days, models=models, last_day=LISTED_ON, registry=registry)
    )
    what = "recorded" if replay else "simulated"
    first, last = catalog.days[0], catalog.days[-1]
    _print(f"Crawling {len(catalog.days)} {what} days, {first} to {last}, from a Hub on this machine.")
    choice: dict[str, object] = (
        {"replay": str(replay.resolve())}
        if replay
        else {"seed": seed, "models": models, "days": days, "last_day": str(last)}
    )
    with _demo_home(home) as folder:
        _refuse_other_world(folder, choice)
        crawl_catalog(catalog, folder, registry, now, _print_day)
        if isinstance(catalog, SimulatedWorld):
            crawl_rulers(catalog, folder, registry, now)
        built = build_home(folder, registry, now())
        _print("\n".join(build_lines(built)))
        if built.has_failed:
            raise DataError("A check failed on demo data. This is a bug; please report it.")
        label = "The data are SIMULATED. " if catalog.is_simulated else ""
        _print(f"{label}Ready after {time.monotonic() - started:.0f} s.")
        return serve(folder, port=port, open_browser=open_browser)


def crawl_catalog(
    catalog: Catalog, home: Path, registry: Registry, now: Callable[[], datetime], on_day: Callable[[CrawlResult], None]
) -> None:
    """Serve every day of `catalog` from an embedded Hub and read it with the real crawler, scope hub."""
    from tracker.demo.hub.server import EmbeddedHub  # imported here: the web server is slow to import

    with EmbeddedHub(catalog, day=catalog.days[0], quota=QUOTA) as server:
        for day in catalog.days:
            server.day = day
            hub = HubClient(server.url, now=now)
            on_day(crawl(Lake(home), CrawlOptions(day, Scope.HUB), hub, registry, NoProgress(), now))


def crawl_rulers(world: SimulatedWorld, home: Path, registry: Registry, now: Callable[[], datetime]) -> None:
    """Read the other rulers of a simulated world from their stand-ins, with the real sources."""
    from tracker.demo.hub import modelscope, openrouter
    from tracker.demo.hub.server import EmbeddedHub
    from tracker.sources.crawl import crawl_source
    from tracker.sources.modelscope import ModelScope
    from tracker.sources.openrouter import OpenRouter
    from tracker.sources.providers import Providers

    truth, last = world.rulers, world.days[-1]
    tokens, mirror = openrouter.OpenRouter(truth), modelscope.ModelScope(truth)
    with EmbeddedHub(world, day=last, quota=QUOTA, openrouter=tokens, modelscope=mirror, offers=truth) as server:
        client = HubClient(server.url, now=now)
        for day in world.days[-1 : -_RULER_DAYS - 1 : -_RULER_STEP][::-1]:
            server.day = day
            crawl_source(Lake(home), ModelScope(client, registry), day, now)
        server.day = last
        for source in (OpenRouter(client), Providers(client, registry)):
            crawl_source(Lake(home), source, last, now)


@contextmanager
def _demo_home(home: Path | None) -> Iterator[Path]:
    if home is not None:
        home.mkdir(parents=True, exist_ok=True)
        _delete_unfinished_demo_crawls(Lake(home))
        _print(f"The data are stored in {home.resolve()}; query them with `tracker sql --home {home}`.")
        yield home
        return
    folder = Path(tempfile.mkdtemp(prefix="tracker-demo-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _refuse_other_world(home: Path, choice: dict[str, object]) -> None:
    """Raise HomeError if the home has days of another simulated world; else note which world it has."""
    record = home / _RECORD
    if Lake(home).manifests():
        try:
            known = json.loads(record.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            known = None
        if isinstance(known, dict) and known != choice:
            differ = ", ".join(f"{name} {known.get(name)}" for name in known if known.get(name) != choice.get(name))
            raise HomeError(
                f"{home.resolve()} has the days of another demo ({differ}), which must not be mixed with these. "
                "Nothing was changed. Use another --home, or delete that folder."
            )
    record.write_text(json.dumps(choice) + "\n", encoding="utf-8")


def _delete_unfinished_demo_crawls(lake: Lake) -> None:
    """An interrupted demo crawl cannot be resumed, because its Hub's port is gone. Its pages can be made again."""
    for folder in lake.unfinished_runs():
        journal = folder / "journal.jsonl"
        if journal.exists() and '"url": "http://127.0.0.1:' in journal.read_text(encoding="utf-8"):
            shutil.rmtree(folder)


def _print_day(outcome: CrawlResult) -> None:
    if sys.stderr.isatty() or outcome.manifest.day.day in (1, 11, 21):
        end = "\r" if sys.stderr.isatty() else "\n"
        print(f"{crawl_line(outcome):100}", end=end, file=sys.stderr, flush=True)


def _print(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
