"""The real dashboard in a process of its own, and the system's Chromium to look at it."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from functools import cache
from pathlib import Path
from typing import Literal

import duckdb
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from tests.support import tiny_warehouse
from tests.support.simulated_home import simulated as simulated
from tracker import dashboard

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
Scheme = Literal["light", "dark"]
Window = Callable[..., Page]

PATIENCE = 90_000
"""Milliseconds until something must have appeared; two busy cores may need a while."""

MOMENTUM = """
insert into momentum by name
select
    hub_id,
    age_days,
    1000 * age_days as downloads_all_time,
    row_number() over (order by hub_id, age_days) % 11 / 4 as ram_median,
    ram_median / 2 as ram_tenth,
    size_bucket,
    12 as bucket_models,
    build.last_day as baseline
from models, build, (values (7), (14), (30), (60)) as ages (age_days)
where layer = 'release' and size_bucket is not null and is_listed;
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
    """The dashboard over sixty simulated days, with every table, and momentum, for which sixty days are too few."""
    home = tmp_path_factory.mktemp("measured")
    shutil.copy(simulated / "tracker.duckdb", home)
    with duckdb.connect(str(home / "tracker.duckdb")) as connection:
        connection.execute(MOMENTUM)
    running = dashboard.start(home, port=0)
    yield running
    running.stop()


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
def readers(chromium: Browser) -> Callable[[int, Scheme], BrowserContext]:
    """A reader by width and liking; the same one for all tests, whose browser has the dashboard's code by then."""
    expect.set_options(timeout=PATIENCE)

    @cache
    def readers(width: int, scheme: Scheme) -> BrowserContext:
        viewport: ViewportSize = {"width": width, "height": 900}
        context = chromium.new_context(viewport=viewport, color_scheme=scheme, accept_downloads=True)
        context.set_default_timeout(PATIENCE)
        return context

    return readers


@pytest.fixture
def window(readers: Callable[[int, Scheme], BrowserContext]) -> Iterator[Window]:
    """Opens windows, wide and light unless told otherwise; all close with the test."""
    with ExitStack() as opened:

        def window(width: int = 1280, scheme: Scheme = "light") -> Page:
            return opened.enter_context(closing(readers(width, scheme).new_page()))

        yield window
