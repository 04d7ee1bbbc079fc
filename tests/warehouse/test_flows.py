"""model_flows: daily downloads compared with plain Python, and properties that always hold."""

from collections.abc import Callable
from itertools import takewhile
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.database import in_memory
from tests.support.examples import examples
from tests.warehouse.flows_judge import AROUND, WINDOW, Flows, Judge, Listing, Reading, World
from tests.warehouse.flows_worlds import (
    falling_repositories,
    few_repositories,
    flows_of,
    many_repositories,
    steady_repositories,
)

FEW = settings(max_examples=examples(60), deadline=None, suppress_health_check=list(HealthCheck))
MANY = settings(max_examples=examples(25), deadline=None, suppress_health_check=list(HealthCheck))
FINAL = settings(max_examples=examples(20), deadline=None, suppress_health_check=list(HealthCheck))
MakeSmall = Callable[..., Any]


def flows(make_small: MakeSmall, world: World) -> Flows:
    with in_memory() as connection:
        return flows_of(make_small, connection, world)


@FEW
@given(world=few_repositories())
def test_flows_of_few_repositories_match_plain_python(make_small: MakeSmall, world: World) -> None:
    found = flows(make_small, world)
    assert found == Judge(world).flows()
    check_conservation(world, found)


@MANY
@given(world=many_repositories())
@pytest.mark.slow
def test_flows_of_whole_days_match_plain_python(make_small: MakeSmall, world: World) -> None:
    found = flows(make_small, world)
    assert found == Judge(world).flows()
    check_conservation(world, found)


@FEW
@given(world=falling_repositories())
@pytest.mark.slow
def test_flows_after_drops_match_plain_python(make_small: MakeSmall, world: World) -> None:
    found = flows(make_small, world)
    assert found == Judge(world).flows()
    check_conservation(world, found)


def check_conservation(world: World, found: Flows) -> None:
    """No flow is negative, and flows between two readings add up to the difference of the counters.

    Not those from a drop that did not recover, nor those from and to readings between a drop and its recovery.
    """
    judge = Judge(world)
    assert all(downloads >= 0 for downloads, _ in found.values())
    for hub_id in judge.readings:
        counters = {reading.day: reading.downloads_all_time or 0 for reading in judge.used(hub_id)}
        for step in judge.steps(hub_id):
            booked = sum(found[hub_id, day][0] for day in range(step.start + 1, step.end + 1))
            if step.change >= 0:
                assert booked == counters[step.end] - counters[step.start]
            else:
                assert booked == 0 or found[hub_id, step.end][1] == "identity"


def final_flows(world: World, found: Flows) -> Flows:
    """Flows that no later day may change, as glossary.toml defines it; here -1 for missing rows."""
    judge, result = Judge(world), Flows()
    horizon = final_until(judge)
    known = Judge(through(world, horizon))
    known.used_days = {day for day in judge.used_days if day <= horizon}
    for hub_id in known.readings:
        used, steps = known.used(hub_id), known.steps(hub_id)
        if not used:
            continue
        first = used[0].day
        decided = list(takewhile(lambda step: step.is_decided, steps))
        open_drops = [step.first_low or 0 for step in steps if not step.is_decided]
        for day in range(first - 3 * WINDOW, decided[-1].end + 1 if decided else first + 1):
            row = found.get((hub_id, day), (-1, "none"))
            is_certain = row[1] in ("read", "spread", "imported")
            is_settled = horizon >= first + WINDOW - 1 and min(open_drops, default=horizon) >= first + WINDOW - 1
            if day > first or is_certain or is_settled:
                result[hub_id, day] = row
    return result


def final_until(judge: Judge) -> int:
    """The last day of which it is certain whether its snapshot is usable: 7 days before the last, or before a rollback
    that can still turn out to be lasting."""
    until = max(judge.source, default=0) - AROUND
    for source in set(judge.source.values()):
        days = sorted(day for day, owner in judge.source.items() if owner == source)
        open_rollback = list(takewhile(lambda day: day in judge.rolled_back, reversed(days)))
        if open_rollback:
            until = min(until, open_rollback[-1] - AROUND - 1)
    return until


def through(world: World, last_day: int) -> World:
    """The crawls and readings up to that day."""
    return World(
        [listing for listing in world.listings if listing.day <= last_day],
        [reading for reading in world.readings if reading.day <= last_day],
        world.created,
    )


@FINAL
@given(world=few_repositories() | many_repositories() | steady_repositories() | falling_repositories(), data=st.data())
@pytest.mark.slow
def test_later_days_do_not_change_final_days(make_small: MakeSmall, world: World, data: st.DataObject) -> None:
    days = sorted({listing.day for listing in world.listings})
    early = through(world, data.draw(st.sampled_from(days)))
    later = flows(make_small, world)
    for place, row in final_flows(early, flows(make_small, early)).items():
        assert later.get(place, (-1, "none")) == row, place


def test_identity_days_are_final_after_30_readings(make_small: MakeSmall) -> None:
    daily = [5 + day * day % 11 for day in range(200)]
    readings = [
        Reading("m", day, sum(daily[day + 71 : day + 101]), 1_000 + sum(daily[: day + 101])) for day in range(40)
    ]
    world = World([Listing(day) for day in range(40)], readings)
    known = {last: flows(make_small, through(world, last)) for last in (20, 27, 28, 29, 30, 39)}
    before = {last: {place: row for place, row in found.items() if place[1] <= 0} for last, found in known.items()}
    assert [last for last, found in before.items() if found == before[39]] == [29, 30, 39]
    assert {day: downloads for (_, day), (downloads, _) in known[39].items()} == {
        day: daily[day + 100] for day in range(-29, 40)
    }
    for last, found in known.items():
        final = final_flows(through(world, last), found).keys() & before[39].keys()
        assert final == (before[39].keys() if last >= 29 + AROUND else set()), last


@FINAL
@given(world=few_repositories(), data=st.data())
@pytest.mark.slow
def test_order_of_rows_does_not_matter(make_small: MakeSmall, world: World, data: st.DataObject) -> None:
    shuffled = World(
        data.draw(st.permutations(world.listings)), data.draw(st.permutations(world.readings)), world.created
    )
    assert flows(make_small, shuffled) == flows(make_small, world)


def one(counters: dict[int, tuple[int | None, int | None]], created: int | None = None) -> World:
    """One repository `m` with these (30-day, all-time) counters by day; a listing each day from 0 to the last."""
    return World(
        [Listing(day) for day in range(max(counters) + 1) if day not in GAPS],
        [Reading("m", day, *both) for day, both in counters.items()],
        {} if created is None else {"m": created},
    )


GAPS = frozenset({4, 5})
"""Days without a crawl."""

CASES: list[tuple[str, World, dict[int, tuple[int, str]]]] = [
    ("two days", one({0: (None, 10), 1: (None, 17)}), {1: (7, "read")}),
    ("a gap", one({3: (None, 10), 6: (None, 21)}), {4: (4, "spread"), 5: (4, "spread"), 6: (3, "spread")}),
    ("a drop", one({0: (None, 10), 1: (None, 4), 2: (None, 9)}), {1: (0, "read"), 2: (5, "read")}),
    ("a drop that recovers", one({0: (None, 10), 1: (None, 4), 2: (None, 5), 3: (None, 16)}), {
        day: (2, "spread") for day in (1, 2, 3)
    }),
    ("a drop that recovers nearly", one({0: (None, 100), 1: (None, 10), 2: (None, 95), 3: (None, 99)}), {
        1: (0, "spread"), 2: (0, "spread"), 3: (4, "read"),
    }),
    ("a drop that recovers by less than nine tenths", one({0: (None, 100), 1: (None, 10), 2: (None, 89)}), {
        1: (0, "read"), 2: (79, "read"),
    }),
    ("a drop within a drop", one({0: (None, 10), 1: (None, 6), 2: (None, 4), 3: (None, 7), 6: (None, 16)}), {
        day: (1, "spread") for day in (1, 2, 3, 4, 5, 6)
    }),
    ("a reading without a counter", one({0: (1, None), 1: (None, 5), 2: (None, 6)}), {2: (1, "read")}),
    ("created yesterday", one({2: (7, 7), 3: (9, 9)}, created=2), {2: (7, "read"), 3: (2, "read")}),
    ("created on the day of the previous listing", one({2: (7, 7)}, created=1), {2: (7, "read")}),
    (
        "first seen in a smaller scope, absent from the previous listing of the Hub",
        World([Listing(0), Listing(1, "labs")], [Reading("m", 1, 7, 7, "labs")], {"m": 1}),
        {1: (7, "read")},
    ),
    ("created just before the 30 days", one({0: (5, 5)}, created=-30), {
        day: (int(day <= -25), "identity") for day in range(-29, 1)
    }),
    ("created in a gap", one({6: (9, 9)}, created=5), {5: (5, "spread"), 6: (4, "spread")}),
    ("unknown creation day, first seen later", one({2: (None, 50), 3: (None, 51)}), {3: (1, "read")}),
    ("created within the first 30 days", one({0: (5, 5)}, created=-1), {-1: (3, "identity"), 0: (2, "identity")}),
    ("created long before the 30 days", one({0: (3, 100)}, created=-900), {
        day: (1 if day <= -27 else 0, "identity") for day in range(-29, 1)
    }),
    ("a second reading determines one more day", one({0: (30, 100), 1: (29, 106)}, created=-900), {
        -29: (7, "identity"), **{day: (1 if day <= -6 else 0, "identity") for day in range(-28, 1)}, 1: (6, "read"),
    }),
    ("a 30-day counter above the all-time counter", one({0: (101, 100), 1: (3, 101)}, created=-900), {
        **{day: (1 if day <= -27 else 0, "identity") for day in range(-28, 1)}, 1: (1, "read"),
    }),
]  # fmt: skip


@pytest.mark.parametrize(("case", "world", "expected"), CASES, ids=[case[0] for case in CASES])
def test_flows_of_one_repository(
    make_small: MakeSmall, case: str, world: World, expected: dict[int, tuple[int, str]]
) -> None:
    assert {day: row for (_, day), row in flows(make_small, world).items()} == expected


def daily(counters: dict[int, int | None], last: int) -> World:
    """One repository `m` with these all-time counters, and a listing on every day."""
    return World([Listing(day) for day in range(last + 1)], [Reading("m", day, None, n) for day, n in counters.items()])


@pytest.mark.parametrize(("returned_on", "expected"), [(9, {day: 10 for day in range(1, 10)}), (10, {1: 0, 10: 150})])
def test_drop_recovers_within_nine_snapshots(make_small: MakeSmall, returned_on: int, expected: dict[int, int]) -> None:
    low = {day: 40 for day in range(1, returned_on)}
    found = flows(make_small, daily({0: 100, **low, returned_on: 190}, returned_on))
    assert {day: downloads for (_, day), (downloads, _) in found.items() if day in expected} == expected
    assert sum(downloads for downloads, _ in found.values()) == sum(expected.values())


@pytest.mark.parametrize(("month", "expected"), [(30_000, (1_000, "identity")), (29_000, (0, "identity"))])
def test_large_repository_that_restarts_keeps_its_downloads(
    make_small: MakeSmall, month: int, expected: tuple[int, str]
) -> None:
    """1,000 a day, restarted on day 40; x(40) = D(40) - D(39) + x(10)."""
    large = [
        Reading("large", day, month if day == 40 else 30_000, 90_000 + 1_000 * (day if day < 40 else day - 129))
        for day in range(45)
    ]
    small = [Reading(f"m{n}", day, 30, 900 + day - (n == 1 and day > 39) * 50) for n in range(5) for day in range(45)]
    found = flows(make_small, World([Listing(day) for day in range(45)], [*large, *small]))
    assert found["large", 40] == expected
    assert {found["large", day] for day in range(1, 45) if day != 40} == {(1_000, "read")}
    assert (found["m1", 40], found["m2", 40]) == ((0, "read"), (1, "read"))


def test_day_read_at_another_hour_is_spread_with_the_next(make_small: MakeSmall) -> None:
    """1,000 a day, counted at 08 UTC and read at 05; on day 9 the first run was dropped and the second read at 16."""
    listings = [Listing(day, hour=16 if day == 9 else 5) for day in range(14)]
    readings = [Reading("m", day, None, 50_000 + 1_000 * (day - (day != 9))) for day in range(14)]
    found = flows(make_small, World(listings, readings))
    assert {day: row[0] for (_, day), row in found.items()} == {day: 1_000 for day in range(1, 14)}


@pytest.mark.parametrize(("last", "known"), [(8, range(1, 9)), (9, range(1, 9)), (11, range(1, 12))])
def test_lasting_change_of_schedule_delays_one_day(make_small: MakeSmall, last: int, known: range) -> None:
    listings = [Listing(day, hour=16 if day >= 9 else 5) for day in range(last + 1)]
    readings = [Reading("m", day, None, 50_000 + 1_000 * (day - (day < 9))) for day in range(last + 1)]
    assert {day for _, day in flows(make_small, World(listings, readings))} == set(known)
