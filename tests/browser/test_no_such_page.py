"""Addresses without a page."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Window
from tests.support.browser_page import settle
from tracker.dashboard import Dashboard

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("path", ["a/b", "models/Qwen/Qwen3-8B?x=1"])
def test_address_of_several_parts_says_that_there_is_no_page(
    window: Window, served_simulated: Dashboard, path: str
) -> None:
    page = window()
    answer = page.goto(f"{served_simulated.url}/{path}")
    assert answer is not None and answer.status == 404
    expect(page.locator("h1")).to_have_text("There is no such page")
    page.get_by_role("link", name="Open Model Tracker").click()
    page.wait_for_url(f"{served_simulated.url}/")
    settle(page)
    expect(page.locator("h1")).to_contain_text("downloads on Hugging Face")


def test_unknown_name_says_that_there_is_no_page(window: Window, served_simulated: Dashboard) -> None:
    page = window()
    page.goto(f"{served_simulated.url}/nothing")
    expect(page.locator("[role=dialog]")).to_contain_text("Page not found")
