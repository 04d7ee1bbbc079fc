"""Every page in a browser: it fits the screen and is accessible, in light and dark."""

import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from dashboards.navigation import ENTRIES, Entry
from tests.browser.conftest import Scheme, Window
from tracker.dashboard import Dashboard

pytestmark = pytest.mark.browser

WIDE, PHONE = 1280, 390
BACKGROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(15, 19, 24)"}
ALL = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
NO_COLOURS = {**ALL, "rules": {"color-contrast": {"enabled": False}, "link-in-text-block": {"enabled": False}}}
STREAMLITS_OWN = {"exclude": [["[data-testid=stSidebarNav]"]]}
"""Streamlit's menu on narrow screens, which no page can change: a list with headings among its items."""


@pytest.fixture
def page(window: Window) -> Page:
    """A wide window of a reader who likes light."""
    return window(WIDE)


def open_quiet(page: Page, served: Dashboard, path: str) -> None:
    """Opens a page and waits until it has been drawn whole."""
    page.goto(f"{served.url}/{path}")
    page.locator(".st-key-header").wait_for()
    page.locator("h1").wait_for()
    expect(page.locator("[data-testid=stApp]")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0)


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry.view for entry in ENTRIES])
def test_page_fits_the_screen_and_is_accessible(page: Page, served_simulated: Dashboard, entry: Entry) -> None:
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    open_quiet(page, served_simulated, entry.url_path)
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


def in_scheme(page: Page, scheme: Scheme) -> None:
    """Gives the reader another liking, as evening does, and waits until the page has followed."""
    page.emulate_media(color_scheme=scheme)
    background = page.locator("[data-testid=stApp]")
    expect(background).to_have_css("background-color", BACKGROUNDS[scheme])
    expect(background).to_have_attribute("data-test-script-state", "notRunning")


def fitted(page: Page, width: int) -> None:
    """Gives the window another width, and waits until nothing on the page is wider than it."""
    page.set_viewport_size({"width": width, "height": 900})
    menu = page.locator("[data-testid=stExpandSidebarButton]")
    expect(menu).to_have_count(1 if width == PHONE else 0)
    page.wait_for_function(
        "() => [document.documentElement, document.querySelector('[data-testid=stMain]')]"
        ".every(box => box.scrollWidth === box.clientWidth)"
    )


def serious(page: Page, rules: dict[str, Any] = ALL) -> list[str]:
    """The findings of axe-core that keep somebody from reading or using the page."""
    options = {"resultTypes": ["violations"], **rules}
    found: list[dict[str, Any]] = Axe().run(page, context=STREAMLITS_OWN, options=options).response["violations"]
    return [
        f"{one['id']}: {one['help']}: {node['html'][:300]}"
        for one in found
        for node in one["nodes"]
        if one["impact"] in ("serious", "critical")
    ]


def test_chosen_filters_are_accessible(page: Page, served_simulated: Dashboard) -> None:
    open_quiet(page, served_simulated, "models?q=q&origin=China&layer=Release&layer=Derivative")
    page.locator("[data-tag]").first.wait_for()
    assert_readable(page)


def test_pages_are_reached_by_keyboard(window: Window, served_simulated: Dashboard) -> None:
    page = window()
    open_quiet(page, served_simulated, "")
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
