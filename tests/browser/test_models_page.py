"""The table of models: a ticked row opens its model, from which two ways lead back to the filters."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Window
from tests.support.browser_page import open_page
from tracker.dashboard import Dashboard

pytestmark = pytest.mark.browser

FIRST_TICK = {"x": 18, "y": 52}
"""Pixels from the table's corner to the box before its first row, below the header of 35."""

FIRST_NAME = {"x": 200, "y": 52}
"""The same to the name in its first row."""


def test_ticked_row_opens_its_model_and_keeps_filters(window: Window, served_simulated: Dashboard) -> None:
    page = window()
    open_page(page, served_simulated, "models?q=qwen")
    page.locator("[data-testid=stDataFrame] .dvn-scroller").first.click(position=FIRST_TICK)
    page.wait_for_url("**/model?*model=*")
    expect(page.locator("h1")).to_contain_text("wen")
    page.get_by_role("link", name="All models").click()
    expect(page.locator("h1")).to_have_text("Models")
    expect(page.get_by_label("Search by name")).to_have_value("qwen")


def test_name_in_a_table_opens_its_page_in_the_same_tab(window: Window, served_simulated: Dashboard) -> None:
    page = window()
    tabs = len(page.context.pages)
    open_page(page, served_simulated, "models?q=qwen")
    table = page.locator("[data-testid=stDataFrame] .dvn-scroller").first
    table.hover(position=FIRST_NAME)
    expect(table).to_have_css("cursor", "pointer")
    table.click(position=FIRST_NAME)
    page.wait_for_url("**/model?model=**")
    expect(page.locator("h1")).to_contain_text("wen")
    page.go_back(wait_until="commit")
    expect(page.locator("h1")).to_have_text("Models")
    expect(page.get_by_label("Search by name")).to_have_value("qwen")
    assert len(page.context.pages) == tabs


@pytest.mark.slow
def test_browser_back_restores_table_and_filters(window: Window, served_simulated: Dashboard) -> None:
    page = window()
    open_page(page, served_simulated, "models?origin=China&origin=United+States&rows=500")
    shown = page.get_by_text("Tick a row to open its model.").inner_text()
    chosen = page.locator(".st-key-filters").inner_text()
    assert "China" in chosen and "United States" in chosen
    page.locator("[data-testid=stDataFrame] .dvn-scroller").first.click(position=FIRST_TICK)
    page.wait_for_url("**/model?model=*")
    expect(page.locator("h1")).not_to_have_text("Model")
    page.go_back(wait_until="commit")
    page.wait_for_url("**/models?origin=China&origin=United+States&rows=500")
    expect(page.locator("h1")).to_have_text("Models")
    expect(page.get_by_text("Tick a row to open its model.")).to_have_text(shown)
    expect(page.locator(".st-key-filters")).to_have_text(chosen, use_inner_text=True)
    page.go_forward(wait_until="commit")
    page.wait_for_url("**/model?model=*")
    expect(page.get_by_role("link", name="All models")).to_be_visible()
