"""Pages in a browser: both widths, links, downloads and colour schemes."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Window
from tests.support import tiny_warehouse
from tests.support.browser_page import BACKGROUNDS, PHONE, WIDE, download, fitted, in_scheme, open_page
from tests.support.slow import first_of
from tracker import dashboard
from tracker.dashboard import Dashboard

pytestmark = pytest.mark.browser

CHART = "[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg"
DRAWN = {"/": CHART, "/compare": CHART, "/models": "canvas"}
BACKGROUND = "app => getComputedStyle(app).backgroundColor"
OF_DOWNLOADS = "[class*=st-key-downloads-origins-publisher-downloads-30d]"
"""The downloads of the overview's first chart; its other charts have buttons of the same names."""


@pytest.fixture
def page(window: Window) -> Page:
    """A wide window."""
    return window()


def open_at(page: Page, served: Dashboard, path: str) -> Locator:
    """Open a page, wait until its chart or table is drawn, and return it."""
    page.goto(served.url + path)
    drawn = page.locator(DRAWN[path.partition("?")[0]]).first
    drawn.wait_for()
    return drawn


@pytest.mark.slow
def test_page_without_a_warehouse_wakes_after_the_first_build(page: Page, tmp_path: Path) -> None:
    running = dashboard.start(tmp_path, port=0)
    try:
        page.goto(running.url)
        expect(page.locator("[data-testid=stAlert]")).to_contain_text("There is no warehouse yet")
        tiny_warehouse.write(tmp_path / "tracker.new").replace(tmp_path / "tracker.duckdb")
        expect(page.locator("h1")).to_contain_text("downloads")
    finally:
        running.stop()


@pytest.mark.parametrize("path", first_of(DRAWN))
def test_page_shows_header_and_chart_in_both_widths(page: Page, served: Dashboard, path: str) -> None:
    drawn = open_at(page, served, path)
    expect(page.locator(".st-key-header")).to_contain_text(re.compile(r"Updated .+ ago"))
    for width in (WIDE, PHONE):
        fitted(page, width)
        box = drawn.bounding_box()
        assert box is not None and box["width"] > 200 and box["height"] > 200
    expect(page.locator("[data-testid=stException]")).to_have_count(0)


@pytest.mark.slow
def test_chart_data_leaves_an_unknown_day_out(page: Page, served: Dashboard) -> None:
    open_at(page, served, "/")
    for width in (WIDE, PHONE):
        fitted(page, width)
        rows = list(csv.DictReader(io.StringIO(download(page, "Data (CSV)", OF_DOWNLOADS).decode())))
        assert {row["day"] for row in rows} == {"2026-08-19", "2026-08-20", "2026-08-22"}
        china = next(row for row in rows if row["day"] == "2026-08-22" and row["name"] == "China")
        assert float(china["value"]) == 4030


@pytest.mark.slow
def test_simulated_figures_are_marked_in_every_row(page: Page, served_simulated: Dashboard) -> None:
    open_at(page, served_simulated, "/")
    chart = download(page, "Data (CSV)", OF_DOWNLOADS)
    table = download(page, "Table (CSV)", "[class*=st-key-all-origins]")
    for file in (chart, table):
        rows = list(csv.DictReader(io.StringIO(file.decode())))
        assert rows and {row["is_simulated"] for row in rows} == {"true"}


@pytest.mark.slow
def test_models_csv_runs_in_no_spreadsheet(page: Page, served: Dashboard) -> None:
    open_at(page, served, "/models")
    for width in (WIDE, PHONE):
        fitted(page, width)
        rows = list(csv.DictReader(io.StringIO(download(page, "Table (CSV)").decode())))
        assert [row["repo_id"] for row in rows][:2] == ["Qwen/Qwen3-8B", "someone/=cmd()-GGUF"]
        assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


@pytest.mark.slow
def test_chart_downloads_as_an_image(page: Page, served: Dashboard) -> None:
    open_at(page, served, "/")
    for label, start in (("Image (PNG)", b"\x89PNG\r\n"), ("Image (SVG)", b"<svg")):
        image = download(page, label, OF_DOWNLOADS)
        assert image.startswith(start) and len(image) > 5000


@pytest.mark.slow
def test_copied_link_opens_in_a_new_browser(page: Page, chromium: Browser, served: Dashboard) -> None:
    open_at(page, served, "/")
    page.get_by_role("radio", name="Likes").click()
    expect(page.get_by_text("of language-model likes on Hugging Face")).to_be_visible()
    page.wait_for_url("**/?metric=Likes")
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    other = context.new_page()
    other.goto(page.url)
    expect(other.get_by_text("of language-model likes on Hugging Face")).to_be_visible()
    context.close()


@pytest.mark.slow
def test_lines_of_a_preset_are_in_the_address(page: Page, served_simulated: Dashboard) -> None:
    open_at(page, served_simulated, "/compare?compare=Labs")
    page.get_by_role("button", name="Families people compare").click()
    page.wait_for_url("**/compare?*families=Qwen&families=DeepSeek&families=Kimi*")


@pytest.mark.slow
def test_comparison_is_in_the_address(page: Page, served: Dashboard) -> None:
    open_at(page, served, "/compare?origins=China&origins=France")
    page.get_by_role("radio", name="Log").click()
    expect(page.get_by_text("1 day without data left blank")).to_have_count(0)
    page.wait_for_url("**/compare?*origins=China&origins=France*scale=Log*")
    expect(page.get_by_text("Events: 20 Aug 2026: Another file counts.")).to_be_visible()


@pytest.mark.slow
def test_chart_text_and_background_follow_the_system(window: Window, served_simulated: Dashboard) -> None:
    night, evening = window(scheme="dark"), window(scheme="light")
    for page in (night, evening):
        open_page(page, served_simulated, "cross-origin")
        assert (
            page.locator("[data-testid=stApp]").evaluate(BACKGROUND)
            == BACKGROUNDS["dark" if page == night else "light"]
        )
    ink = "[...document.querySelectorAll('[data-testid=stVegaLiteChart] text')].map(one => getComputedStyle(one).fill)"
    in_dark = night.evaluate(f"{ink}.join()")
    assert "rgb(" in in_dark and evening.evaluate(f"{ink}.join()") != in_dark
    in_scheme(evening, "dark")
    evening.wait_for_function(f"wanted => {ink}.join() === wanted", arg=in_dark)
