"""family_members: repositories with roots in a family, compared with plain Python."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.database import in_memory
from tests.support.examples import examples
from tests.warehouse.marts.conftest import make
from tracker.database import rows
from tracker.warehouse.sql_files import Model


class Root(NamedTuple):
    """A root of a repository."""

    family: str | None
    depth: int
    parts: int
    """Its weight is this divided by the sum of all parts of the repository."""


class Repository(NamedTuple):
    """A repository, its roots and its last counters."""

    lab: str | None
    is_listed: bool
    downloads: int | None
    size_bucket: str | None
    roots: tuple[Root, ...]


roots = st.builds(Root, st.sampled_from(["qwen", "llama", None]), st.integers(0, 3), st.integers(1, 4))
repositories = st.builds(
    Repository, st.sampled_from(["alibaba", "meta", None]), st.booleans(), st.none() | st.integers(0, 1000),
    st.sampled_from(["<1", "5-10", None]), st.lists(roots, min_size=1, max_size=4).map(tuple),
)  # fmt: skip
LABS = {"qwen": "alibaba", "llama": "meta"}


def weight(repository: Repository, family: str) -> Fraction:
    parts = sum(root.parts for root in repository.roots)
    return sum((Fraction(root.parts, parts) for root in repository.roots if root.family == family), Fraction(0))


def expected_members(world: Sequence[Repository]) -> dict[tuple[str, str], tuple[Any, ...]]:
    """(Family, hub_id) -> weight, credited downloads, depth, is_by_maker, is_below_1b."""
    found = {}
    for number, repository in enumerate(world):
        for family in LABS:
            part, downloads = weight(repository, family), repository.downloads
            if repository.is_listed and part:
                depth = min(root.depth for root in repository.roots if root.family == family)
                credited = None if downloads is None else float(part * downloads)
                below = None if repository.size_bucket is None else repository.size_bucket == "<1"
                found[family, str(number)] = (float(part), credited, depth, repository.lab == LABS[family], below)
    return found


@settings(max_examples=examples(40), deadline=None)
@given(world=st.lists(repositories, max_size=8))
def test_family_members_match_plain_python(ordered_models: Sequence[Model], world: list[Repository]) -> None:
    with in_memory() as connection:
        connection.execute("""
            create table lineage (hub_id varchar, root_family varchar, depth integer, weight double);
            create table families as select * from (values ('qwen', 'alibaba'), ('llama', 'meta')) as f (family, lab);
            create table latest_counts (hub_id varchar, downloads_30d bigint, downloads_all_time bigint);
            create table models (
                hub_id varchar, repo_id varchar, author varchar, publisher_lab varchar, publisher_origin varchar,
                layer varchar, task_class varchar, size_bucket varchar, is_gguf boolean, released_on date,
                family varchar, is_listed boolean
            );
        """)
        for number, one in enumerate(world):
            hub_id, parts = str(number), sum(root.parts for root in one.roots)
            for root in one.roots:
                values = [hub_id, root.family, root.depth, root.parts / parts]
                connection.execute("insert into lineage values (?, ?, ?, ?)", values)
            connection.execute("insert into latest_counts values (?, ?, ?)", [hub_id, one.downloads, one.downloads])
            named = [hub_id, "a/b", "a", one.lab, "CN", "release", "language"]
            values = [*named, one.size_bucket, False, None, None, one.is_listed]
            connection.execute(f"insert into models values ({', '.join('?' * 12)})", values)
        make(connection, ordered_models, "family_members")
        found = rows(
            connection,
            "select family, hub_id, weight::double, credited_30d::double, depth, is_by_maker, is_below_1b, "
            "credited_all_time::double from family_members",
        )
    expected = expected_members(world)
    assert {(family, hub_id) for family, hub_id, *_ in found} == set(expected)
    for family, hub_id, *row in found:
        part, credited, *facts = expected[family, hub_id]
        assert row == [pytest.approx(part), _near(credited), *facts, _near(credited)]


def _near(value: float | None) -> Any:
    return value if value is None else pytest.approx(value)
