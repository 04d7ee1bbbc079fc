"""The pages of the report are valid, complete and labelled."""

import json
import re
import shutil
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urldefrag
from xml.etree import ElementTree

import duckdb
import html5lib
import pytest

from dashboards.report.command import run
from tests.dashboards.report.conftest import Ask
from tests.support.app_page import LANGUAGE

XHTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"


def pages(site: Path) -> list[Path]:
    return [site / "index.html", site / "news.html", *sorted((site / "charts").glob("*.html"))]


def tree(page: Path) -> ElementTree.Element:
    """A page as a standard HTML parser reads it; any error fails the test."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), strict=True)
    root: ElementTree.Element = parser.parse(page.read_text(encoding="utf-8"))
    return root


def text(element: ElementTree.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def links(root: ElementTree.Element) -> Iterator[str]:
    for element in root.iter():
        yield from (value for name, value in element.items() if name in ("href", "src"))


def test_pages_are_valid_html_without_dead_links(reported: Path) -> None:
    assert len(pages(reported)) == 18
    for page in pages(reported):
        root = tree(page)
        identifiers = [element.get("id") for element in root.iter() if element.get("id")]
        assert len(identifiers) == len(set(identifiers))
        for link in links(root):
            path, place = urldefrag(link)
            assert not path or (page.parent / unquote(path)).is_file(), link
            assert not place or path or place in identifiers, link


def test_pages_load_nothing_from_other_hosts(reported: Path) -> None:
    for page in pages(reported):
        for element in tree(page).iter():
            assert not re.match(r"(https?:)?//", element.get("src") or element.get("data") or "")
            if element.tag == f"{XHTML}link":
                assert "//" not in element.get("href", "")
    assert "url(" not in (reported / "assets" / "style.css").read_text()


def test_contents_list_every_file(reported: Path) -> None:
    files = {path.relative_to(reported).as_posix(): path.stat().st_size for path in reported.rglob("*.*")}
    named = json.loads((reported / "report.json").read_text())["files"]
    assert set(files) == {*named, "report.json"}
    assert sum(files.values()) < 2_500_000


def test_simulated_data_are_labelled_everywhere(reported: Path) -> None:
    for page in pages(reported):
        body = tree(page).find(f"{XHTML}body")
        assert body is not None and "Simulated data, generated to show how the program works" in text(body)
    for badge in (reported / "badges").iterdir():
        root = ElementTree.parse(badge).getroot()
        assert "(simulated)" in text(root) and "Simulated data, not the real Hub." in text(root)
    for data in (reported / "data").iterdir():
        assert "is_simulated" in data.read_text(encoding="utf-8")
    for script in (reported / "charts").glob("*.js"):
        assert script.with_suffix(".html").is_file()


def test_badge_equals_the_warehouse(reported: Path, ask: Ask) -> None:
    [(share, day)] = ask(
        f"""
        select sum(downloads_30d) filter (where origin = 'CN') / sum(downloads_30d), max(day)::varchar
        from adoption_days where lens = 'publisher' and {LANGUAGE} and day = (select last_day from build)
        """
    )
    root = ElementTree.parse(reported / "badges" / "origin-cn-by-publisher.svg").getroot()
    assert [text(element) for element in root.iter(f"{SVG}text")] == [
        "China",
        f"{share * 100:.0f}% of downloads (simulated)",
    ]
    title = root.find(f"{SVG}title")
    assert title is not None
    counted = "30-day downloads of language models"
    assert text(title).startswith(f"China: {share * 100:.1f}% of {counted} on {day}, by publisher.")


def test_table_equals_the_warehouse(reported: Path, ask: Ask) -> None:
    index = tree(reported / "index.html")
    section = next(one for one in index.iter(f"{XHTML}section") if one.get("id") == "likes-by-publisher")
    table = [[text(cell) for cell in row] for row in section.iter(f"{XHTML}tr")]
    assert table[0] == ["Name", "Share", "Change in 30 days", "Likes"]
    sums = ask(
        f"""
        select sum(likes), sum(sum(likes)) over () from adoption_days
        where lens = 'publisher' and {LANGUAGE} and day = (select last_day from build)
        group by origin order by 1 desc
        """
    )
    assert [row[3] for row in table[1:]] == [f"{likes:,.0f}" for likes, _ in sums]
    assert [row[1] for row in table[1:3]] == [f"{likes / total * 100:.1f}%" for likes, total in sums[:2]]


def test_preview_image_has_the_expected_size(reported: Path) -> None:
    assert struct.unpack(">II", (reported / "og.png").read_bytes()[16:24]) == (1200, 630)


def test_base_url_is_in_previews_and_embeds(reported: Path) -> None:
    index = (reported / "index.html").read_text(encoding="utf-8")
    assert '<meta property="og:image" content="https://example.org/models/og.png">' in index
    assert "src=&#34;https://example.org/models/charts/families.html&#34;" in index


@pytest.fixture
def changed(own_simulated: Path, tmp_path: Path) -> Callable[..., Path]:
    """The report of a home whose warehouse was changed by SQL."""

    def changed(*statements: str) -> Path:
        with duckdb.connect(str(own_simulated / "tracker.duckdb")) as connection:
            for sql in statements:
                connection.execute(sql)
        run(own_simulated, tmp_path / "site", None, lambda said: None)
        return tmp_path / "site"

    return changed


HOSTILE = "<script>alert(1)</script>=cmd()"


@pytest.mark.slow
def test_hostile_names_stay_text(changed: Callable[..., Path]) -> None:
    site = changed(
        f"update families set name = '{HOSTILE}'", f"update origins set name = '={HOSTILE}' where code = 'CN'"
    )
    for page in pages(site):
        scripts = [element for element in tree(page).iter(f"{XHTML}script") if element.text]
        assert scripts == []
    assert HOSTILE in text(tree(site / "index.html"))
    for badge in (site / "badges").iterdir():
        assert not list(ElementTree.parse(badge).getroot().iter(f"{SVG}script"))
    assert f",'={HOSTILE}," in (site / "data" / "downloads-by-publisher.csv").read_text(encoding="utf-8")


def test_missing_charts_are_explained(changed: Callable[..., Path]) -> None:
    site = changed(
        "update build set is_simulated = false", "delete from concentration_days", "delete from steps.robustness_days",
        "delete from origin_flows", "delete from derivatives_months", "update adoption_days set likes = null",
        "update origin_days set likes = null",
    )  # fmt: skip
    index = tree(site / "index.html")
    sections = {one.get("id"): text(one) for one in index.iter(f"{XHTML}section")}
    assert sections["likes-by-publisher"] == ("Share of likes by country of the publisher No day with known likes yet.")
    assert "No month has been counted yet." in sections["cross-origin"]
    assert {path.stem for path in (site / "charts").glob("*.js") if not path.stem.startswith("bridge-")} == {
        "downloads-by-publisher", "downloads-by-root", "families", "coverage",
    }  # fmt: skip
    assert "imulated" not in (site / "index.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_second_report_replaces_the_first(reported: Path, simulated: Path, tmp_path: Path) -> None:
    site = Path(shutil.copytree(reported, tmp_path / "site"))
    (site / "index.html").write_text("of before")
    run(simulated, site, "https://example.org/models/", lambda said: None)
    files = {path.relative_to(site): path.read_bytes() for path in site.rglob("*.*")}
    assert files == {path.relative_to(reported): path.read_bytes() for path in reported.rglob("*.*")}
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
