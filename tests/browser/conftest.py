"""The real dashboard in a process of its own, and the system's Chromium to look at it."""

import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.homes import simulated as simulated
from tracker import dashboard

TINY_WAREHOUSE = Path(__file__).parents[1] / "dashboards" / "tiny_warehouse.sql"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dashboard.Dashboard]:
    """The dashboard over the tiny warehouse on a free port."""
    home = tmp_path_factory.mktemp("home")
    with duckdb.connect(str(home / "tracker.duckdb")) as connection:
        connection.execute(TINY_WAREHOUSE.read_text())
    running = dashboard.start(home, port=0)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def served_simulated(simulated: Path) -> Iterator[dashboard.Dashboard]:
    """The dashboard over sixty simulated days, with every table."""
    running = dashboard.start(simulated, port=0)
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
