"""Random worlds for the tests of daily downloads, and small warehouses built from them."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from tests.warehouse.flows_judge import BUSY, WINDOW, Flows, Listing, Reading, World

FIRST = date(2026, 3, 1)
"""Day 0."""

LENGTH = 45


def day_of(number: int) -> date:
    return FIRST + timedelta(days=number)


def fill(small: Any, world: World) -> None:
    """Write a world into the empty lake tables of a small warehouse."""
    _insert(small, "lake_crawls", [_crawl(listing) for listing in world.listings])
    hours = {(listing.day, listing.scope): listing.hour for listing in world.listings}
    days = [_model_day(reading, hours[reading.day, reading.scope]) for reading in world.readings]
    _insert(small, "lake_model_days", days)
    first_days = {reading.hub_id: reading.day for reading in sorted(world.readings, key=lambda r: -r.day)}
    models = [
        {
            "hub_id": hub_id,
            "repo_id": f"someone/{hub_id}",
            "day": day_of(day),
            "created_at": _created(world.created.get(hub_id)),
            "scope": "hub",
        }
        for hub_id, day in first_days.items()
    ]
    _insert(small, "lake_models", models)


def flows_of(make_small: Callable[..., Any], connection: Any, world: World) -> Flows:
    """Build and read the table `model_flows` of a world."""
    small = make_small(connection)
    fill(small, world)
    small.make("model_flows")
    found = connection.execute("select hub_id, day, downloads, basis from model_flows").fetchall()
    flows = {(hub_id, (day - FIRST).days): (downloads, basis) for hub_id, day, downloads, basis in found}
    assert len(flows) == len(found), "a repository has two rows on one day"
    return flows


def _insert(small: Any, table: str, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        names = ", ".join(rows[0])
        small.connection.register("new_rows", pa.Table.from_pylist(list(rows)))
        small.connection.execute(f"insert into {table} ({names}) select {names} from new_rows")
        small.connection.unregister("new_rows")


def _crawl(listing: Listing) -> dict[str, Any]:
    return {
        "crawl": f"{day_of(listing.day)}-{listing.scope}",
        "day": day_of(listing.day),
        "scope": listing.scope,
        "source": listing.source,
        "models": listing.models,
        "is_complete": listing.is_complete,
        "is_simulated": False,
    }


def _model_day(reading: Reading, hour: int) -> dict[str, Any]:
    return {
        "hub_id": reading.hub_id,
        "day": day_of(reading.day),
        "scope": reading.scope,
        "crawl": f"{day_of(reading.day)}-{reading.scope}",
        "source": reading.source,
        "downloads_30d": reading.downloads_30d,
        "downloads_all_time": reading.downloads_all_time,
        "read_at": datetime.combine(day_of(reading.day), time(hour)),
    }


def _created(day: int | None) -> datetime | None:
    return None if day is None else datetime.combine(day_of(day), time(13), UTC)


@st.composite
def few_repositories(draw: st.DrawFn) -> World:
    """One to four repositories over at most 45 days, with every irregularity of a single repository."""
    days = sorted(draw(st.sets(st.integers(0, LENGTH - 1), min_size=1, max_size=16)))
    if draw(st.booleans()):
        days = list(range(days[0], min(days[0] + draw(st.integers(1, LENGTH)), LENGTH)))
    kinds = ["labs", "both", "partial", "few", "half", "less", "model-pulse", "hub-weekly", "two imports"]
    unusual = draw(st.dictionaries(st.sampled_from(days), st.sampled_from(kinds)))
    listings = [listing for day in days for listing in _listings(day, unusual.get(day))]
    readings, created = list[Reading](), dict[str, int]()
    for number in range(draw(st.integers(1, 4))):
        hub_id = f"m{number}"
        created_on = draw(st.none() | st.integers(-60, LENGTH))
        if created_on is not None:
            created[hub_id] = created_on
        readings += draw(_readings(hub_id, -90 if created_on is None else created_on, listings))
    return World(listings, readings, created)


def _listings(day: int, kind: str | None) -> list[Listing]:
    if kind == "labs":
        return [Listing(day, "labs", 50)]
    if kind == "both":
        return [Listing(day), Listing(day, "labs", 50)]
    if kind in ("model-pulse", "hub-weekly"):
        return [Listing(day, kind, 900, source=kind)]
    if kind == "two imports":
        return [Listing(day, source, 900, source=source) for source in ("hub-weekly", "model-pulse")]
    models = {"few": 300, "half": 500, "less": 499}.get(kind or "", 1000)
    return [Listing(day, models=models, is_complete=kind != "partial")]


@st.composite
def _readings(draw: st.DrawFn, hub_id: str, created_on: int, listings: Sequence[Listing]) -> list[Reading]:
    """True daily downloads, read with gaps, drops, wrong 30-day counters, missing counters and late entry."""
    pattern = draw(st.lists(st.integers(0, 9), min_size=1, max_size=9))
    daily = [pattern[day % len(pattern)] for day in range(LENGTH + 200)]
    entry = draw(st.integers(0, LENGTH - 1) | st.just(0))
    hidden = draw(st.sets(st.integers(0, LENGTH - 1), max_size=6))
    drop_day, drop = draw(st.integers(0, 3 * LENGTH)), draw(st.integers(1, 60))
    wrong = draw(st.dictionaries(st.integers(0, LENGTH - 1), st.sampled_from(["none", "less", "more", "unknown"])))
    source_until = draw(st.just(-1) | st.integers(0, LENGTH))
    found = dict[int, Reading]()
    for listing in listings:
        day = listing.day
        if day < max(entry, created_on) or day in hidden:
            continue
        total = sum(daily[max(created_on, -90) + 100 : day + 101])
        recent = sum(daily[max(created_on, -90, day - WINDOW + 1) + 100 : day + 101])
        shown: int | None = max(total - (drop if day >= drop_day else 0), 0)
        changes: dict[str, int | None] = {"none": None, "less": recent // 2, "more": recent + 7}
        month = changes.get(wrong[day], recent) if day in wrong else recent
        if wrong.get(day) == "unknown":
            shown = None
        source = "import" if day < source_until and listing.source == "crawl" else listing.source
        found.setdefault(day, Reading(hub_id, day, month, shown, listing.scope, source))
    return list(found.values())


@st.composite
def steady_repositories(draw: st.DrawFn) -> World:
    """One or two old repositories read for 45 days; each 30-day counter determines one more earlier day."""
    listings = [Listing(day) for day in range(LENGTH)]
    readings = [
        reading for number in range(draw(st.integers(1, 2))) for reading in draw(_readings(f"m{number}", -90, listings))
    ]
    return World(listings, readings)


@st.composite
def many_repositories(draw: st.DrawFn) -> World:
    """120 repositories with irregular whole days: counters that stall, drop, recover, or never do."""
    kinds = st.sampled_from(["stall", "slow", "drop"])
    counts = st.sampled_from([7, 25, 6, 24, 30, 60, 120])
    lengths = st.sampled_from([1, 2, 3, 8, 9, 10])
    episodes = draw(st.lists(st.tuples(kinds, st.integers(1, 6), lengths, counts), min_size=1, max_size=4))
    missing = draw(st.sets(st.integers(0, LENGTH - 1), max_size=6) | st.just(set()))
    busy = draw(st.sampled_from([0, 99, 100, 120]))
    imported_until = draw(st.just(-1) | st.integers(0, LENGTH))
    filled_in = draw(st.sets(st.integers(0, LENGTH - 1), max_size=4) | st.just(set()))
    each = draw(st.lists(st.integers(1, 60), min_size=3, max_size=3))
    plan: list[tuple[str, int]] = []
    for kind, usual, length, count in episodes:
        plan += [("usual", 0)] * usual + [(kind, count)] * length
    plan = [("usual", 0)] * draw(st.integers(0, 9)) + plan + [("usual", 0)] * 3
    listings, readings = list[Listing](), list[Reading]()
    true, shown = [5000] * 120, [5000] * 120
    for day, (kind, count) in enumerate(plan[:LENGTH]):
        for model in range(120):
            true[model] += (each[model % 3] // 4 if kind == "slow" else each[model % 3]) + (day + model) % 2
            if not (kind == "stall" and model < count):
                shown[model] = true[model] - (1000 if kind == "drop" and model < count else 0)
        if day not in missing:
            source = "model-pulse" if day < imported_until else "hub-stats" if day in filled_in else "crawl"
            scope = "hub" if source == "crawl" else source
            listings.append(Listing(day, scope, source=source))
            readings += [
                Reading(f"m{model:03}", day, BUSY if model < busy else 40, shown[model], scope, source)
                for model in range(120)
            ]
    return World(listings, readings)


@st.composite
def falling_repositories(draw: st.DrawFn) -> World:
    """Two to four repositories, some large, with drops that recover at once, in steps, nearly or never."""
    days = sorted(set(range(LENGTH)) - draw(st.sets(st.integers(1, LENGTH - 1), max_size=8)))
    partial = draw(st.sets(st.sampled_from(days), max_size=2))
    late = draw(st.sets(st.sampled_from(days), max_size=6))
    usual = draw(st.sampled_from([5, 12]))
    listings = [
        Listing(day, is_complete=day not in partial, hour=draw(st.sampled_from([5, 8, 16])) if day in late else usual)
        for day in days
    ]
    readings = list[Reading]()
    for number in range(draw(st.integers(2, 4))):
        scale = draw(st.sampled_from([1, 1, 1_000]))
        lost = draw(_losses(scale))
        pattern = [scale * downloads for downloads in draw(st.lists(st.integers(0, 9), min_size=1, max_size=9))]
        daily = [pattern[day % len(pattern)] for day in range(LENGTH + 200)]
        hidden = draw(st.sets(st.sampled_from(days), max_size=4))
        for day in days:
            month, total = sum(daily[day + 71 : day + 101]), 500 * scale + sum(daily[: day + 101])
            if day not in hidden:
                readings.append(Reading(f"m{number}", day, month, max(total - lost[day], 0)))
    return World(listings, readings)


@st.composite
def _losses(draw: st.DrawFn, scale: int) -> list[int]:
    """What a counter lacks on each day: up to three drops, each given back after some days, to some part or never."""
    lost = [0] * LENGTH
    for _ in range(draw(st.integers(0, 3))):
        start, depth = draw(st.integers(0, LENGTH - 1)), draw(st.integers(1, 400)) * scale
        steps = draw(st.lists(st.sampled_from([100, 100, 60, 30]), min_size=1, max_size=11))
        rest = draw(st.sampled_from([0, 0, 3, 10, 11, 100]))
        for day in range(start, LENGTH):
            lost[day] += depth * (steps[day - start] if day - start < len(steps) else rest) // 100
    return lost
