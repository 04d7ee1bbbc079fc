"""Lineage of whole days: simulated days with known truth, and recorded days."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from tests.support.pinned_registry import pinned_registry
from tracker.database import Connection, rows
from tracker.demo.catalog import Catalog
from tracker.demo.replay import Replay
from tracker.demo.run import crawl_catalog
from tracker.demo.simulation.declarations import Corruption
from tracker.demo.simulation.incidents import IncidentRates
from tracker.demo.simulation.population import Kind
from tracker.demo.simulation.truth import Truth
from tracker.demo.simulation.world import SimulatedWorld
from tracker.pipeline import build_home
from tracker.registry.load import load

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 21, tzinfo=UTC)
RECORDED = Path(__file__).parents[2].parent / "shared" / "data" / "hub-2026-08"
CORRUPTED = replace(
    IncidentRates(),
    undeclared=0.04,
    wrong_case=0.04,
    dangling=0.04,
    local_path=0.04,
    bare_name=0.04,
    self_reference=0.04,
    cycle=0.01,
    renamed=0.05,
    deleted=0.05,
)


def built(catalog: Catalog, home: Path) -> Connection:
    crawl_catalog(catalog, home, load(), lambda: NOW, lambda outcome: None)
    return duckdb.connect(str(build_home(home, load(), NOW).path), read_only=True)


@pytest.fixture(scope="module")
def world() -> SimulatedWorld:
    return SimulatedWorld(seed=11, days=4, models=2_000, rates=CORRUPTED, registry=pinned_registry())


@pytest.fixture(scope="module")
def simulated(world: SimulatedWorld, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    with built(world, tmp_path_factory.mktemp("simulated")) as connection:
        yield connection


@pytest.fixture(scope="module")
def roots(simulated: Connection) -> Mapping[str, Mapping[str, float]]:
    """hub_id -> root (hub_id, or name if known by name only) -> weight."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for hub_id, root, weight in rows(simulated, "select hub_id, coalesce(root_id, root_ref), weight from lineage"):
        found[hub_id][root] = weight
    return found


def is_true(truth: Truth, hub_id: str, found: Mapping[str, Mapping[str, float]]) -> bool:
    expected = truth.roots[hub_id]
    return found[hub_id].keys() == expected.keys() and all(
        math.isclose(found[hub_id][root], weight, abs_tol=1e-9) for root, weight in expected.items()
    )


def true_lineage(truth: Truth, hub_id: str) -> set[str]:
    """A repository and all its true ancestors."""
    seen, pending = {hub_id}, [hub_id]
    while pending:
        for parent in truth.parents.get(pending.pop(), ()):
            if parent.hub_id not in seen:
                seen.add(parent.hub_id)
                pending.append(parent.hub_id)
    return seen


def test_uncorrupted_lineage_has_true_roots(world: SimulatedWorld, roots: Mapping[str, Mapping[str, float]]) -> None:
    truth = world.truth
    # A real upload that names no base may have an architecture that tells its family.
    unclear = truth.corrupted.keys() | {hub_id for hub_id, kind in truth.kinds.items() if kind is Kind.OTHER}
    uncorrupted = [hub_id for hub_id in roots if not true_lineage(truth, hub_id) & unclear]
    assert [hub_id for hub_id in uncorrupted if not is_true(truth, hub_id, roots)] == []
    assert len([hub_id for hub_id in uncorrupted if hub_id in truth.parents]) > 900


def test_renamed_and_deleted_bases_are_found(world: SimulatedWorld, roots: Mapping[str, Mapping[str, float]]) -> None:
    truth = world.truth
    moved = {hub_id for hub_id in [*truth.renames, *truth.deleted] if hub_id in roots}
    descendants = [hub_id for hub_id in roots if (true_lineage(truth, hub_id) - {hub_id}) & moved]
    assert len([hub_id for hub_id in descendants if not true_lineage(truth, hub_id) & truth.corrupted.keys()]) > 10


def test_wrong_case_and_hidden_bases_are_repaired(
    world: SimulatedWorld, simulated: Connection, roots: Mapping[str, Mapping[str, float]]
) -> None:
    truth = world.truth
    found = dict(rows(simulated, "select child_id, max(resolved_by) from edges where resolved_by != 'id' group by 1"))
    for corruption, way in ((Corruption.WRONG_CASE, "case"), (Corruption.HIDDEN, "curated")):
        corrupted = [
            hub_id for hub_id, why in truth.corrupted.items() if why is corruption and found.get(hub_id) == way
        ]
        only_cause = [
            hub_id for hub_id in corrupted if not (true_lineage(truth, hub_id) - {hub_id}) & truth.corrupted.keys()
        ]
        assert only_cause and all(is_true(truth, hub_id, roots) for hub_id in only_cause)


def test_corrupted_declarations_are_explained_or_repaired(world: SimulatedWorld, simulated: Connection) -> None:
    found = defaultdict(set)
    links = (
        "select child_id, coalesce(not_used_because, resolved_by) from edges where not is_used or resolved_by != 'id'"
    )
    reasons = "select hub_id, root_because from steps.memberships where root_because like 'no%'"
    for hub_id, reason in rows(simulated, f"{links} union all {reasons}"):
        found[hub_id].add(reason)
    listed = {hub_id for (hub_id,) in rows(simulated, "select hub_id from models")}
    corrupted = {hub_id: why for hub_id, why in world.truth.corrupted.items() if hub_id in listed}
    assert {hub_id for hub_id in corrupted if not found[hub_id]} == set()
    assert set(corrupted.values()) == set(Corruption)


def test_weights_sum_to_one(simulated: Connection) -> None:
    sums = "select hub_id, sum(weight) as weight from lineage group by hub_id"
    assert rows(simulated, f"select * from models left join ({sums}) using (hub_id) where abs(weight - 1) > 1e-9") == []
    assert rows(simulated, "select hub_id from models anti join lineage using (hub_id)") == []


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    if not RECORDED.is_dir():
        pytest.skip("the recorded days are not available")
    with built(Replay(RECORDED), tmp_path_factory.mktemp("recorded")) as connection:
        yield connection


def test_recorded_days_have_23_self_references(recorded: Connection) -> None:
    refused = rows(recorded, "select not_used_because, count(*) from edges where not is_used group by 1 order by 1")
    assert dict(refused)["names itself as its base"] == 23


def test_recorded_paths_and_bare_names_have_no_origin(recorded: Connection) -> None:
    odd = (
        "root_ref like '/%' or root_ref like 'C:%' or (root_ref not like '%/%' and root_ref not like 'architecture:%')"
    )
    found = rows(recorded, f"select root_id, root_origin, count(*) > 10 from lineage where {odd} group by 1, 2")
    assert found == [(None, None, True)]


@pytest.mark.parametrize(
    ("repo_id", "expected"),
    [
        ("deepseek-ai/DeepSeek-R1-Distill-Qwen-32B", [("Qwen/Qwen2.5-32B", "CN", "CN", "derivative", False)]),
        ("lightonai/Agent-ModernColBERT", [("Alibaba-NLP/gte-modernbert-base", "FR", "CN", "derivative", True)]),
    ],
)
def test_recorded_repositories_have_the_roots_of_their_cards(
    recorded: Connection, repo_id: str, expected: list[tuple[object, ...]]
) -> None:
    columns = "root_ref, publisher_origin, lineage.root_origin, layer, is_mixed_origin"
    found = rows(
        recorded, f"select {columns} from models join lineage using (hub_id) where repo_id = ? order by all", [repo_id]
    )
    assert found == expected
