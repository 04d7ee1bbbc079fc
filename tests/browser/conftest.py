"""The dashboard in a separate process, and the system's Chromium."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.demo.compare_with_recorded import RECORDED
from tests.support import tiny_warehouse
from tests.support.browser_page import Scheme
from tests.support.simulated_home import simulated as simulated
from tests.support.slow import slow
from tracker import dashboard
from tracker.demo.replay import Replay
from tracker.demo.run import crawl_catalog
from tracker.pipeline import build_home
from tracker.registry.load import load

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
Window = Callable[..., Page]

PATIENCE = 90_000
"""Milliseconds to wait for something to appear; two busy cores may need a while."""

MOMENTUM = """
insert into momentum by name
select
    hub_id,
    age_days,
    1000 * age_days as downloads_all_time,
    row_number() over (order by hub_id, age_days) % 11 / 4 as ram_median,
    ram_median / 2 as ram_tenth,
    task_class,
    size_bucket,
    12 as bucket_models,
    build.last_day as baseline
from models, build, (values (7), (14), (30), (60)) as ages (age_days)
where layer = 'release' and task_class is not null and size_bucket is not null and is_listed;
update models set released_on = build.last_day - 60
from build
where hub_id in (select hub_id from momentum where ram_median > 2)
"""
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dashboard.Dashboard]:
    """The dashboard over the tiny warehouse on a free port."""
    home = tmp_path_factory.mktemp("home")
    tiny_warehouse.write(home / "tracker.duckdb")
    running = dashboard.start(home, port=0)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def served_simulated(simulated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dashboard.Dashboard]:
    """The dashboard over sixty simulated days, which are too few for momentum: its rows are inserted."""
    home = tmp_path_factory.mktemp("measured")
    shutil.copy(simulated / "tracker.duckdb", home)
    with duckdb.connect(str(home / "tracker.duckdb")) as connection:
        connection.execute(MOMENTUM)
    running = dashboard.start(home, port=0)
    yield running
    running.stop()


@dataclass(frozen=True)
class World:
    """A served dashboard and the home that it shows."""

    served: dashboard.Dashboard
    home: Path
    is_simulated: bool


@pytest.fixture(scope="session")
def served_recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The dashboard over four recorded days of the Hub; skipped where they are absent."""
    if not RECORDED.is_dir():
        pytest.skip("the recorded days are not beside the project")
    home = tmp_path_factory.mktemp("recorded")
    now = datetime(2026, 8, 22, 14, tzinfo=UTC)
    crawl_catalog(Replay(RECORDED), home, load(), lambda: now, lambda outcome: None)
    build_home(home, load(), now)
    running = dashboard.start(home, port=0)
    yield World(running, home, is_simulated=False)
    running.stop()


@pytest.fixture(params=["simulated", slow("recorded")])
def world(request: pytest.FixtureRequest) -> World:
    """A simulated world; with `-m slow` also the recorded days."""
    if request.param == "recorded":
        recorded: World = request.getfixturevalue("served_recorded")
        return recorded
    simulated: Path = request.getfixturevalue("simulated")
    return World(request.getfixturevalue("served_simulated"), simulated, is_simulated=True)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium; another one can be named by the variable CHROMIUM."""
    if not Path(CHROMIUM).exists():
        pytest.skip(f"no Chromium at {CHROMIUM}; name one with the variable CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def profile(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """A browser with a profile on disk. It keeps the app's compiled code, so pages open in half the time."""
    expect.set_options(timeout=PATIENCE)
    with closing(
        chromium.browser_type.launch_persistent_context(
            tmp_path_factory.mktemp("profile"),
            executable_path=CHROMIUM,
            args=FLAGS,
            accept_downloads=True,
            reduced_motion="reduce",
        )
    ) as context:
        context.set_default_timeout(PATIENCE)
        yield context


@pytest.fixture
def window(profile: BrowserContext) -> Iterator[Window]:
    """Opens windows, by default wide and light; all close with the test."""
    with ExitStack() as opened:

        def window(width: int = 1280, scheme: Scheme = "light") -> Page:
            page = opened.enter_context(closing(profile.new_page()))
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            return page

        yield window
