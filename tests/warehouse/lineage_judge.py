"""Lineage in plain Python, independent of the SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

Age = tuple[str, str]


@dataclass(frozen=True)
class Repository:
    """A repository: its names by day (the last is current) and its declared bases as (parent `_id`, name)."""

    hub_id: str
    created_at: str | None
    names: tuple[tuple[str, str], ...]
    declared: tuple[tuple[str | None, str], ...] = ()
    relation: str = "finetune"

    @property
    def name(self) -> str:
        return self.names[-1][1]

    @property
    def age(self) -> Age:
        """Sort key; greater is newer."""
        return self.created_at or "", self.hub_id


Roots = dict[tuple[str | None, str], tuple[int, Fraction]]
"""(hub_id or None, name) of a root -> fewest steps, weight."""


class Judge:
    """Links and roots of a few repositories. The relation of curated bases is merge."""

    def __init__(self, repositories: Sequence[Repository], curated: Mapping[str, Sequence[str]]) -> None:
        self.by_id = {repository.hub_id: repository for repository in repositories}
        self.curated = curated
        self.used: dict[str, list[tuple[str | None, str]]] = {}
        self.unused: set[tuple[str, str]] = set()
        self.resolved: dict[tuple[str, str], tuple[str | None, str]] = {}
        for repository in repositories:
            self._read(repository)
        links = {
            child: [base for parent in parents for base, *_ in self.bases(*parent) if base]
            for child, parents in self.used.items()
        }
        for child, parents in self.used.items():
            for parent in parents:
                newer = [b for b, *_ in self.bases(*parent) if b and self.by_id[b].age >= self.by_id[child].age]
                if any(child in reachable(links, base) for base in newer):
                    self.unused.add((child, parent[1]))
        for child, parents in self.used.items():
            self.used[child] = [link for link in parents if (child, link[1]) not in self.unused]

    def _read(self, child: Repository) -> None:
        named = [name for name in self.curated.get(child.name, ()) if name != child.name]
        links = {name: (place, parent_id) for place, (parent_id, name) in enumerate(child.declared)}
        links |= {name: (0, None) for name in named if name not in links}
        self.used[child.hub_id], meant = [], set()
        for name, (_, parent_id) in sorted(links.items(), key=lambda link: (link[1][0], link[0])):
            parent, by = self.resolve(parent_id, name, child)
            is_declared = (parent_id, name) in child.declared
            if name in named and parent is not None and not (is_declared and child.relation == "merge"):
                by = "curated"
            self.resolved[child.hub_id, name] = parent, by
            relation = "merge" if name in named else child.relation
            is_vague = parent is None and not is_owned(name) and relation != "merge" and self._has_better_base(child)
            is_unused = is_vague or bool(named and name not in named)
            if is_unused or parent == child.hub_id or name == child.name or (parent or name.lower()) in meant:
                self.unused.add((child.hub_id, name))
            else:
                meant.add(parent or name.lower())
                self.used[child.hub_id].append((parent, name))

    def _has_better_base(self, child: Repository) -> bool:
        """Whether another declared base is resolved or has an owner."""
        found = [(self.resolve(*link, child)[0], link[1]) for link in child.declared]
        others = [(parent, name) for parent, name in found if parent != child.hub_id and name != child.name]
        return any(parent or is_owned(name) for parent, name in others)

    def bases(self, parent: str | None, name: str) -> list[tuple[str | None, str, int, Fraction]]:
        """What a link leads to: repositories and names without a known base, with steps and shares."""
        above = [base for key, bases in self.curated.items() if key.lower() == name.lower() for base in bases]
        if parent or not above:
            return [(parent, name, 1, Fraction(1))]
        return [
            (base, ref, steps + 1, share / len(above))
            for one in above
            for base, ref, steps, share in self.bases(self.named(one)[0], one)
        ]

    def _holder(self, name: str, child: Repository) -> str | None:
        """The repository that held a name when the child was created and has lost it since."""
        if child.created_at is None:
            return None
        lost = [
            (day, holder)
            for holder in self.by_id.values()
            for (_, former), (day, _) in pairwise(holder.names)
            if former == name
        ]
        holders = sorted((r for r in self.by_id.values() if r.name == name), key=lambda r: r.hub_id)
        lost += [(later.created_at, one) for one, later in pairwise(holders) if later.created_at]
        known = [
            (day, -int(holder.hub_id), holder.hub_id)
            for day, holder in lost
            if day > child.created_at
            and holder is not child
            and (holder.created_at is None or holder.created_at <= child.created_at)
        ]
        return min(known)[2] if known else None

    def resolve(self, parent_id: str | None, name: str, child: Repository) -> tuple[str | None, str]:
        """Resolve by id, by who had the name when the child was created, exact name, former name, or case."""
        if parent_id in self.by_id:
            return parent_id, "id"
        if holder := self._holder(name, child):
            return holder, "name" if self.by_id[holder].name == name else "rename"
        return self.named(name)

    def named(self, name: str) -> tuple[str | None, str]:
        """Resolve by exact name, former name, or case."""
        if now := [r.hub_id for r in self.by_id.values() if r.name == name]:
            return max(now), "name"
        if formerly := [(d, r.hub_id) for r in self.by_id.values() for d, former in r.names[:-1] if former == name]:
            return max(formerly)[1], "rename"
        alike = {r.name for r in self.by_id.values() if r.name.lower() == name.lower()}
        if len(alike) == 1:
            return max(r.hub_id for r in self.by_id.values() if r.name in alike), "case"
        return None, "unresolved"

    def roots(self, hub_id: str) -> Roots:
        """Roots of a repository; each of p parents counts 1/p, recursively."""
        parents = self.used[hub_id]
        if not parents:
            return {(hub_id, self.by_id[hub_id].name): (0, Fraction(1))}
        found: Roots = {}
        for base, name, up, share in (base for link in parents for base in self.bases(*link)):
            above: Roots = self.roots(base) if base else {(None, name): (0, Fraction(1))}
            for root, (steps, weight) in above.items():
                shortest, sum_ = found.get(root, (steps + up, Fraction(0)))
                found[root] = min(shortest, steps + up), sum_ + weight * share / len(parents)
        return found


def is_owned(name: str) -> bool:
    """Whether a name has the form owner/name of the Hub; local paths and bare names do not."""
    parts = name.split("/")
    return len(parts) == 2 and all(part and part[0] not in "-." and ":" not in part for part in parts)


def reachable(links: Mapping[str, Sequence[str]], start: str) -> set[str]:
    """`start` and all its ancestors."""
    seen, pending = {start}, [start]
    while pending:
        for parent in links.get(pending.pop(), ()):
            if parent not in seen:
                seen.add(parent)
                pending.append(parent)
    return seen
