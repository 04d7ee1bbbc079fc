"""adoption_days: counters and downloads by day and group, under both lenses."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples

SUMS = ("models", "downloads", "downloads_30d", "downloads_all_time", "likes")
QUERY = "select day, lens, origin, lab, family, layer, is_by_maker, task_class, size_bucket, {} from adoption_days"


def expected_sums(world: Any, on_day: Callable[[int], date]) -> dict[Any, dict[str, float]]:
    """Weighted sums of the known values; a value without known terms is missing."""
    table: dict[Any, dict[str, float]] = defaultdict(dict)
    for key in world.readings.keys() | world.flows.keys():
        number, day = key
        model = world.models[number]
        downloads_30d, all_time, likes = world.readings.get(key, (None, None, None))
        values = (1 if key in world.readings else None, world.flows.get(key), downloads_30d, all_time, likes)
        places = [("publisher", *world.publisher(number), 1.0)]
        places += [("root", root.origin, root.lab, root.family, root.weight) for root in world.roots(number)]
        for lens, origin, lab, family, weight in places:
            kind = (model.layer, world.is_by_maker(number), model.task_class, model.size_bucket)
            row = table[(on_day(day), lens, origin, lab, family, *kind)]
            for name, value in zip(SUMS, values, strict=True):
                if value is not None:
                    row[name] = row.get(name, 0) + value * weight
    return table


def expected_mean(booked: Mapping[date, float], known: set[date], day: date) -> float | None:
    """Mean over the known days of the seven around a day.

    None with fewer than four such days, if the day itself is unknown, or if the group has no downloads in the seven.
    """
    week = {day + timedelta(days=step) for step in range(-3, 4)} & known
    if day not in known or len(week) < 4 or not week & booked.keys():
        return None
    return sum(booked.get(near, 0) for near in week) / len(week)


@settings(max_examples=examples(25), deadline=None)
@given(data=st.data())
def test_sums_and_means_match_plain_python(ask: Any, worlds: Any, on_day: Any, data: Any) -> None:
    world = data.draw(worlds(days=14))
    rows = ask(world, "adoption_days", QUERY.format(f"{', '.join(SUMS)}, downloads_7d_mean"))
    found = {row[:9]: dict(zip(SUMS, row[9:-1], strict=True)) for row in rows}
    check_sums(found, expected_sums(world, on_day))
    check_totals_of_lenses(found)
    check_means(rows, {on_day(day) for _, day in world.flows})


def check_sums(found: dict[Any, dict[str, Any]], expected: dict[Any, dict[str, float]]) -> None:
    assert found.keys() == expected.keys()
    for group, row in expected.items():
        assert found[group] == {name: pytest.approx(row[name], rel=1e-9) if name in row else None for name in SUMS}


def check_totals_of_lenses(found: dict[Any, dict[str, Any]]) -> None:
    """Both lenses have the same totals each day."""
    totals: dict[str, dict[Any, float]] = {"publisher": defaultdict(float), "root": defaultdict(float)}
    for (day, lens, *_), row in found.items():
        for name, value in row.items():
            if value is not None:
                totals[lens][day, name] += value
    assert totals["publisher"] == {key: pytest.approx(value, rel=1e-9) for key, value in totals["root"].items()}


def check_means(rows: list[Any], known: set[date]) -> None:
    booked: dict[Any, dict[date, float]] = defaultdict(dict)
    for row in rows:
        if row[10] is not None:
            booked[row[1:9]][row[0]] = row[10]
    for row in rows:
        expected = expected_mean(booked[row[1:9]], known, row[0])
        assert row[-1] == (None if expected is None else pytest.approx(expected, rel=1e-9, abs=1e-6))


@pytest.mark.parametrize(
    ("days", "mean"),
    [
        ({0: 7, 1: 7, 2: 7, 3: 7}, [7.0, 7.0, 7.0, 7.0]),
        ({0: 7, 1: 7, 2: 7}, [None, None, None]),
        ({0: 1, 1: 2, 2: 3, 3: 4, 4: 5, 5: 6, 6: 7, 7: 8}, [2.5, 3.0, 3.5, 4.0, 5.0, 5.5, 6.0, 6.5]),
        ({0: 10, 1: 10, 3: 10, 6: 40, 7: 10}, [None, None, 17.5, None, None]),
    ],
    ids=["four known days", "three known days", "a slope, with its ends", "days missing"],
)
def test_mean_needs_four_known_days(
    ask: Any, make_world: Any, make_model: Any, days: dict[int, int], mean: list[float | None]
) -> None:
    world = make_world([make_model()], flows={(0, day): downloads for day, downloads in days.items()})
    found = ask(world, "adoption_days", "select downloads_7d_mean from adoption_days where lens = 'root' order by day")
    assert [value for (value,) in found] == mean


def test_each_lens_attributes_a_distillation_differently(ask: Any, make_world: Any, make_model: Any) -> None:
    llama = make_model("google", family="gemma")
    distill = make_model("deepseek-ai", family="deepseek", layer="derivative", bases=(0,))
    merge = make_model("someone", layer="derivative", bases=(0, "gone"))
    world = make_world([llama, distill, merge], flows={(0, 1): 100, (1, 1): 10, (2, 1): 4})
    found = ask(world, "adoption_days", "select lens, origin, lab, family, layer, downloads from adoption_days")
    assert set(found) == {
        ("publisher", "US", "google", "gemma", "release", 100.0),
        ("publisher", "CN", "deepseek", "deepseek", "derivative", 10.0),
        ("publisher", "unaffiliated", None, None, "derivative", 4.0),
        ("root", "US", "google", "gemma", "release", 100.0),
        ("root", "US", "google", "gemma", "derivative", 12.0),
        ("root", None, None, None, "derivative", 2.0),
    }


def test_days_without_reading_have_downloads_only(ask: Any, make_world: Any, make_model: Any, on_day: Any) -> None:
    world = make_world(
        [make_model()], readings={(0, 1): (30, 300, 3), (0, 2): (30, 300, 3)}, flows={(0, 0): 5, (0, 1): 6}
    )
    found = ask(
        world,
        "adoption_days",
        "select day, models, downloads, downloads_30d from adoption_days where lens = 'publisher' order by day",
    )
    assert found == [(on_day(0), None, 5, None), (on_day(1), 1, 6, 30), (on_day(2), 1, None, 30)]


def test_incomplete_listing_is_left_out(becomes: Callable[..., None]) -> None:
    becomes(
        "adoption_days",
        """
        day        | lens      | models | downloads_30d
        2026-08-19 | publisher | 1.0    | 100.0
        2026-08-19 | root      | 1.0    | 100.0
        2026-08-20 | publisher | 1.0    | 7.0
        2026-08-20 | root      | 1.0    | 7.0
        """,
        lake_crawls="""
        day        | scope | is_complete
        2026-08-19 | hub   | true
        2026-08-20 | hub   | false
        2026-08-20 | labs  | true
        """,
        lake_models="hub_id | repo_id\n1 | a/b\n2 | a/c",
        lake_model_days="""
        hub_id | day        | scope | downloads_30d
        1      | 2026-08-19 | hub   | 100
        1      | 2026-08-20 | hub   | 50
        2      | 2026-08-20 | labs  | 7
        """,
    )
