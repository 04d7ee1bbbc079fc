"""robustness: how the headline changes with its definition."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples
from tests.warehouse.marts.conftest import CONTESTED

UNIVERSES = ("all", "language", "encoder")
DEFINITIONS: dict[str, Callable[[Any], bool]] = {
    "baseline": lambda model: True,
    "by base model": lambda model: True,
    "originals only": lambda model: model.layer == "release",
    "without quantized copies": lambda model: model.layer != "repackaged",
    "without models below 1B": lambda model: model.size_bucket != "<1",
    "without GGUF": lambda model: not model.is_gguf,
    "each model capped at its 99th percentile": lambda model: True,
    "text models only": lambda model: model.pipeline_tag == "text-generation",
    "without the most downloaded model": lambda model: True,
    "contested organisations counted the other way": lambda model: True,
}
QUERY = "select definition, headline, value from robustness where task_class = '{}' order by number, headline"
ALL = QUERY.format("all")


def is_counted(world: Any, number: int, definition: str, universe: str) -> bool:
    """Whether a definition counts a model. A lab's own copies are originals."""
    model = world.models[number]
    is_own_copy = model.layer == "repackaged" and world.is_by_maker(number)
    if universe not in ("all", model.task_class):
        return False
    if definition in ("originals only", "without quantized copies") and is_own_copy:
        return True
    return DEFINITIONS[definition](model)


def expected_shares(world: Any, definition: str, universe: str) -> dict[str, float | None]:
    """Shares of the last 30 known days under one definition; empty if it counts no downloads."""
    if not world.flows:
        return {}
    last = max(day for _, day in world.flows)
    counted, china, states, rows = 0.0, 0.0, 0.0, 0
    for (number, day), downloads in world.flows.items():
        if day <= last - 30 or not is_counted(world, number, definition, universe):
            continue
        rows += 1
        value = float(downloads)
        if definition.startswith("each model") and (latest(world, number) or 0) >= 1000:
            own = [flow for (other, _), flow in world.flows.items() if other == number]
            value = min(value, float(np.percentile(own, 99)))
        places = [(world.publisher(number)[0], 1.0)]
        if definition.startswith("without the most") and number == most_downloaded(world, universe):
            value = 0.0
        if definition.startswith("contested"):
            places = [(CONTESTED.get(world.models[number].author) or places[0][0], 1.0)]
        if definition == "by base model":
            places = [(root.origin, root.weight) for root in world.roots(number)]
        counted += value
        china += sum(value * weight for origin, weight in places if origin == "CN")
        states += sum(value * weight for origin, weight in places if origin == "US")
    if not rows:
        return {}
    return {
        "share of China": china / counted if counted else None,
        "share of China less share of the United States": (china - states) / counted if counted else None,
        "share of the United States": states / counted if counted else None,
    }


def most_downloaded(world: Any, universe: str) -> int | None:
    """The listed model of a universe with the largest last 30-day counter."""
    if not world.readings:
        return None
    last = max(day for _, day in world.readings)
    listed = {number: reading[0] for (number, day), reading in world.readings.items() if day == last}
    listed = {n: count for n, count in listed.items() if universe in ("all", world.models[n].task_class)}
    counted = [(-counter, str(number)) for number, counter in listed.items() if counter is not None]
    return int(min(counted)[1]) if counted else None


def latest(world: Any, number: int) -> int | None:
    """The all-time counter of a model's last reading."""
    days = [day for other, day in world.readings if other == number]
    counter: int | None = world.readings[number, max(days)][1] if days else None
    return counter


@settings(max_examples=examples(20), deadline=None)
@given(data=st.data())
def test_shares_match_plain_python(ask: Any, worlds: Any, data: Any) -> None:
    world = data.draw(worlds(days=35))
    found: dict[Any, dict[str, Any]] = {}
    query = "select task_class, definition, headline, value from robustness"
    for universe, definition, headline, value in ask(world, "robustness", query):
        found.setdefault((universe, definition), {})[headline] = value
    for universe in UNIVERSES:
        for definition in DEFINITIONS:
            expected = expected_shares(world, definition, universe)
            assert found.get((universe, definition), {}) == {
                name: None if value is None else pytest.approx(value, abs=1e-6) for name, value in expected.items()
            }


def test_baseline_is_first_and_every_definition_has_rows(ask: Any, make_world: Any, make_model: Any) -> None:
    model = make_model("Qwen", size_bucket="5-10", pipeline_tag="text-generation")
    found = ask(make_world([model], flows={(0, 0): 1}), "robustness", ALL)
    assert [row[0] for row in found[::3]] == list(DEFINITIONS)
    assert {row[2] for row in found} == {1.0, 0.0}


def test_cap_reduces_the_effect_of_a_burst(ask: Any, make_world: Any, make_model: Any) -> None:
    flows = {(n, day): 100 for n in range(2) for day in range(30)} | {(0, 29): 100_000}
    world = make_world(
        [make_model("Qwen"), make_model("google")], {(0, 29): (0, 99_999, 0), (1, 29): (0, 3000, 0)}, flows
    )
    shares = {row[0]: row[2] for row in ask(world, "robustness", ALL) if row[1] == "share of China"}
    assert shares["baseline"] == pytest.approx(102_900 / 105_900)
    assert shares["each model capped at its 99th percentile"] == pytest.approx(73_929 / 76_929)


def test_most_downloaded_listed_model_is_left_out(ask: Any, make_world: Any, make_model: Any) -> None:
    """The largest of those still listed, by 30-day counters: not the larger one that is gone.

    Two models of Qwen that are counted apart have equal downloads.
    """
    models = [make_model("Qwen"), make_model("google"), make_model("mistralai"), make_model("someone")]
    models.append(make_model("Qwen", is_gguf=True, layer="repackaged"))
    flows = {(n, 0): downloads for n, downloads in enumerate((10, 20, 30, 40, 10))}
    readings = {(0, 1): (100, None, None), (1, 1): (300, None, None), (2, 1): (200, None, None)}
    world = make_world(models, readings | {(3, 0): (900, None, None)}, flows)
    shares = {row[0]: row[2] for row in ask(world, "robustness", ALL) if row[1] == "share of China"}
    assert shares["baseline"] == pytest.approx(20 / 110)
    assert shares["without the most downloaded model"] == pytest.approx(20 / 90)


def test_crossover_depends_on_the_definition(ask: Any, make_world: Any, make_model: Any, on_day: Any) -> None:
    models = [make_model("Qwen"), make_model("Qwen", is_gguf=True, layer="repackaged"), make_model("google")]
    flows = {(n, day): 10 for n in (0, 2) for day in range(60)}
    flows |= {(0, day): 20 for day in range(35, 60)} | {(1, day): 20 * (day >= 10) for day in range(60)}
    columns = "definition, crossed_on, is_ahead_throughout"
    query = f"select {columns} from robustness where task_class = 'all' and headline like '%less%'"
    found = {row[0]: row[1:] for row in ask(make_world(models, flows=flows), "robustness", query)}
    assert found["baseline"] == (on_day(7), False)
    assert found["without GGUF"] == (on_day(32), False)
    assert found["originals only"] == found["baseline"], "a lab's own copies are originals"
