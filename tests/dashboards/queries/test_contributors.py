"""The models that moved the shares most equal a plain recount."""

import shutil
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import pytest

from dashboards.data.definition import Definition
from dashboards.data.warehouse import NotReady, Store, open_store
from dashboards.queries import contributors
from tests.support.warehouse_file import read_rows, run_sql

ROOT = Path(__file__).parents[3]
DAY = date(2026, 11, 20)
BEFORE = DAY - timedelta(days=30)


def opened(home: Path) -> Store:
    found = open_store(home)
    assert not isinstance(found, NotReady)
    return found[0]


def again(home: Path) -> None:
    """Compute large_counts again after a change of model_days."""
    sql = (ROOT / "warehouse" / "marts" / "adoption" / "steps" / "large_counts.sql").read_text()
    run_sql(home, f"create or replace table steps.large_counts as {sql}")


def recount(home: Path, lens: str) -> list[tuple[str, str, float]]:
    """Repository, country and effect of all language models whose downloads changed, the largest effect first."""
    counters: dict[date, dict[str, int]] = {}
    for day in (BEFORE, DAY):
        sql = f"select hub_id, coalesce(downloads_30d, 0) from model_days where day = '{day}'"
        counters[day] = dict(read_rows(home, sql))
    weights: dict[tuple[str, str], float] = defaultdict(float)
    sql = "select hub_id, publisher_origin, 1.0 from models"
    if lens == "root":
        sql = "select hub_id, root_origin, weight from lineage"
    for hub_id, origin, weight in read_rows(home, sql):
        weights[hub_id, origin or "not_known"] += float(weight)
    names = dict(read_rows(home, "select hub_id, repo_id from models where task_class = 'language'"))
    totals = {
        day: sum(counters[day].get(hub_id, 0) * weight for (hub_id, _), weight in weights.items() if hub_id in names)
        for day in (BEFORE, DAY)
    }
    effects = [
        (names[hub_id], code, weight * (now / totals[DAY] - before / totals[BEFORE]))
        for (hub_id, code), weight in weights.items()
        if hub_id in names and (now := counters[DAY].get(hub_id, 0)) != (before := counters[BEFORE].get(hub_id, 0))
    ]
    return sorted(effects, key=lambda row: (-abs(row[2]), row[0], row[1]))


@pytest.mark.parametrize("lens", ["publisher", "root"])
def test_contributors_equal_a_recount(simulated: Path, lens: str) -> None:
    store, definition = opened(simulated), Definition(lens)
    assert contributors.day_before(store, definition, "downloads_30d", DAY) == BEFORE
    found = contributors.contributors(store, definition, "downloads_30d", "country", BEFORE, DAY)
    expected = recount(simulated, lens)[: contributors.MOST]
    assert found.select("repo_id", "code").rows() == [row[:2] for row in expected]
    assert found["effect"].to_list() == pytest.approx([row[2] for row in expected])


def test_contributors_have_a_reason(simulated: Path, tmp_path: Path) -> None:
    shutil.copy(simulated / "tracker.duckdb", tmp_path)
    found = contributors.contributors(opened(simulated), Definition(), "downloads_30d", "country", BEFORE, DAY)
    new, arrived, gone, corrected, grew, fell = found["repo_id"].to_list()[:6]
    of = "hub_id = (select hub_id from models where repo_id = '{}')"
    large = "update model_days set downloads_30d = 900000000 where day = '{}' and " + of
    run_sql(
        tmp_path,
        *(large.format(DAY, name) for name in (new, arrived, corrected, grew)),
        *(large.format(BEFORE, name) for name in (gone, fell)),
        *(f"delete from model_days where day = '{BEFORE}' and {of.format(name)}" for name in (new, arrived)),
        f"delete from model_days where day = '{DAY}' and {of.format(gone)}",
        f"update models set created_at = '{DAY}' where repo_id = '{new}'",
        f"update models set created_at = '2025-01-01' where repo_id = '{arrived}'",
        f"insert into quality_events (kind, day, hub_id) select 'fall', date '{DAY}', hub_id from models "
        f"where repo_id = '{corrected}'",
    )
    again(tmp_path)
    found = contributors.contributors(opened(tmp_path), Definition(), "downloads_30d", "country", BEFORE, DAY)
    reasons = dict(found.select("repo_id", "reason").iter_rows())
    expected = {
        new: "new", arrived: "arrived", gone: "gone", corrected: "corrected", grew: "grew", fell: "fell",
    }  # fmt: skip
    assert {name: reasons.get(name) for name in expected} == expected
    unread = {name: figures for name, *figures in found.select("repo_id", "earlier", "later").iter_rows()}
    assert unread[new][0] is None and unread[arrived][0] is None and unread[gone][1] is None


def test_model_with_an_unknown_counter_is_left_out(simulated: Path, tmp_path: Path) -> None:
    shutil.copy(simulated / "tracker.duckdb", tmp_path)
    first = contributors.contributors(opened(simulated), Definition(), "downloads_30d", "country", BEFORE, DAY)
    largest = first["repo_id"][0]
    run_sql(
        tmp_path,
        f"update model_days set downloads_30d = null where day = '{BEFORE}' "
        f"and hub_id = (select hub_id from models where repo_id = '{largest}')",
    )
    again(tmp_path)
    found = contributors.contributors(opened(tmp_path), Definition(), "downloads_30d", "country", BEFORE, DAY)
    assert largest not in found["repo_id"].to_list() and found.height == contributors.MOST


def test_days_of_another_segment_are_not_compared(simulated: Path, tmp_path: Path) -> None:
    found = []
    for name, last in (("later", BEFORE + timedelta(days=2)), ("last", DAY - timedelta(days=1))):
        home = tmp_path / name
        home.mkdir()
        shutil.copy(simulated / "tracker.duckdb", home)
        run_sql(home, f"update panel_days set segment = 0 where day <= '{last}'")
        found.append(contributors.day_before(opened(home), Definition(), "downloads_30d", DAY))
    assert found == [BEFORE + timedelta(days=3), None]
