"""The events of a day as a message for a webhook: Slack, Discord, or plain JSON."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from dashboards.data import format
from dashboards.data.warehouse import Build, Store, rows
from dashboards.figures import news as figures
from dashboards.report.command import opened, with_slash
from dashboards.report.feeds import PAGE, events_data
from dashboards.text import news as words
from dashboards.text.news import News
from tracker.errors import UsageError

_NAME = "Open Model Tracker"
_MOST = {"slack": 30_000, "discord": 2_000}
"""Characters of a message that these services take."""


@dataclass(frozen=True, slots=True)
class Alert:
    """The news of a day that has events."""

    news: News
    is_simulated: bool
    url: str | None
    """The page of the day; None if the address of the site is not known."""

    @property
    def title(self) -> str:
        """Where the message comes from, and of which day it is."""
        return words.label(f"{_NAME}, {format.day(self.news.day)}", is_simulated=self.is_simulated)


def of_day(home: Path, day: date | None, base_url: str | None) -> tuple[date, Alert | None]:
    """The events of a day, by default the last one, and this day; None if it has no events.

    Raises UsageError for a day before the first or after the last, and DataError if no warehouse can be read.
    """
    address = with_slash(base_url)

    def found(store: Store, build: Build) -> tuple[date, Alert | None]:
        chosen = day or build.last_day
        if chosen > build.last_day:
            raise UsageError(f"--day {chosen}: the last day of this warehouse is {build.last_day}. Nothing was sent.")
        first = rows(store, "select min(day) as day from series_days")["day"][0]
        if first is None or chosen < first:
            raise UsageError(f"--day {chosen}: the first day of this warehouse is {first}. Nothing was sent.")
        news = figures.of_day(store, build, chosen)
        url = f"{address}{PAGE}#{chosen}" if address else None
        return chosen, None if news is None else Alert(news, build.is_simulated, url)

    return opened(home, found)


def payload(alert: Alert, form: str) -> bytes:
    """The message in a format: slack, discord or json."""
    makers: Mapping[str, Callable[[Alert], dict[str, Any]]] = {"slack": _slack, "discord": _discord, "json": _plain}
    return json.dumps(makers[form](alert), ensure_ascii=False).encode()


def _slack(alert: Alert) -> dict[str, Any]:
    def escaped(text: str) -> str:
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    last = f"<{alert.url}|The day in full>" if alert.url else ""
    text = _text(alert, "slack", escaped, bold="*", bullet="\N{BULLET}", last=last)
    return {"text": text, "unfurl_links": False}


def _discord(alert: Alert) -> dict[str, Any]:
    def escaped(text: str) -> str:
        return re.sub(r"([\\*_~`|\[\]<>])", r"\\\1", text)

    last = f"[The day in full](<{alert.url}>)" if alert.url else ""
    text = _text(alert, "discord", escaped, bold="**", bullet="-", last=last)
    return {"content": text, "allowed_mentions": {"parse": []}}


def _plain(alert: Alert) -> dict[str, Any]:
    news = alert.news
    return {
        "version": 1,
        "day": str(news.day),
        "is_simulated": alert.is_simulated,
        "title": words.label(news.title, is_simulated=alert.is_simulated),
        "finding": news.finding,
        "events": events_data(news, is_simulated=alert.is_simulated),
        "url": alert.url,
    }


def _text(alert: Alert, form: str, escaped: Callable[[str], str], bold: str, bullet: str, last: str) -> str:
    """Title, events, finding and a link; events that do not fit are counted."""
    news, lines = alert.news, [f"{bold}{escaped(alert.title)}{bold}"]
    ends = [escaped(f"{news.finding}.")] if news.finding else []
    ends += [last] if last else []
    room = _MOST[form] - sum(len(line) + 1 for line in (*lines, *ends)) - len("and 1,000,000 more events")
    events = [f"{bullet} {bold}{escaped(event.title)}.{bold} {escaped(event.sentence)}" for event in news.events]
    fitting = list(_fitting(events, room))
    left = len(events) - len(fitting)
    more = [f"and {format.count(left, 'more event')}"] if left else []
    return "\n".join([*lines, *fitting, *more, *ends])


def _fitting(lines: list[str], room: int) -> Iterator[str]:
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            return
        yield line
