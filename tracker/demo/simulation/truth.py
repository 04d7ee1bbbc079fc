"""What is known of a simulated world and of no real one: true downloads, true parents, what was spoilt. Pure."""

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
    """A repository that changed its name on a day, before the window or in it."""

    day: date
    former: str
    name: str


@dataclass(frozen=True, slots=True)
class Truth:
    """The truth of a world. Models are in the order of `hub_ids`, which is the order of creation."""

    hub_ids: Sequence[str]
    kinds: Mapping[str, Kind]

    first_day: date
    """Day of column 0 of `daily_downloads`: 30 days before the first listed day."""

    daily_downloads: Ints
    """Shape (models, 30 + days): downloads of a model on a day."""

    downloads_before: Ints
    """Shape (models,): downloads from creation to the day before `first_day`."""

    parents: Mapping[str, tuple[Parent, ...]]
    """True parents; models without any are left out."""

    roots: Mapping[str, Mapping[str, float]]
    """hub_id -> true root -> weight. Each parent counts 1/p; a model without parents is its own root."""

    corrupted: Mapping[str, Corruption]
    """Models whose declared parents are not the true ones."""

    frozen_days: tuple[date, ...]
    """Days on which the download counters of all repositories stand still; likes go on."""

    partly_frozen_days: tuple[date, ...]
    """Days on which those of repositories younger than 90 days do."""

    rollback_days: tuple[date, ...]
    rolled_back: frozenset[str]
    """Models whose all-time counter is too low on each of `rollback_days`."""

    falls: Mapping[str, date]
    """Models whose all-time counter falls for good, and the first day on which it shows."""

    renames: Mapping[str, Rename]
    deleted: Mapping[str, date]
    """Models that vanish, and the first day on which they are gone."""


def true_parents(population: Population, hub_ids: Sequence[str]) -> dict[str, tuple[Parent, ...]]:
    """True parents by `_id`."""
    found = {}
    for model, row in enumerate(population.parents.tolist()):
        relation = population.relations[model]
        if relation is not None:
            found[hub_ids[model]] = tuple(Parent(hub_ids[parent], relation) for parent in row if parent >= 0)
    return found


def true_roots(parents: Mapping[str, Sequence[Parent]], hub_ids: Sequence[str]) -> dict[str, Mapping[str, float]]:
    """Weights of the roots of each model; `hub_ids` name parents before children."""
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
