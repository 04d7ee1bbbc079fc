"""root_derivatives_months: new derivatives by month of creation, root by root."""

from collections import defaultdict
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples
from tracker.database import rows

QUERY = (
    "select month, root_id, root_ref, root_family, root_generation, min_downloads, task_class, derivatives "
    "from root_derivatives_months"
)


def expected_derivatives(world: Any) -> dict[Any, float]:
    """Weight of each derivative at each root, if its last counter exceeds the threshold."""
    weights: dict[Any, float] = defaultdict(float)
    for number, model in enumerate(world.models):
        days = [day for read, day in world.readings if read == number]
        if not days or not model.bases or model.layer == "release":
            continue
        downloads_30d, all_time, _ = world.readings[number, max(days)]
        counted = downloads_30d if all_time is None else all_time
        for least in (0, 5, 50):
            if counted is not None and counted > least:
                for root in world.roots(number):
                    held = root.key if root.is_held else None
                    month = model.created_on.replace(day=1)
                    root_key = (held, root.key, root.family, root.generation)
                    weights[(month, *root_key, least, model.task_class)] += root.weight
    return weights


@settings(max_examples=examples(25), deadline=None)
@given(data=st.data())
def test_derivatives_of_roots_match_plain_python(built: Any, worlds: Any, data: Any) -> None:
    world = data.draw(worlds())
    sums = "select month, root_family, min_downloads, round(sum(derivatives), 6) from {table} group by all order by all"
    with built(world, "root_derivatives_months", "derivatives_months") as connection:
        found = {row[:7]: row[7] for row in rows(connection, QUERY)}
        by_root, by_family = (
            rows(connection, sums.format(table=table)) for table in ("root_derivatives_months", "derivatives_months")
        )
    assert found == {key: pytest.approx(weight, abs=1e-6) for key, weight in expected_derivatives(world).items()}
    assert by_root == by_family


def test_merge_counts_half_for_each_root(ask: Any, make_world: Any, make_model: Any) -> None:
    models = [
        make_model("Qwen", family="qwen", generation="qwen3"),
        make_model(layer="derivative", relation="merge", bases=(0, "meta-llama/Gone"), created_on=date(2024, 3, 9)),
        make_model("Qwen", family="qwen", layer="release", bases=(0,), created_on=date(2024, 3, 9)),
    ]
    world = make_world(models, readings={(number, 0): (1, 1, 1) for number in range(3)})
    assert sorted(ask(world, "root_derivatives_months", QUERY), key=str) == [
        (date(2024, 3, 1), "0", "0", "qwen", "qwen3", 0, None, 0.5),
        (date(2024, 3, 1), None, "meta-llama/Gone", "llama", None, 0, None, 0.5),
    ]
