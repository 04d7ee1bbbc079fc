"""Hostile names and tags stay text in a browser and in a spreadsheet."""

import csv
import io
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import duckdb
import pytest
from playwright.sync_api import Browser, Locator, Page

from dashboards.report.command import run
from tests.browser.conftest import MOMENTUM, Window
from tests.browser.test_report import opened
from tests.support.browser_page import open_page
from tests.support.slow import only
from tracker import dashboard

pytestmark = pytest.mark.browser

STARTS = ("=HYPERLINK(0)", "+", "-", "@", "# ", "> ", "1. ", "|", "\t=")
INLINE = (
    "<script>alert('hostile')</script><img src=hostile onerror=alert(1)><b>hostile</b>&lt;b&gt;"
    "[hostile](javascript:alert(1))![hostile](https://example.org/hostile.png)"
    "https://example.org/ www.example.org a@example.org "
    "$hostile$ $$hostile$$ :material/hotel: :red[hostile] `hostile` **hostile** ~~hostile~~ _hostile_ "
)
"""Every name gets one of STARTS and all of INLINE in front of it."""

NAMES = {
    "models": ("repo_id", "author", "license", "library_name", "pipeline_tag"),
    "organizations": ("handle",),
    "labs": ("name",),
    "origins": ("name",),
    "families": ("name",),
    "edges": ("parent_ref",),
    "lineage": ("root_ref",),
    "events": ("title",),
    "published_figures": ("title", "source", "scope", "definition", "reference", "as_published", "period"),
    "quality_events": ("detail",),
    "crawls": ("incomplete_because",),
    "coverage_days": ("incomplete_because",),
    "check_findings": ("claim", "example"),
}
"""Columns with text from the Hub, from a user's registry, or from a refused row."""

FINDING = "insert into check_findings values ('a_check', 'a claim', 'warn', 1, 'a row')"
SHORT = "update models set repo_id = '[short](x)' where hub_id = (select min(child_id) from edges where is_used)"
QUERY = "select repo_id, license from models"

MODEL, ISSUES = f"model?model={quote('[short](x)')}", "data-quality?part=Data+issues"

PATHS = (
    *("", "compare", "compare?compare=Labs", "compare?compare=Models", "concentration", "family"),
    *(
        "lineage",
        "cross-origin",
        "models",
        MODEL,
        "momentum",
        "reproduce",
        "rankings",
        "rankings?rank=Models",
        "lab",
        "organisations",
    ),
    *(ISSUES, "data-quality?part=Checks", f"sql?q={quote(QUERY)}"),
)
TAKEN_FOR_MORE = """() => [...document.querySelectorAll('body *')].filter(one =>
    (one.textContent.trim() === 'hostile' && !one.closest('svg')) || one.matches('.katex, img[src*=hostile]') ||
    (one.matches('script') && one.textContent.includes('hostile')) ||
    one.textContent.trim() === 'hotel'
).map(one => one.outerHTML.slice(0, 200))"""
"""Elements made from a name's markup; "hostile" alone in an element means that its markup was interpreted."""

LINKS = "() => [...document.querySelectorAll('a[href]')].map(one => one.href)"
TEXTS = "() => [document.body.innerText, ...[...document.querySelectorAll('td')].map(one => one.textContent)].join(' ')"
FORMULA = re.compile(r"[=+@\t\r\n-]")
NUMBER = re.compile(r"-?[\d.]+(e-?\d+)?")


@pytest.fixture(scope="module")
def hostile(simulated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in whose warehouse every name contains markup and formulas."""
    home = tmp_path_factory.mktemp("hostile")
    shutil.copy(simulated / "tracker.duckdb", home)
    with duckdb.connect(str(home / "tracker.duckdb")) as connection:
        connection.execute(f"{MOMENTUM}; {FINDING}")
        for table, columns in NAMES.items():
            for column in columns:
                start = f"$starts[1 + (hash({column}) % {len(STARTS)})::int]"
                connection.execute(
                    f"update {table} set {column} = {start} || $inline || {column} where {column} is not null",
                    {"starts": list(STARTS), "inline": INLINE},
                )
        connection.execute(SHORT)
    return home


@pytest.fixture(scope="module")
def served_hostile(hostile: Path) -> Iterator[dashboard.Dashboard]:
    running = dashboard.start(hostile, port=0)
    yield running
    running.stop()


@pytest.mark.parametrize("path", only(PATHS, ("",)))
def test_hostile_names_stay_text_on_pages_and_in_csv(
    window: Window, served_hostile: dashboard.Dashboard, path: str
) -> None:
    page, dialogs = window(), list[str]()
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    open_page(page, served_hostile, path)
    page.wait_for_function(f"({TEXTS})().replaceAll('\u2060', '').includes({json.dumps(INLINE.strip())})")
    for place in range(page.get_by_role("combobox").count()):
        page.get_by_role("combobox").nth(place).click()
        assert page.evaluate(TAKEN_FOR_MORE) == []
        page.keyboard.press("Escape")
    assert page.evaluate(TAKEN_FOR_MORE) == [] == dialogs
    strange = [
        url for url in page.evaluate(LINKS) if not url.startswith((served_hostile.url, "https://huggingface.co/"))
    ]
    assert strange == []
    for button in page.get_by_role("button", name="(CSV)").all():
        assert formulas(page, button) == []


def formulas(page: Page, button: Locator) -> list[str]:
    """The cells of a CSV file that a spreadsheet would run."""
    with page.expect_download() as download:
        button.click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    return [cell for cell in cells if FORMULA.match(cell) and not NUMBER.fullmatch(cell)]


@pytest.mark.slow
def test_hostile_names_stay_text_in_the_report(chromium: Browser, hostile: Path, tmp_path: Path) -> None:
    run(hostile, tmp_path / "report", None, lambda dialogs: None)
    context = chromium.new_context(offline=True)
    page, dialogs = context.new_page(), list[str]()
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    for path in ("index.html", "charts/families.html"):
        opened(page, tmp_path / "report" / path)
        assert INLINE.strip() in page.evaluate(TEXTS) or path != "index.html"
        assert page.evaluate(TAKEN_FOR_MORE) == [] == dialogs
        assert [
            url for url in page.evaluate(LINKS) if "example.org" in url or not url.startswith(("file:", "https:"))
        ] == []
    for file in (tmp_path / "report" / "data").glob("*.csv"):
        cells = [cell for row in csv.reader(io.StringIO(file.read_text(encoding="utf-8"), newline="")) for cell in row]
        assert [cell for cell in cells if FORMULA.match(cell) and not NUMBER.fullmatch(cell)] == []
    context.close()
