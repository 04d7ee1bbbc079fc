"""origin_days and family_days: sums of a day by every setting; booked_days and latest_counts of the same worlds."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples
from tracker.database import Connection, rows

SUMS = ("models", "downloads", "downloads_30d", "downloads_all_time", "likes", "arrived_30d")
"""Sums of both tables; arrived_30d is in family_days only."""

KEYS = {
    "origin_days": ("origin", "layer", "is_by_maker", "task_class", "is_below_1b", "is_gguf"),
    "family_days": (
        "origin",
        "lab",
        "family",
        "generation",
        "layer",
        "is_by_maker",
        "task_class",
        "is_below_1b",
        "is_gguf",
    ),
}


def groups(world: Any, number: int, table: str) -> list[tuple[Any, ...]]:
    """Rows that a model counts in: lens, the columns of the table's grain, weight."""
    model = world.models[number]
    below = None if model.size_bucket is None else model.size_bucket == "<1"
    found = [("publisher", *world.publisher(number), model.generation, 1.0)]
    found += [
        ("root", root.origin, root.lab, root.family, root.generation, root.weight) for root in world.roots(number)
    ]
    result = []
    for lens, origin, lab, family, generation, weight in found:
        named = {"origin": origin, "lab": lab, "family": family, "generation": generation}
        named |= {"layer": model.layer, "is_below_1b": below, "is_gguf": model.is_gguf}
        named |= {"is_by_maker": world.is_by_maker(number), "task_class": model.task_class}
        result.append((lens, *(named[key] for key in KEYS[table]), weight))
    return result


def expected_sums(world: Any, table: str, on_day: Callable[[int], date]) -> dict[Any, dict[str, float]]:
    """Weighted sums of the known values; a value without known terms is missing."""
    sums: dict[Any, dict[str, float]] = defaultdict(dict)
    for number, day in world.readings.keys() | world.flows.keys():
        key = (number, day)
        downloads_30d, all_time, likes = world.readings.get(key, (None, None, None))
        arrived = arrived_30d(world, number, day, on_day) if table == "family_days" else None
        values = (1 if key in world.readings else None, world.flows.get(key), downloads_30d, all_time, likes, arrived)
        for *group, weight in groups(world, number, table):
            row = sums[(on_day(day), *group)]
            for name, value in zip(SUMS, values, strict=True):
                if value is not None:
                    row[name] = row.get(name, 0) + value * weight
    return sums


def arrived_30d(world: Any, number: int, day: int, on_day: Callable[[int], date]) -> int | None:
    """What a model brings that existed on the day read before but was not read then; 0 for all others."""
    value: int | None = world.readings.get((number, day), (None,))[0]
    before = max((other for _, other in world.readings if other < day), default=None)
    if value is None or before is None or (number, before) in world.readings:
        return value and 0
    return value if world.models[number].created_on < on_day(before) else 0


@settings(max_examples=examples(25), deadline=None)
@given(data=st.data())
def test_tables_of_a_day_match_plain_python(built: Any, worlds: Any, on_day: Any, data: Any) -> None:
    world = data.draw(worlds(days=14))
    with built(world, *KEYS, "booked_days", "latest_counts") as connection:
        for table in KEYS:
            check_sums(connection, world, table, on_day)
        check_means(connection, world, on_day)
        check_booked_days(connection, world, on_day)
        check_latest_counts(connection, world, on_day)


def check_sums(connection: Connection, world: Any, table: str, on_day: Any) -> None:
    columns, sums_of = ("day", "lens", *KEYS[table]), SUMS if table == "family_days" else SUMS[:-1]
    found = rows(connection, f"select {', '.join((*columns, *sums_of))} from {table}")
    sums = {row[: len(columns)]: row[len(columns) :] for row in found}
    expected = expected_sums(world, table, on_day)
    assert sums.keys() == expected.keys()
    for group, row in expected.items():
        assert sums[group] == tuple(pytest.approx(row[name], rel=1e-9) if name in row else None for name in sums_of)


def check_means(connection: Connection, world: Any, on_day: Any) -> None:
    """7-day means of origin_days divide by the known days of the seven."""
    grain = ", ".join(("lens", *KEYS["origin_days"]))
    found = rows(connection, f"select day, {grain}, downloads, downloads_7d_mean from origin_days")
    known = {on_day(day) for _, day in world.flows}
    booked = {(row[1:-2], row[0]): row[-2] for row in found if row[-2] is not None}
    for row in found:
        week = {row[0] + timedelta(days=step) for step in range(-3, 4)}
        values = [booked[row[1:-2], day] for day in week if (row[1:-2], day) in booked]
        is_known = row[0] in known and len(week & known) >= 4 and values
        assert row[-1] == (pytest.approx(sum(values) / len(week & known), rel=1e-9) if is_known else None)


def check_booked_days(connection: Connection, world: Any, on_day: Any) -> None:
    known = {on_day(day) for _, day in world.flows}
    expected = [(day, sum(abs((day - other).days) <= 3 for other in known)) for day in sorted(known)]
    assert rows(connection, "select day, known_days from booked_days order by day") == expected


def check_latest_counts(connection: Connection, world: Any, on_day: Any) -> None:
    """Ranks are among listed repositories with a known 30-day counter."""
    last_day = max((day for _, day in world.readings), default=None)
    latest = {n: max(day for m, day in world.readings if m == n) for n, _ in world.readings}
    counts = {n: world.readings[n, day][0] for n, day in latest.items()}
    ranked = [n for n, day in latest.items() if day == last_day and counts[n] is not None]
    ranks = {n: 1 + sum(counts[other] > counts[n] for other in ranked) for n in ranked}
    expected = [(str(n), on_day(day), *world.readings[n, day], ranks.get(n)) for n, day in sorted(latest.items())]
    columns = "hub_id, day, downloads_30d, downloads_all_time, likes, rank_30d"
    assert rows(connection, f"select {columns} from latest_counts order by hub_id") == expected
