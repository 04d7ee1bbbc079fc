"""Concentration as centred 7-day means."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples
from tracker.database import rows

MEASURES = ("hhi", "effective_number", "gini", "top1_share", "top10_share")
MEANS = ", ".join(f"{measure}_7d_mean" for measure in MEASURES)


def judged(days: dict[Any, tuple[float, ...]]) -> dict[Any, tuple[float | None, ...]]:
    """Known days -> the mean of each measure over those within three days, where they are four or more."""
    means: dict[Any, tuple[float | None, ...]] = {}
    for day in days:
        week = [measures for other, measures in days.items() if abs(other - day) <= timedelta(days=3)]
        means[day] = tuple(sum(part) / len(week) if len(week) >= 4 else None for part in zip(*week, strict=True))
    return means


@settings(max_examples=examples(25), deadline=None)
@given(data=st.data())
def test_whatever_was_booked_a_mean_is_over_the_known_days_of_seven(built: Any, worlds: Any, data: Any) -> None:
    world = data.draw(worlds(days=12))
    with built(world, "concentration_means") as connection:
        daily = rows(connection, f"select lens, of, day, {', '.join(MEASURES)} from concentration_days")
        found = rows(connection, f"select lens, of, day, {MEANS} from concentration_means")
    series: dict[Any, dict[Any, tuple[float, ...]]] = defaultdict(dict)
    for lens, of, day, *measures in daily:
        if measures[0] is not None:
            series[lens, of][day] = tuple(measures)
    assert {row[:3] for row in found} == {row[:3] for row in daily}
    for lens, of, day, *means in found:
        if day in series[lens, of]:
            wanted = judged(series[lens, of])[day]
            assert tuple(means) == tuple(None if one is None else pytest.approx(one, abs=2e-6) for one in wanted)


@pytest.mark.parametrize(
    ("days", "known"),
    [((0, 1, 2), []), ((0, 1, 2, 3), [0, 1, 2, 3]), ((0, 1, 2, 5), [2]), ((0, 2, 4, 6, 8), [])],
    ids=["three", "four in a row", "four of seven around one", "every other day"],
)
def test_below_four_known_days_it_is_unknown(
    built: Any, make_world: Any, make_model: Any, on_day: Any, days: tuple[int, ...], known: list[int]
) -> None:
    world = make_world([make_model("Qwen"), make_model("google")], flows={(n, d): 4 for n in (0, 1) for d in days})
    query = "select day, hhi_7d_mean from concentration_means where lens = 'root' and of = 'lab' order by day"
    with built(world, "concentration_means") as connection:
        assert rows(connection, query) == [(on_day(day), 0.5 if day in known else None) for day in days]
