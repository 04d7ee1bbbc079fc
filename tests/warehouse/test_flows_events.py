"""quality_events: data issues of readings."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.support.database import in_memory
from tests.support.slow import first_of
from tests.warehouse.flows_judge import Listing, Reading, World
from tests.warehouse.flows_worlds import fill

MODELS = range(120)


def counters(day: int) -> list[int]:
    """All-time counters that grow by 40 a day: 1,200 in 30 days."""
    return [5_000 + 40 * day + model for model in MODELS]


def world(days: range, changed: Mapping[int, Callable[[int, int], int]], month: int = 1_200, **listing: Any) -> World:
    """120 repositories; on the days in `changed`, counters are mapped by (repository, counter) -> counter."""
    readings = [
        Reading(f"m{model:03}", day, month, changed.get(day, lambda model, value: value)(model, value))
        for day in days
        for model, value in enumerate(counters(day))
    ]
    return World([Listing(day) for day in days], readings)


def lower(model: int, value: int) -> int:
    return value - 700 if model < 7 else value


def lose(day: int, model: int, lost: Mapping[int, int]) -> Callable[[int, int], int]:
    """The counter of one repository lacks what `lost` has for the day."""
    return lambda other, value: value - lost[day] * (other == model)


def before(day: int) -> Callable[[int, int], int]:
    """The counters of an earlier day."""
    return lambda model, value: counters(day)[model]


OFF = "differs from the reading of 2026-03-01 by {} of the 30-day downloads, over {} repositories"
CASES: list[tuple[str, World, list[tuple[str, str, str | None, str]]]] = [
    ("no issue", world(range(4), {}), []),
    (
        "a day without a crawl",
        World([Listing(0), Listing(2)], [Reading("a", 0, None, 1), Reading("a", 2, None, 2)]),
        [("missing days", "2026-03-03", None, "nothing was read on 2026-03-02")],
    ),
    (
        "several days without a crawl",
        World([Listing(0), Listing(3)], [Reading("a", 0, None, 1), Reading("a", 3, None, 2)]),
        [("missing days", "2026-03-04", None, "nothing was read from 2026-03-02 to 2026-03-03")],
    ),
    (
        "a listing that shrank",
        World([Listing(0), Listing(1, models=499), Listing(2)], [Reading("a", 0, None, 1), Reading("a", 2, None, 2)]),
        [
            ("missing days", "2026-03-03", None, "nothing was read on 2026-03-02"),
            (
                "partial listing",
                "2026-03-02",
                None,
                "2026-03-02-hub: fewer than half the rows of the previous listing",
            ),
        ],
    ),
    (
        "a rollback",
        world(range(4), {1: lower, 2: lower}),
        [
            ("rollback", "2026-03-02", None, "7 of 120 repositories have lower counters than on 2026-03-01"),
            ("rollback", "2026-03-03", None, "7 of 120 repositories have lower counters than on 2026-03-01"),
        ],
    ),
    (
        "a stall",
        world(range(9), {7: before(6)}),
        [
            (
                "stall",
                "2026-03-08",
                None,
                "120 of 120 repositories with 1,000 or more 30-day downloads did not change; "
                "0 downloads a day in total, usually 4800",
            )
        ],
    ),
    (
        "a drop of one counter",
        world(range(2), {1: lambda model, value: value - 100 * (model == 5)}),
        [("fall", "2026-03-02", "m005", "all-time downloads dropped by 60 since 2026-03-01")],
    ),
    (
        "a drop of one counter that recovers in steps, to its old level",
        world(range(5), {day: lose(day, 5, {1: 900, 2: 500, 3: 120}) for day in (1, 2, 3)}),
        [
            (
                "recovered fall",
                "2026-03-02",
                "m005",
                "all-time downloads dropped by 860 since 2026-03-01 and recovered by 2026-03-04",
            )
        ],
    ),
    (
        "a drop of one counter that recovers nearly",
        world(range(5), {day: lose(day, 5, {1: 900, 2: 900, 3: 180, 4: 180}) for day in range(1, 5)}),
        [
            (
                "fall",
                "2026-03-02",
                "m005",
                "all-time downloads dropped by 860 since 2026-03-01 and recovered except 60 by 2026-03-04",
            )
        ],
    ),
    (
        "30-day counters that fit",
        world(range(0, 31, 30), {}),
        [
            ("identity deviation", "2026-03-31", None, f"all-time minus 30-day downloads {OFF.format('0.0%', 120)}"),
            ("missing days", "2026-03-31", None, "nothing was read from 2026-03-02 to 2026-03-30"),
        ],
    ),
    (
        "30-day counters that do not fit",
        world(range(0, 31, 30), {}, month=1_000),
        [
            ("identity deviation", "2026-03-31", None, f"all-time minus 30-day downloads {OFF.format('20.0%', 120)}"),
            ("missing days", "2026-03-31", None, "nothing was read from 2026-03-02 to 2026-03-30"),
        ],
    ),
    (
        "30-day counters above the all-time counter",
        world(range(1), {}, month=5_100),
        [
            (
                "identity refused",
                "2026-03-01",
                None,
                "30-day downloads of 100 repositories contradict their other counters",
            )
        ],
    ),
]


@pytest.mark.parametrize(("case", "given", "expected"), first_of(CASES, 8), ids=[case[0] for case in CASES])
def test_data_issue_has_figures(
    make_small: Callable[..., Any], case: str, given: World, expected: list[tuple[str, str, str | None, str]]
) -> None:
    with in_memory() as connection:
        small = make_small(connection)
        fill(small, given)
        small.make("quality_events")
        query = "select kind, day::varchar, hub_id, detail from quality_events order by kind, day, hub_id"
        assert connection.execute(query).fetchall() == expected


def test_rename_names_both_names(becomes: Callable[..., None]) -> None:
    becomes(
        "quality_events",
        """
        kind   | day        | hub_id | detail                        | handling
        rename | 2026-08-20 | 1      | renamed from THUDM/a to zai/a | remains the same repository; links to its former name still resolve
        rename | 2026-08-22 | 1      | renamed from zai/a to zai/b   | remains the same repository; links to its former name still resolve
        """,  # noqa: E501 - one row a line
        lake_models="""
        hub_id | day        | repo_id
        1      | 2026-08-19 | THUDM/a
        1      | 2026-08-20 | zai/a
        1      | 2026-08-21 | zai/a
        1      | 2026-08-22 | zai/b
        2      | 2026-08-19 | a/b
        """,
    )


@pytest.mark.slow
def test_unrecovered_rollback_becomes_a_lasting_correction(make_small: Callable[..., Any]) -> None:
    """Eight snapshots are set aside; the ninth is still lower."""
    for days, kinds in ((9, {("rollback", 8)}), (10, {("lasting correction", 8), ("fall", 7)})):
        with in_memory() as connection:
            small = make_small(connection)
            fill(small, world(range(days), dict.fromkeys(range(1, days), lower)))
            small.make("quality_events")
            found = connection.execute("select kind, count(*) from quality_events group by kind").fetchall()
            assert set(found) == kinds, days


def stalled(count: int, day: int) -> Callable[[int, int], int]:
    """The first `count` counters are those of an earlier day."""
    return lambda model, value: counters(day)[model] if model < count else value


def busy(world: World, count: int) -> World:
    """The same world with 1,000 30-day downloads for the first `count` repositories and fewer for the others."""
    readings = [
        Reading(row.hub_id, row.day, 1_000 if row.hub_id < f"m{count:03}" else 999, row.downloads_all_time)
        for row in world.readings
    ]
    return World(world.listings, readings)


def slower(days: range, since: int, **more: Any) -> World:
    """From a day on, counters grow by a tenth."""
    slow = {day: lambda model, value, day=day: value - 36 * (day - since + 1) for day in days if day >= since}
    return world(days, slow, **more)


def giant(days: range, counter: Callable[[int], int | None]) -> World:
    """120 small repositories, and one with 900,000 downloads a day on the days on which it is listed."""
    small = world(days, {}, month=900)
    shown = [(day, counter(day)) for day in days]
    large = [Reading("giant", day, 27_000_000, value) for day, value in shown if value is not None]
    return World(small.listings, [*small.readings, *large])


LIMITS = [
    ("six of 120 drop", world(range(3), {1: lambda model, value: value - 700 * (model < 6)}), []),
    ("seven of 120 drop", world(range(3), {1: lower}), ["rollback"]),
    ("a quarter of 100 busy ones stalls", busy(world(range(3), {1: stalled(25, 0)}), 100), ["stall"]),
    ("fewer than a quarter of them", busy(world(range(3), {1: stalled(24, 0)}), 100), []),
    ("all of 99 busy ones stall", busy(world(range(3), {1: stalled(99, 0)}), 99), []),
    ("all of few stall on one of three known days", world(range(4), {2: stalled(120, 1)}, month=900), ["stall"]),
    ("all of few stall on one of two known days", world(range(3), {2: stalled(120, 1)}, month=900), []),
    ("just below three tenths of the usual change", world(range(9), {8: stalled(85, 7)}, month=900), ["stall"]),
    ("just above three tenths of the usual change", world(range(9), {8: stalled(83, 7)}, month=900), []),
    ("slow only against days more than a week away", slower(range(22), 14, month=900), []),
    ("slow against the week before", slower(range(15), 14, month=900), ["stall"]),
    ("a large counter restarts", giant(range(9), lambda day: 900_000 * (500 + day if day < 5 else day - 4)), []),
    ("a large counter jumps", giant(range(9), lambda day: 900_000 * (500 + day) + 10**9 * (day > 4)), []),
    ("a large repository leaves", giant(range(9), lambda day: 900_000 * (500 + day) if day < 5 else None), []),
    ("a large repository arrives", giant(range(9), lambda day: 900_000 * (500 + day) if day > 4 else None), []),
]


@pytest.mark.parametrize(("case", "given", "expected"), first_of(LIMITS, 7), ids=[case[0] for case in LIMITS])
def test_stall_and_rollback_thresholds(
    make_small: Callable[..., Any], case: str, given: World, expected: list[str]
) -> None:
    with in_memory() as connection:
        small = make_small(connection)
        fill(small, given)
        small.make("quality_events")
        query = "select kind from quality_events where kind in ('stall', 'rollback')"
        assert [kind for (kind,) in connection.execute(query).fetchall()] == expected
