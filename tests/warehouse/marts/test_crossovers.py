"""crossovers: when the downloads of one country pass those of another."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples

QUERY = (
    "select metric, lens, layer, a, b, crossed_on, low, high, is_ahead_throughout from crossovers "
    "where lens = 'publisher' and layer = 'all'"
)


def compared(downloads: Sequence[float], is_flow: bool) -> list[tuple[int, float]]:
    """(Day, value) as compared: all-time counters directly, daily downloads as centred means of at least four days."""
    if not is_flow:
        return list(enumerate(downloads))
    weeks = [(day, downloads[max(0, day - 3) : day + 4]) for day in range(len(downloads))]
    return [(day, sum(week) / len(week)) for day, week in weeks if len(week) >= 4]


def expected_crossover(a: Sequence[float], b: Sequence[float], is_flow: bool) -> tuple[int | None, bool]:
    """First day from which a exceeds b for 14 days, and whether a was ahead from the first day on."""
    above = [(day, x > y) for (day, x), (_, y) in zip(compared(a, is_flow), compared(b, is_flow), strict=True)]
    starts = []
    for place, (day, is_above) in enumerate(above):
        if is_above and (place == 0 or not above[place - 1][1]):
            stays = [is_so for later, is_so in above if day <= later < day + 14]
            if len(stays) == 14 and all(stays):
                starts.append((place, day))
    later = [day for place, day in starts if place > 0]
    return (later[0] if later else None), bool(starts) and not later


def two_countries(make_world: Any, make_model: Any, china: Sequence[int], states: Sequence[int]) -> Any:
    """One model of each country, with these daily downloads and the same numbers as all-time counters."""
    booked = {(n, day): value for n, series in enumerate((china, states)) for day, value in enumerate(series)}
    readings = {key: (None, value, None) for key, value in booked.items()}
    return make_world([make_model("Qwen"), make_model("google")], readings, booked)


WALKS = st.lists(st.tuples(st.integers(0, 3), st.integers(1, 20)), min_size=2, max_size=4).map(
    lambda parts: [level for level, days in parts for _ in range(days)]
)


@settings(max_examples=examples(20), deadline=None)
@given(china=WALKS, states=WALKS)
def test_crossover_date_matches_plain_python(
    ask: Any, make_world: Any, make_model: Any, on_day: Any, china: list[int], states: list[int]
) -> None:
    days = min(len(china), len(states))
    china, states = china[:days], states[:days]
    found = ask(two_countries(make_world, make_model, china, states), "crossovers", QUERY)
    dates = {(row[0], row[3], row[4]): (row[5], row[8]) for row in found}
    for metric in ("downloads", "downloads_all_time"):
        for a, b, x, y in (("CN", "US", china, states), ("US", "CN", states, china)):
            crossed, is_ahead = expected_crossover(x, y, metric == "downloads")
            if metric == "downloads" and days < 4:
                assert (metric, a, b) not in dates
            else:
                assert dates[metric, a, b] == (None if crossed is None else on_day(crossed), is_ahead)


@pytest.mark.parametrize(
    ("china", "crossed"),
    [
        ([0] * 5 + [2] * 14, 5),
        ([0] * 5 + [2] * 13, None),
        ([2] * 30, None),
        ([0] * 5 + [2] * 13 + [0] + [2] * 14, 19),
        ([1] * 5 + [2] * 14, 5),
        ([2] * 14 + [0] * 3 + [2] * 14, 17),
    ],
    ids=["14 days", "13 days", "ahead throughout", "interrupted", "equal is not above", "lost and passed again"],
)
def test_crossover_needs_14_days_above(
    ask: Any, make_world: Any, make_model: Any, on_day: Any, china: list[int], crossed: int | None
) -> None:
    world = two_countries(make_world, make_model, china, [1] * len(china))
    [found] = [r for r in ask(world, "crossovers", QUERY) if r[0] == "downloads_all_time" and r[3] == "CN"]
    assert found[5] == (None if crossed is None else on_day(crossed))


def rising(make_world: Any, make_model: Any, models: int) -> Any:
    """Models of China gain 1 download a day each, those of the United States none; they are equal on day 20."""
    readings = {(n, day): (None, 1000 + day, None) for n in range(models) for day in range(45)}
    readings |= {(models + n, day): (None, 1020, None) for n in range(models) for day in range(45)}
    return make_world([make_model("Qwen")] * models + [make_model("google")] * models, readings)


def test_interval_contains_the_date_and_is_reproducible(
    ask: Any, make_world: Any, make_model: Any, on_day: Any
) -> None:
    query = f"{QUERY} and metric = 'downloads_all_time' and a = 'CN'"
    [first], [again] = (ask(rising(make_world, make_model, 30), "crossovers", query) for _ in range(2))
    assert first == again
    assert first[5] == on_day(21)
    low, high = first[6], first[7]
    assert low <= first[5] and (high is None or high >= first[5])
    assert (low, high) != (first[5], first[5])


def test_resample_weights_are_poisson(built: Any, make_world: Any) -> None:
    with built(make_world([]), "core_resample_weights") as connection:
        [(blocks, replicates, least, most)] = connection.sql(
            "select count(distinct block), count(distinct replicate), min(total), max(total) from ("
            "select *, sum(weight) over (partition by replicate) as total from core_resample_weights)"
        ).fetchall()
        [(none, mean, variance)] = connection.sql(
            "select avg((weight = 0)::int), avg(weight), var_pop(weight) from core_resample_weights"
        ).fetchall()
    assert (blocks, replicates, round(least, 6), round(most, 6)) == (256, 200, 256, 256)
    assert (none, mean, variance) == (pytest.approx(0.3679, abs=0.01), pytest.approx(1), pytest.approx(1, abs=0.03))


def test_other_large_countries_are_compared(ask: Any, make_world: Any, make_model: Any) -> None:
    world = make_world(
        [make_model("Qwen"), make_model("google"), make_model("mistralai"), make_model()],
        flows={(n, day): n + 1 for n in range(4) for day in range(20)},
    )
    pairs = {row[3:5] for row in ask(world, "crossovers", QUERY)}
    assert pairs == {(a, b) for a in ("CN", "US", "FR") for b in ("CN", "US", "FR") if a != b}
