"""The sums of a day split by every switch of the definition: by country, and by lab, family and generation."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples

SUMS = ("models", "downloads", "downloads_30d", "downloads_all_time", "likes")
KEYS = {
    "origin_days": ("origin", "layer", "is_below_1b", "is_gguf"),
    "family_days": ("origin", "lab", "family", "generation", "layer", "is_below_1b", "is_gguf"),
}


def places(world: Any, number: int, table: str) -> list[tuple[Any, ...]]:
    """Where a model counts: lens, the columns of the table's grain, weight."""
    model = world.models[number]
    below = None if model.size_bucket is None else model.size_bucket == "<1"
    found = [("publisher", *world.publisher(number), model.generation, 1.0)]
    found += [
        ("root", root.origin, root.lab, root.family, root.generation, root.weight) for root in world.roots(number)
    ]
    kept = []
    for lens, origin, lab, family, generation, weight in found:
        named = {"origin": origin, "lab": lab, "family": family, "generation": generation}
        named |= {"layer": model.layer, "is_below_1b": below, "is_gguf": model.is_gguf}
        kept.append((lens, *(named[key] for key in KEYS[table]), weight))
    return kept


def judged(world: Any, table: str, on_day: Callable[[int], date]) -> dict[Any, dict[str, float]]:
    """By metrics.md, in plain Python: a sum of what is known, by weight; nothing where nothing is known."""
    sums: dict[Any, dict[str, float]] = defaultdict(dict)
    for number, day in world.readings.keys() | world.flows.keys():
        key = (number, day)
        downloads_30d, all_time, likes = world.readings.get(key, (None, None, None))
        values = (1 if key in world.readings else None, world.flows.get(key), downloads_30d, all_time, likes)
        for *place, weight in places(world, number, table):
            row = sums[(on_day(day), *place)]
            for name, value in zip(SUMS, values, strict=True):
                if value is not None:
                    row[name] = row.get(name, 0) + value * weight
    return sums


@pytest.mark.parametrize("table", KEYS)
@settings(max_examples=examples(25), deadline=None)
@given(data=st.data())
def test_whatever_was_read_the_sums_are_those_of_plain_python(
    ask: Any, worlds: Any, on_day: Any, table: str, data: Any
) -> None:
    world = data.draw(worlds())
    columns = ("day", "lens", *KEYS[table])
    found = ask(world, table, f"select {', '.join((*columns, *SUMS))} from {table}")
    sums = {row[: len(columns)]: row[len(columns) :] for row in found}
    wanted = judged(world, table, on_day)
    assert sums.keys() == wanted.keys()
    for place, row in wanted.items():
        assert sums[place] == tuple(pytest.approx(row[name], rel=1e-9) if name in row else None for name in SUMS)


@settings(max_examples=examples(25), deadline=None)
@given(data=st.data())
def test_the_mean_divides_by_the_known_days_of_the_seven(ask: Any, worlds: Any, on_day: Any, data: Any) -> None:
    world = data.draw(worlds(days=14))
    grain = ", ".join(("lens", *KEYS["origin_days"]))
    found = ask(world, "origin_days", f"select day, {grain}, downloads, downloads_7d_mean from origin_days")
    known = {on_day(day) for _, day in world.flows}
    booked = {(row[1:-2], row[0]): row[-2] for row in found if row[-2] is not None}
    for row in found:
        week = {row[0] + timedelta(days=step) for step in range(-3, 4)}
        values = [booked[row[1:-2], day] for day in week if (row[1:-2], day) in booked]
        is_known = row[0] in known and len(week & known) >= 4 and values
        assert row[-1] == (pytest.approx(sum(values) / len(week & known), rel=1e-9) if is_known else None)


@settings(max_examples=examples(25), deadline=None)
@given(data=st.data())
def test_booked_days_count_their_known_neighbours(ask: Any, worlds: Any, on_day: Any, data: Any) -> None:
    world = data.draw(worlds(days=14))
    known = {on_day(day) for _, day in world.flows}
    wanted = [(day, sum(abs((day - other).days) <= 3 for other in known)) for day in sorted(known)]
    assert ask(world, "booked_days", "select day, known_days from booked_days order by day") == wanted


@settings(max_examples=examples(25), deadline=None)
@given(data=st.data())
def test_ranks_are_among_listed_repositories_with_a_known_count(ask: Any, worlds: Any, on_day: Any, data: Any) -> None:
    world = data.draw(worlds())
    last_day = max((day for _, day in world.readings), default=None)
    latest = {n: max(day for m, day in world.readings if m == n) for n, _ in world.readings}
    counts = {n: world.readings[n, day][0] for n, day in latest.items()}
    ranked = [n for n, day in latest.items() if day == last_day and counts[n] is not None]
    ranks = {n: 1 + sum(counts[other] > counts[n] for other in ranked) for n in ranked}
    wanted = [(str(n), on_day(day), *world.readings[n, day], ranks.get(n)) for n, day in sorted(latest.items())]
    columns = "hub_id, day, downloads_30d, downloads_all_time, likes, rank_30d"
    assert ask(world, "latest_counts", f"select {columns} from latest_counts order by hub_id") == wanted
