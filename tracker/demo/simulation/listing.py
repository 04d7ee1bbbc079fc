"""The rows of one day, built on access, and the changes of rows within the window."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, overload

import numpy as np

from tracker.demo.catalog import Row
from tracker.demo.simulation.counters import Counters
from tracker.demo.simulation.declarations import Declaration, RepositoryNames
from tracker.demo.simulation.incidents import NEVER, Incidents
from tracker.demo.simulation.population import DAY_SECONDS, Ints, Population, Window
from tracker.demo.simulation.rows import Fields, Traits, base_models, edited_fields

RowChanges = Mapping[int, Sequence[tuple[int, Fields]]]
"""Model -> (first day, fields changed from that day on; None for a removed field), ascending by day."""


class ListingRows(Sequence[Row]):
    """The rows of one day. Each access builds a new dictionary; only the day's counters stay in memory."""

    def __init__(
        self, initial_rows: Sequence[Fields], changes: RowChanges, day: int, present: Ints, counters: Counters
    ) -> None:
        """List the models at the positions `present` (ascending); `counters` cover the whole population."""
        self._initial_rows = initial_rows
        self._changes = changes
        self._day = day
        self._present = present
        self._downloads_30d = counters.downloads_30d[present]
        self._downloads_all_time = counters.downloads_all_time[present]
        self._likes = counters.likes[present]
        self._trending = counters.trending[present]

    def __len__(self) -> int:
        """Number of listed models."""
        return len(self._present)

    @overload
    def __getitem__(self, position: int) -> Row: ...
    @overload
    def __getitem__(self, position: slice) -> Sequence[Row]: ...
    def __getitem__(self, position: int | slice) -> Row | Sequence[Row]:
        """The row at a position in the order of `_id`, or the rows of a slice."""
        if isinstance(position, slice):
            return [self._row(n) for n in range(*position.indices(len(self)))]
        return self._row(range(len(self))[position])

    def __iter__(self) -> Iterator[Row]:
        """The rows in the order of `_id`."""
        return map(self._row, range(len(self)))

    def _row(self, position: int) -> dict[str, Any]:
        model = self._present.item(position)
        row = {
            **self._initial_rows[model],
            "downloads": self._downloads_30d.item(position),
            "downloadsAllTime": self._downloads_all_time.item(position),
            "likes": self._likes.item(position),
            "trendingScore": self._trending.item(position),
        }
        for first_day, fields in self._changes.get(model, ()):
            if first_day <= self._day:
                row |= fields
                if fields.get("baseModels", row) is None:
                    del row["baseModels"]
        return row


def row_changes(
    population: Population,
    hub_ids: Sequence[str],
    declared: Sequence[Declaration],
    initial_rows: Sequence[Fields],
    repository_names: RepositoryNames,
    incidents: Incidents,
    traits: Traits,
    window: Window,
) -> RowChanges:
    """Changes of rows within the window, except counters: edits, renames, and renames or deletions of parents."""
    of_models: dict[int, list[tuple[int, Fields]]] = defaultdict(list)
    for model, day in enumerate(traits.edit_day):
        if day >= 0:
            second = (window.first + day) * DAY_SECONDS + int(traits.draws[model] * (DAY_SECONDS - 1))
            of_models[model].append((day, edited_fields(initial_rows[model], second, traits.draws[model])))
    for model, name in repository_names.renamed.items():
        if repository_names.rename_day[model] > 0:
            of_models[model].append(
                (int(repository_names.rename_day[model]), {"id": name, "author": name.partition("/")[0]})
            )
    for model, day in _parent_change_days(declared, repository_names, incidents):
        names = {parent: _name_on(parent, day, repository_names, incidents) for parent in declared[model].linked}
        linked = base_models(model, declared[model], population, hub_ids, names)
        of_models[model].append((day, {"baseModels": linked or None}))
    return {model: sorted(of_model, key=lambda change: change[0]) for model, of_model in of_models.items()}


def _parent_change_days(
    declared: Sequence[Declaration], repository_names: RepositoryNames, incidents: Incidents
) -> list[tuple[int, int]]:
    """Each model with each day of the window on which a linked parent is renamed or deleted."""
    rename_days = {
        model: int(repository_names.rename_day[model])
        for model in repository_names.renamed
        if repository_names.rename_day[model] > 0
    }
    delete_days = {
        model: int(incidents.delete_day[model]) for model in np.flatnonzero(incidents.delete_day < NEVER).tolist()
    }
    pairs = {
        (model, days[parent])
        for model, declaration in enumerate(declared)
        for parent in declaration.linked
        for days in (rename_days, delete_days)
        if parent in days
    }
    return sorted(pairs)


def _name_on(model: int, day: int, repository_names: RepositoryNames, incidents: Incidents) -> str:
    return "" if day >= incidents.delete_day[model] else repository_names.on(model, day)
