"""Links and roots of random graphs, compared with plain Python."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.database import in_memory
from tests.support.examples import examples
from tests.warehouse.lineage_judge import Judge, Repository, Roots, reachable

NAMES = ["a/One", "a/one", "a/two", "B/two", "b/Two", "c/three", "d/four", "e/five", "bare"]
UNKNOWN_NAMES = ["gone/x", "Gone/X", "/cache/models/x", "C:\\models\\x", "llama", "A/ONE", "./x"]
IDS = [str(number) for number in range(1, 10)]
MOMENTS = ["2026-01-01", "2026-01-02", "2026-01-03", None]
DAYS = ["2026-08-17", "2026-08-18", "2026-08-19"]

names = st.sampled_from(NAMES)
histories = st.lists(names, min_size=1, max_size=3).map(
    lambda chosen: tuple(zip(DAYS, dict.fromkeys(chosen), strict=False))
)
refs = st.one_of(names, st.sampled_from(UNKNOWN_NAMES))
links = st.lists(st.tuples(st.sampled_from([None, None, *IDS, "99"]), refs), max_size=4, unique_by=lambda link: link[1])


relations = st.sampled_from(["finetune", "merge"])


@st.composite
def repositories(draw: st.DrawFn) -> list[Repository]:
    ids = draw(st.lists(st.sampled_from(IDS), min_size=1, max_size=9, unique=True))
    return [
        Repository(i, draw(st.sampled_from(MOMENTS)), draw(histories), tuple(draw(links)), draw(relations)) for i in ids
    ]


def has_loop(bases: Mapping[str, Sequence[str]]) -> bool:
    """Whether a name leads back to itself; the registry refuses such bases."""
    links: dict[str, list[str]] = {}
    for name, parents in bases.items():
        links.setdefault(name.lower(), []).extend(parent.lower() for parent in parents)
    return any(name in reachable(links, parent) for name, parents in links.items() for parent in parents)


entries = st.dictionaries(refs, st.lists(refs, min_size=1, max_size=2, unique_by=str.lower), max_size=4)
curated = entries.filter(lambda bases: not has_loop(bases))


def fill(small: Any, world: Sequence[Repository], bases: Mapping[str, Sequence[str]]) -> None:
    for repository in world:
        for day, name in repository.names:
            row = {"hub_id": repository.hub_id, "day": day, "repo_id": name, "created_at": repository.created_at}
            small.fill("lake_models", [row])
        for position, (parent, ref) in enumerate(repository.declared):
            link = {"hub_id": repository.hub_id, "day": repository.names[-1][0], "position": str(position)}
            link |= {"relation": repository.relation, "declared_in": "baseModels"}
            small.fill("lake_edges", [link | {"parent_hub_id": parent, "parent_ref": ref}])
    for name, parents in bases.items():
        small.fill(
            "registry_bases", [{"repo_id": name, "parent_ref": parent, "relation": "merge"} for parent in parents]
        )


def check(make_small: Any, world: list[Repository], bases: dict[str, list[str]]) -> None:
    """Compare the links and roots of a world with plain Python."""
    judge = Judge(world, bases)
    with in_memory() as connection:
        small = make_small(connection)
        fill(small, world, bases)
        small.make("core_lineage")
        columns = "child_id, parent_ref, parent_id, resolved_by, is_used, not_used_because is null"
        edges = connection.execute(f"select {columns} from core_edges").fetchall()
        lineage = connection.execute("select hub_id, root_id, root_ref, depth, weight from core_lineage").fetchall()
    assert {(child, ref): (parent, by) for child, ref, parent, by, *_ in edges} == judge.resolved
    assert {(child, ref) for child, ref, *_, is_used, _ in edges if not is_used} == judge.unused
    assert all(is_used == has_no_reason for *_, is_used, has_no_reason in edges)
    found: dict[str, Roots] = {repository.hub_id: {} for repository in world}
    for hub_id, root_id, root_ref, depth, weight in lineage:
        found[hub_id][root_id, root_ref] = depth, weight
    for repository in world:
        of_one = found[repository.hub_id]
        assert sum(weight for _, weight in of_one.values()) == pytest.approx(1, abs=1e-9)
        expected = {root: (steps, float(weight)) for root, (steps, weight) in judge.roots(repository.hub_id).items()}
        assert {root: steps for root, (steps, _) in of_one.items()} == {r: steps for r, (steps, _) in expected.items()}
        assert all(of_one[root][1] == pytest.approx(weight, abs=1e-9) for root, (_, weight) in expected.items())


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(world=repositories(), bases=curated)
def test_links_and_roots_match_plain_python(
    make_small: Any, world: list[Repository], bases: dict[str, list[str]]
) -> None:
    check(make_small, world, bases)


@pytest.mark.slow
@pytest.mark.endless
@pytest.mark.timeout(3600)
@settings(max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(world=repositories(), bases=curated)
def test_links_and_roots_match_plain_python_in_many_worlds(
    make_small: Any, world: list[Repository], bases: dict[str, list[str]]
) -> None:
    check(make_small, world, bases)
