"""What an embedded Hub serves at the moment, what it was asked, and what shall go wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime

from tracker.demo.catalog import Catalog
from tracker.demo.hub.datasets.store import DatasetStore
from tracker.demo.hub.faults import Faults
from tracker.demo.hub.index import ListingIndex
from tracker.demo.hub.listing import Pages
from tracker.demo.hub.quota import Meter
from tracker.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it arrived, and how it ended."""

    method: str
    path: str
    query: str
    """The raw query string, without the question mark."""

    authorization: str | None
    user_agent: str | None
    status: int | None
    """None where no answer was begun: a stalled or reset connection."""

    at: float
    """Seconds of the hub's clock."""

    body_bytes: int = 0
    """Length of the answer's body before compression."""


@dataclass(frozen=True, slots=True)
class Served:
    """One day on show, with its indexes."""

    day: date
    index: ListingIndex
    pages: Pages
    since: float
    """Seconds of the hub's clock when the day was switched to; it is then noon (UTC) of that day."""


class HubState:
    """The changing side of an embedded Hub. The day may be switched from another thread."""

    def __init__(
        self,
        catalog: Catalog,
        day: date | None,
        quota: int | None,
        clock: Callable[[], float],
        datasets: DatasetStore | None = None,
    ) -> None:
        """Serve `day` of `catalog`, None being its latest; `quota` as for Meter.

        Raises SettingsError when the catalog does not have the day.
        """
        self.catalog = catalog
        self.clock = clock
        self.datasets = datasets if datasets is not None else DatasetStore()
        self.meter = Meter(quota)
        self.faults = Faults()
        self.requests: list[Request] = []
        self.served = self._opened(catalog.days[-1] if day is None else day)

    def show(self, day: date) -> None:
        """Serve `day` from now on. Raises SettingsError when the catalog does not have it."""
        self.served = self._opened(day)

    def now(self) -> datetime:
        """The Hub's time: noon of the served day, plus what has passed since it was switched to."""
        noon = datetime.combine(self.served.day, time(12), tzinfo=UTC)
        return noon + timedelta(seconds=self.clock() - self.served.since)

    def date_header(self) -> str:
        """The Hub's time as a header tells it."""
        return format_datetime(self.now(), usegmt=True)

    def _opened(self, day: date) -> Served:
        days = self.catalog.days
        if day not in days:
            raise SettingsError(f"no listing for {day}; there are {len(days)} days from {days[0]} to {days[-1]}")
        index = ListingIndex(self.catalog.listing(day))
        return Served(day, index, Pages(index), self.clock())
