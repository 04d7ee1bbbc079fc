"""root_days: downloads of a day credited to each root."""

from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples

QUERY = "select root_id, root_ref, day, downloads from root_days"


def credited(world: Any, on_day: Any) -> dict[Any, float]:
    """(hub_id or None, name, day) -> downloads credited to the root, by weight."""
    found: dict[Any, float] = defaultdict(float)
    for (number, day), downloads in world.flows.items():
        for root in world.roots(number):
            name = f"{world.models[int(root.key)].author}/{root.key}" if root.is_held else root.key
            found[root.key if root.is_held else None, name, on_day(day)] += downloads * root.weight
    return found


def isolated(world: Any) -> set[str]:
    """Repositories without bases and derivatives."""
    used = {str(base) for model in world.models for base in model.bases}
    return {str(number) for number, model in enumerate(world.models) if not model.bases} - used


@settings(max_examples=examples(25), deadline=None)
@given(data=st.data())
def test_root_credits_match_plain_python(ask: Any, worlds: Any, on_day: Any, data: Any) -> None:
    world = data.draw(worlds())
    without_row = isolated(world)
    expected = {key: value for key, value in credited(world, on_day).items() if key[0] not in without_row}
    found = {row[:3]: row[3] for row in ask(world, "root_days", QUERY)}
    assert found == {key: pytest.approx(value, rel=1e-9, abs=1e-6) for key, value in expected.items()}
    totals: dict[Any, float] = defaultdict(float)
    sums: dict[Any, float] = defaultdict(float)
    for (number, day), downloads in world.flows.items():
        totals[on_day(day)] += downloads
        sums[on_day(day)] += downloads if str(number) in without_row else 0
    for (_, _, day), downloads in found.items():
        sums[day] += downloads
    assert sums == {day: pytest.approx(downloads, rel=1e-9, abs=1e-6) for day, downloads in totals.items()}


def test_root_gets_its_own_downloads_and_its_share_of_a_merge(
    ask: Any, make_world: Any, make_model: Any, on_day: Any
) -> None:
    models = [make_model("Qwen"), make_model(bases=(0,)), make_model(bases=(0, "gone")), make_model("google")]
    world = make_world(models, flows={(0, 0): 10, (1, 0): 20, (2, 0): 20, (3, 0): 50, (1, 1): 7})
    assert sorted(ask(world, "root_days", QUERY), key=str) == [
        ("0", "Qwen/0", on_day(0), 40.0),
        ("0", "Qwen/0", on_day(1), 7.0),
        (None, "gone", on_day(0), 10.0),
    ]
