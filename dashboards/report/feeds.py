"""The news as feeds: Atom (RFC 4287) and JSON Feed 1.1. Equal warehouses give equal bytes.

An entry has the day of its data. Its id stays when a later report changes its text. Feeds without `--base-url` have ids
without a host and links that are relative to the feed.
"""

import json
import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

from dashboards.report.pages import Site, news_html
from dashboards.text import news as words
from dashboards.text.news import News

ATOM, JSON = "feed.xml", "feed.json"
PAGE = "news.html"
AUTHOR = "Open Model Tracker"

_NAMESPACE = uuid.UUID("6f4f2a0c-6a4e-5f0e-9a52-5b7d6a1f8d10")
"""Namespace of the ids of a site whose host is not known. It must never change: readers know entries by their id."""

_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_STARTED = date(2026, 1, 1)
"""In the id of a feed: a day on which its host could have named it."""


@dataclass(frozen=True, slots=True)
class Feed:
    """The news of a site."""

    site: Site
    last_day: date

    @property
    def title(self) -> str:
        """The title, labelled if the data are simulated."""
        return words.label(words.TITLE, is_simulated=self.site.is_simulated)

    def address(self, path: str) -> str:
        """The address of a file of the site, relative if the site's is unknown."""
        return f"{self.site.base_url or ''}{path}"

    def page(self, news: News) -> str:
        """The address of a day."""
        return f"{self.address(PAGE)}#{news.day}"

    def entry_title(self, news: News) -> str:
        """The title of a day, labelled if the data are simulated."""
        return words.label(news.title, is_simulated=self.site.is_simulated)

    def id(self, day: date | None = None) -> str:
        """The id of the feed, or of the entry of a day: a tag (RFC 4151) of the site, else a UUID."""
        data = "simulated" if self.site.is_simulated else "news"
        name = f"{data}/{day}" if day else data
        parts = urlsplit(self.site.base_url or "")
        if parts.hostname and _HOST.fullmatch(parts.hostname):
            path = parts.path.strip("/")
            return f"tag:{parts.hostname},{day or _STARTED}:{f'{path}/' if path else ''}{name}"
        return uuid.uuid5(_NAMESPACE, f"{self.site.base_url or ''}{name}").urn

    def entries(self) -> Iterator[News]:
        """The days that have a title, the newest first."""
        return (news for news in self.site.news if news.title)


def files(site: Site, last_day: date) -> dict[str, bytes]:
    """The feeds as files of the report."""
    feed = Feed(site, last_day)
    return {ATOM: atom(feed), JSON: json_feed(feed)}


def atom(feed: Feed) -> bytes:
    """The feed as Atom."""
    site, root = feed.site, ElementTree.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "en"})
    _add(root, "id", feed.id())
    _add(root, "title", feed.title)
    _add(root, "subtitle", _subtitle(site))
    _add(root, "updated", _time(next((news.day for news in feed.entries()), feed.last_day)))
    _add(ElementTree.SubElement(root, "author"), "name", AUTHOR)
    _add(root, "link", rel="alternate", type="text/html", href=feed.address(PAGE))
    _add(root, "link", rel="self", type="application/atom+xml", href=feed.address(ATOM))
    _add(root, "rights", site.licence)
    _add(root, "generator", AUTHOR, **({"version": site.program_version} if site.program_version else {}))
    for news in feed.entries():
        entry = ElementTree.SubElement(root, "entry")
        _add(entry, "id", feed.id(news.day))
        _add(entry, "title", feed.entry_title(news))
        _add(entry, "published", _time(news.day))
        _add(entry, "updated", _time(news.day))
        _add(entry, "link", rel="alternate", type="text/html", href=feed.page(news))
        for kind in _kinds(news):
            _add(entry, "category", term=kind)
        _add(entry, "content", news_html(site, news), type="html")
    ElementTree.indent(root, " ")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode").encode() + b"\n"


def json_feed(feed: Feed) -> bytes:
    """The feed as JSON Feed. `_open_model_tracker` of an item has its day, its label and its events as data."""
    site = feed.site
    addresses = {"home_page_url": feed.address(PAGE), "feed_url": feed.address(JSON)} if site.base_url else {}
    content = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        **addresses,
        "description": _subtitle(site),
        "authors": [{"name": AUTHOR}],
        "language": "en",
        "items": [_item(feed, news) for news in feed.entries()],
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def events_data(news: News, *, is_simulated: bool) -> list[dict[str, Any]]:
    """The events of a day as data."""
    label = {"is_simulated": is_simulated}
    return [
        {"id": event.id, "kind": event.kind, "day": str(event.day), "title": event.title, "text": event.sentence}
        | ({"model": event.model} if event.model else {})
        | label
        for event in news.events
    ]


def _item(feed: Feed, news: News) -> dict[str, Any]:
    return {
        "id": feed.id(news.day),
        **({"url": feed.page(news)} if feed.site.base_url else {}),
        "title": feed.entry_title(news),
        "content_html": news_html(feed.site, news),
        "date_published": _time(news.day),
        "tags": _kinds(news),
        "_open_model_tracker": {
            "day": str(news.day),
            "is_simulated": feed.site.is_simulated,
            "finding": news.finding,
            "events": events_data(news, is_simulated=feed.site.is_simulated),
        },
    }


def _kinds(news: News) -> Sequence[str]:
    return list(dict.fromkeys(event.kind.value for event in news.events))


def _subtitle(site: Site) -> str:
    return f"{site.simulated} {words.SUBTITLE}" if site.is_simulated else words.SUBTITLE


def _time(day: date) -> str:
    """The start of a day. A later time could be in the future when the feed is read, and some readers hide that."""
    return f"{day}T00:00:00Z"


def _add(parent: ElementTree.Element, tag: str, text: str | None = None, **attributes: str) -> None:
    """Add an element. Characters that XML cannot have become a replacement character."""
    element = ElementTree.SubElement(parent, tag, attributes)
    element.text = None if text is None else _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)
