"""Pictures of every page, wide and narrow, light and dark: `python tests/browser/screenshots.py HOME OUT [PAGE]...`.

Takes those of PAGES whose name begins with one that is given, all if none is. Starts the dashboard over HOME on a free
port. Not a test: the pictures are for looking at.
"""

import os
import sys
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

from tracker import dashboard

PAGES = {
    "overview": "/",
    "overview-root": "/?lens=Root",
    "overview-level-region": "/?view=Level&group=Region",
    "compare": "/compare",
    "compare-indexed": "/compare?compare=Families&scale=Indexed&lens=Root",
    "compare-release": "/compare?compare=Generations&measure=All-time+downloads&against=Since+release&scale=Log",
    "compare-share-weeks": "/compare?compare=Labs&scale=Share&step=Week",
    "compare-derivatives": "/compare?compare=Families&measure=New+derivatives&events=Releases",
    "compare-models": "/compare?compare=Models&scale=Log",
    "models": "/models",
}
WIDTHS = {"wide": 1280, "phone": 390}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
DRAWN = "[data-testid=stDataFrame] canvas, [data-testid=stVegaLiteChart] :is(canvas, svg)"
CHROMIUM_FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def main(home: Path, out: Path, wanted: Sequence[str]) -> None:
    """One PNG per page, width and colour scheme, written to `out`."""
    pages = {page: path for page, path in PAGES.items() if not wanted or page.startswith(tuple(wanted))}
    out.mkdir(parents=True, exist_ok=True)
    served = dashboard.start(home, port=0)
    try:
        with sync_playwright() as playwright:
            chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
            browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
            for (page, path), (width, pixels), scheme in product(pages.items(), WIDTHS.items(), SCHEMES):
                _take(browser, served.url + path, pixels, scheme, out / f"{page}-{width}-{scheme}.png")
            browser.close()
    finally:
        served.stop()


def _take(browser: Browser, url: str, width: int, scheme: Literal["light", "dark"], path: Path) -> None:
    # A tall window instead of a full-page shot: Streamlit scrolls a box of its own.
    context = browser.new_context(viewport={"width": width, "height": 1500}, color_scheme=scheme)
    context.set_default_timeout(90_000)
    page = context.new_page()
    page.goto(url)
    page.locator(".st-key-header").wait_for()
    page.locator(DRAWN).first.wait_for()
    page.wait_for_timeout(1500)
    page.screenshot(path=path)
    context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
