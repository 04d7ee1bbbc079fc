"""The first screen of the overview in a browser: where the chart begins and how much is to read."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window, World
from tests.support.browser_page import PHONE, open_page
from tracker.dashboard import Dashboard

pytestmark = pytest.mark.browser

CHART = ".st-key-first-chart .stVegaLiteChart"
NOTICE = {*"Simulated data Generated to show how the program works; not the real Hub.".split()}  # noqa: SIM905
WORDS_ABOVE = r"""(chart) => {
    const top = chart.getBoundingClientRect().top;
    const walker = document.createTreeWalker(document.querySelector("[data-testid=stMain]"), NodeFilter.SHOW_TEXT);
    const words = [];
    while (walker.nextNode()) {
        const range = document.createRange();
        range.selectNodeContents(walker.currentNode);
        const box = range.getBoundingClientRect();
        const parent = walker.currentNode.parentElement;
        if (["STYLE", "SCRIPT"].includes(parent.tagName)) continue;
        if (box.height > 1 && box.bottom <= top) words.push(...walker.currentNode.textContent.trim().split(/\s+/));
    }
    return words.filter(word => word);
}"""


def first_screen(
    window: Window, served: Dashboard, width: int, height: int, path: str = "", chart_at: str = CHART
) -> tuple[Page, float, list[str]]:
    """The page, where its first chart begins, and the words above it."""
    page = window(width)
    page.set_viewport_size({"width": width, "height": height})
    open_page(page, served, path)
    chart = page.locator(chart_at).first
    chart.locator("canvas, svg").first.wait_for()
    box = chart.bounding_box()
    assert box is not None
    return page, box["y"], page.evaluate(WORDS_ABOVE, chart.element_handle())


def test_first_chart_begins_high_with_few_words(window: Window, served_simulated: Dashboard) -> None:
    page, top, words = first_screen(window, served_simulated, 1440, 900)
    assert top <= 340
    told = [word for word in words if word not in NOTICE]
    assert 20 <= len(told) <= 60, " ".join(told)
    assert re.match("(Chinese|US) labs' models get ", page.locator("h1").inner_text())


def test_caveats_are_one_line_each_with_a_link(window: Window, world: World) -> None:
    page = window(1440)
    open_page(page, world.served, "")
    caveats = page.locator("[class*=st-key-caveat-]")
    assert caveats.count() == 3
    for caveat in caveats.all():
        expect(caveat.get_by_role("link")).to_be_visible()
        text, box = caveat.locator("p").first.bounding_box(), caveat.bounding_box()
        assert text is not None and text["height"] < 2 * 24, caveat.inner_text()
        assert box is not None and box["height"] < 2 * 24, "the link is in the same line"


def test_first_screen_of_a_phone_has_two_tiles_and_the_chart(window: Window, served_simulated: Dashboard) -> None:
    page, top, _ = first_screen(window, served_simulated, PHONE, 844)
    boxes = [tile.bounding_box() for tile in page.locator(".tile").all()]
    above = [box for box in boxes if box is not None and box["y"] < top]
    assert (len(boxes), len(above)) == (4, 2)
    assert top <= 844 - 300, "most of the chart is on the first screen"


@pytest.mark.parametrize(("width", "height", "most"), [(1440, 900, 340), (PHONE, 844, 540)])
def test_chart_of_compare_comes_before_its_controls(
    window: Window, served_simulated: Dashboard, width: int, height: int, most: int
) -> None:
    page, top, _ = first_screen(window, served_simulated, width, height, "compare", ".stVegaLiteChart")
    assert top <= most
    controls = page.locator(".st-key-definition").bounding_box()
    presets = page.locator(".st-key-presets button").all()
    assert controls is not None and controls["y"] > top
    tops = {box["y"] for button in presets if (box := button.bounding_box())}
    assert len(tops) == 1 and len(presets) >= 4, "presets are one row"


def test_first_screen_of_rankings_on_a_phone_has_figures(window: Window, served_simulated: Dashboard) -> None:
    """Each row of controls is one line, which scrolls by itself; the page does not."""
    page = window(PHONE)
    page.set_viewport_size({"width": PHONE, "height": 844})
    open_page(page, served_simulated, "rankings")
    table, first = page.locator("[data-testid=stDataFrame]").first, page.locator(".st-key-controls")
    expect(table).to_be_visible()
    boxes = [part.bounding_box() for part in (page.locator("h1"), page.locator(".st-key-definition"), first, table)]
    tops = [box["y"] for box in boxes if box is not None]
    assert tops == sorted(tops) and len(tops) == 4 and tops[-1] <= 844 - 180, "five rows are on the first screen"
    assert first.evaluate("row => row.scrollWidth > row.clientWidth")
    assert page.evaluate("document.scrollingElement.scrollWidth <= window.innerWidth")


def test_table_of_the_chart_is_one_click_away(window: Window, served_simulated: Dashboard) -> None:
    page = window(1440)
    open_page(page, served_simulated, "")
    page.get_by_role("button", name="Table", exact=True).first.click()
    cells = page.locator("[role=dialog] [data-testid=stDataFrame] [role=gridcell]")
    cells.first.wait_for(state="attached")
    day, name, count, share = cells.all_text_contents()[:4]
    assert (day, name) == ("2026-11-20", "China")
    assert count.isdigit() and 0 < float(share.rstrip("%")) < 100


def test_toolbar_of_a_chart_has_fullscreen_alone(window: Window, served_simulated: Dashboard) -> None:
    page = window(1440)
    open_page(page, served_simulated, "")
    page.locator(CHART).hover()
    toolbar = page.locator(".st-key-first-chart [data-testid=stElementToolbarButton]")
    expect(toolbar.filter(has=page.locator("[aria-label^=Fullscreen]"))).to_be_visible()
    assert [button.is_visible() for button in toolbar.all()].count(True) == 1
