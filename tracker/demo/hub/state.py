"""The state of an embedded Hub: the served day, the request log, the rate limit, the faults."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from typing import Protocol

from tracker.demo.catalog import Catalog
from tracker.demo.hub.datasets.store import DatasetStore
from tracker.demo.hub.faults import Faults
from tracker.demo.hub.index import ListingIndex
from tracker.demo.hub.listing import Pages
from tracker.demo.hub.modelscope import ModelScope
from tracker.demo.hub.openrouter import OpenRouter
from tracker.demo.hub.quota import Meter
from tracker.errors import SettingsError


class Offers(Protocol):
    """Which inference providers serve models."""

    def providers_on(self, day: date) -> Mapping[str, Sequence[Mapping[str, str]]]:
        """Repository -> its `inferenceProviderMapping` on that day, as the list route gives it."""


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """One request in the log, with its outcome."""

    method: str
    path: str
    query: str
    """The raw query string, without the question mark."""

    authorization: str | None
    user_agent: str | None
    status: int | None
    """None if no response was started, because the connection stalled or was reset."""

    at: float
    """Seconds of the Hub's clock."""

    body_bytes: int = 0
    """Length of the uncompressed response body."""


@dataclass(frozen=True, slots=True)
class ServedDay:
    """The day being served, with its indexes."""

    day: date
    index: ListingIndex
    pages: Pages
    since: float
    """Seconds of the Hub's clock when this day was chosen; the Hub's time was then noon (UTC) of the day."""


class HubState:
    """Mutable state. The day may be changed from another thread."""

    def __init__(
        self,
        catalog: Catalog,
        day: date | None,
        quota: int | None,
        clock: Callable[[], float],
        datasets: DatasetStore | None = None,
        openrouter: OpenRouter | None = None,
        modelscope: ModelScope | None = None,
        offers: Offers | None = None,
    ) -> None:
        """Serve `day` of `catalog`, by default the latest; `quota` as for Meter.

        Raises SettingsError when the catalog does not have the day.
        """
        self.catalog = catalog
        self.clock = clock
        self.openrouter = openrouter
        self.modelscope = modelscope
        self.offers = offers
        self.datasets = datasets if datasets is not None else DatasetStore()
        self.meter = Meter(quota)
        self.faults = Faults()
        self.requests: list[RequestRecord] = []
        self.served = self._served_day(catalog.days[-1] if day is None else day)

    def show(self, day: date) -> None:
        """Serve `day` from now on. Raises SettingsError when the catalog does not have it."""
        self.served = self._served_day(day)

    def now(self) -> datetime:
        """The Hub's time: noon of the served day, plus the time since it was chosen."""
        noon = datetime.combine(self.served.day, time(12), tzinfo=UTC)
        return noon + timedelta(seconds=self.clock() - self.served.since)

    def date_header(self) -> str:
        """The Hub's time for the `Date` header."""
        return format_datetime(self.now(), usegmt=True)

    def _served_day(self, day: date) -> ServedDay:
        days = self.catalog.days
        if day not in days:
            raise SettingsError(f"no listing for {day}; there are {len(days)} days from {days[0]} to {days[-1]}")
        index = ListingIndex(self.catalog.listing(day))
        return ServedDay(day, index, Pages(index), self.clock())
