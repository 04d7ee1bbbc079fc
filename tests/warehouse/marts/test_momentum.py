"""momentum: releases compared with the leaders of their class and size at the same age."""

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from statistics import median
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples

QUERY = "select hub_id, age_days, downloads_all_time, ram_median, ram_tenth, bucket_models, baseline from momentum"
AGES = (7, 14, 30, 60, 90, 180, 365)
TAGS = ("text-generation", "text2text-generation", "image-text-to-text", "video-text-to-text")


def known_counts(world: Any, on_day: Any) -> dict[tuple[int, int], int]:
    """(model, age) -> all-time downloads at the last reading of the four days that end with that age."""
    found = {}
    for number, model in enumerate(world.models):
        if model.layer != "release" or model.task_class is None:
            continue
        for age in AGES:
            for back in (3, 2, 1, 0):
                day = (model.created_on + timedelta(days=age - back) - on_day(0)).days
                counter = world.readings.get((number, day), (None, None, None))[1]
                if counter is not None:
                    found[number, age] = counter
    return found


def read_segments(world: Any, on_day: Any) -> dict[tuple[int, int], int]:
    """(model, age) -> the segment of the last reading of the four days that end with that age."""
    found = {}
    for number, model in enumerate(world.models):
        for age in AGES:
            last = (model.created_on + timedelta(days=age) - on_day(0)).days
            read = [d for d in range(last - 3, last + 1) if world.readings.get((number, d), (0, None))[1] is not None]
            if read:
                found[number, age] = world.segment(read[-1])
    return found


def expected_scores(world: Any, on_day: Any) -> dict[tuple[str, int], tuple[Any, ...]]:
    """(hub_id, age) -> downloads, ram_median, ram_tenth, number of rivals; no scores without a size."""
    counts, segments = known_counts(world, on_day), read_segments(world, on_day)
    latest = {n: world.readings[n, max(d for m, d in world.readings if m == n)][1] for n, _ in counts}
    table, tenths = {}, defaultdict(list)
    for age in AGES:
        buckets = defaultdict(list)
        for number, at in counts:
            if at == age and world.models[number].size_bucket is not None:
                model = world.models[number]
                buckets[model.task_class, model.size_bucket, segments[number, at]].append(number)
        for bucket, rivals in buckets.items():
            rivals.sort(key=lambda n: (latest[n] is None, -(latest[n] or 0), str(n)))
            middle = median(counts[n, age] for n in rivals[:10])
            ranked = sorted((counts[n, age] for n in rivals), reverse=True)
            tenth = None
            if len(ranked) >= 10:
                tenths[bucket].append(ranked[9])
                tenth = max(tenths[bucket])
            for number in rivals:
                own = counts[number, age]
                scores = (own / middle if middle else None, own / tenth if tenth else None)
                table[str(number), age] = (own, *scores, len(rivals))
        for number, at in counts:
            if at == age and world.models[number].size_bucket is None:
                table[str(number), age] = (counts[number, age], None, None, None)
    return table


@st.composite
def release_worlds(draw: st.DrawFn, make_world: Any, make_model: Any, on_day: Any) -> Any:
    """Eight to fourteen models of mostly one class and size, read near the measured ages."""
    model = st.builds(
        make_model,
        layer=st.sampled_from(["release", "release", "release", "derivative"]),
        pipeline_tag=st.sampled_from([*TAGS[:3], "text-generation", "fill-mask", None]),
        size_bucket=st.sampled_from(["5-10", "5-10", "5-10", "<1", None]),
        created_on=st.sampled_from([on_day(0), on_day(1), on_day(-7)]),
    )
    models = draw(st.lists(model, min_size=8, max_size=14))
    days = st.sampled_from([3, 4, 6, 7, 8, 10, 14, 15, 23, 30])
    key = st.tuples(st.integers(0, len(models) - 1), days)
    counter = st.tuples(st.none(), st.none() | st.integers(0, 1000), st.none())
    filled = {(n, 7): (None, draw(st.integers(0, 1000)), None) for n in range(len(models))}
    return make_world(models, readings=filled | draw(st.dictionaries(key, counter, max_size=40)))


@settings(max_examples=examples(25), deadline=None)
@given(data=st.data())
def test_momentum_matches_plain_python(ask: Any, make_world: Any, make_model: Any, on_day: Any, data: Any) -> None:
    world = data.draw(release_worlds(make_world, make_model, on_day))
    world = replace(world, breaks=data.draw(st.sets(st.sampled_from([5, 7, 14]), max_size=1)))
    found = {row[:2]: row[2:6] for row in ask(world, "momentum", QUERY)}
    expected = expected_scores(world, on_day)
    assert found.keys() == expected.keys()
    for key, row in expected.items():
        assert found[key] == tuple(None if value is None else pytest.approx(value, rel=1e-9) for value in row)


def text_models(make_model: Any, count: int) -> list[Any]:
    return [make_model("Qwen", size_bucket="5-10", pipeline_tag="text-generation") for _ in range(count)]


@pytest.mark.parametrize(
    ("days", "ages"),
    [
        ({7: 70}, {7: 70}),
        ({4: 40}, {7: 40}),
        ({3: 30}, {}),
        ({8: 80}, {}),
        ({6: 60, 5: 50}, {7: 60}),
        ({14: 9}, {14: 9}),
    ],
    ids=["on the day", "three days before", "four days before", "after", "the last of two", "another age"],
)
def test_age_needs_a_reading_within_three_days_before(
    ask: Any, make_world: Any, make_model: Any, days: dict[int, int], ages: dict[int, int]
) -> None:
    readings = {(0, day): (None, counter, None) for day, counter in days.items()}
    world = make_world(text_models(make_model, 1), readings=readings)
    assert {row[1]: row[2] for row in ask(world, "momentum", QUERY)} == ages


def test_rolled_back_reading_is_not_used(ask: Any, make_world: Any, make_model: Any) -> None:
    readings = {(0, 5): (None, 50, None), (0, 7): (None, 40, None)}
    world = make_world(text_models(make_model, 1), readings=readings, rolled_back={7})
    assert [row[:3] for row in ask(world, "momentum", QUERY)] == [("0", 7, 50)]


def test_tenth_needs_ten_models(ask: Any, make_world: Any, make_model: Any, on_day: Any) -> None:
    counters = [100, 90, 80, 70, 60, 50, 40, 30, 20, 10]
    for count in (9, 10):
        readings = {(n, 7): (None, counters[n], None) for n in range(count)}
        found = ask(make_world(text_models(make_model, count), readings=readings), "momentum", QUERY)
        [first] = [row for row in found if row[0] == "0"]
        assert first[3:] == (100 / (60 if count == 9 else 55), None if count == 9 else 10.0, count, on_day(7))


def test_tenth_never_decreases_with_age(ask: Any, make_world: Any, make_model: Any) -> None:
    readings = {(n, 7): (None, 1000, None) for n in range(10)} | {(n, 14): (None, 500, None) for n in range(10)}
    found = ask(make_world(text_models(make_model, 10), readings=readings), "momentum", QUERY)
    assert {(row[1], row[3], row[4]) for row in found} == {(7, 1.0, 1.0), (14, 1.0, 0.5)}


def test_leaders_are_read_in_the_same_segment(ask: Any, make_world: Any, make_model: Any, on_day: Any) -> None:
    """Ten large models of an imported list, and then two of a whole listing: the list is no baseline of these."""
    early = [make_model("Qwen", size_bucket="5-10", pipeline_tag=TAGS[0], created_on=on_day(-7)) for _ in range(10)]
    readings = {(n, 0): (None, 1000, None) for n in range(10)} | {(n, 7): (None, 10, None) for n in (10, 11)}
    world = make_world([*early, *text_models(make_model, 2)], readings=readings, breaks={3})
    found = ask(world, "momentum", "select downloads_all_time, ram_median, bucket_models, segment from momentum")
    assert sorted(set(found)) == [(10, 1.0, 2, 2), (1000, 1.0, 10, 1)]
