"""The rows of one day, put together when they are looked at, and the changes of a row in the course of the window."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, overload

import numpy as np

from tracker.demo.catalog import Row
from tracker.demo.simulation.counters import Counters
from tracker.demo.simulation.declarations import Declaration, Naming
from tracker.demo.simulation.misbehaviour import NEVER, Incidents
from tracker.demo.simulation.population import DAY_SECONDS, Ints, Population, Window
from tracker.demo.simulation.rows import Fields, Traits, edited, links

Changes = Mapping[int, Sequence[tuple[int, Fields]]]
"""Model -> (first day, fields that are different from then on; None where a field is gone), ascending by day."""


class DayRows(Sequence[Row]):
    """The rows of one day. A new dictionary is made on each access: nothing of a day is held but its numbers."""

    def __init__(
        self, standing: Sequence[Fields], changes: Changes, day: int, present: Ints, counters: Counters
    ) -> None:
        """The models at the positions `present`, ascending, with the counters of the whole population."""
        self._standing = standing
        self._changes = changes
        self._day = day
        self._present = present
        self._downloads_30d = counters.downloads_30d[present]
        self._downloads_all_time = counters.downloads_all_time[present]
        self._likes = counters.likes[present]
        self._trending = counters.trending[present]

    def __len__(self) -> int:
        """How many models are listed."""
        return len(self._present)

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | Sequence[Row]:
        """The row at a place in the order of `_id`, or the rows of a slice."""
        if isinstance(place, slice):
            return [self._row(n) for n in range(*place.indices(len(self)))]
        return self._row(range(len(self))[place])

    def __iter__(self) -> Iterator[Row]:
        """The rows in the order of `_id`."""
        return map(self._row, range(len(self)))

    def _row(self, place: int) -> dict[str, Any]:
        model = self._present.item(place)
        row = {
            **self._standing[model],
            "downloads": self._downloads_30d.item(place),
            "downloadsAllTime": self._downloads_all_time.item(place),
            "likes": self._likes.item(place),
            "trendingScore": self._trending.item(place),
        }
        for since, fields in self._changes.get(model, ()):
            if since <= self._day:
                row |= fields
                if fields.get("baseModels", row) is None:
                    del row["baseModels"]
        return row


def changes(
    population: Population,
    hub_ids: Sequence[str],
    declared: Sequence[Declaration],
    standing: Sequence[Fields],
    naming: Naming,
    hit: Incidents,
    luck: Traits,
    window: Window,
) -> Changes:
    """Everything that changes in a row within the window, other than counters: edits, new names, parents' new names."""
    found: dict[int, list[tuple[int, Fields]]] = defaultdict(list)
    for model, day in enumerate(luck.edit_day):
        if day >= 0:
            second = (window.first + day) * DAY_SECONDS + int(luck.luck[model] * (DAY_SECONDS - 1))
            found[model].append((day, edited(standing[model], second, luck.luck[model])))
    for model, name in naming.later.items():
        if naming.rename_day[model] > 0:
            found[model].append((int(naming.rename_day[model]), {"id": name, "author": name.partition("/")[0]}))
    for model, day in _days_of_parents(declared, naming, hit):
        names = {parent: _name_on(parent, day, naming, hit) for parent in declared[model].linked}
        linked = links(model, declared[model], population, hub_ids, names)
        found[model].append((day, {"baseModels": linked or None}))
    return {model: sorted(of_model, key=lambda change: change[0]) for model, of_model in found.items()}


def _days_of_parents(declared: Sequence[Declaration], naming: Naming, hit: Incidents) -> list[tuple[int, int]]:
    """Each model with each day within the window on which a parent it links is renamed or vanishes."""
    moved = {model: int(naming.rename_day[model]) for model in naming.later if naming.rename_day[model] > 0}
    gone = {model: int(hit.delete_day[model]) for model in np.flatnonzero(hit.delete_day < NEVER).tolist()}
    pairs = {
        (model, days[parent])
        for model, declaration in enumerate(declared)
        for parent in declaration.linked
        for days in (moved, gone)
        if parent in days
    }
    return sorted(pairs)


def _name_on(model: int, day: int, naming: Naming, hit: Incidents) -> str:
    return "" if day >= hit.delete_day[model] else naming.on(model, day)
