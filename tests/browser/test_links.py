"""A copied link shows the same page to another reader, whose browser has no stored state."""

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from dashboards.navigation import ENTRIES
from tests.browser.conftest import PATIENCE, Window
from tests.support.browser_page import open_page, settle
from tests.support.slow import only
from tracker.dashboard import Dashboard

pytestmark = pytest.mark.browser

Turn = Callable[[Page], None]

QUERY = "select repo_id, downloads_30d from latest_counts join models using (hub_id) order by 2 desc, 1 limit 20"


def choose(*options: str) -> Turn:
    """Choose options that are not the default."""

    def click(page: Page) -> None:
        for option in options:
            page.get_by_role("radio", name=option, exact=True).first.click()
            settle(page)

    return click


def search(field: str, text: str) -> Turn:
    """Search for a text."""

    def look(page: Page) -> None:
        page.get_by_role("searchbox", name=field).fill(text)
        page.get_by_role("searchbox", name=field).press("Enter")
        page.get_by_role("searchbox", name=field).blur()

    return look


def run_query(page: Page) -> None:
    """Run a query."""
    page.get_by_role("textbox", name="Query").fill(QUERY)
    page.get_by_role("textbox", name="Query").press("Control+Enter")
    page.get_by_role("textbox", name="Query").blur()
    expect(page.get_by_text("20 rows in ")).to_be_visible()


TURNS = {
    "": choose("Encoders", "Likes"),
    "rankings": choose("Families", "7 days"),
    "compare": choose("Log"),
    "concentration": choose("Families"),
    "robustness": choose("United States"),
    "family": choose("Sizes and formats"),
    "lab": choose("Total"),
    "account": search("Name of an account", "Qwen"),
    "lineage": choose("2"),
    "cross-origin": choose("Total"),
    "models": search("Search by name", "qwen"),
    "model": search("Name of a model", "Qwen/Qwen3-8B"),
    "momentum": choose("The tenth"),
    "reproduce": choose("None"),
    "organisations": search("Search by account or lab", "qwen"),
    "rulers": choose("7 days"),
    "data-quality": choose("Estimates"),
    "method": choose("Colours"),
    "sql": run_query,
}
"""Page -> what a reader does there before copying its link."""

PICTURES = r"""() => [...document.querySelectorAll('[data-testid=stVegaLiteChart] svg.marks')].map(
    one => one.outerHTML.replace(/(clip|gradient)_?\d+/g, '$1')
)"""
"""The charts as drawn, without the running numbers that Vega gives to clips and gradients."""

WITHOUT_CHART = {"models", "organisations", "rankings"}
CELLS = "[data-testid=stDataFrame] [role=gridcell]:nth-child(-n + 3)"
"""The first columns of tables; how many more are in view depends on the table's earlier content."""


def test_every_page_has_a_link_test() -> None:
    assert TURNS.keys() == {entry.url_path for entry in ENTRIES}


@pytest.fixture(scope="module")
def other_browser(chromium: Browser) -> Iterator[BrowserContext]:
    """The browser of another reader."""
    with closing(chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")) as context:
        context.set_default_timeout(PATIENCE)
        yield context


@pytest.fixture
def stranger(other_browser: BrowserContext) -> BrowserContext:
    """Another reader, whose browser remembers nothing: no cookies, no storage."""
    other_browser.clear_cookies()
    for page in other_browser.pages:
        page.evaluate("localStorage.clear()")
        page.close()
    assert other_browser.storage_state() == {"cookies": [], "origins": []}
    return other_browser


@pytest.mark.parametrize("path", only(TURNS, ("",)))
def test_link_restores_the_page_for_another_reader(
    window: Window, stranger: BrowserContext, served_simulated: Dashboard, path: str
) -> None:
    reader = window()
    open_page(reader, served_simulated, path)
    TURNS[path](reader)
    reader.wait_for_url("**?*")
    settle(reader)
    other = stranger.new_page()
    open_page(other, served_simulated, reader.url.removeprefix(f"{served_simulated.url}/"))
    settle(other)
    main = "[data-testid=stMain]"
    assert other.locator(main).inner_text() == reader.locator(main).inner_text()
    assert other.evaluate(PICTURES) == reader.evaluate(PICTURES)
    assert bool(other.evaluate(PICTURES)) == (path not in WITHOUT_CHART)
    expect(other.locator(CELLS)).to_have_text(reader.locator(CELLS).all_text_contents())


def test_address_with_codes_keeps_what_it_names(window: Window, served_simulated: Dashboard) -> None:
    page = window()
    open_page(page, served_simulated, "family?family=deepseek&show=builders")
    page.wait_for_url("**/family?family=DeepSeek&show=Who+builds+on+it")
    shown = page.locator("[data-testid=stMain]")
    expect(shown).to_contain_text("DeepSeek")
    page.reload()
    settle(page)
    expect(shown).to_contain_text("DeepSeek")
