"""Descendants and ancestors on random links with cycles, compared with plain Python that follows every path."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.database import in_memory
from tests.support.examples import examples
from tracker.api.tracker import Tracker

IDS = [f"h{number}" for number in range(7)]
Link = tuple[str, str | None, str, str]
"""Child, parent or None, the parent's name, relation."""


@st.composite
def links(draw: st.DrawFn) -> list[Link]:
    pairs = draw(
        st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from([*IDS, "gone/x", "gone/y"])), max_size=14, unique=True)
    )
    kinds = st.sampled_from(["finetune", "merge"])
    return [
        (child, None if "/" in parent else parent, parent, draw(kinds)) for child, parent in pairs if child != parent
    ]


@contextmanager
def opened(world: Sequence[Link], downloads: Mapping[str, int | None], listed: frozenset[str]) -> Iterator[Tracker]:
    """Open the API over these links, with the last 30-day downloads of the repositories."""
    with in_memory() as connection:
        connection.execute("""
            create table used_edges (
                child_id varchar, parent_id varchar, parent_ref varchar, relation varchar, share double
            );
            create table models (
                hub_id varchar, repo_id varchar, publisher_origin varchar, layer varchar, is_gguf boolean,
                is_listed boolean
            );
            create table latest_counts (hub_id varchar, downloads_30d bigint, downloads_all_time bigint);
        """)
        for link in world:
            share = 1 / sum(child == link[0] for child, *_ in world)
            connection.execute("insert into used_edges values (?, ?, ?, ?, ?)", [*link, share])
        for hub_id in IDS:
            row = [hub_id, f"a/{hub_id}", "CN", "release", False, hub_id in listed]
            connection.execute("insert into models values (?, ?, ?, ?, ?, ?)", row)
            connection.execute("insert into latest_counts values (?, ?, ?)", [hub_id, downloads.get(hub_id), 0])
        yield Tracker(Path("unused"), partial(_run, connection))


def _run(connection: Any, sql: str, values: Mapping[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(connection.sql(sql, params=dict(values)).pl())


def reachable(
    start: str, step: Callable[[str], list[tuple[str, Fraction]]], steps: int
) -> dict[str, tuple[int, Fraction]]:
    """Return all that can be reached from `start`: fewest steps, and the total weight of all paths."""
    found: dict[str, tuple[int, Fraction]] = {}
    frontier = [(start, Fraction(1))]
    for number in range(1, steps + 1):
        frontier = [
            (there, weight * share) for here, weight in frontier for there, share in step(here) if there != start
        ]
        for there, weight in frontier:
            least, before = found.get(there, (number, Fraction(0)))
            found[there] = (least, before + weight)
    return found


def expected_paths(world: Sequence[Link], start: str, steps: int, down: bool, relations: Sequence[str]) -> Any:
    def share(child: str) -> Fraction:
        return Fraction(1, sum(link[0] == child for link in world))

    def children(here: str) -> list[tuple[str, Fraction]]:
        return [(child, share(child)) for child, parent, _, kind in world if parent == here and kind in relations]

    def parents(here: str) -> list[tuple[str, Fraction]]:
        return [(parent or f"name:{ref}", share(here)) for child, parent, ref, _ in world if child == here]

    return reachable(start, children if down else parents, steps)


@settings(max_examples=examples(60), deadline=None)
@given(world=links(), steps=st.integers(1, 5), only=st.sampled_from([None, "finetune", "merge"]))
def test_descendants_equal_plain_python(world: list[Link], steps: int, only: str | None) -> None:
    with opened(world, {}, frozenset(IDS)) as tracker:
        found = tracker.descendants("h0", relation=only, steps=steps)
    expected = expected_paths(world, "h0", steps, True, (only,) if only else ("finetune", "merge"))
    rows = {row["hub_id"]: (row["steps"], row["weight"]) for row in found.iter_rows(named=True)}
    assert len(rows) == found.height
    assert {key: least for key, (least, _) in rows.items()} == {key: least for key, (least, _) in expected.items()}
    assert [rows[key][1] for key in expected] == pytest.approx([float(weight) for _, weight in expected.values()])
    base = {row["hub_id"]: (row["base_id"], row["relation"]) for row in found.iter_rows(named=True)}
    for hub_id, (towards, relation) in base.items():
        assert (hub_id, towards, towards, relation) in world
        assert rows[hub_id][0] == 1 if towards == "h0" else rows[towards][0] == rows[hub_id][0] - 1


@settings(max_examples=examples(60), deadline=None)
@given(world=links(), steps=st.integers(1, 5))
def test_ancestors_equal_plain_python(world: list[Link], steps: int) -> None:
    with opened(world, {}, frozenset(IDS)) as tracker:
        found = tracker.ancestors("h0", steps=steps)
    expected = expected_paths(world, "h0", steps, False, ())
    rows = {row["key"]: row for row in found.iter_rows(named=True)}
    assert {key: row["steps"] for key, row in rows.items()} == {key: least for key, (least, _) in expected.items()}
    weights = [rows[key]["weight"] for key in expected]
    assert weights == pytest.approx([float(weight) for _, weight in expected.values()])
    children = {child for child, *_ in world}
    assert {key for key, row in rows.items() if row["is_root"]} == {key for key in expected if key not in children}
    assert all((row["hub_id"] is None) == key.startswith("name:") for key, row in rows.items())


def test_counters_of_unlisted_or_unread_are_unknown() -> None:
    world = [("h1", "h0", "h0", "merge"), ("h1", "h2", "h2", "merge"), ("h3", "h0", "h0", "merge"),
             ("h4", "h0", "h0", "merge")]  # fmt: skip
    with opened(world, {"h1": 10, "h3": 7}, frozenset({"h1", "h4"})) as tracker:
        found = tracker.descendants("h0").sort("hub_id")
        assert tracker.descendants("h0", limit=2).height == 2
    assert found["downloads_30d"].to_list() == [10, None, None]
    assert found["credited_30d"].to_list() == [5.0, None, None]
    assert found["weight"].to_list() == [0.5, 1.0, 1.0]


def test_paths_end_after_sixteen_links() -> None:
    names = ["h0", *(f"c{number}" for number in range(20)), "h1"]
    world = [(child, parent, parent, "merge") for child, parent in pairwise(names)]
    with opened(world, {}, frozenset(IDS)) as tracker:
        assert tracker.ancestors("h0")["steps"].max() == 16
        assert tracker.ancestors("h0", steps=20)["steps"].max() == 20
