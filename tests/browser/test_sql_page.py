"""The page of SQL as a reader meets it: keys, the address, what is taken away, and text that stays text."""

import csv
import io
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import polars as pl
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window
from tracker.dashboard import Dashboard

pytestmark = pytest.mark.browser

NAMES = (
    "select repo_id, '=1+1' as \"=formula\", likes from models join model_days using (hub_id) where day = '2026-08-22'"
)


@pytest.fixture
def page(window: Window) -> Page:
    """A window of a reader with a phone."""
    return window(390)


def open_query(page: Page, served: Dashboard, query: str) -> None:
    page.goto(f"{served.url}/sql?q={quote(query)}")
    page.get_by_text(" in ").and_(page.get_by_text("seconds.")).last.wait_for()


def downloaded(page: Page, label: str) -> bytes:
    """What the button with this label gives."""
    with page.expect_download() as download:
        page.get_by_role("button", name=label).click()
    return Path(download.value.path()).read_bytes()


def test_ctrl_enter_runs_the_query_and_puts_it_into_the_address(page: Page, served: Dashboard) -> None:
    page.goto(f"{served.url}/sql")
    field = page.get_by_role("textbox", name="Query")
    field.fill("select 41 + 1 as answer\n-- & ? # % + ü")
    expect(page.get_by_text("Write a query")).to_be_visible()
    field.press("Control+Enter")
    expect(page.get_by_text("1 row in ")).to_be_visible()
    page.wait_for_url("**/sql?q=*")
    query = parse_qs(urlsplit(page.url).query)["q"]
    assert query == ["select 41 + 1 as answer\n-- & ? # % + ü"]


def test_a_link_with_a_long_query_shows_it_and_runs_it(page: Page, served: Dashboard) -> None:
    query = "select count(*) as models from models\n-- " + "long " * 1500
    open_query(page, served, query)
    expect(page.get_by_role("textbox", name="Query")).to_have_value(query)
    expect(page.get_by_text("1 row in ")).to_be_visible()


def test_the_result_comes_as_csv_that_no_spreadsheet_runs_and_as_parquet(page: Page, served: Dashboard) -> None:
    open_query(page, served, NAMES)
    rows = list(csv.reader(io.StringIO(downloaded(page, "Table (CSV)").decode())))
    assert rows[0] == ["repo_id", "'=formula", "likes"] and {row[1] for row in rows[1:]} == {"'=1+1"}
    frame = pl.read_parquet(io.BytesIO(downloaded(page, "Table (Parquet)")))
    assert frame.columns == ["repo_id", "=formula", "likes"] and set(frame["=formula"]) == {"=1+1"}
    assert frame.height == len(rows) - 1 == 5


def test_nothing_in_a_result_becomes_a_link_or_runs(page: Page, served: Dashboard) -> None:
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    attack = "<img src=x onerror=alert(1)>[x](https://example.org) www.example.org a@example.org"
    open_query(page, served, f"-- {attack}\nselect '{attack}' as \"{attack}\", 1 as n")
    expect(page.locator("[data-testid=stVegaLiteChart]")).to_be_visible()
    assert page.locator("a[href*='example.org'], img[src=x]").count() == 0
    assert said == []


def test_a_refusal_is_a_sentence_and_the_page_does_not_scroll_sideways(page: Page, served: Dashboard) -> None:
    page.goto(f"{served.url}/sql?q={quote('copy models to ' + repr('x.csv'))}")
    expect(page.get_by_role("alert").get_by_text("COPY is refused")).to_be_visible()
    overflow = page.evaluate(
        "() => [document.documentElement, document.querySelector('[data-testid=stMain]')]"
        ".map(box => box.scrollWidth - box.clientWidth)"
    )
    assert overflow == [0, 0]
