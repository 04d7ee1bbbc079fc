"""True parents, declared parents and the Hub's links between them."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from tracker.demo.catalog import Listing
from tracker.demo.simulation.declarations import Corruption
from tracker.demo.simulation.incidents import IncidentRates
from tracker.demo.simulation.population import Kind
from tracker.demo.simulation.truth import Parent, true_roots
from tracker.demo.simulation.world import SimulatedWorld
from tracker.registry.entries import Relation
from tracker.registry.load import load

RELATIONS = {str(relation) for relation in Relation}


def by_id(listing: Listing) -> dict[str, Any]:
    """The rows of a listing by `_id`."""
    return {row["_id"]: row for row in listing.rows}


def refs(row: Any) -> tuple[list[str], list[str]]:
    """The parents a row's tags name: without and with their relation."""
    links = [tag.removeprefix("base_model:") for tag in row["tags"] if tag.startswith("base_model:")]
    return [link for link in links if link.split(":")[0] not in RELATIONS], [
        link for link in links if link.split(":")[0] in RELATIONS
    ]


def test_root_weights_sum_to_one(world: SimulatedWorld) -> None:
    roots = world.truth.roots
    assert list(roots) == list(world.truth.hub_ids)
    assert all(abs(sum(weights.values()) - 1) < 1e-9 for weights in roots.values())
    assert max(map(len, roots.values())) >= 4


def test_roots_have_no_parents(world: SimulatedWorld) -> None:
    assert not {root for weights in world.truth.roots.values() for root in weights} & world.truth.parents.keys()


def test_merge_weighs_its_parents_equally() -> None:
    merge = Relation.MERGE
    parents = {
        "b1": (Parent("a", Relation.FINETUNE),),
        "m": (Parent("b1", merge), Parent("c", merge)),
        "n": (Parent("m", merge), Parent("a", merge), Parent("d", merge)),
    }
    roots = true_roots(parents, ["a", "b1", "c", "d", "m", "n"])
    assert roots["b1"] == {"a": 1.0}
    assert roots["m"] == {"a": 0.5, "c": 0.5}
    assert roots["n"] == pytest.approx({"a": 1 / 6 + 1 / 3, "c": 1 / 6, "d": 1 / 3})


def test_true_parents_are_older(world: SimulatedWorld) -> None:
    assert len(world.truth.parents) > 5_000
    for child, parents in world.truth.parents.items():
        assert all(int(parent.hub_id[:8], 16) < int(child[:8], 16) for parent in parents)
        assert len({parent.hub_id for parent in parents}) == len(parents)


def test_relations_agree_with_kinds(world: SimulatedWorld) -> None:
    assert len(world.truth.parents) > 5_000
    kinds = {Kind.QUANTIZED: "quantized", Kind.FINETUNE: "finetune", Kind.ADAPTER: "adapter", Kind.MERGE: "merge"}
    for child, parents in world.truth.parents.items():
        kind = world.truth.kinds[child]
        assert kind is Kind.RELEASE or {str(parent.relation) for parent in parents} == {kinds[kind]}
    derived = [hub_id for hub_id, kind in world.truth.kinds.items() if kind in kinds]
    assert all(hub_id in world.truth.parents for hub_id in derived)


def test_derivatives_span_several_levels(world: SimulatedWorld) -> None:
    depth: dict[str, int] = {}
    for hub_id in world.truth.hub_ids:
        depth[hub_id] = 1 + max((depth[parent.hub_id] for parent in world.truth.parents.get(hub_id, ())), default=-1)
    deep = Counter(depth.values())
    assert all(deep[level] >= 20 for level in range(5))


def test_tags_come_in_pairs(world: SimulatedWorld) -> None:
    compared = 0
    for row in world.listing(world.days[-1]).rows:
        plain, related = refs(row)
        compared += len(plain)
        assert plain == [link.partition(":")[2] for link in related]
    assert compared > 5_000


def test_base_models_agree_with_tags(quiet: SimulatedWorld) -> None:
    rows = by_id(quiet.listing(quiet.days[-1]))
    assert sum("baseModels" in row for row in rows.values()) > 1_000
    for hub_id, row in rows.items():
        parents = quiet.truth.parents.get(hub_id, ())
        linked = row.get("baseModels", {"models": []})["models"]
        assert linked == [{"_id": parent.hub_id, "id": rows[parent.hub_id]["id"]} for parent in parents]
        assert refs(row)[0] == [link["id"] for link in linked]


def test_uncorrupted_cards_declare_true_parents(world: SimulatedWorld) -> None:
    listing = world.listing(world.days[-1])
    rows = by_id(listing)
    checked = 0
    for hub_id, parents in world.truth.parents.items():
        if hub_id in rows and hub_id not in world.truth.corrupted:
            named = [listing.renames.get(name, name) for name in refs(rows[hub_id])[0]]
            there = [(parent, name) for parent, name in zip(parents, named, strict=True) if parent.hub_id in rows]
            assert all(rows[parent.hub_id]["id"] == name for parent, name in there)
            checked += len(there)
    assert checked > 5_000


def corrupted_models(world: SimulatedWorld, corruption: Corruption) -> list[tuple[str, Any, list[str]]]:
    """`_id`, row and true parents' names of the listed models with a corruption; at least five."""
    rows = by_id(world.listing(world.days[-1]))
    names = {hub_id: row["id"] for hub_id, row in rows.items()}
    found = [
        (hub_id, rows[hub_id], [names.get(parent.hub_id, "") for parent in world.truth.parents[hub_id]])
        for hub_id, reason in world.truth.corrupted.items()
        if reason is corruption and hub_id in rows
    ]
    assert len(found) >= 5
    return found


@pytest.fixture(scope="module")
def corrupted() -> SimulatedWorld:
    """A world with many corrupted declarations and no other incidents."""
    rates = replace(
        IncidentRates.none(),
        undeclared=0.03,
        wrong_case=0.06,
        dangling=0.03,
        local_path=0.03,
        bare_name=0.03,
        self_reference=0.03,
        cycle=0.01,
        hidden_base=1.0,
    )
    return SimulatedWorld(seed=6, days=2, models=8_000, rates=rates)


@pytest.mark.parametrize("corruption", list(Corruption))
def test_every_corruption_occurs(corrupted: SimulatedWorld, corruption: Corruption) -> None:
    assert len(corrupted_models(corrupted, corruption)) >= 5


@pytest.mark.parametrize("corruption", [Corruption.UNDECLARED, Corruption.WRONG_CASE_UNTAGGED, Corruption.HIDDEN])
def test_undeclared_parents_have_no_tags_or_links(corrupted: SimulatedWorld, corruption: Corruption) -> None:
    for _, row, _ in corrupted_models(corrupted, corruption):
        assert refs(row) == ([], [])
        assert "baseModels" not in row


def test_wrong_case_is_in_tags_but_not_linked(corrupted: SimulatedWorld) -> None:
    for _, row, parents in corrupted_models(corrupted, Corruption.WRONG_CASE):
        assert refs(row)[0][0] != parents[0]
        assert refs(row)[0][0].lower() == parents[0].lower()
        assert parents[0] not in [link["id"] for link in row.get("baseModels", {"models": []})["models"]]


def test_dangling_names_do_not_exist(corrupted: SimulatedWorld) -> None:
    names = {row["id"].lower() for row in corrupted.listing(corrupted.days[-1]).rows}
    for _, row, _ in corrupted_models(corrupted, Corruption.DANGLING):
        assert refs(row)[0][0].lower() not in names


def test_local_paths_and_bare_names_have_no_owner(corrupted: SimulatedWorld) -> None:
    paths = [refs(row)[0][0] for _, row, _ in corrupted_models(corrupted, Corruption.LOCAL_PATH)]
    bare = [refs(row)[0][0] for _, row, _ in corrupted_models(corrupted, Corruption.BARE_NAME)]
    assert all(path.startswith(("/cache/models/", "C:\\models\\")) for path in paths)
    assert all(name and "/" not in name for name in bare)


def test_self_references_are_linked_to_themselves(corrupted: SimulatedWorld) -> None:
    alone = 0
    for hub_id, row, _ in corrupted_models(corrupted, Corruption.SELF_REFERENCE):
        assert row["id"] in refs(row)[0]
        assert {"_id": hub_id, "id": row["id"]} in row["baseModels"]["models"]
        alone += len(refs(row)[0]) == 1
    assert 0 < alone < len(corrupted_models(corrupted, Corruption.SELF_REFERENCE))


def test_cycles_link_two_repositories_to_each_other(corrupted: SimulatedWorld) -> None:
    rows = by_id(corrupted.listing(corrupted.days[-1]))
    for hub_id, row, _ in corrupted_models(corrupted, Corruption.CYCLE):
        (younger,) = row["baseModels"]["models"]
        assert younger["_id"] > hub_id
        assert hub_id in [link["_id"] for link in rows[younger["_id"]]["baseModels"]["models"]]


def test_hidden_bases_are_in_the_registry(corrupted: SimulatedWorld) -> None:
    curated = {base.repo_id: list(base.parents) for base in load().bases}
    for _, row, parents in corrupted_models(corrupted, Corruption.HIDDEN):
        assert curated[row["id"]] == parents


@pytest.mark.slow
def test_renames_preserve_id_and_counters_and_redirect() -> None:
    rates = replace(IncidentRates.none(), renamed=0.05)
    world, undisturbed = (SimulatedWorld(seed=6, days=12, models=1_500, rates=m) for m in (rates, rates.none()))
    moved = {hub_id: rename for hub_id, rename in world.truth.renames.items() if rename.day in world.days[1:]}
    assert len(moved) >= 5
    assert len(world.truth.renames) > len(moved)
    for day in world.days:
        listing, expected = world.listing(day), by_id(undisturbed.listing(day))
        rows = by_id(listing)
        for hub_id, rename in world.truth.renames.items():
            if hub_id in rows:
                is_moved = rename.day <= day
                assert rows[hub_id]["id"] == (rename.name if is_moved else rename.former)
                assert listing.renames.get(rename.former) == (rename.name if is_moved else None)
                assert rows[hub_id]["downloadsAllTime"] == expected[hub_id]["downloadsAllTime"]


def test_tags_of_children_retain_the_former_name(world: SimulatedWorld) -> None:
    listing = world.listing(world.days[-1])
    rows = by_id(listing)
    stale = [
        (name, parent)
        for hub_id, row in rows.items()
        if hub_id not in world.truth.corrupted
        for name, parent in zip(refs(row)[0], world.truth.parents.get(hub_id, ()), strict=True)
        if name in listing.renames
    ]
    assert len(stale) >= 5
    assert all(listing.renames[name] == rows[parent.hub_id]["id"] for name, parent in stale if parent.hub_id in rows)


def test_links_to_deleted_repositories_disappear() -> None:
    rates = replace(IncidentRates.none(), deleted=0.1)
    world = SimulatedWorld(seed=6, days=12, models=1_500, rates=rates)
    first, last = by_id(world.listing(world.days[0])), by_id(world.listing(world.days[-1]))
    orphans = 0
    for hub_id, row in last.items():
        linked = [link["_id"] for link in row.get("baseModels", {"models": []})["models"]]
        assert all(link in last for link in linked)
        orphans += hub_id in first and "baseModels" in first[hub_id] and "baseModels" not in row
    assert orphans >= 5
