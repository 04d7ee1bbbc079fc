"""Ground truth of a simulated world: true downloads, true parents, incidents and corruptions. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.demo.simulation.declarations import Corruption
from tracker.demo.simulation.population import Ints, Kind, Population
from tracker.registry.entries import Relation


@dataclass(frozen=True, slots=True)
class Parent:
    """A true parent."""

    hub_id: str
    relation: Relation


@dataclass(frozen=True, slots=True)
class Rename:
    """A rename, before or within the window."""

    day: date
    former: str
    name: str


@dataclass(frozen=True, slots=True)
class Truth:
    """Ground truth of a world. Models are in the order of `hub_ids`, the order of creation."""

    hub_ids: Sequence[str]
    kinds: Mapping[str, Kind]

    first_day: date
    """Day of column 0 of `daily_downloads`: 30 days before the first listed day."""

    daily_downloads: Ints
    """Shape (models, 30 + days): true downloads per model and day."""

    downloads_before: Ints
    """Shape (models,): downloads from creation to the day before `first_day`."""

    parents: Mapping[str, tuple[Parent, ...]]
    """True parents by `_id`; models without parents are omitted."""

    roots: Mapping[str, Mapping[str, float]]
    """hub_id -> true root -> weight. Each of p parents has weight 1/p; a model without parents is its own root."""

    corrupted: Mapping[str, Corruption]
    """Models whose declared parents are not the true ones."""

    frozen_days: tuple[date, ...]
    """Days on which the download counters of all repositories are frozen; likes are not."""

    partly_frozen_days: tuple[date, ...]
    """Days on which only those of repositories younger than 90 days are frozen."""

    rollback_days: tuple[date, ...]
    rolled_back: frozenset[str]
    """Models whose all-time counter is too low on each of `rollback_days`."""

    falls: Mapping[str, date]
    """Models with a permanent drop of the all-time counter, and its first day."""

    renames: Mapping[str, Rename]
    deleted: Mapping[str, date]
    """Deleted models, and the first day on which they are not listed."""


def true_parents(population: Population, hub_ids: Sequence[str]) -> dict[str, tuple[Parent, ...]]:
    """True parents by `_id`."""
    found = {}
    for model, row in enumerate(population.parents.tolist()):
        relation = population.relations[model]
        if relation is not None:
            found[hub_ids[model]] = tuple(Parent(hub_ids[parent], relation) for parent in row if parent >= 0)
    return found


def true_roots(parents: Mapping[str, Sequence[Parent]], hub_ids: Sequence[str]) -> dict[str, Mapping[str, float]]:
    """Weights of each model's roots; `hub_ids` must list parents before their children."""
    roots: dict[str, Mapping[str, float]] = {}
    for hub_id in hub_ids:
        of_model = parents.get(hub_id, ())
        if len(of_model) == 1:
            roots[hub_id] = roots[of_model[0].hub_id]
            continue
        weights: dict[str, float] = {} if of_model else {hub_id: 1.0}
        for parent in of_model:
            for root, weight in roots[parent.hub_id].items():
                weights[root] = weights.get(root, 0.0) + weight / len(of_model)
        roots[hub_id] = weights
    return roots
