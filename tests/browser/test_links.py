"""A copied link shows the same page to somebody else, in a browser that was never there."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_every_page import open_quiet
from tracker.dashboard import Dashboard

pytestmark = pytest.mark.browser

CHOICES = {
    "": "Likes",
    "compare": "Log",
    "concentration": "Families",
    "robustness": "United States",
    "family": "Sizes and formats",
    "lineage": "2",
    "cross-origin": "Level",
    "reproduce": "None",
    "data-quality": "Estimates",
    "method": "Colours",
}
"""Page -> an option of one of its controls that is not chosen at first."""

PICTURES = "() => [...document.querySelectorAll('[data-testid=stVegaLiteChart] canvas')].map(one => one.toDataURL())"


@pytest.fixture(scope="module")
def reader(chromium: Browser) -> Iterator[Page]:
    """A reader who goes from page to page."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", CHOICES)
def test_a_link_shows_the_same_page_to_somebody_else(
    reader: Page, chromium: Browser, served_simulated: Dashboard, path: str
) -> None:
    open_quiet(reader, served_simulated, path)
    reader.get_by_role("radio", name=CHOICES[path], exact=True).first.click()
    reader.wait_for_url("**?*")
    settle(reader)
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    other = context.new_page()
    open_quiet(other, served_simulated, reader.url.removeprefix(f"{served_simulated.url}/"))
    settle(other)
    main = "[data-testid=stMain]"
    assert other.locator(main).inner_text() == reader.locator(main).inner_text()
    assert other.evaluate(PICTURES) == reader.evaluate(PICTURES)
    context.close()


def settle(page: Page) -> None:
    """Waits until a page has been drawn whole."""
    expect(page.locator("[data-testid=stApp]")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0)
