"""Daily downloads in plain Python, written from the definitions and independent of the SQL of `model_flows`.

Days are integers. The code is written for clarity, not for speed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

MIN_REPOSITORIES = 100
MAX_SET_ASIDE = 8
BUSY = 1_000
WINDOW = 30
AROUND = 7
"""Days before and after a day that show what is usual."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One crawl: day, scope, rows, and whether it is complete."""

    day: int
    scope: str = "hub"
    models: int = 1000
    is_complete: bool = True
    source: str = "crawl"
    hour: int = 12
    """Of the reading, UTC."""


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
    first_low: int | None = None
    """If the counter dropped after `start`: the day of the first lower reading. The interval leads to the recovery."""

    is_decided: bool = True
    """False if a later reading can still show that a drop recovers."""

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
        self.off_schedule = {day for day in self.source if self._is_off_schedule(day)}
        self.used_days = set(self.source) - self.rolled_back - self.stalled - self.off_schedule

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
        steps = self.steps(hub_id)
        used = self.used(hub_id)
        if not used:
            return []
        found = self._before(hub_id, used, steps) + steps
        booked = {day: n for interval in found if interval.change >= 0 for day, n in interval.by_day().items()}
        return [self._estimated(hub_id, interval, booked) if interval.change < 0 else interval for interval in found]

    def steps(self, hub_id: str) -> list[Interval]:
        """Intervals between usable readings. Readings between a drop and its recovery are set aside."""
        used, found, at = self.used(hub_id), list[Interval](), 0
        while at < len(used) - 1:
            end, is_decided = self._end(used, at)
            one, two = used[at], used[end]
            basis = _basis(one.day, two.day, *(reading.source for reading in used[at : end + 1]))
            has_dropped = _counter(used[at + 1]) < _counter(one)
            first_low = used[at + 1].day if has_dropped else None
            found.append(Interval(one.day, two.day, _counter(two) - _counter(one), basis, first_low, is_decided))
            at = end
        return found

    def _end(self, used: Sequence[Reading], at: int) -> tuple[int, bool]:
        """Position of the reading that ends the interval from `at`, and whether that is decided."""
        good = _counter(used[at])
        if _counter(used[at + 1]) >= good:
            return at + 1, True
        later = [day for day in sorted(self.used_days) if day > used[at].day]
        near = None
        for place in range(at + 1, len(used)):
            if used[place].day not in later[: MAX_SET_ASIDE + 1]:
                break
            missing = good - _counter(used[place])
            if missing <= 0:
                return place, True
            depth = good - min((_counter(reading) for reading in used[at + 1 : place]), default=good)
            if near is None and missing * 10 <= depth:
                near = place
        return near or at + 1, len(later) > MAX_SET_ASIDE

    def _estimated(self, hub_id: str, interval: Interval, booked: Mapping[int, int]) -> Interval:
        """The interval of a drop that did not recover; for a large repository with what its 30-day counters imply."""
        before, now = (self.readings[hub_id][day].downloads_30d for day in (interval.start, interval.end))
        assert interval.first_low is not None
        previous = self._previous_day(interval.first_low)
        pairs = self._pairs(previous, interval.first_low) if previous is not None else []
        months = [two.downloads_30d for _, two in pairs if two.downloads_30d is not None]
        if before is None or not months:
            return interval
        total = sum(months)
        if before * 200 < total or before * len(pairs) < 2 * total:
            return interval
        days = [day - WINDOW for day in range(interval.start + 1, interval.end + 1)]
        if now is not None and all(day in booked for day in days):
            change = max(now - before + sum(booked[day] for day in days), 0)
        else:
            change = before * len(days) // WINDOW
        return Interval(interval.start, interval.end, change, "identity", interval.first_low)

    def _before(self, hub_id: str, used: Sequence[Reading], steps: Sequence[Interval]) -> list[Interval]:
        """Intervals up to the first usable reading."""
        first = used[0]
        zero_on, is_new = self._zero(hub_id, first)
        if zero_on is not None and is_new:
            return [
                Interval(zero_on, first.day, _counter(first), _basis(zero_on, first.day, first.source, first.source))
            ]
        points = _implied(used, steps, zero_on)
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

    def _moved(self, day: int) -> list[tuple[Reading, Reading]]:
        """Readings of the day and the snapshot before, of repositories whose counter did not drop; none if unknown."""
        before = self._previous_day(day)
        if before is None or self.rolled_back & {day, before}:
            return []
        return [(one, two) for one, two in self._pairs(before, day) if _counter(two) >= _counter(one)]

    def _change_per_day(self, day: int) -> float | None:
        """Downloads per day since the previous snapshot, of repositories whose counter did not drop."""
        before = self._previous_day(day)
        if before is None or not self._moved(day):
            return None
        return sum(_counter(two) - _counter(one) for one, two in self._moved(day)) / (day - before)

    def _expected(self, day: int) -> float | None:
        """Downloads per day that the 30-day counters of the same repositories imply."""
        return sum(two.downloads_30d or 0 for _, two in self._moved(day)) / WINDOW or None

    def _previous_day(self, day: int) -> int | None:
        days = self._sequence(self.source[day])
        return days[days.index(day) - 1] if day != days[0] else None

    def _is_stalled(self, day: int) -> bool:
        change = self._change_per_day(day)
        if change is None:
            return False
        busy = [(one, two) for one, two in self._moved(day) if (two.downloads_30d or 0) >= BUSY]
        unchanged = sum(_counter(one) == _counter(two) for one, two in busy)
        if len(busy) >= MIN_REPOSITORIES and unchanged * 4 >= len(busy):
            return True
        expected = self._expected(day)
        around = [other for other in self._sequence(self.source[day]) if abs(other - day) <= AROUND]
        ratios = [
            known / (self._expected(other) or 1)
            for other in around
            if (known := self._change_per_day(other)) is not None
            and (self._expected(other) is None) == (expected is None)
        ]
        return len(ratios) >= 3 and change < 0.3 * median(ratios) * (expected or 1)

    def _updates_missing(self, day: int) -> int | None:
        """1 if the day was read before the daily update of the counters, 0 if after it, None if at its time."""
        read = {r.scope for r in self.world.readings if r.day == day and r.source == "crawl"}
        hours = [one.hour for one in self.world.listings if one.day == day and one.scope in read]
        return 1 if max(hours, default=8) < 7 else 0 if min(hours, default=8) >= 10 else None

    def _is_off_schedule(self, day: int) -> bool:
        """Read at another time than the neighbours and most days of the week before and after."""
        read = {reading.day for reading in self.world.readings if reading.source == "crawl"}
        days = [other for other in self._sequence("crawl") if other in read]
        missing = {other: self._updates_missing(other) for other in days}
        if day not in days or day == days[0] or missing[day] is None:
            return False
        at = days.index(day)
        before, after = missing[days[at - 1]], missing[days[at + 1]] if at + 1 < len(days) else None
        near = [value for other, value in missing.items() if abs(other - day) <= AROUND and value is not None]
        is_alone = before not in (missing[day], None) and after != missing[day]
        return is_alone and near.count(missing[day]) * 2 < len(near)


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


def _implied(used: Sequence[Reading], steps: Sequence[Interval], zero_on: int | None) -> dict[int, int]:
    """All-time counters 30 days before each reading of the first 30 days; never negative.

    Readings that are set aside imply nothing, nor do those after a drop that did not recover.
    """
    until = min((step.first_low for step in steps if step.change < 0 and step.first_low is not None), default=None)
    good = {used[0].day, *(step.end for step in steps)}
    points = {}
    for reading in used:
        if reading.day >= used[0].day + WINDOW or (until is not None and reading.day >= until):
            break
        day, recent = reading.day - WINDOW, reading.downloads_30d
        if reading.day not in good or recent is None or recent > _counter(reading):
            continue
        if zero_on is None or day > zero_on:
            points[day] = _counter(reading) - recent
    return points
