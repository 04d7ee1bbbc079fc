"""The feeds are valid, labelled and complete, and the index lists every data file."""

import csv
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import html5lib
import pytest

from dashboards.data.warehouse import Build, NotReady, Store, open_store
from dashboards.figures import first_screen
from dashboards.report import charts, feeds
from dashboards.report.pages import Site
from dashboards.text.news import Event, Kind, News
from tests.dashboards.report.conftest import Ask

ATOM = "{http://www.w3.org/2005/Atom}"
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")
TAG = re.compile(r"tag:example\.org,\d{4}-\d{2}-\d{2}:models/simulated(/\d{4}-\d{2}-\d{2})?")
SIMULATED = "Simulated data: "
BASE = "https://example.org/models/"


@pytest.fixture(scope="module")
def opened(simulated: Path) -> tuple[Store, Build]:
    found = open_store(simulated)
    assert not isinstance(found, NotReady)
    return found


def one(element: ElementTree.Element, tag: str) -> str:
    """The text of a child that occurs once."""
    [child] = element.findall(f"{ATOM}{tag}")
    return child.text or ""


def atom(content: bytes) -> tuple[ElementTree.Element, list[ElementTree.Element]]:
    """A feed and its entries, after the rules of RFC 4287 that a parser does not check."""
    root = ElementTree.fromstring(content)
    assert root.tag == f"{ATOM}feed" and one(root.find(f"{ATOM}author") or root, "name")
    entries = root.findall(f"{ATOM}entry")
    for element in (root, *entries):
        assert one(element, "id") and one(element, "title")
        assert INSTANT.fullmatch(one(element, "updated"))
        links = [(link.get("rel"), link.get("type")) for link in element.findall(f"{ATOM}link")]
        assert len(links) == len(set(links)) and ("alternate", "text/html") in links
    for entry in entries:
        assert INSTANT.fullmatch(one(entry, "published")) and entry.find(f"{ATOM}author") is None
        content_element = entry.find(f"{ATOM}content")
        assert content_element is not None and content_element.get("type") == "html"
        html5lib.HTMLParser(strict=True).parseFragment(content_element.text)
    identifiers = [one(element, "id") for element in (root, *entries)]
    assert len(identifiers) == len(set(identifiers))
    return root, entries


def test_atom_feed_is_valid_and_labelled(reported: Path) -> None:
    root, entries = atom((reported / "feed.xml").read_bytes())
    assert len(entries) == 60
    for element in (root, *entries):
        assert one(element, "title").startswith(SIMULATED)
        assert TAG.fullmatch(one(element, "id"))
        assert all((link.get("href") or "").startswith(BASE) for link in element.findall(f"{ATOM}link"))
    assert all("not the real Hub" in one(entry, "content") for entry in entries)
    assert one(root, "updated") == one(entries[0], "updated") == "2026-11-20T00:00:00Z"


def test_json_feed_equals_the_atom_feed(reported: Path) -> None:
    feed = json.loads((reported / "feed.json").read_text(encoding="utf-8"))
    _, entries = atom((reported / "feed.xml").read_bytes())
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert (feed["feed_url"], feed["home_page_url"]) == (f"{BASE}feed.json", f"{BASE}news.html")
    ours = [
        (item["id"], item["title"], item["date_published"], item["content_html"], item["url"]) for item in feed["items"]
    ]
    theirs = [
        (*(one(entry, tag) for tag in ("id", "title", "published", "content")), entry.find(f"{ATOM}link").get("href"))
        for entry in entries
    ]  # fmt: skip
    assert ours == theirs
    extra = [item["_open_model_tracker"] for item in feed["items"]]
    assert all(one["is_simulated"] for one in extra)
    happened = [event for one in extra for event in one["events"]]
    assert happened and all(event["is_simulated"] and event["id"] and event["text"] for event in happened)
    assert len({event["id"] for event in happened}) == len(happened)


def test_entries_have_the_days_and_findings_of_the_data(reported: Path, ask: Ask, opened: tuple[Store, Build]) -> None:
    items = json.loads((reported / "feed.json").read_text(encoding="utf-8"))["items"]
    days = [item["_open_model_tracker"]["day"] for item in items]
    read = ask("select distinct day::varchar from panel_days where is_whole and task_class = 'language' order by 1")
    assert days == [day for (day,) in reversed(read)][:60]
    heading = first_screen.heading(charts.scope(*opened, "publisher"), charts.HEADLINE)
    assert items[0]["_open_model_tracker"]["finding"] == heading
    assert f"{heading}." in items[0]["title"]
    shares = dict(
        ask(
            """
            select day::varchar, sum(downloads_30d) filter (where origin = 'CN') / sum(downloads_30d)
            from adoption_days where lens = 'publisher' and task_class = 'language' group by day
            """
        )
    )
    for item in items:
        assert re.search(rf"\b{100 * shares[item['_open_model_tracker']['day']]:.1f}%", item["title"])


def test_every_entry_has_a_place_on_the_news_page(reported: Path) -> None:
    page = html5lib.parse((reported / "news.html").read_bytes(), namespaceHTMLElements=False)
    places = [section.get("id") for section in page.iter("section")]
    items = json.loads((reported / "feed.json").read_text(encoding="utf-8"))["items"]
    assert places == [urlsplit(item["url"]).fragment for item in items]


def test_index_lists_every_data_file_with_its_checksum(reported: Path) -> None:
    index = json.loads((reported / "index.json").read_text(encoding="utf-8"))
    files = [file for data in index["data"] for file in data["files"].values()] + index["feeds"] + index["badges"]
    for file in files:
        content = (reported / file["path"]).read_bytes()
        assert (file["bytes"], file["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    written = {path.relative_to(reported).as_posix() for path in reported.glob("*/*") if path.suffix != ".html"}
    written = {path for path in written if path.startswith(("data/", "badges/"))} | {"feed.xml", "feed.json"}
    assert {file["path"] for file in files} == written
    assert index["is_simulated"] and index["warning"] and index["last_day"] == "2026-11-20"


def test_index_describes_the_columns_of_each_file(reported: Path) -> None:
    index = json.loads((reported / "index.json").read_text(encoding="utf-8"))
    assert len(index["data"]) == 16
    for data in index["data"]:
        with (reported / data["files"]["csv"]["path"]).open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        assert [column["name"] for column in data["columns"]] == header and data["rows"] == len(rows)
        for column in data["columns"]:
            assert column["description"]
            assert (column["unit"] is not None) == (column["type"] == "number"), column


EVENT = Event("top-ten-x", Kind.TOP_TEN, date(2026, 11, 20), "<b>&\x00 enters", "It's <i>new</i>.", "a/<b>")


@pytest.fixture
def site(opened: tuple[Store, Build]) -> Callable[..., Site]:
    """A small site with given news."""

    def site(**changes: Any) -> Site:
        plain: dict[str, Any] = dict.fromkeys(
            ("coverage", "method", "licence", "origin", "program_version", "built_at"), "text"
        )
        empty = {"exhibits": (), "missing": (), "badges": (), "findings": {}, "citations": ()}
        return Site(**plain, **empty, **{"is_simulated": False, "base_url": None, **changes})

    return site


def test_feeds_escape_names_and_drop_control_characters(site: Callable[..., Site]) -> None:
    news = News(date(2026, 11, 20), None, None, "", (EVENT,))
    _, [entry] = atom(feeds.atom(feeds.Feed(site(news=(news,)), news.day)))
    assert one(entry, "title") == "<b>&\N{REPLACEMENT CHARACTER} enters."
    assert "&lt;b&gt;&amp;" in one(entry, "content") and "<i>" not in one(entry, "content")
    assert not one(entry, "title").startswith(SIMULATED)


def test_day_without_finding_and_events_has_no_entry(site: Callable[..., Site]) -> None:
    empty = News(date(2026, 11, 20), None, None, "", ())
    feed = feeds.Feed(site(news=(empty,)), empty.day)
    root, entries = atom(feeds.atom(feed))
    assert entries == [] and one(root, "updated") == "2026-11-20T00:00:00Z"
    assert json.loads(feeds.json_feed(feed))["items"] == []


@pytest.mark.parametrize("base", [None, "https://[::1]:8000/"])
def test_ids_without_a_host_are_stable(site: Callable[..., Site], base: str | None) -> None:
    news = News(date(2026, 11, 20), "China leads", None, "", ())
    feed = feeds.Feed(site(news=(news,), base_url=base), news.day)
    _, [entry] = atom(feeds.atom(feed))
    changed = replace(news, finding="The United States lead", events=(EVENT,))
    _, [again] = atom(feeds.atom(feeds.Feed(site(news=(changed,), base_url=base), news.day + timedelta(days=1))))
    assert one(entry, "id") == one(again, "id") and one(entry, "id").startswith("urn:uuid:")
    assert one(entry, "title") != one(again, "title")
    [item] = json.loads(feeds.json_feed(feed))["items"]
    assert item["id"] == one(entry, "id") and ("url" in item) == (base is not None)
