"""The layout of a lineage is small, counts every repository once, and has one node per row."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.charts import lineage_layout
from dashboards.charts.lineage_layout import ANY, Node, Remainder, Tree
from tests.support.examples import examples

RELATIONS = ("finetune", "adapter", "quantized", "merge")


@st.composite
def trees(draw: st.DrawFn, most: int = 60) -> list[Node]:
    """A tree around the key "c", each node under the centre or an earlier node."""
    found: list[Node] = []
    for number in range(draw(st.integers(0, most))):
        place = draw(st.integers(-1, len(found) - 1))
        parent, steps = ("c", 0) if place < 0 else (found[place].key, found[place].steps)
        downloads = draw(st.none() | st.integers(0, 9))
        found.append(Node(f"n{number}", parent, draw(st.sampled_from(RELATIONS)), steps + 1, downloads))
    return found


def drawn(nodes: Sequence[Node], most: int = 100, least: int = 0) -> Tree:
    return lineage_layout.collapsed(nodes, "c", lineage_layout.interleaved(nodes, least), most)


def keys(tree: Tree) -> list[str]:
    return [node.key for node in (*tree.named, *tree.remainders)]


@settings(max_examples=examples(60), deadline=None)
@given(nodes=trees(), most=st.integers(5, 40), least=st.integers(0, 9))
def test_every_repository_is_named_or_counted_once(nodes: list[Node], most: int, least: int) -> None:
    tree = drawn(nodes, most, least)
    assert len(tree.named) + sum(remainder.count for remainder in tree.remainders) == len(nodes)
    shown = [node.downloads or 0 for node in tree.named] + [remainder.downloads or 0 for remainder in tree.remainders]
    assert sum(shown) == sum(node.downloads or 0 for node in nodes)


@settings(max_examples=examples(60), deadline=None)
@given(nodes=trees(), most=st.integers(5, 40), least=st.integers(0, 9))
def test_layout_has_at_most_the_given_number_of_nodes(nodes: list[Node], most: int, least: int) -> None:
    tree = drawn(nodes, most, least)
    assert 1 + len(tree.named) + len(tree.remainders) <= most
    assert len(set(keys(tree))) == len(keys(tree))


@settings(max_examples=examples(60), deadline=None)
@given(nodes=trees(), most=st.integers(5, 40))
def test_parents_of_drawn_nodes_are_drawn(nodes: list[Node], most: int) -> None:
    tree = drawn(nodes, most)
    there = {"c", *(node.key for node in tree.named)}
    assert all(node.parent in there for node in (*tree.named, *tree.remainders))


@settings(max_examples=examples(60), deadline=None)
@given(nodes=trees(), most=st.integers(5, 40))
def test_each_node_has_its_own_row_below_its_parent(nodes: list[Node], most: int) -> None:
    tree = drawn(nodes, most)
    rows = lineage_layout.rows(tree, "c")
    assert sorted(rows.values()) == list(range(1 + len(keys(tree))))
    assert rows["c"] == 0 and set(rows) == {"c", *keys(tree)}
    assert all(rows[node.key] > rows[node.parent] for node in (*tree.named, *tree.remainders))


@settings(max_examples=examples(60), deadline=None)
@given(nodes=trees(), most=st.integers(5, 40))
def test_links_cross_no_names(nodes: list[Node], most: int) -> None:
    """Between a node and its parent are only nodes further from the centre, right of the link."""
    tree = drawn(nodes, most)
    rows, shown = lineage_layout.rows(tree, "c"), (*tree.named, *tree.remainders)
    steps = {"c": 0} | {node.key: node.steps for node in shown}
    for node in shown:
        between = [key for key, row in rows.items() if rows[node.parent] < row < rows[node.key]]
        assert all(steps[key] > steps[node.parent] for key in between)


@settings(max_examples=examples(60), deadline=None)
@given(nodes=trees())
def test_everything_is_named_if_there_is_room(nodes: list[Node]) -> None:
    tree = drawn(nodes, most=1000)
    assert {node.key for node in tree.named} == {node.key for node in nodes} and not tree.remainders


@settings(max_examples=examples(60), deadline=None)
@given(nodes=trees(), least=st.integers(1, 9))
def test_nodes_below_the_filter_are_named_only_as_parents(nodes: list[Node], least: int) -> None:
    tree = drawn(nodes, most=1000, least=least)
    leads = {node.parent for node in tree.named}
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
    ("all where a remainder would take as much room", [("a", "c", "merge", None), ("b", "c", "merge", 9)], 3, "ab"),
    (
        "the parents of the most used",
        [("a", "c", "merge", 0), ("b", "a", "merge", 9), ("d", "c", "merge", 5)],
        4,
        "abd",
    ),
]


@pytest.mark.parametrize(("nodes", "most", "named"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_most_used_nodes_are_named(nodes: list[tuple[str, str, str, int]], most: int, named: str) -> None:
    steps = {"c": 0}
    found = []
    for key, parent, relation, downloads in nodes:
        steps[key] = steps[parent] + 1
        found.append(Node(key, parent, relation, steps[key], downloads))
    assert [node.key for node in drawn(found, most).named] == list(named)


def test_remainder_counts_its_children_and_all_beyond() -> None:
    nodes = [
        Node("a", "c", "finetune", 1, 9), Node("b", "c", "finetune", 1, 3), Node("d", "b", "quantized", 2, 4),
        Node("e", "c", "finetune", 1, None), Node("f", "a", "merge", 2, None), Node("g", "a", "adapter", 2, None),
    ]  # fmt: skip
    tree = lineage_layout.collapsed(nodes, "c", nodes[:1], 10)
    assert tree.named == nodes[:1]
    assert set(tree.remainders) == {Remainder("c", "finetune", 1, 3, 2, 7), Remainder("a", ANY, 2, 2, 2, None)}


def test_tens_of_thousands_collapse_to_a_few_nodes() -> None:
    nodes = [
        Node(str(n), "c" if n < 5_000 else str(n % 5_000), RELATIONS[n % 4], 1 if n < 5_000 else 2, n)
        for n in range(20_000)
    ]
    tree = drawn(nodes, 40)
    assert 30 <= 1 + len(keys(tree)) <= 40
    assert len(tree.named) + sum(remainder.count for remainder in tree.remainders) == 20_000
