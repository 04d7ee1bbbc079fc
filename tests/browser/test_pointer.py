"""What charts show under the pointer in a browser: crosshair, panel and tooltip come and go, also on a tap."""

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
CROSSHAIR = '.mark-rule line[opacity="0.8"]:not([stroke-dasharray])'
"""The rule under the pointer; those of events are dashed."""

BAR = """chart => {
    const boxes = [...chart.querySelectorAll(".mark-rect.role-mark path")].map(bar => bar.getBoundingClientRect());
    const widest = boxes.sort((one, other) => other.width - one.width)[0];
    return [widest.x + widest.width / 2, widest.y + widest.height / 2];
}"""
"""The middle of the longest bar."""

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


@pytest.mark.parametrize("path", ["", slow(ADDRESS)], ids=["overview", "compare"])
def test_crosshair_goes_with_the_pointer_and_comes_back(window: Window, served_simulated: Dashboard, path: str) -> None:
    page = window()
    chart = chart_of(page, served_simulated, path)
    box = chart.bounding_box()
    assert box is not None
    middle, right = box["y"] + box["height"] / 2, box["x"] + box["width"]
    outside = ((right / 2, box["y"] - 60), (box["x"] - 30, middle), (right - 5, middle), (right / 2, 5))
    expect(chart.locator(CROSSHAIR)).to_have_count(0)
    for number, (x, y) in enumerate(outside):
        page.mouse.move(box["x"] + box["width"] * (0.3 + 0.1 * number), middle)
        expect(chart.locator(CROSSHAIR)).to_have_count(1)
        assert_sorted_with_keys(chart)
        page.mouse.move(x, y, steps=1 if number == 0 else 10)
        expect(chart.locator(CROSSHAIR)).to_have_count(0)
        expect(chart.locator(".panel_figure_marks text")).to_have_count(0)


def test_tooltip_goes_with_the_pointer_and_comes_back(window: Window, served_simulated: Dashboard) -> None:
    page = window()
    open_page(page, served_simulated, "robustness")
    chart, tooltip = page.locator(".stVegaLiteChart").first, page.locator("#vg-tooltip-element.visible")
    chart.locator(".mark-rect path").first.wait_for()
    x, y = chart.evaluate(BAR)
    for _ in range(2):
        page.mouse.move(x, y)
        expect(tooltip).to_contain_text("Definition")
        page.mouse.move(x, 5)
        expect(tooltip).to_have_count(0)


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


def test_tap_shows_a_tooltip_until_the_next(phone: Page, served_simulated: Dashboard) -> None:
    open_page(phone, served_simulated, "robustness")
    chart, tooltip = phone.locator(".stVegaLiteChart").first, phone.locator("#vg-tooltip-element.visible")
    chart.locator(".mark-rect path").first.wait_for()
    chart.scroll_into_view_if_needed()
    x, y = chart.evaluate(BAR)
    for _ in range(2):
        phone.touchscreen.tap(x, y)
        expect(tooltip).to_contain_text("Definition")
        phone.touchscreen.tap(x, 100)
        expect(tooltip).to_have_count(0)
