"""A copied link shows the same page to somebody else, in a browser that was never there."""

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from dashboards.navigation import ENTRIES
from tests.browser.conftest import Window
from tests.browser.test_every_page import open_quiet
from tracker.dashboard import Dashboard

pytestmark = pytest.mark.browser

Turn = Callable[[Page], None]

ASKED = "select repo_id, downloads_30d from latest_counts join models using (hub_id) order by 2 desc, 1 limit 20"


def turned_to(option: str) -> Turn:
    """Chooses an option that is not chosen at first."""
    return lambda page: page.get_by_role("radio", name=option, exact=True).first.click()


def looked_for(field: str, text: str) -> Turn:
    """Looks for a text in a field."""

    def look(page: Page) -> None:
        page.get_by_role("searchbox", name=field).fill(text)
        page.get_by_role("searchbox", name=field).press("Enter")
        page.get_by_role("searchbox", name=field).blur()

    return look


def asked(page: Page) -> None:
    """Asks in SQL."""
    page.get_by_role("textbox", name="Query").fill(ASKED)
    page.get_by_role("textbox", name="Query").press("Control+Enter")
    page.get_by_role("textbox", name="Query").blur()
    expect(page.get_by_text("20 rows in ")).to_be_visible()


TURNS = {
    "": turned_to("Likes"),
    "compare": turned_to("Log"),
    "concentration": turned_to("Families"),
    "robustness": turned_to("United States"),
    "family": turned_to("Sizes and formats"),
    "lineage": turned_to("2"),
    "cross-origin": turned_to("Total"),
    "models": looked_for("Search by name", "qwen"),
    "model": looked_for("Name of a model", "Qwen/Qwen-7B"),
    "momentum": turned_to("The tenth"),
    "reproduce": turned_to("None"),
    "data-quality": turned_to("Estimates"),
    "method": turned_to("Colours"),
    "sql": asked,
}
"""Page -> what a reader does there before copying its link."""

PICTURES = r"""() => [...document.querySelectorAll('[data-testid=stVegaLiteChart] svg.marks')].map(
    one => one.outerHTML.replace(/(clip|gradient)_?\d+/g, '$1')
)"""
"""The charts as drawn, less the numbers that Vega gives to parts of all charts it has drawn so far."""

WITHOUT_CHART = {"models", "reproduce"}
CELLS = "[data-testid=stDataFrame] [role=gridcell]:nth-child(-n + 3)"
"""Of the tables' first columns: how many more are in sight depends on what the table held before."""


def test_every_page_is_linked_to() -> None:
    assert TURNS.keys() == {entry.url_path for entry in ENTRIES}


@pytest.fixture
def stranger(chromium: Browser) -> Iterator[BrowserContext]:
    """Somebody else, in a browser that was never there."""
    with closing(chromium.new_context(viewport={"width": 1280, "height": 900})) as context:
        yield context


@pytest.mark.parametrize("path", TURNS)
def test_a_link_shows_the_same_page_to_somebody_else(
    window: Window, stranger: BrowserContext, served_simulated: Dashboard, path: str
) -> None:
    reader = window()
    open_quiet(reader, served_simulated, path)
    TURNS[path](reader)
    reader.wait_for_url("**?*")
    settle(reader)
    other = stranger.new_page()
    open_quiet(other, served_simulated, reader.url.removeprefix(f"{served_simulated.url}/"))
    settle(other)
    main = "[data-testid=stMain]"
    assert other.locator(main).inner_text() == reader.locator(main).inner_text()
    assert other.evaluate(PICTURES) == reader.evaluate(PICTURES)
    assert bool(other.evaluate(PICTURES)) == (path not in WITHOUT_CHART)
    expect(other.locator(CELLS)).to_have_text(reader.locator(CELLS).all_text_contents())


def settle(page: Page) -> None:
    """Waits until a page has been drawn whole."""
    expect(page.locator("[data-testid=stApp]")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0)
