"""The panel under the pointer of a line chart in a browser: order, colours, dimmed lines, and taps."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import PATIENCE, Window
from tests.support.browser_page import PHONE, open_page
from tests.support.slow import slow
from tracker.dashboard import Dashboard

pytestmark = pytest.mark.browser

ADDRESS = "compare?preset=families"
PANEL = """chart => Object.fromEntries(["name", "figure", "key"].map(part => {
    const marks = [...chart.querySelectorAll(`.panel_${part}_marks > *`)];
    const placed = marks.map(mark => [mark.getBoundingClientRect().top, mark.textContent || mark.getAttribute("fill")]);
    return [part, placed.sort((one, other) => one[0] - other[0]).map(pair => pair[1])];
}))"""
"""The texts and colours of the panel, from top to bottom."""

LINES = """chart => [...chart.querySelectorAll(".mark-line.layer_0_marks path")].map(
    path => [path.getAttribute("stroke"), Number(path.getAttribute("opacity") ?? 1)])"""
NAMES = """chart => [...chart.querySelectorAll(".mark-text.layer_2_marks text")].map(
    text => [text.textContent, Number(text.getAttribute("opacity") ?? 1)])"""
START = """path => {
    const start = path.getPointAtLength(0).matrixTransform(path.getScreenCTM());
    return [start.x, start.y];
}"""


def chart_of(page: Page, served: Dashboard, path: str = ADDRESS) -> Locator:
    """The first drawn chart of a page, by default of Compare."""
    open_page(page, served, path)
    chart = page.locator(".stVegaLiteChart").first
    chart.locator(".mark-line path").first.wait_for()
    chart.scroll_into_view_if_needed()
    return chart


def panel_of(chart: Locator) -> list[tuple[str, str, str]]:
    """Name, figure and colour of each row of the panel."""
    chart.locator(".panel_figure_marks text").first.wait_for()
    found = chart.evaluate(PANEL)
    return list(zip(found["name"], found["figure"], found["key"], strict=True))


def assert_sorted_with_keys(chart: Locator) -> None:
    """Every line is in the panel, the largest value first, each with its own colour."""
    rows = panel_of(chart)
    figures = [float(figure.rpartition("(")[2].strip(")").replace(",", "")) for _, figure, _ in rows]
    assert len(rows) > 4 and figures == sorted(figures, reverse=True)
    assert len({colour for *_, colour in rows}) == len(rows)
    assert {colour for *_, colour in rows} == {stroke for stroke, _ in chart.evaluate(LINES)}
    shown = {label.rpartition(" ")[0].removesuffix(" <") for label, _ in chart.evaluate(NAMES)}
    assert shown == {name for name, *_ in rows}


def test_pointer_shows_lines_by_value_and_dims_all_but_one(window: Window, served_simulated: Dashboard) -> None:
    page = window()
    chart = chart_of(page, served_simulated)
    x, y = chart.locator(".mark-line.layer_0_marks path").first.evaluate(START)
    page.mouse.move(x + 2, y - 2)
    page.mouse.move(x + 1, y)
    assert_sorted_with_keys(chart)
    lines = chart.evaluate(LINES)
    assert sorted({opacity for _, opacity in lines}) == [0.3, 1] and [o for _, o in lines].count(1) == 1
    expect(page.locator("#vg-tooltip-element.visible")).to_have_count(0)
    label = chart.locator(".mark-text.layer_2_marks text").last
    label.hover()
    chart.locator(".panel_figure_marks text").first.wait_for(state="detached")
    strong = [name for name, opacity in chart.evaluate(NAMES) if opacity == 1]
    assert strong == [label.text_content()]


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    """A phone with a touch screen."""
    size = {"width": PHONE, "height": 844}
    with closing(chromium.new_context(viewport=size, has_touch=True, reduced_motion="reduce")) as context:  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        yield context.new_page()


@pytest.mark.parametrize("path", ["", slow(ADDRESS)], ids=["overview", "compare"])
def test_tap_shows_the_panel_until_the_next(phone: Page, served_simulated: Dashboard, path: str) -> None:
    chart = chart_of(phone, served_simulated, path)
    box = chart.bounding_box()
    assert box is not None
    headings = []
    for part in (0.2, 0.45):
        phone.touchscreen.tap(box["x"] + box["width"] * part, box["y"] + box["height"] / 2)
        assert_sorted_with_keys(chart)
        headings.append(chart.locator(".panel_step_marks text").text_content())
    assert len(set(headings)) == 2
