"""Daily downloads of a simulated Hub with many irregularities, compared with its true downloads."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any

import duckdb
import numpy as np
import pytest

from tests.warehouse.conftest import land
from tracker.demo.simulation.world import SimulatedWorld
from tracker.lake.lake import Lake
from tracker.registry.load import load
from tracker.warehouse.build import build

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 21, 6, tzinfo=UTC)
SKIPPED = frozenset({17, 33, 60, 61, 62, 63, 88, 104})
"""Positions of days without a crawl."""

PARTIAL = 45
"""Position of a day with an incomplete listing."""

GROWN = 50
"""Position of the day from which every eleventh repository is in scope."""


@dataclass(frozen=True)
class Known:
    """A world, the warehouse built from its readings, and the positions of its repositories."""

    world: SimulatedWorld
    connection: duckdb.DuckDBPyConnection
    places: dict[str, int]

    def rows(self, query: str) -> list[Any]:
        return self.connection.execute(query).fetchall()

    def true_downloads(self, hub_id: str, first: date, last: date) -> int:
        """True downloads from `first` to `last`, inclusive."""
        start = (first - self.world.truth.first_day).days
        end = (last - self.world.truth.first_day).days + 1
        return int(self.world.truth.daily_downloads[self.places[hub_id], start:end].sum())

    @property
    def disturbed(self) -> set[date]:
        """Days on which some counter was wrong."""
        truth = self.world.truth
        return {*truth.frozen_days, *truth.partly_frozen_days, *truth.rollback_days}


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Known]:
    world = SimulatedWorld(seed=11, days=120, models=1_300)
    lake = Lake(tmp_path_factory.mktemp("truth") / "home")
    names: dict[str, str] = {}
    for position, day in enumerate(world.days):
        if position not in SKIPPED:
            _land(lake, world, position, day, names)
    built = build(lake, load(), NOW)
    assert not built.has_failed
    with duckdb.connect(str(built.path), read_only=True) as connection:
        yield Known(world, connection, {hub_id: place for place, hub_id in enumerate(world.truth.hub_ids)})


def _land(lake: Lake, world: SimulatedWorld, position: int, day: date, names: dict[str, str]) -> None:
    """Land a day like a crawl: counters of all listed repositories, attributes of new or renamed ones."""
    rows = [
        row
        for place, row in enumerate(world.listing(day).rows)
        if (position >= GROWN or not _enters_late(row)) and (position != PARTIAL or place % 3)
    ]
    readings = [
        {
            "hub_id": row["_id"],
            "downloads_30d": row["downloads"],
            "downloads_all_time": row["downloadsAllTime"],
            "likes": row["likes"],
        }
        for row in rows
    ]
    models = [
        {"hub_id": row["_id"], "repo_id": row["id"], "created_at": datetime.fromisoformat(row["createdAt"])}
        for row in rows
        if names.get(row["_id"]) != row["id"]
    ]
    names |= {row["hub_id"]: row["repo_id"] for row in models}
    land(lake, day, readings, models, is_complete=position != PARTIAL, is_simulated=True)


def _enters_late(row: Any) -> bool:
    return int(row["_id"], 16) % 11 == 0


def test_simulation_contains_every_kind_of_misbehaviour(known: Known) -> None:
    truth = known.world.truth
    assert min(map(len, (truth.frozen_days, truth.partly_frozen_days, truth.rollback_days, truth.rolled_back))) >= 2
    assert min(len(truth.renames), len(truth.deleted)) >= 5 and truth.falls
    kinds = {kind for (kind,) in known.rows("select distinct kind from quality_events")}
    assert {"stall", "rollback", "fall", "missing days", "partial listing"} <= kinds


def test_every_day_has_one_flow(known: Known) -> None:
    gaps = known.rows("""
        select hub_id, count(*), count(distinct day), max(day) - min(day) + 1 from model_flows group by hub_id
        having count(*) != count(distinct day) or count(*) != max(day) - min(day) + 1
    """)
    assert gaps == []
    short = known.rows("""
        select count(*) from (select hub_id, min(day) as day from model_flows group by hub_id) as flows
        join models using (hub_id) where flows.day > greatest(created_at::date, first_seen - 27)
    """)
    assert short == [(0,)]


@pytest.mark.parametrize("table", ["model_days", "model_flows"])
def test_days_are_stored_by_repository_within_each_month(known: Known, table: str) -> None:
    stored = known.rows(f"select date_trunc('month', day), hub_id, day from {table} order by rowid")
    assert len({month for month, *_ in stored}) > 1 and len(stored) > 1_000
    assert stored == sorted(stored)


def test_totals_between_usable_readings_are_exact(known: Known) -> None:
    """For random pairs of days with true counters, of every repository whose own counter never dropped."""
    truth, disturbed = known.world.truth, known.disturbed
    found: dict[str, dict[date, int]] = defaultdict(dict)
    for hub_id, day, downloads in known.rows(
        "select hub_id, day, downloads from model_flows where basis != 'identity'"
    ):
        found[hub_id][day] = downloads
    checked, pick = 0, np.random.default_rng(1)
    for hub_id, by_day in found.items():
        read = {day for (day,) in known.rows(f"select day from model_days where hub_id = '{hub_id}'")}
        true_days = sorted(day for day in read & by_day.keys() if day not in disturbed and not _is_partial(known, day))
        if hub_id in truth.falls or len(true_days) < 2:
            continue
        for _ in range(5):
            start, end = sorted(pick.choice(len(true_days), 2, replace=False))
            first, last = true_days[start] + timedelta(days=1), true_days[end]
            booked = sum(by_day[first + timedelta(days=n)] for n in range((last - first).days + 1))
            assert booked == known.true_downloads(hub_id, first, last), (hub_id, first, last)
            checked += 1
    assert checked > 5_000


def _is_partial(known: Known, day: date) -> bool:
    return day == known.world.days[PARTIAL]


def test_stalls_and_rollbacks_are_detected_without_false_alarms(known: Known) -> None:
    truth, days = known.world.truth, known.world.days
    read = {day for position, day in enumerate(days) if position not in SKIPPED and position != PARTIAL}
    seen = {kind: {day for _, day in rows} for kind, rows in _by_kind(known).items()}
    after_gap = {days[position + 1] for position in (*SKIPPED, PARTIAL)}
    frozen = {day for day in truth.frozen_days if day >= days[8]} & read - after_gap
    assert seen["stall"] >= frozen
    assert not seen["stall"] - set(truth.frozen_days) - set(truth.partly_frozen_days)
    assert seen["rollback"] == set(truth.rollback_days) & read


def _by_kind(known: Known) -> dict[str, list[tuple[str, date]]]:
    found = defaultdict(list)
    for kind, day in known.rows("select kind, day from quality_events where hub_id is null"):
        found[kind].append((kind, day))
    return found


def test_daily_totals_by_origin_are_within_two_percent(known: Known) -> None:
    estimated, true = Counter[tuple[str, date]](), Counter[tuple[str, date]]()
    query = "select publisher_origin, day, hub_id, downloads from model_flows join models using (hub_id)"
    column, downloads = known.world.truth.first_day, known.world.truth.daily_downloads
    for origin, day, hub_id, booked in known.rows(query):
        if (day - column).days >= 0 and hub_id not in known.world.truth.falls:
            estimated[origin, day] += booked
            true[origin, day] += int(downloads[known.places[hub_id], (day - column).days])
    spread = {day for (day,) in known.rows("select distinct day from model_flows where basis = 'spread'")}
    disturbed = known.disturbed | {day + timedelta(days=1) for day in known.disturbed} | spread
    big = [origin for origin, total in _totals(true).items() if total > 100_000]
    assert {"CN", "US", "unaffiliated"} <= set(big)
    for origin in big:
        off = {day: abs(estimated[o, day] - value) / value for (o, day), value in true.items() if o == origin and value}
        calm = sorted(value for day, value in off.items() if day not in disturbed)
        assert median(off.values()) <= 0.02, origin
        assert calm[len(calm) * 9 // 10] <= 0.02, origin


def _totals(true: Counter[tuple[str, date]]) -> Counter[str]:
    totals = Counter[str]()
    for (origin, _), value in true.items():
        totals[origin] += value
    return totals
