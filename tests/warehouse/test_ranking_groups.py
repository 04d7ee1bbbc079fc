"""ranking_groups and ranking_group_weeks against sums of single repositories in plain Python."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.simulated_home import simulated as simulated
from tests.support.warehouse_file import read_rows

Key = tuple[str | None, ...]
Sums = dict[Key, float]

DIMENSIONS = "lens, lab, family, origin, task_class, counted_layer, size_bucket, format"
LAST = date(2026, 11, 20)


class Judge:
    """Every repository of a warehouse with what it counts for, under each lens."""

    def __init__(self, home: Path) -> None:
        named = (
            "hub_id, task_class, counted_layer, size_bucket, format, publisher_lab, family, publisher_origin, is_listed"
        )
        models = read_rows(home, f"select {named} from models join model_formats using (hub_id)")
        self._counted: dict[str, list[tuple[Key, float]]] = defaultdict(list)
        filtered = {hub_id: tuple(rest) for hub_id, *rest, _, _, _, _ in models}
        for hub_id, *_, lab, family, origin, _ in models:
            self._counted[hub_id].append((("publisher", lab, family, origin, *filtered[hub_id]), 1.0))
        roots = read_rows(home, "select hub_id, root_lab, root_family, root_origin, weight::double from lineage")
        for hub_id, lab, family, origin, weight in roots:
            self._counted[hub_id].append((("root", lab, family, origin, *filtered[hub_id]), weight))
        self.listed = {hub_id for hub_id, *_, is_listed in models if is_listed}
        self._created = dict(read_rows(home, "select hub_id, created_at::date from models"))
        self._flows = read_rows(home, "select hub_id, day, downloads from model_flows")

    def sums(self, figures: Mapping[str, int]) -> Sums:
        """Figures by repository, added up by all columns that a ranking may filter by."""
        found: Sums = defaultdict(float)
        for hub_id, figure in figures.items():
            for key, weight in self._counted[hub_id]:
                found[key] += figure * weight
        return found

    def flows(self, first: date, last: date) -> dict[str, int]:
        """Downloads of each repository in some days."""
        found: dict[str, int] = defaultdict(int)
        for hub_id, day, downloads in self._flows:
            if first <= day <= last:
                found[hub_id] += downloads
        return found

    def created_by(self, day: date) -> set[str]:
        """Repositories that existed on a day, or may have."""
        return {hub_id for hub_id, created in self._created.items() if created is None or created <= day}

    def new(self, before: date) -> dict[Key, bool]:
        """Whether all repositories of a group were created after a day."""
        found: dict[Key, bool] = {}
        for hub_id, counted in self._counted.items():
            created = self._created[hub_id]
            for key, _ in counted:
                found[key] = found.get(key, True) and created is not None and created > before
        return found


@pytest.fixture(scope="module")
def judge(simulated: Path) -> Judge:
    return Judge(simulated)


def table(home: Path, value: str, source: str) -> dict[Key, Any]:
    """The known values of a column by the other columns."""
    found = read_rows(home, f"select {DIMENSIONS}, {value} from {source} where {value} is not null")
    return {tuple(key): figure for *key, figure in found}


def test_group_sums_equal_those_of_single_repositories(judge: Judge, simulated: Path) -> None:
    last, *_ = dates = [LAST - timedelta(days=ago) for ago in (0, 30)]
    counters = {
        (hub_id, day): (month, whole)
        for hub_id, day, month, whole in read_rows(
            simulated,
            "select hub_id, day, downloads_30d, downloads_all_time from model_days where day in (?, ?)",
            *dates,
        )
    }
    now = {hub_id: counts for (hub_id, day), counts in counters.items() if day == last and hub_id in judge.listed}
    before = {hub_id: counts for (hub_id, day), counts in counters.items() if day != last}
    expected = {
        "downloads_30d": {hub_id: month for hub_id, (month, _) in now.items()},
        "downloads_30d_before": {hub_id: month for hub_id, (month, _) in before.items()},
        "downloads_all_time": {hub_id: whole for hub_id, (_, whole) in now.items()},
        "downloads_7d": judge.flows(last - timedelta(days=6), last),
        "downloads_7d_before": judge.flows(last - timedelta(days=36), last - timedelta(days=30)),
    }
    for column, figures in expected.items():
        found = table(simulated, column, "ranking_groups")
        assert found == pytest.approx(judge.sums(figures)), column
        assert {key[0] for key in found} == {"publisher", "root"}
    old = judge.created_by(dates[1])
    for period in ("7d", "30d"):
        figures, earlier = expected[f"downloads_{period}"], expected[f"downloads_{period}_before"]
        first = {hub_id: figure for hub_id, figure in figures.items() if hub_id in old and hub_id not in earlier}
        found = table(simulated, f"downloads_{period}_first_read", "ranking_groups")
        assert found == pytest.approx(judge.sums(first)), period
    assert table(simulated, "is_new", "ranking_groups") == judge.new(dates[1])


def test_group_weeks_equal_sums_of_seven_days(judge: Judge, simulated: Path) -> None:
    for week in (8, 13):
        last = LAST - timedelta(days=7 * (13 - week))
        found = table(simulated, "downloads", f"(from ranking_group_weeks where week = {week} and is_whole)")
        expected = judge.sums(judge.flows(last - timedelta(days=6), last))
        assert len(found) > 100
        assert found == pytest.approx({key: expected[key] for key in found})
        assert sum(found.values()) == pytest.approx(sum(expected.values()), rel=0.01)
