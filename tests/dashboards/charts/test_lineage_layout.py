"""However large a lineage is, what is drawn of it is small, whole in its sums, and no two nodes meet."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.charts import lineage_layout
from dashboards.charts.lineage_layout import ANY, Kin, Rest, Tree

RELATIONS = ("finetune", "adapter", "quantized", "merge")


@st.composite
def trees(draw: st.DrawFn, most: int = 60) -> list[Kin]:
    """A tree around the key "c", each node on the centre or on a node before it."""
    found: list[Kin] = []
    for number in range(draw(st.integers(0, most))):
        place = draw(st.integers(-1, len(found) - 1))
        towards, steps = ("c", 0) if place < 0 else (found[place].key, found[place].steps)
        downloads = draw(st.none() | st.integers(0, 9))
        found.append(Kin(f"n{number}", towards, draw(st.sampled_from(RELATIONS)), steps + 1, downloads))
    return found


def drawn(nodes: Sequence[Kin], most: int = 100, least: int = 0) -> Tree:
    return lineage_layout.collapsed(nodes, "c", lineage_layout.interleaved(nodes, least), most)


def keys(tree: Tree) -> list[str]:
    return [node.key for node in (*tree.named, *tree.rests)]


@given(nodes=trees(), most=st.integers(5, 40), least=st.integers(0, 9))
def test_every_repository_is_named_or_counted_once_and_no_download_is_lost(
    nodes: list[Kin], most: int, least: int
) -> None:
    tree = drawn(nodes, most, least)
    assert len(tree.named) + sum(rest.count for rest in tree.rests) == len(nodes)
    shown = [node.downloads or 0 for node in tree.named] + [rest.downloads or 0 for rest in tree.rests]
    assert sum(shown) == sum(node.downloads or 0 for node in nodes)


@given(nodes=trees(), most=st.integers(5, 40), least=st.integers(0, 9))
def test_no_more_nodes_are_drawn_than_asked_for(nodes: list[Kin], most: int, least: int) -> None:
    tree = drawn(nodes, most, least)
    assert 1 + len(tree.named) + len(tree.rests) <= most
    assert len(set(keys(tree))) == len(keys(tree))


@given(nodes=trees(), most=st.integers(5, 40))
def test_what_is_drawn_hangs_on_what_is_drawn(nodes: list[Kin], most: int) -> None:
    tree = drawn(nodes, most)
    there = {"c", *(node.key for node in tree.named)}
    assert all(node.towards in there for node in (*tree.named, *tree.rests))


@given(nodes=trees(), most=st.integers(5, 40))
def test_no_two_nodes_meet_and_each_stands_below_what_it_hangs_on(nodes: list[Kin], most: int) -> None:
    tree = drawn(nodes, most)
    rows = lineage_layout.rows(tree, "c")
    assert sorted(rows.values()) == list(range(1 + len(keys(tree))))
    assert rows["c"] == 0 and set(rows) == {"c", *keys(tree)}
    assert all(rows[node.key] > rows[node.towards] for node in (*tree.named, *tree.rests))


@given(nodes=trees(), most=st.integers(5, 40))
def test_the_line_to_a_node_crosses_no_name(nodes: list[Kin], most: int) -> None:
    """Between a node and what it hangs on stand only nodes further from the centre, all to the right of the line."""
    tree = drawn(nodes, most)
    rows, shown = lineage_layout.rows(tree, "c"), (*tree.named, *tree.rests)
    steps = {"c": 0} | {node.key: node.steps for node in shown}
    for node in shown:
        between = [key for key, row in rows.items() if rows[node.towards] < row < rows[node.key]]
        assert all(steps[key] > steps[node.towards] for key in between)


@given(nodes=trees())
def test_with_room_enough_everything_has_its_name(nodes: list[Kin]) -> None:
    tree = drawn(nodes, most=1000)
    assert {node.key for node in tree.named} == {node.key for node in nodes} and not tree.rests


@given(nodes=trees(), least=st.integers(1, 9))
def test_below_the_filter_only_what_leads_to_others_has_a_name(nodes: list[Kin], least: int) -> None:
    tree = drawn(nodes, most=1000, least=least)
    leads = {node.towards for node in tree.named}
    assert all((node.downloads or 0) >= least or node.key in leads for node in tree.named)


CASES = [
    ("the most used of a relation", [("a", "c", "merge", 5), ("b", "c", "merge", 9), ("d", "c", "merge", 1)], 3, "b"),
    (
        "one of each relation",
        [("a", "c", "quantized", 9), ("b", "c", "quantized", 8), ("e", "c", "quantized", 7), ("d", "c", "merge", 1)],
        4,
        "ad",
    ),
    ("no room", [("a", "c", "finetune", 5), ("b", "c", "finetune", 9)], 2, ""),
    ("all where a rest would take as much room", [("a", "c", "merge", None), ("b", "c", "merge", 9)], 3, "ab"),
    ("what leads to the most used", [("a", "c", "merge", 0), ("b", "a", "merge", 9), ("d", "c", "merge", 5)], 4, "abd"),
]


@pytest.mark.parametrize(("nodes", "most", "named"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_most_used_are_drawn_by_name(nodes: list[tuple[str, str, str, int]], most: int, named: str) -> None:
    steps = {"c": 0}
    found = []
    for key, towards, relation, downloads in nodes:
        steps[key] = steps[towards] + 1
        found.append(Kin(key, towards, relation, steps[key], downloads))
    assert [node.key for node in drawn(found, most).named] == list(named)


def test_a_rest_tells_what_hangs_there_and_what_is_beyond() -> None:
    nodes = [
        Kin("a", "c", "finetune", 1, 9), Kin("b", "c", "finetune", 1, 3), Kin("d", "b", "quantized", 2, 4),
        Kin("e", "c", "finetune", 1, None), Kin("f", "a", "merge", 2, None), Kin("g", "a", "adapter", 2, None),
    ]  # fmt: skip
    tree = lineage_layout.collapsed(nodes, "c", nodes[:1], 10)
    assert tree.named == nodes[:1]
    assert set(tree.rests) == {Rest("c", "finetune", 1, 3, 2, 7), Rest("a", ANY, 2, 2, 2, None)}


def test_a_lineage_of_tens_of_thousands_collapses_to_a_few_nodes() -> None:
    nodes = [
        Kin(str(n), "c" if n < 5_000 else str(n % 5_000), RELATIONS[n % 4], 1 if n < 5_000 else 2, n)
        for n in range(20_000)
    ]
    tree = drawn(nodes, 40)
    assert 30 <= 1 + len(keys(tree)) <= 40
    assert len(tree.named) + sum(rest.count for rest in tree.rests) == 20_000
