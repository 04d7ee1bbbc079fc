"""Screenshots of every page, wide and narrow, light and dark: `python tests/browser/screenshots.py HOME OUT [PAGE]...`.

Takes the PAGES whose names begin with a given one, or all. Starts the dashboard over HOME on a free
port. Not a test: the pictures are for review.
"""

import os
import sys
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from playwright.sync_api import Browser, sync_playwright

from tracker import dashboard

BY_DAY = """-- How do daily downloads of large countries move?
select day, origin, sum(downloads_7d_mean) as downloads
from origin_days
where lens = 'publisher' and origin in ('CN', 'US', 'FR', 'DE')
group by all
order by day"""
BY_ORIGIN = """-- Which countries' models were downloaded most in the last 30 days?
select origin, sum(downloads_30d)::bigint as downloads_30d
from origin_days
where lens = 'publisher' and day = (select last_day from build)
group by all
order by 2 desc"""

PAGES = {
    "overview": "/",
    "overview-root": "/?lens=Base+model",
    "overview-level-region": "/?view=Total&group=Region",
    "rankings": "/rankings",
    "rankings-rising": "/rankings?rank=Models&order=Fastest+rising",
    "concentration": "/concentration",
    "concentration-models": "/concentration?of=Models&measure=Ten+largest",
    "robustness": "/robustness",
    "robustness-china": "/robustness?headline=China",
    "cross-origin": "/cross-origin",
    "cross-origin-copies": "/cross-origin?layers=Fine-tune&layers=Quantized+copy&cells=Total",
    "momentum": "/momentum",
    "momentum-tenth": "/momentum?ram=The+tenth",
    "compare": "/compare",
    "compare-indexed": "/compare?compare=Families&scale=Indexed&lens=Base+model",
    "compare-release": "/compare?compare=Generations&measure=All-time+downloads&against=Since+release&scale=Log",
    "compare-share-weeks": "/compare?compare=Labs&scale=Share&step=Week",
    "compare-derivatives": "/compare?compare=Families&measure=New+derivatives&events=Releases",
    "compare-models": "/compare?compare=Models&scale=Log",
    "compare-models-root": "/compare?compare=Models&measure=Downloads+credited+to+base+models",
    "compare-generations-derivatives": "/compare?compare=Generations&measure=New+derivatives",
    "organisations": "/organisations",
    "rulers": "/rulers",
    "lab": "/lab",
    "lab-builders": "/lab?show=Who+builds+on+it",
    "account": "/account?account=unsloth",
    "account-bases": "/account?account=unsloth&show=What+it+builds+on",
    "account-use": "/account?account=unsloth&show=Use+over+time",
    "account-evidence": "/account?account=unsloth&show=Where+it+counts,+and+why",
    "family": "/family",
    "family-sizes": "/family?show=Sizes+and+formats",
    "family-derivatives": "/family?show=New+derivatives",
    "family-builders": "/family?show=Who+builds+on+it",
    "lineage": "/lineage",
    "lineage-near": "/lineage?steps=1&least=10+K",
    "models": "/models",
    "models-filtered": "/models?origin=China&layer=Release&gguf_repo=No",
    "model": "/model?model=Qwen/Qwen3-8B",
    "model-readings": "/model?model=Qwen/Qwen3-8B&history=All-time+downloads",
    "reproduce": "/reproduce",
    "data-quality": "/data-quality",
    "data-quality-events": "/data-quality?part=Data+issues",
    "data-quality-estimates": "/data-quality?part=Estimates",
    "data-quality-checks": "/data-quality?part=Checks",
    "method": "/method",
    "method-table": "/method?table=momentum",
    "method-glossary": "/method?chapter=Glossary",
    "method-changes": "/method?chapter=Changes",
    "method-colours": "/method?chapter=Colours",
    "sql": "/sql",
    "sql-lines": f"/sql?q={quote(BY_DAY)}",
    "sql-bars": f"/sql?q={quote(BY_ORIGIN)}",
    "sql-refused": "/sql?q=copy+models+to+%27x.csv%27",
    "method-sources": "/method?chapter=Sources+and+citing",
}
WIDTHS = {"wide": 1280, "phone": 390}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
CHROMIUM_FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def main(home: Path, out: Path, names: Sequence[str] = ()) -> None:
    """Write one PNG per page, width and scheme to `out`; `names` are prefixes of the pages to take."""
    out.mkdir(parents=True, exist_ok=True)
    chosen = {page: path for page, path in PAGES.items() if not names or page.startswith(tuple(names))}
    served = dashboard.start(home, port=0)
    try:
        with sync_playwright() as playwright:
            chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
            browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
            for (page, path), (width, pixels), scheme in product(chosen.items(), WIDTHS.items(), SCHEMES):
                _take(browser, served.url + path, pixels, scheme, out / f"{page}-{width}-{scheme}.png")
            browser.close()
    finally:
        served.stop()


def _take(browser: Browser, url: str, width: int, scheme: Literal["light", "dark"], path: Path) -> None:
    # A tall window instead of a full-page shot, because Streamlit scrolls an inner element.
    context = browser.new_context(viewport={"width": width, "height": 1500}, color_scheme=scheme)
    context.set_default_timeout(90_000)
    page = context.new_page()
    page.goto(url)
    page.locator(".st-key-header").wait_for()
    page.locator("h1").wait_for()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.wait_for_timeout(1500)
    page.screenshot(path=path)
    context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
