"""Indexes of one day's listing; each is built when it is first used."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from tracker.demo.catalog import Listing, Row
from tracker.demo.hub.fields import author

Positions = Sequence[int]
"""Positions in `Listing.rows`, in the order of the response."""

RELATIONS = ("adapter", "merge", "quantized", "finetune")


class ListingIndex:
    """Positions of a listing's rows by author, tag and name, and their order by each sort key."""

    def __init__(self, listing: Listing) -> None:
        """Index `listing`, whose rows must not change any more."""
        self.listing = listing
        self._orders: dict[tuple[str, bool], Positions] = {}

    @cached_property
    def by_author(self) -> Mapping[str, Positions]:
        """Author -> positions, ascending."""
        found: dict[str, list[int]] = defaultdict(list)
        for position, row in enumerate(self.listing.rows):
            name = author(row)
            if name is not None:
                found[name].append(position)
        return dict(found)

    @cached_property
    def by_tag(self) -> Mapping[str, Positions]:
        """Tag, exactly as written -> positions, ascending."""
        found: dict[str, list[int]] = defaultdict(list)
        for position, row in enumerate(self.listing.rows):
            for tag in dict.fromkeys(row.get("tags") or ()):
                found[tag].append(position)
        return dict(found)

    @cached_property
    def by_name(self) -> Mapping[str, int]:
        """Name of a repository -> position."""
        return {row["id"]: position for position, row in enumerate(self.listing.rows)}

    @cached_property
    def names_by_fold(self) -> Mapping[str, str]:
        """Casefolded name -> the repository's name; present names win over former ones."""
        former = {name.casefold(): name for name in self.listing.renames}
        return former | {name.casefold(): name for name in self.by_name}

    @cached_property
    def lower_names(self) -> Sequence[str]:
        """Lower-case names by position, for searches."""
        return [row["id"].lower() for row in self.listing.rows]

    def order(self, sort: str, is_ascending: bool) -> Positions:
        """All positions by the value of `sort`, equal ones by `_id`; rows without a value count as lowest."""
        key = (sort, is_ascending)
        if key not in self._orders:
            self._orders[key] = ordered(self.listing.rows, range(len(self.listing.rows)), sort, is_ascending)
        return self._orders[key]

    def current_name(self, name: str) -> str | None:
        """The present name for `name`, which may be a former name or differ in case; None if there is none."""
        visited = set()
        while name not in self.by_name:
            if name in visited:
                return None
            visited.add(name)
            name = self.listing.renames.get(name) or self.names_by_fold.get(name.casefold(), name)
        return name

    def children(self, name: str) -> dict[str, int]:
        """Relation -> number of models whose tags name `name` as base; only relations that occur."""
        counts = {relation: len(self.by_tag.get(f"base_model:{relation}:{name}", ())) for relation in RELATIONS}
        return {relation: count for relation, count in counts.items() if count}


def ordered(rows: Sequence[Row], positions: Iterable[int], sort: str, is_ascending: bool) -> Positions:
    """`positions` (ascending) by the value of `sort`, equal ones by `_id`; rows without a value count as lowest."""
    values: dict[int, Any] = {position: rows[position].get(sort) for position in positions}
    unknown = [position for position, value in values.items() if value is None]
    known = [position for position, value in values.items() if value is not None]
    known.sort(key=values.__getitem__, reverse=not is_ascending)
    return [*unknown, *known] if is_ascending else [*known, *unknown]
