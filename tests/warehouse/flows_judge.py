"""Daily downloads in plain Python, written from the definitions and independent of the SQL of `model_flows`.

Days are integers. The code is written for clarity, not for speed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

MIN_REPOSITORIES = 100
MAX_SET_ASIDE = 8
BUSY = 60_000
WINDOW = 30


@dataclass(frozen=True, slots=True)
class Listing:
    """One crawl: day, scope, rows, and whether it is complete."""

    day: int
    scope: str = "hub"
    models: int = 1000
    is_complete: bool = True
    source: str = "crawl"


@dataclass(frozen=True, slots=True)
class Reading:
    """The counters of one repository on one day."""

    hub_id: str
    day: int
    downloads_30d: int | None
    downloads_all_time: int | None
    scope: str = "hub"
    source: str = "crawl"


@dataclass(frozen=True, slots=True)
class World:
    """All crawls and readings. Repositories without an entry in `created` have no known creation day."""

    listings: Sequence[Listing]
    readings: Sequence[Reading]
    created: Mapping[str, int] = field(default_factory=dict)

    def __repr__(self) -> str:
        text = f"World({list(self.listings)}, {list(self.readings)}, {dict(self.created)})"
        return text if len(text) < 20_000 else f"World of {len(self.listings)} listings: {text[:10_000]} ..."


@dataclass(frozen=True, slots=True)
class Interval:
    """Downloads after day `start`, up to and including `end`."""

    start: int
    end: int
    change: int
    basis: str

    def by_day(self) -> dict[int, int]:
        """Whole numbers that add up to the change, larger ones first; zeros if the counter dropped."""
        days = self.end - self.start
        each, rest = divmod(max(self.change, 0), days)
        return {self.start + n: each + (n <= rest) for n in range(1, days + 1)}


Flows = dict[tuple[str, int], tuple[int, str]]
ByDay = dict[int, Reading]


class Judge:
    """The daily downloads of a world. Readings of `used_days` may start or end an interval."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.whole = _whole_listings(world.listings)
        self.readings = self._whole_readings()
        self.source = {day: _source(day, self.whole) for day in {listing.day for listing in self.whole}}
        self.rolled_back = {day for days in self._sequences() for day in self._rolled_back(days)}
        self.stalled = {day for day in self.source if self._is_stalled(day)}
        self.used_days = set(self.source) - self.rolled_back - self.stalled

    def flows(self) -> Flows:
        """(repository, day) -> downloads and their basis."""
        found: Flows = {}
        for hub_id in sorted(self.readings):
            for interval in self.intervals(hub_id):
                for day, downloads in interval.by_day().items():
                    assert (hub_id, day) not in found, "two intervals overlap"
                    found[hub_id, day] = (downloads, interval.basis)
        return found

    def used(self, hub_id: str) -> list[Reading]:
        """The usable readings of a repository, by day."""
        of_model = self.readings.get(hub_id, {})
        return [of_model[day] for day in sorted(of_model) if day in self.used_days]

    def intervals(self, hub_id: str) -> list[Interval]:
        """All intervals of a repository."""
        used = self.used(hub_id)
        if not used:
            return []
        return self._before(hub_id, used) + [
            Interval(one.day, two.day, _counter(two) - _counter(one), _basis(one.day, two.day, one.source, two.source))
            for one, two in pairwise(used)
        ]

    def _before(self, hub_id: str, used: Sequence[Reading]) -> list[Interval]:
        """Intervals up to the first usable reading."""
        first = used[0]
        zero_on, is_new = self._zero(hub_id, first)
        if zero_on is not None and is_new:
            return [
                Interval(zero_on, first.day, _counter(first), _basis(zero_on, first.day, first.source, first.source))
            ]
        points = _implied(used, zero_on)
        if zero_on is not None:
            points[zero_on] = 0
        consistent = {
            day: value
            for day, value in points.items()
            if value <= _counter(first)
            and all(other <= value for earlier, other in points.items() if earlier < day)
            and all(other >= value for later, other in points.items() if later > day)
        }
        chain = [*sorted(consistent.items()), (first.day, _counter(first))]
        return [Interval(start, end, after - before, "identity") for (start, before), (end, after) in pairwise(chain)]

    def _zero(self, hub_id: str, first: Reading) -> tuple[int | None, bool]:
        """The last day on which the counter was zero, and whether a listing without the repository proves it."""
        if hub_id not in self.world.created:
            return None, False
        created = min(self.world.created[hub_id], first.day)
        seen = min((reading for reading in self.world.readings if reading.hub_id == hub_id), key=lambda r: r.day)
        without = [
            listing.day
            for listing in self.whole
            if listing.source == "crawl" and listing.day < seen.day and listing.scope in (seen.scope, "hub")
        ]
        if without and created >= max(without):
            return max(created - 1, max(without)), True
        return (created - 1 if created > first.day - WINDOW else None), False

    def _whole_readings(self) -> dict[str, ByDay]:
        whole = {(listing.day, listing.scope) for listing in self.whole}
        found: dict[str, ByDay] = {}
        for reading in self.world.readings:
            if (reading.day, reading.scope) in whole and reading.downloads_all_time is not None:
                found.setdefault(reading.hub_id, {})[reading.day] = reading
        return found

    def _pairs(self, early: int, late: int) -> list[tuple[Reading, Reading]]:
        return [(days[early], days[late]) for days in self.readings.values() if early in days and late in days]

    def _is_lower(self, late: int, early: int) -> bool:
        pairs = self._pairs(early, late)
        dropped = sum(_counter(two) < _counter(one) for one, two in pairs)
        return len(pairs) >= MIN_REPOSITORIES and dropped * 20 > len(pairs)

    def _sequences(self) -> list[list[int]]:
        """The days of each source; days of different sources are never compared."""
        return [self._sequence(source) for source in sorted(set(self.source.values()))]

    def _sequence(self, source: str) -> list[int]:
        return sorted(day for day, of in self.source.items() if of == source)

    def _rolled_back(self, days: list[int]) -> set[int]:
        """Days set aside because many counters dropped, except drops that never recovered."""
        out: set[int] = set()
        good, set_aside = days[0], list[int]()
        for day in days[1:]:
            if not self._is_lower(day, good):
                out.update(set_aside)
                good, set_aside = day, []
            elif len(set_aside) == MAX_SET_ASIDE:
                good, set_aside = day, []
            else:
                set_aside.append(day)
        return out | set(set_aside)

    def _change_per_day(self, day: int) -> float | None:
        """Downloads per day since the previous snapshot, over the repositories read on both days; None if unknown."""
        before = self._previous_day(day)
        if before is None or self.rolled_back & {day, before}:
            return None
        pairs = self._pairs(before, day)
        change = sum(_counter(two) - _counter(one) for one, two in pairs)
        return change / (day - before) if pairs else None

    def _previous_day(self, day: int) -> int | None:
        days = self._sequence(self.source[day])
        return days[days.index(day) - 1] if day != days[0] else None

    def _is_stalled(self, day: int) -> bool:
        change = self._change_per_day(day)
        if change is None:
            return False
        before = self._previous_day(day)
        assert before is not None
        pairs = self._pairs(before, day)
        busy = [(one, two) for one, two in pairs if two.downloads_30d is not None and two.downloads_30d >= BUSY]
        unchanged = sum(_counter(one) == _counter(two) for one, two in busy)
        if len(busy) >= MIN_REPOSITORIES and unchanged * 4 >= len(busy):
            return True
        recent = [self._change_per_day(other) for other in self._sequence(self.source[day]) if day - 15 < other <= day]
        measured = [value for value in recent if value is not None]
        return len(measured) >= 7 and change < 0.3 * median(measured)


def _counter(reading: Reading) -> int:
    assert reading.downloads_all_time is not None
    return reading.downloads_all_time


def _whole_listings(listings: Sequence[Listing]) -> list[Listing]:
    """Complete listings with at least half the rows of the previous one of their scope."""
    found, before = [], dict[str, int]()
    for listing in sorted(listings, key=lambda listing: listing.day):
        if listing.is_complete:
            if listing.models * 2 >= before.get(listing.scope, 0):
                found.append(listing)
            before[listing.scope] = listing.models
    return found


def _source(day: int, listings: Sequence[Listing]) -> str:
    """Owner of a day: we if we read it, else the alphabetically last source."""
    sources = {listing.source for listing in listings if listing.day == day}
    return "crawl" if "crawl" in sources else max(sources)


def _basis(start: int, end: int, *sources: str) -> str:
    if any(source != "crawl" for source in sources):
        return "imported"
    return "read" if end == start + 1 else "spread"


def _implied(used: Sequence[Reading], zero_on: int | None) -> dict[int, int]:
    """All-time counters 30 days before each reading of the first 30 days, up to the first drop; never negative."""
    points = {}
    for at, reading in enumerate(used):
        if reading.day >= used[0].day + WINDOW or (at and _counter(reading) < _counter(used[at - 1])):
            break
        day, recent = reading.day - WINDOW, reading.downloads_30d
        if recent is not None and recent <= _counter(reading) and (zero_on is None or day > zero_on):
            points[day] = _counter(reading) - recent
    return points
