"""concentration_days and concentration_means."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples
from tracker.database import rows

COLUMNS = "members, hhi, effective_number, gini, top1_share, top10_share"
QUERY = f"select day, lens, task_class, of, {COLUMNS} from concentration_days"
MEASURES = ("hhi", "effective_number", "gini", "top1_share", "top10_share")
MEANS_QUERY = (
    f"select day, lens, task_class, of, {', '.join(f'{name}_7d_mean' for name in MEASURES)} from concentration_means"
)


def members(world: Any) -> dict[Any, dict[str, float]]:
    """(day, lens, task_class, of) -> downloads of each lab, family or model; task_class also 'all'."""
    table: dict[Any, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for (number, day), downloads in world.flows.items():
        _, lab, family = world.publisher(number)
        places = [("publisher", lab, family, str(number), 1.0)]
        places += [("root", root.lab, root.family, root.key, root.weight) for root in world.roots(number)]
        for lens, lab, family, model, weight in places:
            for of, member in (("lab", lab), ("family", family), ("model", model)):
                if member is not None:
                    for counted in {"all", world.models[number].task_class or "all"}:
                        table[day, lens, counted, of][member] += downloads * weight
    return table


def measures(downloads: list[float]) -> tuple[float | None, ...]:
    """Members, HHI, 1/HHI, Gini as the mean difference of all pairs, top-1 and top-10 share."""
    total, count = sum(downloads), len(downloads)
    if not total:
        return (count, None, None, None, None, None)
    hhi = sum((value / total) ** 2 for value in downloads)
    gini = sum(abs(x - y) for x in downloads for y in downloads) / (2 * count * total)
    top = sorted(downloads, reverse=True)
    return (count, hhi, 1 / hhi, gini, top[0] / total, sum(top[:10]) / total)


def means(days: dict[date, tuple[float, ...]], segment: Callable[[date], int]) -> dict[date, tuple[float | None, ...]]:
    """Known day -> mean of each measure over the known days of its segment within three days, if they are four."""
    found: dict[date, tuple[float | None, ...]] = {}
    for day in days:
        near = [other for other in days if abs(other - day) <= timedelta(days=3) and segment(other) == segment(day)]
        week = [days[other] for other in near]
        found[day] = tuple(sum(part) / len(week) if len(week) >= 4 else None for part in zip(*week, strict=True))
    return found


@settings(max_examples=examples(25), deadline=None)
@given(data=st.data())
def test_concentration_matches_plain_python(built: Any, worlds: Any, on_day: Any, data: Any) -> None:
    world = replace(data.draw(worlds(days=12)), breaks=data.draw(st.sets(st.integers(1, 11), max_size=1)))
    with built(world, "concentration_means") as connection:
        found = {row[:4]: row[4:] for row in rows(connection, QUERY)}
        found_means = {row[:4]: row[4:] for row in rows(connection, MEANS_QUERY)}
    expected = {(on_day(day), *key): measures(list(m.values())) for (day, *key), m in members(world).items()}
    assert found.keys() == expected.keys() == found_means.keys()
    for key, row in expected.items():
        assert found[key] == tuple(None if v is None else pytest.approx(v, rel=1e-5, abs=1e-6) for v in row)
    series: dict[Any, dict[date, tuple[float, ...]]] = defaultdict(dict)
    for (day, *key), row in found.items():
        if row[1] is not None:
            series[tuple(key)][day] = row[1:]
    for group, known in series.items():
        for day, expected_means in means(known, lambda day: world.segment((day - on_day(0)).days)).items():
            assert found_means[(day, *group)] == tuple(
                None if value is None else pytest.approx(value, abs=2e-6) for value in expected_means
            )


DISTRIBUTIONS: dict[str, tuple[list[int], tuple[Any, ...]]] = {
    "one member": ([5], (1, 1, 1, 0, 1, 1)),
    "four equal": ([5, 5, 5, 5], (4, 0.25, 4, 0, 0.25, 1)),
    "one of four": ([0, 0, 0, 8], (4, 1, 1, 0.75, 1, 1)),
    "zeros": ([0, 0], (2, None, None, None, None, None)),
    "twenty equal": ([1] * 20, (20, 0.05, 20, 0, 0.05, 0.5)),
    "one of thirteen": ([1] * 12 + [88], (13, 0.7756, 1 / 0.7756, measures([1] * 12 + [88])[3], 0.88, 0.97)),
}


def test_concentration_of_known_distributions(ask: Any, make_world: Any, make_model: Any) -> None:
    """Each distribution is a day of one world; both lenses agree, because no model has a base."""
    flows = {
        (n, day): value
        for day, (downloads, _) in enumerate(DISTRIBUTIONS.values())
        for n, value in enumerate(downloads)
    }
    condition = "task_class = 'all' and of = 'model' and lens = '{}'"
    query = f"select {COLUMNS} from concentration_days where {condition} order by day"
    world = make_world([make_model()] * 20, flows=flows)
    for lens in ("publisher", "root"):
        found = dict(zip(DISTRIBUTIONS, ask(world, "concentration_days", query.format(lens)), strict=True))
        for name, (_, expected) in DISTRIBUTIONS.items():
            values = tuple(None if value is None else pytest.approx(value, abs=1e-6) for value in expected)
            assert found[name] == values, (lens, name)


def test_root_lens_credits_descendants_to_a_model(ask: Any, make_world: Any, make_model: Any) -> None:
    models = [make_model("Qwen"), make_model(bases=(0,)), make_model(bases=(0, "gone")), make_model("google")]
    world = make_world(models, flows={(0, 0): 10, (1, 0): 20, (2, 0): 20, (3, 0): 50})
    [found] = ask(
        world,
        "concentration_days",
        f"select {COLUMNS} from concentration_days where task_class = 'all' and lens = 'root' and of = 'model'",
    )
    assert found == tuple(pytest.approx(value, abs=1e-6) for value in measures([40, 10, 50]))


@pytest.mark.parametrize(
    ("days", "known"),
    [((0, 1, 2), []), ((0, 1, 2, 3), [0, 1, 2, 3]), ((0, 1, 2, 5), [2]), ((0, 2, 4, 6, 8), [])],
    ids=["three days", "four in a row", "four of seven around one", "every other day"],
)
def test_mean_needs_four_known_days(
    built: Any, make_world: Any, make_model: Any, on_day: Any, days: tuple[int, ...], known: list[int]
) -> None:
    world = make_world([make_model("Qwen"), make_model("google")], flows={(n, d): 4 for n in (0, 1) for d in days})
    condition = "task_class = 'all' and lens = 'root' and of = 'lab'"
    query = f"select day, hhi_7d_mean from concentration_means where {condition} order by day"
    with built(world, "concentration_means") as connection:
        assert rows(connection, query) == [(on_day(day), 0.5 if day in known else None) for day in days]
