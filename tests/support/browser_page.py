"""What browser tests do with a page: open it, resize it, download from it, check it with axe-core."""

from pathlib import Path
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tracker.dashboard import Dashboard

Scheme = Literal["light", "dark"]

WIDE, PHONE = 1280, 390
BACKGROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(15, 19, 24)"}
ALL = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
NO_COLOURS = {**ALL, "rules": {"color-contrast": {"enabled": False}, "link-in-text-block": {"enabled": False}}}
STREAMLITS_OWN = {"exclude": [["[data-testid=stSidebarNav]"]]}
"""Streamlit's menu on narrow screens, which no page can change: a list with headings among its items."""


def settle(page: Page) -> None:
    """Wait until a page has run and everything on it is drawn."""
    expect(page.locator("[data-testid=stApp]")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0)


def open_page(page: Page, served: Dashboard, path: str) -> None:
    """Open a page of the dashboard and wait until it is drawn."""
    page.goto(f"{served.url}/{path}")
    page.locator(".st-key-header").wait_for()
    page.locator("h1").wait_for()
    settle(page)


def download(page: Page, label: str, place: str = "[data-testid=stMain]") -> bytes:
    """The file that the one button with this label in a place of the page (CSS) gives."""
    with page.expect_download() as downloaded:
        page.locator(place).get_by_role("button", name=label).click()
    return Path(downloaded.value.path()).read_bytes()


def in_scheme(page: Page, scheme: Scheme) -> None:
    """Switch the system to a colour scheme, and wait until the page has followed."""
    page.emulate_media(color_scheme=scheme)
    background = page.locator("[data-testid=stApp]")
    expect(background).to_have_css("background-color", BACKGROUNDS[scheme])
    expect(background).to_have_attribute("data-test-script-state", "notRunning")


def fitted(page: Page, width: int) -> None:
    """Resize the window, and wait until nothing on the page is wider than it."""
    page.set_viewport_size({"width": width, "height": 900})
    menu = page.locator("[data-testid=stExpandSidebarButton]")
    expect(menu).to_have_count(1 if width == PHONE else 0)
    page.wait_for_function(
        "() => [document.documentElement, document.querySelector('[data-testid=stMain]')]"
        ".every(box => box.scrollWidth === box.clientWidth)"
    )


def serious(page: Page, rules: dict[str, Any] = ALL) -> list[str]:
    """The findings of axe-core that keep a user from reading or using the page."""
    options = {"resultTypes": ["violations"], **rules}
    found: list[dict[str, Any]] = Axe().run(page, context=STREAMLITS_OWN, options=options).response["violations"]
    return [
        f"{one['id']}: {one['help']}: {node['html'][:300]}"
        for one in found
        for node in one["nodes"]
        if one["impact"] in ("serious", "critical")
    ]
