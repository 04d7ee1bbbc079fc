"""The pages as a reader meets them: wide and narrow, by link, and with what they can take away."""

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Window
from tests.browser.test_every_page import in_scheme, open_quiet
from tests.browser.test_links import settle
from tracker.dashboard import Dashboard

pytestmark = pytest.mark.browser

WIDTHS = {"wide": 1280, "phone": 390}
CHART = "[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg"
DRAWN = {"/": CHART, "/compare": CHART, "/models": "canvas"}
OF_DOWNLOADS = "[class*=st-key-downloads-origins-publisher-downloads-30d]"
"""What can be taken away of the overview's first chart; its other charts have buttons of the same names."""


@pytest.fixture(params=list(WIDTHS.values()), ids=list(WIDTHS))
def page(request: pytest.FixtureRequest, window: Window) -> Page:
    """A window of a reader, wide or narrow."""
    return window(request.param)


@pytest.fixture
def wide(window: Window) -> Page:
    """A wide window."""
    return window()


def open_at(page: Page, served: Dashboard, path: str) -> Locator:
    """Opens a page and waits until its chart or table is drawn, which is returned."""
    page.goto(served.url + path)
    drawn = page.locator(DRAWN[path.partition("?")[0]]).first
    drawn.wait_for()
    return drawn


def downloaded(page: Page, label: str, place: str = "[data-testid=stMain]") -> bytes:
    """What the one button with this label in a place of the page (CSS) gives."""
    with page.expect_download() as download:
        page.locator(place).get_by_role("button", name=label).click()
    return Path(download.value.path()).read_bytes()


@pytest.mark.parametrize("path", DRAWN)
def test_a_page_is_drawn_with_its_header_and_without_sideways_scrolling(
    page: Page, served: Dashboard, path: str
) -> None:
    drawn = open_at(page, served, path)
    expect(page.locator(".st-key-header")).to_contain_text("As of 22 Aug 2026: 5 models read, complete")
    box = drawn.bounding_box()
    assert box is not None and box["width"] > 200 and box["height"] > 200
    overflow = page.evaluate(
        "() => [document.documentElement, document.querySelector('[data-testid=stMain]')]"
        ".map(box => box.scrollWidth - box.clientWidth)"
    )
    assert overflow == [0, 0]
    expect(page.locator("[data-testid=stException]")).to_have_count(0)


def test_the_chart_data_comes_as_csv_with_an_unknown_day_left_out(page: Page, served: Dashboard) -> None:
    open_at(page, served, "/")
    rows = list(csv.DictReader(io.StringIO(downloaded(page, "Data (CSV)", OF_DOWNLOADS).decode())))
    assert {row["day"] for row in rows} == {"2026-08-19", "2026-08-20", "2026-08-22"}
    china = next(row for row in rows if row["day"] == "2026-08-22" and row["name"] == "China")
    assert float(china["value"]) == 4030


def test_made_up_figures_say_so_in_each_row_that_is_taken_away(wide: Page, served_simulated: Dashboard) -> None:
    open_at(wide, served_simulated, "/")
    chart = downloaded(wide, "Data (CSV)", OF_DOWNLOADS)
    table = downloaded(wide, "Table (CSV)", "[class*=st-key-all-origins]")
    for taken in (chart, table):
        rows = list(csv.DictReader(io.StringIO(taken.decode())))
        assert rows and {row["is_simulated"] for row in rows} == {"true"}


def test_the_models_come_as_csv_that_no_spreadsheet_runs(page: Page, served: Dashboard) -> None:
    open_at(page, served, "/models")
    rows = list(csv.DictReader(io.StringIO(downloaded(page, "Table (CSV)").decode())))
    assert [row["repo_id"] for row in rows][:2] == ["Qwen/Qwen3-8B", "someone/=cmd()-GGUF"]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


@pytest.mark.parametrize(("label", "start"), [("Image (PNG)", b"\x89PNG\r\n"), ("Image (SVG)", b"<svg")])
def test_the_chart_comes_as_an_image(wide: Page, served: Dashboard, label: str, start: bytes) -> None:
    open_at(wide, served, "/")
    image = downloaded(wide, label, OF_DOWNLOADS)
    assert image.startswith(start) and len(image) > 5000


def test_a_copied_link_shows_the_same_page_to_somebody_else(wide: Page, chromium: Browser, served: Dashboard) -> None:
    open_at(wide, served, "/")
    wide.get_by_role("radio", name="Likes").click()
    expect(wide.get_by_text("of likes on Hugging Face")).to_be_visible()
    wide.wait_for_url("**/?metric=Likes")
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    other = context.new_page()
    other.goto(wide.url)
    expect(other.get_by_text("of likes on Hugging Face")).to_be_visible()
    context.close()


def test_what_is_compared_stands_in_the_address(wide: Page, served: Dashboard) -> None:
    open_at(wide, served, "/compare?origins=China&origins=France")
    wide.get_by_role("radio", name="Log").click()
    expect(wide.get_by_text("1 day without data left blank")).to_have_count(0)
    wide.wait_for_url("**/compare?origins=China&origins=France&scale=Log")
    expect(wide.get_by_text("Events: 20 Aug 2026: Another file counts.")).to_be_visible()


def test_the_words_of_a_chart_follow_the_system_while_the_page_is_open(
    window: Window, served_simulated: Dashboard
) -> None:
    night, evening = window(scheme="dark"), window(scheme="light")
    for page in (night, evening):
        open_quiet(page, served_simulated, "cross-origin")
        settle(page)
    ink = "[...document.querySelectorAll('[data-testid=stVegaLiteChart] text')].map(one => getComputedStyle(one).fill)"
    in_dark = night.evaluate(f"{ink}.join()")
    assert "rgb(" in in_dark and evening.evaluate(f"{ink}.join()") != in_dark
    in_scheme(evening, "dark")
    evening.wait_for_function(f"wanted => {ink}.join() === wanted", arg=in_dark)


def test_the_background_follows_the_system(window: Window, served: Dashboard) -> None:
    seen = {}
    for scheme in ("light", "dark"):
        page = window(scheme=scheme)
        open_at(page, served, "/")
        seen[scheme] = page.locator("[data-testid=stApp]").evaluate("box => getComputedStyle(box).backgroundColor")
    assert seen == {"light": "rgb(255, 255, 255)", "dark": "rgb(15, 19, 24)"}
