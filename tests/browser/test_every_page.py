"""Every page in a browser: it fits the screen and is accessible, in light and dark."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from dashboards.navigation import ENTRIES
from tests.browser.conftest import Window
from tests.support.browser_page import ALL, COLOURS, NO_COLOURS, PHONE, WIDE, fitted, in_scheme, open_page, serious
from tests.support.slow import only
from tracker.dashboard import Dashboard

pytestmark = pytest.mark.browser


@pytest.fixture
def page(window: Window) -> Page:
    """A wide window in light."""
    return window(WIDE)


@pytest.mark.parametrize("view", only([entry.view for entry in ENTRIES], ("overview", "sql")))
def test_page_fits_the_screen_and_is_accessible(page: Page, served_simulated: Dashboard, view: str) -> None:
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    [url_path] = [entry.url_path for entry in ENTRIES if entry.view == view]
    open_page(page, served_simulated, url_path)
    assert page.locator("[data-testid=stException]").all_inner_texts() == [], served_simulated.log()
    assert_readable(page)
    elsewhere = [url for url in requested if not re.match(r"(http|ws)://127.0.0.1:|data:|blob:", url)]
    assert elsewhere == []


def assert_readable(page: Page) -> None:
    """Check a page in both widths and both schemes.

    All rules are applied once, in the wide light window. Colours do not depend on the width, so the phone is checked
    without their rules; the dark scheme changes nothing but colours, so it is checked with these alone.
    """
    for scheme, width, rules in (("light", PHONE, NO_COLOURS), ("light", WIDE, ALL), ("dark", WIDE, COLOURS)):
        fitted(page, width)
        in_scheme(page, scheme)
        assert (scheme, width, serious(page, rules)) == (scheme, width, [])


@pytest.mark.slow
def test_chosen_filters_are_accessible(page: Page, served_simulated: Dashboard) -> None:
    open_page(page, served_simulated, "models?q=q&origin=China&layer=Release&layer=Derivative")
    page.locator("[data-tag]").first.wait_for()
    assert_readable(page)


@pytest.mark.slow
def test_pages_are_reached_by_keyboard(window: Window, served_simulated: Dashboard) -> None:
    page = window()
    open_page(page, served_simulated, "")
    last = ENTRIES[-1]
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip().startswith(last.section):
            break
    page.keyboard.press("Enter")
    page.get_by_role("menuitem", name=last.title).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{last.url_path}")


def test_screenshots_cover_every_page() -> None:
    text = (Path(__file__).parent / "screenshots.py").read_text()
    assert [entry.view for entry in ENTRIES if f'"/{entry.url_path}' not in text] == []
