"""identity_deviations: error of backcasts from 30-day counters, compared with plain Python."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.database import in_memory
from tests.support.examples import examples
from tests.warehouse.flows_judge import Judge, Listing, Reading, World
from tests.warehouse.flows_worlds import day_of, fill

Row = tuple[date, date, int, int, int, float]
SOME = settings(max_examples=examples(30), deadline=None, suppress_health_check=list(HealthCheck))
MIN_REPOSITORIES = 20


def expected_rows(world: World) -> list[Row]:
    """Rows for days with at least 20 busy repositories that also have a usable reading 30 days before."""
    judge = Judge(world)
    found = []
    for day in sorted(judge.used_days):
        pairs = []
        for hub_id in judge.readings:
            dropped = [
                two.day
                for one, two in pairwise(judge.used(hub_id))
                if (two.downloads_all_time or 0) < (one.downloads_all_time or 0)
            ]
            if any(day - 60 < drop <= day for drop in dropped):
                continue
            by_day = {reading.day: reading for reading in judge.used(hub_id)}
            if day in by_day and day - 30 in by_day:
                pairs.append((by_day[day - 30].downloads_all_time, by_day[day]))
        errors = [
            (abs(later.downloads_all_time - later.downloads_30d - before), later.downloads_30d)
            for before, later in pairs
            if later.downloads_30d is not None and later.downloads_30d >= 1000
        ]
        if len(errors) >= MIN_REPOSITORIES:
            deviation, month = (sum(part) for part in zip(*errors, strict=True))
            found.append((day_of(day), day_of(day - 30), len(errors), deviation, month, deviation / month))
    return found


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """About twenty repositories read on days about 30 days apart, with more or less fitting counters."""
    days = sorted(draw(st.sets(st.sampled_from([0, 1, 2, 30, 31, 32, 33]), min_size=2)))
    listings = [Listing(day, is_complete=draw(st.integers(0, 9)) > 0) for day in days]
    readings = []
    for number in range(draw(st.integers(18, 24))):
        month = draw(st.sampled_from([None, 0, 999, 1000, 1000, 1500, 40_000]))
        for day in days:
            error = draw(st.sampled_from([0, 0, 0, 7, 300, -900]))
            readings.append(Reading(f"m{number}", day, month, 100_000 + day * 500 + error))
    return World(listings, readings)


def found(make_small: Callable[..., Any], world: World, query: str) -> list[Any]:
    with in_memory() as connection:
        small = make_small(connection)
        fill(small, world)
        small.make("identity_deviations")
        return connection.execute(query).fetchall()


@SOME
@given(world=worlds())
def test_deviation_matches_plain_python(make_small: Callable[..., Any], world: World) -> None:
    columns = "day, compared_day, repositories, deviation, downloads_30d, deviation_share"
    assert found(make_small, world, f"select {columns} from identity_deviations order by day") == expected_rows(world)


def test_deviation_compares_with_the_reading_30_days_before(make_small: Callable[..., Any]) -> None:
    readings = [Reading(f"m{n}", day, 1_000, 5_000 + 40 * day) for n in range(MIN_REPOSITORIES) for day in (0, 30)]
    world = World([Listing(0), Listing(30)], readings)
    first, later = day_of(0), day_of(0) + timedelta(days=30)
    columns = "day, compared_day, repositories, deviation, downloads_30d, deviation_share"
    assert found(make_small, world, f"select {columns} from identity_deviations") == [
        (later, first, 20, 20 * 200, 20 * 1_000, 0.2)
    ]
