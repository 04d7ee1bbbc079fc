"""The SQL page: keys, the address, downloads, and results that stay text."""

import csv
import io
from urllib.parse import parse_qs, quote, urlsplit

import polars as pl
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window
from tests.support.browser_page import download
from tracker.dashboard import Dashboard

pytestmark = pytest.mark.browser

NAMES = (
    "select repo_id, '=1+1' as \"=formula\", likes from models join model_days using (hub_id) where day = '2026-08-22'"
)


@pytest.fixture
def page(window: Window) -> Page:
    """A window as wide as a phone."""
    return window(390)


def open_query(page: Page, served: Dashboard, query: str) -> None:
    page.goto(f"{served.url}/sql?q={quote(query)}")
    page.get_by_text(" in ").and_(page.get_by_text("seconds.")).last.wait_for()


def test_ctrl_enter_runs_and_links_the_query(page: Page, served: Dashboard) -> None:
    page.goto(f"{served.url}/sql")
    field = page.get_by_role("textbox", name="Query")
    field.fill("select 41 + 1 as answer\n-- & ? # % + ü")
    expect(page.get_by_text("Write a query")).to_be_visible()
    field.press("Control+Enter")
    expect(page.get_by_text("1 row in ")).to_be_visible()
    page.wait_for_url("**/sql?q=*")
    query = parse_qs(urlsplit(page.url).query)["q"]
    assert query == ["select 41 + 1 as answer\n-- & ? # % + ü"]


@pytest.mark.slow
def test_link_with_a_long_query_runs_it(page: Page, served: Dashboard) -> None:
    query = "select count(*) as models from models\n-- " + "long " * 1500
    open_query(page, served, query)
    expect(page.get_by_role("textbox", name="Query")).to_have_value(query)
    expect(page.get_by_text("1 row in ")).to_be_visible()


@pytest.mark.slow
def test_result_downloads_as_safe_csv_and_parquet(page: Page, served: Dashboard) -> None:
    open_query(page, served, NAMES)
    rows = list(csv.reader(io.StringIO(download(page, "Table (CSV)").decode())))
    assert rows[0] == ["repo_id", "'=formula", "likes"] and {row[1] for row in rows[1:]} == {"'=1+1"}
    frame = pl.read_parquet(io.BytesIO(download(page, "Table (Parquet)")))
    assert frame.columns == ["repo_id", "=formula", "likes"] and set(frame["=formula"]) == {"=1+1"}
    assert frame.height == len(rows) - 1 == 5


@pytest.mark.slow
def test_result_stays_text(page: Page, served: Dashboard) -> None:
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    attack = "<img src=x onerror=alert(1)>[x](https://example.org) www.example.org a@example.org"
    open_query(page, served, f"-- {attack}\nselect '{attack}' as \"{attack}\", 1 as n")
    expect(page.locator("[data-testid=stVegaLiteChart]")).to_be_visible()
    assert page.locator("a[href*='example.org'], img[src=x]").count() == 0
    assert dialogs == []


@pytest.mark.slow
def test_refusal_is_shown_and_fits_a_phone(page: Page, served: Dashboard) -> None:
    page.goto(f"{served.url}/sql?q={quote('copy models to ' + repr('x.csv'))}")
    expect(page.get_by_role("alert").get_by_text("COPY is refused")).to_be_visible()
    overflow = page.evaluate(
        "() => [document.documentElement, document.querySelector('[data-testid=stMain]')]"
        ".map(box => box.scrollWidth - box.clientWidth)"
    )
    assert overflow == [0, 0]


def test_edited_example_stays_edited(page: Page, served: Dashboard) -> None:
    page.goto(f"{served.url}/sql")
    page.get_by_role("combobox", name="Examples").click()
    page.get_by_role("option").first.click()
    field = page.get_by_role("textbox", name="Query")
    expect(field).not_to_have_value("")
    field.fill("select 41 + 1 as answer")
    field.press("Control+Enter")
    expect(page.get_by_text("1 row in ")).to_be_visible()
    field.fill("select 43 as answer union all select 44")
    field.press("Control+Enter")
    expect(page.get_by_text("2 rows in ")).to_be_visible()
    expect(field).to_have_value("select 43 as answer union all select 44")
    expect(page).to_have_title("SQL – Open Model Tracker")
