"""lineage_coverage_days: how much of a day has a known root."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples

SHARES = ("known", "held", "country")


def expected_shares(world: Any, on_day: Callable[[int], date]) -> dict[date, list[float | None]]:
    """Shares of repositories and of downloads with such a root; None without a total."""
    passes = {
        "known": lambda root: root.origin is not None,
        "held": lambda root: root.is_held,
        "country": lambda root: root.origin not in (None, "unaffiliated"),
    }
    sums: dict[Any, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for number, day in world.readings.keys() | world.flows.keys():
        amounts = {"models": float((number, day) in world.readings), "downloads": world.flows.get((number, day), 0)}
        for root in world.roots(number):
            for what, amount in amounts.items():
                sums[day][what] += amount * root.weight
                for name, is_so in passes.items():
                    sums[day][what + name] += amount * root.weight * is_so(root)
    return {
        on_day(day): [
            found[what + name] / found[what] if found[what] else None
            for name in SHARES
            for what in ("models", "downloads")
        ]
        for day, found in sums.items()
    }


@settings(max_examples=examples(25), deadline=None)
@given(data=st.data())
def test_coverage_shares_match_plain_python(ask: Any, worlds: Any, on_day: Any, data: Any) -> None:
    world = data.draw(worlds())
    columns = ", ".join(f"{what}_{name}_share" for name in SHARES for what in ("models", "downloads"))
    found = ask(world, "lineage_coverage_days", f"select day, {columns} from lineage_coverage_days")
    expected = expected_shares(world, on_day)
    assert {row[0] for row in found} == expected.keys()
    for row in found:
        assert list(row[1:]) == [None if v is None else pytest.approx(v, abs=1e-8) for v in expected[row[0]]]


def test_unresolved_base_without_owner_is_not_a_known_root(ask: Any, make_world: Any, make_model: Any) -> None:
    models = [make_model("google"), make_model(bases=("gone",)), make_model(bases=("nobody/gone",)), make_model()]
    world = make_world(
        models, readings={(n, 0): (1, 1, 1) for n in range(4)}, flows={(0, 0): 70, (1, 0): 20, (2, 0): 10, (3, 0): 0}
    )
    [found] = ask(
        world,
        "lineage_coverage_days",
        "select models_known_share, downloads_known_share, models_held_share, downloads_held_share, "
        "models_country_share, downloads_country_share from lineage_coverage_days",
    )
    assert found == pytest.approx((0.75, 0.8, 0.5, 0.7, 0.25, 0.7))
