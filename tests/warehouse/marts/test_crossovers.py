"""crossovers: when the downloads of one country pass those of another."""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples
from tracker.database import rows

QUERY = (
    "select metric, lens, layer, a, b, crossed_on, low, high, is_ahead_throughout from crossovers "
    "where task_class = 'all' and lens = 'publisher' and layer = 'all'"
)


def compared(downloads: Sequence[float], is_flow: bool) -> list[tuple[int, float]]:
    """(Day, value) as compared: all-time downloads added up, daily ones as centred means of at least four days."""
    if not is_flow:
        return list(enumerate(accumulate(downloads)))
    weeks = [(day, downloads[max(0, day - 3) : day + 4]) for day in range(len(downloads))]
    return [(day, sum(week) / len(week)) for day, week in weeks if len(week) >= 4]


def expected_crossover(a: Sequence[float], b: Sequence[float], is_flow: bool) -> tuple[int | None, bool]:
    """Last day from which a exceeds b for 14 days, and whether a exceeds b on every day."""
    above = [(day, x > y) for (day, x), (_, y) in zip(compared(a, is_flow), compared(b, is_flow), strict=True)]
    crossed = None
    for place, (day, is_above) in enumerate(above):
        if place and is_above and not above[place - 1][1]:
            stays = [is_so for later, is_so in above if day <= later < day + 14]
            if len(stays) == 14 and all(stays):
                crossed = day
    return crossed, len(above) >= 14 and all(is_above for _, is_above in above)


def two_countries(make_world: Any, make_model: Any, china: Sequence[int], states: Sequence[int]) -> Any:
    """One model of each country, with these daily downloads and the same numbers as counters, which restart daily."""
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
    counters = {(n, day): value for n, days in enumerate((china, [1] * len(china))) for day, value in enumerate(days)}
    booked = {(0, day + 1): after - before for day, (before, after) in enumerate(pairwise(china))}
    readings = {key: (None, value, None) for key, value in counters.items()}
    world = make_world([make_model("Qwen"), make_model("google")], readings, booked)
    [found] = [r for r in ask(world, "crossovers", QUERY) if r[0] == "downloads_all_time" and r[3] == "CN"]
    assert found[5] == (None if crossed is None else on_day(crossed))


def rising(make_world: Any, make_model: Any, models: int) -> Any:
    """Models of China gain 1 download a day each, those of the United States none; they are equal on day 20."""
    readings = {(n, day): (None, 1000 + day, None) for n in range(models) for day in range(45)}
    readings |= {(models + n, day): (None, 1020, None) for n in range(models) for day in range(45)}
    booked = {(n, day): 1 for n in range(models) for day in range(45)}
    return make_world([make_model("Qwen")] * models + [make_model("google")] * models, readings, booked)


@pytest.mark.slow
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


def spread(truth: Sequence[int], unread: frozenset[int]) -> list[int]:
    """Daily downloads as a tracker knows them: days without a reading share the sum up to the next reading evenly."""
    known: list[int] = []
    for day in range(len(truth)):
        if day not in unread:
            days = day + 1 - len(known)
            known += [sum(truth[len(known) : day + 1]) // days] * days
    return known


ALL = "task_class = 'all' and layer = 'all' and lens = 'publisher'"
CHANGES = f"select a, crossed_after, crossed_on, holds from lead_changes where {ALL}"


def lead_changes(built: Any, make_world: Any, make_model: Any, china: Sequence[int], unread: frozenset[int]) -> Any:
    """Changes of the lead by daily downloads of a country with these true downloads over one with 100 a day."""
    booked = {(0, day): value for day, value in enumerate(spread(china, unread))}
    booked |= {(1, day): 100 for _, day in list(booked)}
    world = make_world([make_model("Qwen"), make_model("google")], {}, booked, unread)
    query = f"{CHANGES} and definition = 'baseline' and metric = 'downloads' order by crossed_on"
    throughout = f"select a from crossovers where is_ahead_throughout and {ALL}"
    with built(world, "crossovers") as connection:
        return rows(connection, query), rows(connection, throughout)


@settings(max_examples=examples(8), deadline=None)
@given(
    step=st.integers(15, 40),
    before=st.integers(1, 80),
    after=st.integers(130, 250),
    unread=st.frozensets(st.integers(0, 58)) | st.tuples(st.integers(5, 38), st.integers(2, 20)).map(
        lambda gap: frozenset(range(gap[0], sum(gap)))
    ),
)  # fmt: skip
def test_change_of_the_lead_lies_within_its_span(
    built: Any,
    make_world: Any,
    make_model: Any,
    on_day: Any,
    step: int,
    before: int,
    after: int,
    unread: frozenset[int],
) -> None:
    china = [before] * step + [after] * (60 - step)
    found, throughout = lead_changes(built, make_world, make_model, china, unread)
    assert throughout == []
    assert [row[0] for row in found] in ([], ["CN"])
    for _, crossed_after, crossed_on, holds in found:
        # The 7-day mean passes up to three days before or after the daily downloads do.
        assert crossed_after < on_day(step + 3) and on_day(step - 3) <= crossed_on
        assert holds


def test_change_inside_a_gap_is_a_span(built: Any, make_world: Any, make_model: Any, on_day: Any) -> None:
    china, gap = [90] * 24 + [130] * 22, frozenset(range(16, 26))
    found, throughout = lead_changes(built, make_world, make_model, china, gap)
    assert found == [("CN", on_day(15), on_day(26), True)]
    assert throughout == []


def test_change_before_the_first_reading_is_a_span(built: Any, make_world: Any, make_model: Any, on_day: Any) -> None:
    china, unread = [160] * 20 + [90] * 26, frozenset(range(15, 29))
    found, throughout = lead_changes(built, make_world, make_model, china, unread)
    assert found == [("US", on_day(14), on_day(30), True)]
    assert throughout == []


def test_two_readings_date_no_lead(built: Any, make_world: Any, make_model: Any) -> None:
    for china in ([150] * 31, [50] * 12 + [150] * 19):
        assert lead_changes(built, make_world, make_model, china, frozenset(range(1, 29))) == ([], [])


def test_unknown_counters_are_not_compared(ask: Any, make_world: Any, make_model: Any) -> None:
    readings = {(n, day): (500 + n, None, None) for n in range(2) for day in range(30)}
    world = make_world([make_model("Qwen"), make_model("google")], readings, {})
    assert ask(world, "crossover_series", "select distinct metric from crossover_series") == []


def test_single_days_date_a_change_next_to_a_gap(built: Any, make_world: Any, make_model: Any, on_day: Any) -> None:
    china = [60] * 16 + [130] * 17 + [60] * 17
    found, _ = lead_changes(built, make_world, make_model, china, frozenset(range(19, 29)))
    assert found == [("CN", on_day(16), on_day(17), False), ("US", on_day(32), on_day(33), True)]


def test_lead_that_was_lost_and_regained_is_the_last_one(
    built: Any, make_world: Any, make_model: Any, on_day: Any
) -> None:
    china = [1000] * 16 + [800] * 18 + [1000] * 18 + [800] * 18 + [1000] * 22
    world = two_countries(make_world, make_model, china, [1800 - value for value in china])
    daily = "metric = 'downloads' and a != 'FR' order by crossed_on"
    daily = "metric = 'downloads' order by crossed_on"
    last = f"select a, crossed_on, holds, low <= crossed_on from crossovers where {ALL}"
    lost = "select crossed_on, holds, lost_on, is_lost, is_ahead_throughout, is_behind_throughout from robustness "
    lost += "where task_class = 'all' and definition = 'baseline' and headline like '%less%'"
    with built(world, "crossovers", "robustness") as connection:
        history = rows(connection, f"{CHANGES} and definition = 'baseline' and {daily}")
        assert [(row[0], row[2], row[3]) for row in history] == [
            ("US", on_day(16), False), ("CN", on_day(34), False), ("US", on_day(52), False), ("CN", on_day(70), True),
        ]  # fmt: skip
        assert rows(connection, f"{last} and {daily}") == [
            ("US", on_day(52), False, True), ("CN", on_day(70), True, True),
        ]  # fmt: skip
        assert rows(connection, lost) == [(on_day(70), True, on_day(52), False, False, False)]


def test_interval_is_at_least_the_span(ask: Any, make_world: Any, make_model: Any, on_day: Any) -> None:
    gap = frozenset(range(16, 26))
    china = spread([90] * 24 + [130] * 22, gap)
    booked = {(n, day): value if n < 30 else 100 for n in range(60) for day, value in enumerate(china)}
    world = make_world([make_model("Qwen")] * 30 + [make_model("google")] * 30, {}, booked, gap)
    query = f"{QUERY} and metric = 'downloads' and a = 'CN'"
    [row] = ask(world, "crossovers", query)
    assert row[5] == on_day(26) and row[6] <= on_day(16) and (row[7] is None or row[7] >= on_day(26))
