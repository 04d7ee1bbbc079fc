"""What a phone shows without scrolling sideways."""

from contextlib import closing

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import PATIENCE, Window, World
from tests.support.browser_page import PHONE, open_page
from tracker.dashboard import Dashboard

pytestmark = pytest.mark.browser

ANDROID = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36"
)


def test_downloads_of_models_are_in_view(window: Window, world: World) -> None:
    page = window(PHONE)
    open_page(page, world.served, "models")
    table = page.locator("[data-testid=stDataFrame]")
    headings = table.locator("[role=columnheader]")
    expect(headings.nth(0)).to_have_text("30-day downloads")
    expect(headings.nth(1)).to_have_text("Model")
    # The names, which are links, begin before the right edge, so that the whole column of downloads is before it.
    scroller = table.locator(".dvn-scroller")
    scroller.hover(position={"x": 200, "y": 52})
    expect(scroller).to_have_css("cursor", "pointer")


def test_legend_of_lineage_is_in_view(window: Window, world: World) -> None:
    page = window(PHONE)
    open_page(page, world.served, "lineage")
    chart = page.locator(".stVegaLiteChart").first
    labels = chart.locator(".role-legend-label text")
    labels.first.wait_for()
    frame = chart.bounding_box()
    assert frame is not None and frame["x"] + frame["width"] <= PHONE
    boxes = [label.bounding_box() for label in labels.all()]
    assert len(boxes) >= 3
    for box in boxes:
        assert box is not None and box["x"] >= frame["x"] and box["x"] + box["width"] <= frame["x"] + frame["width"]
    assert not any("…" in text for text in labels.all_text_contents())


def test_evidence_is_wide_on_the_desk_and_in_view_on_a_phone(
    window: Window, chromium: Browser, served_simulated: Dashboard
) -> None:
    desk = window(1440)
    open_page(desk, served_simulated, "organisations")
    scroller = desk.locator("[data-testid=stDataFrame] .dvn-scroller")
    scroller.hover(position={"x": 130 + 430 + 23, "y": 70})
    expect(scroller).to_have_css("cursor", "pointer")  # the link to the Hub, right of the evidence
    with closing(chromium.new_context(viewport={"width": PHONE, "height": 844}, user_agent=ANDROID)) as context:
        context.set_default_timeout(PATIENCE)
        phone = context.new_page()
        open_page(phone, served_simulated, "organisations")
        headings = phone.locator("[data-testid=stDataFrame] [role=columnheader]")
        expect(headings).to_have_text(["Account", "Evidence", "Hub"])
