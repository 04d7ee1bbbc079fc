"""derivatives_months: new derivatives by month of creation, root and relation."""

from collections import defaultdict
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples

QUERY = (
    "select month, root_origin, root_family, relation, min_downloads, task_class, derivatives, publishers "
    "from derivatives_months"
)


def expected_derivatives(world: Any) -> dict[Any, tuple[float, int]]:
    """Weights of the derivatives, and the number of accounts that published them."""
    weights: dict[Any, float] = defaultdict(float)
    authors: dict[Any, set[str]] = defaultdict(set)
    last: dict[int, int] = {}
    for number, day in world.readings:
        last[number] = max(day, last.get(number, day))
    for number, model in enumerate(world.models):
        if not model.bases or model.layer == "release" or number not in last:
            continue
        downloads_30d, all_time, _ = world.readings[number, last[number]]
        counted = downloads_30d if all_time is None else all_time
        for least in (0, 5, 50):
            if counted is not None and counted > least:
                for root in world.roots(number):
                    month = model.created_on.replace(day=1)
                    key = (month, root.origin, root.family, model.relation, least, model.task_class)
                    weights[key] += root.weight
                    authors[key].add(model.author)
    return {key: (weight, len(authors[key])) for key, weight in weights.items()}


@settings(max_examples=examples(25), deadline=None)
@given(data=st.data())
def test_derivatives_match_plain_python(ask: Any, worlds: Any, data: Any) -> None:
    world = data.draw(worlds())
    found = {row[:6]: row[6:] for row in ask(world, "derivatives_months", QUERY)}
    assert found == {key: pytest.approx(row, abs=1e-6) for key, row in expected_derivatives(world).items()}


@pytest.mark.parametrize(
    ("counters", "thresholds"),
    [
        ((None, 0, None), []),
        ((None, 1, None), [0]),
        ((9, 5, None), [0]),
        ((None, 6, None), [0, 5]),
        ((51, None, None), [0, 5, 50]),
        ((None, None, 7), []),
    ],
    ids=["none", "one", "five is not more than five", "six", "30-day where all-time is unknown", "unknown"],
)
def test_derivative_counts_above_the_threshold(
    ask: Any, make_world: Any, make_model: Any, counters: Any, thresholds: list[int]
) -> None:
    models = [make_model("Qwen"), make_model(layer="derivative", bases=(0,))]
    found = ask(make_world(models, readings={(1, 0): counters}), "derivatives_months", QUERY)
    assert sorted(row[4] for row in found) == thresholds


def test_merge_counts_half_and_a_release_not_at_all(ask: Any, make_world: Any, make_model: Any) -> None:
    models = [
        make_model("Qwen", family="qwen"),
        make_model("google", family="gemma"),
        make_model(layer="derivative", relation="merge", bases=(0, 1), created_on=date(2024, 3, 9)),
        make_model("Qwen", layer="release", bases=(0,), created_on=date(2024, 3, 9)),
    ]
    world = make_world(models, readings={(n, 0): (1, 1, 1) for n in range(4)})
    assert sorted(ask(world, "derivatives_months", QUERY)) == [
        (date(2024, 3, 1), "CN", "qwen", "merge", 0, None, 0.5, 1),
        (date(2024, 3, 1), "US", "gemma", "merge", 0, None, 0.5, 1),
    ]


def test_derivatives_are_of_one_panel(ask: Any, make_world: Any, make_model: Any) -> None:
    """One is read before and after the scope changed, one only before, one only since."""
    models = [make_model("Qwen"), *(make_model(layer="derivative", bases=(0,)) for _ in range(3))]
    readings = {(n, day): (None, 9, None) for n, day in ((1, 0), (1, 5), (2, 0), (3, 5))}
    query = "select sum(derivatives) from derivatives_months where min_downloads = 0"
    assert ask(make_world(models, readings=readings, breaks={3}), "derivatives_months", query) == [(2.0,)]
    assert ask(make_world(models, readings=readings), "derivatives_months", query) == [(3.0,)]
