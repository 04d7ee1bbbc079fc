"""The news of the last days: the finding of each day, and its events."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import polars as pl

from dashboards.data.definition import Definition
from dashboards.data.vocabulary import LANGUAGE, universe_name
from dashboards.data.warehouse import Build, Store
from dashboards.figures import first_screen
from dashboards.figures.overview import OverviewScope
from dashboards.queries import news as queries
from dashboards.queries import overview, shared
from dashboards.text import news as words
from dashboards.text import overview as overview_words
from dashboards.text import terms
from dashboards.text.news import Event, News
from tracker.api.citation import SCOPES

METRIC = "downloads_30d"
DAYS = 60
"""Days in the feeds."""

_PERIOD = timedelta(days=30)


def recent(store: Store, build: Build, days: int = DAYS) -> tuple[News, ...]:
    """The news of the last days, the newest first; a day without a complete reading and without events has none."""
    return between(store, build, build.last_day - timedelta(days=days - 1), build.last_day)


def between(store: Store, build: Build, first: date, last: date) -> tuple[News, ...]:
    """The news of a span of days, the newest first."""
    read = {row["day"]: row for row in _rows(queries.days(store, LANGUAGE, first - _PERIOD, last))}
    happened: dict[date, list[Event]] = {day: [] for day in read if day >= first}
    for event in events(store, first, last):
        happened.setdefault(event.day, []).append(event)
    lenses = [_Lens(store, build, lens) for lens in terms.LENSES]
    return tuple(_news(day, read, lenses, happened[day]) for day in sorted(happened, reverse=True))


def of_day(store: Store, build: Build, day: date) -> News | None:
    """The news of a day; None if it has no events, which is found out before anything else is read."""
    happened = events(store, day, day)
    if not happened:
        return None
    read = {row["day"]: row for row in _rows(queries.days(store, LANGUAGE, day - _PERIOD, day))}
    return _news(day, read, [_Lens(store, build, lens) for lens in terms.LENSES], happened)


def events(store: Store, first: date, last: date) -> list[Event]:
    """The events of a span of days, the most important of a day first."""
    names = shared.origin_names(store)
    named = {code: terms.origin_name(code, names) for code in names}
    ranked = universe_name(LANGUAGE)
    return [
        *(words.crossover(row, named) for row in _rows(queries.crossovers(store, LANGUAGE, first, last))),
        *(words.rollback(row) for row in _rows(queries.rollbacks(store, first, last))),
        *(words.entry(row, named, ranked) for row in _rows(queries.entries(store, LANGUAGE, first, last))),
        *(words.rise(row, named) for row in _rows(queries.rises(store, LANGUAGE, first, last))),
    ]


class _Lens:
    """The shares of all days under one lens."""

    def __init__(self, store: Store, build: Build, lens: str) -> None:
        self.scope = OverviewScope(store, build, Definition(lens), "share", "country")
        known = overview.of_metric(store, self.scope.definition, "country", METRIC)
        ordered = known.sort("value", "code", descending=[True, False])
        self._days = {day: rows for (day,), rows in ordered.group_by("day", maintain_order=True)}

    def finding(self, day: date, widest: str) -> str | None:
        """The finding of a day; None if it is unknown."""
        if day not in self._days:
            return None
        return first_screen.finding_of(
            self.scope, METRIC, self._days[day], is_whole_hub=widest == "hub", is_of_labs=widest == "labs"
        )

    def shares(self, day: date, pair: tuple[str, str]) -> list[float]:
        """The shares of two countries on a day; empty if unknown."""
        found = dict(self._days[day].select("code", "share").iter_rows()) if day in self._days else {}
        shares = [found.get(code) for code in pair]
        return [share for share in shares if share is not None] if None not in shares else []

    def pair(self, day: date) -> tuple[str, str] | None:
        """The countries that the finding of a day compares, the larger first."""
        return overview_words.compared(self._days[day], self.scope.wanted()) if day in self._days else None


def _news(day: date, read: dict[date, dict[str, Any]], lenses: list[_Lens], events: list[Event]) -> News:
    if day not in read:
        return News(day, None, None, "", tuple(events))
    widest = "labs" if read[day]["is_cut"] else next(iter(read[day]["scopes"] or ()), "")
    finding, by_base = (lens.finding(day, widest) for lens in lenses)
    if finding is None:
        return News(day, None, None, "", tuple(events))
    before, pair = day - _PERIOD, lenses[0].pair(day)
    is_comparable = pair and before in read and read[before]["segment"] == read[day]["segment"]
    shares = lenses[0].shares(before, pair) if pair and is_comparable else []
    counted = words.counted(day, SCOPES.get(widest, widest), (before, shares) if shares else None)
    return News(day, finding, by_base, counted, tuple(events))


def _rows(frame: pl.DataFrame) -> Iterator[dict[str, Any]]:
    return frame.iter_rows(named=True)
