"""The layout of a lineage graph: a large tree collapsed to a readable number of nodes, one per row.

Nodes have keys; the root of a tree is its centre. It is drawn like folders in a file browser: one row per node,
indented by its steps from the centre. So nodes and labels never overlap, and a phone has room for the names.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import itemgetter
from typing import NamedTuple

ANY = "any"
"""The relation of a remainder with several relations."""


# A tree can have ten thousand; a dataclass takes three times as long to make.
class Node(NamedTuple):
    """A repository in the tree around another."""

    key: str
    parent: str
    """Key of its parent, one step nearer to the centre."""

    relation: str
    steps: int
    downloads: int | None = None


@dataclass(frozen=True, slots=True)
class Remainder:
    """The repositories under one parent that are not drawn by name, with all beyond them."""

    parent: str
    relation: str
    """The centre has one remainder per relation, other nodes have one for ANY."""

    steps: int
    count: int
    """Repositories."""

    nearest: int
    """How many of them are directly under the parent."""

    downloads: int | None
    """Sum of their known downloads; None if none are known."""

    @property
    def key(self) -> str:
        """A key that is unique in the tree."""
        return f"rest:{self.parent}:{self.relation}"


@dataclass(frozen=True, slots=True)
class Tree:
    """The repositories drawn by name, and remainders for all others."""

    named: Sequence[Node] = ()
    remainders: Sequence[Remainder] = ()


def interleaved(nodes: Iterable[Node], least: int = 0) -> list[Node]:
    """Repositories with at least `least` downloads, each relation in turn, the most used first, unknown downloads last.

    So every relation is represented, even if one of them has nearly all downloads.
    """
    ranks: Counter[str] = Counter()
    ranked = []
    known = (one for one in nodes if least == 0 or (one.downloads or 0) >= least)
    for one in sorted(known, key=_most_used):
        ranked.append(((one.downloads is None, ranks[one.relation]), one))
        ranks[one.relation] += 1
    return [one for _, one in sorted(ranked, key=itemgetter(0))]


def collapsed(nodes: Sequence[Node], centre: str, preferred: Iterable[Node], most: int) -> Tree:
    """At most `most` nodes: the first of `preferred` that fit, with their parents, and remainders.

    `nodes` is the whole tree around `centre`. Each repository is either named or counted in one remainder.
    """
    drawing = _Drawing.of(nodes, centre)
    for one in preferred:
        if drawing.nodes + drawing.own_growth(one) > most:
            continue  # its path adds no less; most of ten thousand repositories end here
        path = drawing.missing(one)
        if path and drawing.nodes + drawing.growth(path) <= most:
            drawing.add(path)
    return Tree([one for one in nodes if one.key in drawing.named], _remainders(nodes, drawing))


def rows(tree: Tree, centre: str) -> dict[str, int]:
    """Key -> row, 0 for the centre: each node is below its parent, and its subtree comes before the next node.

    Siblings are sorted by relation, the most used first, with the remainder of a relation at its end.
    """
    children: defaultdict[str, list[Node | Remainder]] = defaultdict(list)
    used: Counter[tuple[str, str]] = Counter()
    nodes: list[Node | Remainder] = [*tree.named, *tree.remainders]
    for node in nodes:
        children[node.parent].append(node)
        used[node.parent, node.relation] += node.downloads or 0

    def place(node: Node | Remainder) -> tuple[bool, int, str, bool, bool, int, str]:
        kind = (node.relation == ANY, -used[node.parent, node.relation], node.relation)
        return (*kind, isinstance(node, Remainder), node.downloads is None, -(node.downloads or 0), node.key)

    found: dict[str, int] = {}
    pending = [centre]
    while pending:
        key = pending.pop()
        found[key] = len(found)
        pending += [node.key for node in sorted(children[key], key=place, reverse=True)]
    return found


@dataclass(slots=True)
class _Drawing:
    """A tree while repositories are added by name, with its number of nodes."""

    centre: str
    by_key: Mapping[str, Node]
    hidden: Counter[tuple[str, str]]
    """Parent and relation of a remainder -> how many repositories in it are not named yet."""

    kinds: Counter[str]
    """Key -> number of remainders while none of its children is named."""

    nodes: int = 1
    named: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, nodes: Sequence[Node], centre: str) -> "_Drawing":
        drawing = cls(centre, {one.key: one for one in nodes}, Counter(), Counter())
        drawing.hidden.update(map(drawing.place, nodes))
        drawing.kinds.update(key for key, _ in drawing.hidden)
        drawing.nodes += drawing.kinds[centre]
        return drawing

    def place(self, one: Node) -> tuple[str, str]:
        """The remainder that counts an unnamed node whose parent is named."""
        return (one.parent, one.relation if one.parent == self.centre else ANY)

    def missing(self, one: Node) -> list[Node]:
        """The unnamed nodes on the path to this one, itself included, from the centre outwards."""
        path: list[Node] = []
        step: Node | None = one
        while step is not None and step.key not in self.named:
            path.append(step)
            step = self.by_key.get(step.parent)
        return path[::-1]

    def growth(self, path: Sequence[Node]) -> int:
        """How many nodes a path adds: itself, and the remainders that appear or disappear."""
        return sum(map(self.own_growth, path))

    def own_growth(self, one: Node) -> int:
        """How many nodes one of a path adds; 0 if it takes the place of a remainder of one."""
        return 1 + self.kinds.get(one.key, 0) - (self.hidden[self.place(one)] == 1)

    def add(self, path: Sequence[Node]) -> None:
        self.nodes += self.growth(path)
        for one in path:
            self.named.add(one.key)
            self.hidden[self.place(one)] -= 1


def _remainders(nodes: Sequence[Node], drawing: _Drawing) -> list[Remainder]:
    counts: Counter[str] = Counter()
    sums: dict[str, int | None] = {}
    found: dict[tuple[str, str], list[Node]] = defaultdict(list)
    for one in sorted(nodes, key=lambda one: -one.steps):
        if one.key in drawing.named:
            continue
        counts[one.key] += 1
        sums[one.key] = _sum(one.downloads, sums.get(one.key))
        if one.parent in drawing.by_key and one.parent not in drawing.named:
            counts[one.parent] += counts[one.key]
            sums[one.parent] = _sum(sums.get(one.parent), sums[one.key])
        else:
            found[drawing.place(one)].append(one)
    return [
        Remainder(
            *place,
            nearest[0].steps,
            sum(counts[one.key] for one in nearest),
            len(nearest),
            reduce(_sum, (sums[one.key] for one in nearest)),
        )
        for place, nearest in found.items()
    ]


def _sum(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return other if one is None else one
    return one + other


def _most_used(one: Node) -> tuple[bool, int, str]:
    return (one.downloads is None, -(one.downloads or 0), one.key)
