"""What is drawn of a large lineage, and where: collapsed to a readable number of nodes, a row for each. Pure.

Nodes are known by key; a tree of them hangs on the key of its centre. It is drawn like the folders of a disk: one row a
node, the steps from the centre to the right. So no two nodes or labels can meet, however many there are, and a phone
has room for their names.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

ANY = "any"
"""The relation of a rest that holds several."""


@dataclass(frozen=True, slots=True)
class Kin:
    """A repository in the lineage of another: one place in the tree around it."""

    key: str
    towards: str
    """Key of its neighbour one step nearer to the centre."""

    relation: str
    steps: int
    downloads: int | None = None


@dataclass(frozen=True, slots=True)
class Rest:
    """What is not drawn by name at one place: repositories that hang there, and all beyond them."""

    towards: str
    relation: str
    """At the centre there is a rest for each relation; elsewhere one for all of them, ANY."""

    steps: int
    count: int
    """Repositories."""

    nearest: int
    """Those of them that come directly; the others are built on these."""

    downloads: int | None
    """Sum of their known downloads; None if none are known."""

    @property
    def key(self) -> str:
        """A key of its own among all nodes of a tree."""
        return f"rest:{self.towards}:{self.relation}"


@dataclass(frozen=True, slots=True)
class Tree:
    """A part of a lineage that is drawn by name, and the rests that stand for all else of it."""

    named: Sequence[Kin] = ()
    rests: Sequence[Rest] = ()


def interleaved(kin: Iterable[Kin], least: int = 0) -> list[Kin]:
    """Those with `least` downloads or more, in turn from each relation, the most used first; unknown ones last.

    So each relation shows its most used, though one of them may have all the downloads.
    """
    ranks: Counter[str] = Counter()
    ranked = []
    known = (one for one in kin if least == 0 or (one.downloads or 0) >= least)
    for one in sorted(known, key=_most_used):
        ranked.append((one.downloads is None, ranks[one.relation], _most_used(one), one))
        ranks[one.relation] += 1
    return [one for *_, one in sorted(ranked, key=lambda item: item[:3])]


def collapsed(kin: Sequence[Kin], centre: str, wanted: Iterable[Kin], most: int) -> Tree:
    """At most `most` nodes: as many of the `wanted` (the first first) as fit with what leads to them, and rests.

    `kin` is the whole tree around `centre`. Each repository of it is either named or counted in one rest.
    """
    drawing = _Drawing.of(kin, centre)
    for one in wanted:
        path = drawing.missing(one)
        if path and drawing.nodes + drawing.growth(path) <= most:
            drawing.add(path)
    return Tree([one for one in kin if one.key in drawing.named], _rests(kin, drawing))


def rows(tree: Tree, centre: str) -> dict[str, int]:
    """Key -> row, from 0 for the centre on: each node below what it hangs on, with all its own before the next.

    Beside each other stand one relation after the other, the most used first, and the rest of a relation at its end.
    """
    beside: defaultdict[str, list[Kin | Rest]] = defaultdict(list)
    used: Counter[tuple[str, str]] = Counter()
    nodes: list[Kin | Rest] = [*tree.named, *tree.rests]
    for node in nodes:
        beside[node.towards].append(node)
        used[node.towards, node.relation] += node.downloads or 0

    def place(node: Kin | Rest) -> tuple[bool, int, str, bool, bool, int, str]:
        kind = (node.relation == ANY, -used[node.towards, node.relation], node.relation)
        return (*kind, isinstance(node, Rest), node.downloads is None, -(node.downloads or 0), node.key)

    found: dict[str, int] = {}
    pending = [centre]
    while pending:
        key = pending.pop()
        found[key] = len(found)
        pending += [node.key for node in sorted(beside[key], key=place, reverse=True)]
    return found


@dataclass(slots=True)
class _Drawing:
    """A tree as it is filled with names, always with the number of nodes it takes."""

    centre: str
    by_key: Mapping[str, Kin]
    hidden: Counter[tuple[str, str]]
    """Key and relation of a rest -> how many that hang there have no name yet."""

    kinds: Counter[str]
    """Key -> how many rests there are where nothing that hangs on it has a name."""

    nodes: int = 1
    named: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, kin: Sequence[Kin], centre: str) -> "_Drawing":
        drawing = cls(centre, {one.key: one for one in kin}, Counter(), Counter())
        drawing.hidden.update(map(drawing.place, kin))
        drawing.kinds.update(key for key, _ in drawing.hidden)
        drawing.nodes += drawing.kinds[centre]
        return drawing

    def place(self, one: Kin) -> tuple[str, str]:
        """The rest that counts a node which has no name, if what it hangs on has one."""
        return (one.towards, one.relation if one.towards == self.centre else ANY)

    def missing(self, one: Kin) -> list[Kin]:
        """The nodes without a name on the way to this one, itself included, the nearest to the centre first."""
        path: list[Kin] = []
        step: Kin | None = one
        while step is not None and step.key not in self.named:
            path.append(step)
            step = self.by_key.get(step.towards)
        return path[::-1]

    def growth(self, path: Sequence[Kin]) -> int:
        """How many more nodes there are when a path gets names: itself, and the rests that come or go."""
        emptied = sum(self.hidden[self.place(one)] == 1 for one in path)
        return len(path) + sum(self.kinds[one.key] for one in path) - emptied

    def add(self, path: Sequence[Kin]) -> None:
        self.nodes += self.growth(path)
        for one in path:
            self.named.add(one.key)
            self.hidden[self.place(one)] -= 1


def _rests(kin: Sequence[Kin], drawing: _Drawing) -> list[Rest]:
    counts: Counter[str] = Counter()
    sums: dict[str, int | None] = {}
    found: dict[tuple[str, str], Rest] = {}
    for one in sorted(kin, key=lambda one: -one.steps):
        if one.key in drawing.named:
            continue
        count, downloads = 1 + counts[one.key], _sum(one.downloads, sums.get(one.key))
        if one.towards in drawing.by_key and one.towards not in drawing.named:
            counts[one.towards] += count
            sums[one.towards] = _sum(sums.get(one.towards), downloads)
            continue
        place = drawing.place(one)
        before = found.get(place, Rest(*place, one.steps, 0, 0, None))
        found[place] = Rest(
            *place, one.steps, before.count + count, before.nearest + 1, _sum(before.downloads, downloads)
        )
    return list(found.values())


def _sum(one: int | None, other: int | None) -> int | None:
    known = [value for value in (one, other) if value is not None]
    return sum(known) if known else None


def _most_used(one: Kin) -> tuple[bool, int, str]:
    return (one.downloads is None, -(one.downloads or 0), one.key)
