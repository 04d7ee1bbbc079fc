"""The frame of every page: the name leads home, the current section is marked, tabs have titles, filters match."""

import pytest
from playwright.sync_api import expect

from dashboards import navigation
from dashboards.charts.colours import ORIGINS
from tests.browser.conftest import Window
from tests.support.browser_page import PHONE, open_page, settle
from tests.support.slow import only, slow
from tracker.dashboard import Dashboard

pytestmark = pytest.mark.browser

NAME = "Open Model Tracker"
MARKED = """menu => [...menu.querySelectorAll("button")]
    .filter(button => parseFloat(getComputedStyle(button).borderBottomWidth) >= 2)
    .map(button => button.innerText.trim())"""
LINES = """chart => Object.fromEntries([...chart.querySelectorAll(".mark-line.layer_0_marks path")]
    .map(line => [line.getAttribute("stroke"), Number(line.getAttribute("stroke-width"))]))"""
"""Colour of each line -> its width."""


@pytest.mark.parametrize("width", [1440, slow(PHONE)])
def test_name_leads_home(window: Window, served_simulated: Dashboard, width: int) -> None:
    page = window(width)
    open_page(page, served_simulated, "method")
    tabs = len(page.context.pages)
    page.locator("[data-testid=stHeader]").get_by_role("button", name="Navigate to home page").click()
    page.wait_for_url(f"{served_simulated.url}/")
    expect(page.locator("h1")).to_contain_text("downloads on Hugging Face")
    assert len(page.context.pages) == tabs, "in the same tab"


@pytest.mark.parametrize("view", only([entry.view for entry in navigation.ENTRIES], ("overview", "lab", "sql")))
def test_section_is_marked_and_tab_has_a_title(window: Window, served_simulated: Dashboard, view: str) -> None:
    [entry] = [entry for entry in navigation.ENTRIES if entry.view == view]
    page = window(1440)
    open_page(page, served_simulated, entry.url_path)
    expect(page).to_have_title(f"{entry.title} – {NAME}")
    assert page.locator("[data-testid=stTopNav]").evaluate(MARKED) == [entry.section]


def test_titles_of_tabs_differ() -> None:
    titles = [entry.title for entry in navigation.ENTRIES]
    assert len(set(titles)) == len(titles) >= 19


def test_china_and_the_united_states_are_emphasised(window: Window, served_simulated: Dashboard) -> None:
    page = window(1440)
    open_page(page, served_simulated, "")
    chart = page.locator(".st-key-first-chart .stVegaLiteChart")
    chart.locator(".mark-line path").first.wait_for()
    widths = chart.evaluate(LINES)
    pair = {ORIGINS["CN"], ORIGINS["US"]}
    assert pair < widths.keys() and len(widths) >= 5
    assert min(widths[colour] for colour in pair) >= 2 * max(widths[colour] for colour in widths.keys() - pair)


def test_filter_matches_by_contains_and_enter_takes_one(window: Window, served_simulated: Dashboard) -> None:
    page = window(1440)
    open_page(page, served_simulated, "models")
    family = page.get_by_role("combobox", name="Family")
    family.fill("seek")
    expect(page.get_by_role("option")).to_have_text(["DeepSeek"])
    family.fill("e")
    expect(page.get_by_role("option").nth(4)).to_be_visible()
    offered = page.get_by_role("option").all_inner_texts()
    assert all("e" in name.lower() for name in offered) and not any("all" in name.lower().split() for name in offered)
    family.press("Enter")
    page.wait_for_url("**/models?family=*")
    settle(page)
    expect(page.locator(".st-key-filters [data-tag]")).to_have_count(1)
    assert page.url.count("family=") == 1
