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
    """Links and roots of a few repositories."""

    def __init__(self, repositories: Sequence[Repository], curated: Mapping[str, Sequence[str]]) -> None:
        self.by_id = {repository.hub_id: repository for repository in repositories}
        self.used: dict[str, list[tuple[str | None, str]]] = {}
        self.unused: set[tuple[str, str]] = set()
        self.resolved: dict[tuple[str, str], tuple[str | None, str]] = {}
        for repository in repositories:
            self._read(repository, curated)
        links = {child: [parent for parent, _ in parents if parent] for child, parents in self.used.items()}
        for child, parents in self.used.items():
            for parent, name in list(parents):
                is_newer = parent is not None and self.by_id[parent].age > self.by_id[child].age
                if is_newer and child in reachable(links, str(parent)):
                    self.unused.add((child, name))
        for child, parents in self.used.items():
            self.used[child] = [link for link in parents if (child, link[1]) not in self.unused]

    def _read(self, child: Repository, curated: Mapping[str, Sequence[str]]) -> None:
        declared, is_curated = child.declared, False
        if all(parent_id == child.hub_id or name == child.name for parent_id, name in declared):
            declared += tuple((None, name) for name in curated.get(child.name, ()) if name != child.name)
            is_curated = True
        self.used[child.hub_id], meant = [], set()
        for place, (parent_id, name) in enumerate(declared):
            parent, by = self.resolve(parent_id, name, child)
            if is_curated and place >= len(child.declared) and parent is not None:
                by = "curated"
            self.resolved[child.hub_id, name] = parent, by
            is_vague = (
                parent is None and not is_owned(name) and child.relation != "merge" and self._has_better_base(child)
            )
            if is_vague or parent == child.hub_id or name == child.name or (parent or name.lower()) in meant:
                self.unused.add((child.hub_id, name))
            else:
                meant.add(parent or name.lower())
                self.used[child.hub_id].append((parent, name))

    def _has_better_base(self, child: Repository) -> bool:
        """Whether another declared base is resolved or has an owner."""
        found = [(self.resolve(*link, child)[0], link[1]) for link in child.declared]
        others = [(parent, name) for parent, name in found if parent != child.hub_id and name != child.name]
        return any(parent or is_owned(name) for parent, name in others)

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
        for parent, name in parents:
            above: Roots = self.roots(parent) if parent else {(None, name): (0, Fraction(1))}
            for root, (steps, weight) in above.items():
                shortest, sum_ = found.get(root, (steps + 1, Fraction(0)))
                found[root] = min(shortest, steps + 1), sum_ + weight / len(parents)
        return found


def is_owned(name: str) -> bool:
    """Whether a name has the form owner/name of the Hub; local paths and bare names do not."""
    parts = name.split("/")
    return len(parts) == 2 and all(part and part[0] not in "-." and ":" not in part for part in parts)


def reachable(links: Mapping[str, Sequence[str]], start: str) -> set[str]:
    """`start` and all its ancestors."""
    seen, pending = {start}, [start]
    while pending:
        for parent in links[pending.pop()]:
            if parent not in seen:
                seen.add(parent)
                pending.append(parent)
    return seen
