"""Toolbars that tables and charts show under the pointer: they cover no text and no control."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Window
from tests.support.browser_page import PHONE, fitted, open_page
from tests.support.slow import only
from tracker.dashboard import Dashboard

pytestmark = pytest.mark.browser

ELEMENTS = ".stDataFrame, .stVegaLiteChart"
BELOW_HEADER = "element => { element.style.scrollMarginTop = '250px'; element.scrollIntoView({ block: 'start' }); }"
TOOLBAR = "xpath=ancestor-or-self::*[.//*[@data-testid='stElementToolbar']][1]//*[@data-testid='stElementToolbar']"
COVERED = r"""bar => {
    const box = bar.getBoundingClientRect(), covered = [];
    const look = (node, element, other) => {
        const left = Math.max(box.left, other.left), right = Math.min(box.right, other.right);
        const top = Math.max(box.top, other.top), bottom = Math.min(box.bottom, other.bottom);
        if (right - left < 1 || bottom - top < 1 || bar.contains(element)) return;
        // What is clipped, as in a closed expander, is not at the point.
        const there = document.elementsFromPoint((left + right) / 2, (top + bottom) / 2);
        if (there.includes(element)) covered.push((node.textContent || element.outerHTML).slice(0, 80));
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
    while (walker.nextNode()) {
        range.selectNodeContents(walker.currentNode);
        for (const part of range.getClientRects()) look(walker.currentNode, walker.currentNode.parentElement, part);
    }
    for (const one of document.querySelectorAll("a, button, input, label, canvas, [role=radio], .mark-text text"))
        look(one, one, one.getBoundingClientRect());
    return covered;
}"""
"""What of the page is under a toolbar."""

ON_TOP = """button => {
    const box = button.getBoundingClientRect();
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return button.contains(top);
}"""


def shown_toolbar(element: Locator) -> Locator:
    """The toolbar of a table or chart, after the pointer has come to it."""
    element.evaluate(BELOW_HEADER)
    element.hover(position={"x": 60, "y": 20})
    toolbar = element.locator(TOOLBAR).first
    expect(toolbar).to_have_css("opacity", "1")
    return toolbar


def assert_covers_nothing(page: Page, place: str = "[data-testid=stMain]") -> int:
    """Point at each visible table and chart of a place; the number of them."""
    elements = [element for element in page.locator(place).locator(ELEMENTS).all() if element.is_visible()]
    for element in elements:
        toolbar = shown_toolbar(element)
        assert toolbar.evaluate(COVERED) == []
        buttons = [button for button in toolbar.get_by_role("button").all() if button.is_visible()]
        assert buttons and all(button.evaluate(ON_TOP) for button in buttons)
        box, shown = toolbar.bounding_box(), element.bounding_box()
        assert box is not None and shown is not None and box["y"] + box["height"] <= shown["y"] + 0.5
    return len(elements)


@pytest.mark.parametrize(
    ("path", "count"),
    only(
        [
            ("", 6),
            ("rankings", 1),
            ("models", 1),
            ("organisations", 1),
            ("momentum", 2),
            ("family?show=Who+builds+on+it", 2),
            ("lab", 2),
            ("model?model=Qwen/Qwen3-8B", 2),
            ("cross-origin", 2),
        ],
        ("", "models", "rankings"),
    ),
)
def test_toolbars_cover_no_text_and_no_control(
    window: Window, served_simulated: Dashboard, path: str, count: int
) -> None:
    page = window(1440)
    open_page(page, served_simulated, path)
    page.locator(ELEMENTS).first.wait_for()
    assert assert_covers_nothing(page) >= count
    fitted(page, PHONE)
    assert assert_covers_nothing(page) >= count


def test_toolbar_covers_nothing_in_a_dialog(window: Window, served_simulated: Dashboard) -> None:
    page = window(1440)
    open_page(page, served_simulated, "")
    page.get_by_role("button", name="Table", exact=True).first.click()
    page.locator("[role=dialog] .stDataFrame").wait_for()
    assert assert_covers_nothing(page, "[role=dialog]") == 1
