"""The report opened from disk: drawn without a network, accessible, in both widths and schemes."""

import json
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser_page import serious
from tests.support.simulated_home import reported as reported
from tests.support.slow import first_of

pytestmark = pytest.mark.browser

PATIENCE = 90_000
Scheme = Literal["light", "dark"]
SCREENS: dict[str, tuple[int, Scheme]] = {"wide": (1280, "light"), "phone dark": (390, "dark")}
DRAWN = "() => [...document.querySelectorAll('[data-chart]')].map(box => box.querySelectorAll('svg path').length)"


def opened(page: Page, path: Path) -> list[str]:
    """Open a page from disk and wait for its charts; returns every address it requested."""
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.goto(path.as_uri())
    page.locator("html[data-drawn]").wait_for(timeout=PATIENCE)
    return requested


@pytest.mark.parametrize(("width", "scheme"), first_of(SCREENS.values()), ids=list(SCREENS))
@pytest.mark.parametrize("path", first_of(["index.html", "charts/cross-origin.html"]))
def test_charts_are_drawn_without_a_network(
    chromium: Browser, reported: Path, path: str, width: int, scheme: Scheme
) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True)
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    requested = opened(page, reported / path)
    assert [url for url in requested if not url.startswith(reported.as_uri())] == []
    assert problems == []
    marks = page.evaluate(DRAWN)
    assert len(marks) == (16 if path == "index.html" else 1) and min(marks) > 3
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert serious(page) == []
    context.close()


def test_pointer_shows_the_figures_of_the_nearest_day(chromium: Browser, reported: Path) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    opened(page, reported / "charts" / "downloads-by-root.html")
    plot = page.locator(".chart").bounding_box()
    assert plot is not None
    page.mouse.move(plot["x"] + plot["width"] / 2, plot["y"] + 150)
    page.locator(".panel_figure_marks text").first.wait_for(timeout=PATIENCE)
    names, texts = (page.locator(f".panel_{part}_marks text").all_text_contents() for part in ("name", "figure"))
    figures = dict(zip(names, texts, strict=True))
    day = datetime.strptime(str(page.locator(".panel_step_marks text").text_content()), "%d %b %Y").date()
    data = json.loads((reported / "data" / "downloads-by-root.json").read_text(encoding="utf-8"))
    place = data["days"].index(str(day))
    china = data["lines"]["CN"]
    assert figures["China"] == f"{china['share'][place] * 100:.2f}% ({china['value'][place]:,.0f})"
    context.close()


def test_tap_shows_a_tooltip(chromium: Browser, reported: Path) -> None:
    with closing(chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True)) as context:
        page = context.new_page()
        opened(page, reported / "charts" / "robustness.html")
        bar = page.locator(".mark-rect.role-mark path").first
        bar.scroll_into_view_if_needed()
        box = bar.bounding_box()
        assert box is not None
        page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        expect(page.locator("#vg-tooltip-element.visible")).to_contain_text("Definition", timeout=PATIENCE)


def test_chart_follows_the_colour_scheme(chromium: Browser, reported: Path) -> None:
    context = chromium.new_context(color_scheme="light")
    page = context.new_page()
    opened(page, reported / "charts" / "robustness.html")
    label = page.locator(".role-axis-label text").first
    light = label.evaluate("text => text.getAttribute('fill')")
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(
        f"document.querySelector('.role-axis-label text')?.getAttribute('fill') !== '{light}'", timeout=PATIENCE
    )
    context.close()
