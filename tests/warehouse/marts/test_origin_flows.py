"""origin_flows: downloads of a month by country of publisher and root."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples

QUERY = (
    "select month, publisher_origin, root_origin, layer, is_by_maker, task_class, models, downloads from origin_flows"
)


def expected_flows(world: Any, on_day: Any) -> dict[Any, list[float | None]]:
    """Weighted downloads of the days of each month's last segment, and the models listed on its last read day."""
    last_read: dict[Any, int] = {}
    for _, day in world.readings:
        month = on_day(day).replace(day=1)
        last_read[month] = max(day, last_read.get(month, day))
    last_segment: dict[Any, int] = {}
    for _, day in world.flows:
        month = on_day(day).replace(day=1)
        last_segment[month] = max(world.segment(day), last_segment.get(month, 0))
    table: dict[Any, list[float | None]] = {}
    for number, day in world.readings.keys() | world.flows.keys():
        month, origin = on_day(day).replace(day=1), world.publisher(number)[0]
        for root in world.roots(number):
            model = world.models[number]
            kind = (model.layer, world.is_by_maker(number), model.task_class)
            row = table.setdefault((month, origin, root.origin, *kind), [0.0 if month in last_read else None, None])
            if row[0] is not None and last_read[month] == day and (number, day) in world.readings:
                row[0] += root.weight
            if (number, day) in world.flows and world.segment(day) == last_segment[month]:
                row[1] = (row[1] or 0.0) + world.flows[number, day] * root.weight
    return table


@settings(max_examples=examples(25), deadline=None)
@given(data=st.data())
def test_origin_flows_match_plain_python(ask: Any, worlds: Any, on_day: Any, data: Any) -> None:
    world = replace(data.draw(worlds(days=25)), breaks=data.draw(st.sets(st.integers(1, 24), max_size=2)))
    found = {row[:6]: row[6:] for row in ask(world, "origin_flows", QUERY)}
    expected = expected_flows(world, on_day)
    assert found.keys() == expected.keys()
    for place, row in expected.items():
        assert found[place] == tuple(None if value is None else pytest.approx(value, rel=1e-9) for value in row)


def test_unread_month_has_downloads_but_no_models(ask: Any, make_world: Any, make_model: Any, on_day: Any) -> None:
    """The other month has those of its last segment."""
    models = [make_model("google"), make_model("Qwen", layer="derivative", bases=(0,))]
    flows = {(1, 11): 3, (1, 13): 4, (1, 14): 5, (1, 15): 6}
    world = make_world(models, readings={(1, 12): (1, 1, 1), (1, 13): (1, 1, 1)}, flows=flows)
    world = replace(world, breaks={14})
    assert sorted(ask(world, "origin_flows", QUERY)) == [
        (on_day(0).replace(day=1), "CN", "US", "derivative", False, None, None, 3.0),
        (on_day(12), "CN", "US", "derivative", False, None, 1.0, 11.0),
    ]


def test_months_add_up_to_adoption_days(built: Any, make_world: Any, make_model: Any) -> None:
    models = [make_model("google"), make_model("Qwen", bases=(0, "gone", "meta-llama/Gone"))]
    world = make_world(models, flows={(n, d): 10 * n + d for n in range(2) for d in range(20)})
    with built(world, "origin_flows", "adoption_days") as connection:
        [(months,), (days,)] = connection.sql(
            "select sum(downloads) from origin_flows union all "
            "select sum(downloads) from adoption_days where lens = 'root'"
        ).fetchall()
    assert months == pytest.approx(days, rel=1e-9)
