"""model_flows: daily downloads compared with plain Python, and properties that always hold."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.database import in_memory
from tests.support.examples import examples
from tests.warehouse.flows_judge import WINDOW, Flows, Judge, Listing, Reading, World
from tests.warehouse.flows_worlds import few_repositories, flows_of, many_repositories, steady_repositories

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
def test_flows_of_whole_days_match_plain_python(make_small: MakeSmall, world: World) -> None:
    found = flows(make_small, world)
    assert found == Judge(world).flows()
    check_conservation(world, found)


def check_conservation(world: World, found: Flows) -> None:
    """No flow is negative, and flows between two usable readings add up to the difference of the counters."""
    judge = Judge(world)
    assert all(downloads >= 0 for downloads, _ in found.values())
    for hub_id in judge.readings:
        for one, two in pairwise(judge.used(hub_id)):
            booked = [found[hub_id, day][0] for day in range(one.day + 1, two.day + 1)]
            assert sum(booked) == max((two.downloads_all_time or 0) - (one.downloads_all_time or 0), 0)


def final_flows(world: World, found: Flows) -> Flows:
    """Flows that no later day may change, as glossary.toml defines it.

    From the first usable reading of a repository on: every day with a row. Before it: rows that are not based on
    30-day counters; the others, and missing rows (here -1), once the last usable day is 29 days after that reading.
    """
    judge = Judge(world)
    last, result = max(judge.used_days, default=0), {}
    for hub_id in judge.readings:
        used = judge.used(hub_id)
        if not used:
            continue
        first = used[0].day
        for day in range(first - 3 * WINDOW, last + 1):
            row = found.get((hub_id, day), (-1, "none"))
            is_certain = row[1] in ("read", "spread", "imported")
            if is_certain if day > first else (is_certain or last >= first + WINDOW - 1):
                result[hub_id, day] = row
    return result


def through(world: World, last_day: int) -> World:
    """The crawls and readings up to that day."""
    return World(
        [listing for listing in world.listings if listing.day <= last_day],
        [reading for reading in world.readings if reading.day <= last_day],
        world.created,
    )


@FINAL
@given(world=few_repositories() | many_repositories() | steady_repositories(), data=st.data())
def test_later_days_do_not_change_final_days(make_small: MakeSmall, world: World, data: st.DataObject) -> None:
    days = sorted({listing.day for listing in world.listings})
    early = through(world, data.draw(st.sampled_from(days)))
    later = flows(make_small, world)
    for place, row in final_flows(early, flows(make_small, early)).items():
        assert later.get(place, (-1, "none")) == row, place


def test_days_before_the_first_reading_are_final_after_30_readings(make_small: MakeSmall) -> None:
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
        assert final == (before[39].keys() if last >= 29 else set()), last


@FINAL
@given(world=few_repositories(), data=st.data())
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
