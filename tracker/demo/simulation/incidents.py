"""Incidents on the simulated Hub: their rates, and the days and models affected. Pure.

Modelled on 26 months of daily readings of the real Hub: counters that freeze on some
Wednesdays, all-time counters that drop and recover, repositories that are renamed or deleted.
"""

from dataclasses import dataclass, fields

import numpy as np

from tracker.demo.simulation.population import DAY_SECONDS, Flags, Floats, Ints, Kind, Population, Window

NEVER = 1 << 40
"""Day number of an event that does not happen."""

_THURSDAY = 3
_WEDNESDAY = 2
_START_MARGIN, _END_MARGIN = 2, 3
"""Days without incidents at each end of the window, so that every incident ends within the window."""


@dataclass(frozen=True, slots=True)
class IncidentRates:
    """Rates of all incidents; each can be set to 0. Shares are of repositories unless noted otherwise."""

    frozen_wednesdays: float = 0.25
    """Share of Wednesdays on which all download counters freeze; they catch up one or two days later."""

    frozen_other_days: float = 0.01
    """Share of other days on which all download counters freeze."""

    partly_frozen_days: float = 0.03
    """Share of days on which only the counters of repositories younger than 90 days freeze."""

    days_per_rollback: int = 45
    """Days of the window per all-time rollback; 0 for no rollbacks."""

    rollback_days: int = 3
    """Days until the counters recover completely from a rollback."""

    rolled_back: float = 0.2
    """Share whose all-time counter drops in a rollback."""

    falls: float = 0.002
    """Share whose all-time counter drops once and does not recover."""

    renamed: float = 0.01
    """Share renamed, either in the window or in the year before it."""

    deleted: float = 0.01
    """Share of repositories, except lab releases, that are deleted within the window."""

    likes_taken_back: float = 0.003
    """Share of repositories that show one like too few on any given day."""

    undeclared: float = 0.03
    """Share of derivatives whose card names no base. This and all rates below are shares of derivatives."""

    wrong_case: float = 0.004
    """The card names the base in the wrong case. The Hub adds no link, and a tag for only half of the cards."""

    dangling: float = 0.008
    """The tags name a repository that does not exist."""

    local_path: float = 0.004
    """The tags name a local folder."""

    bare_name: float = 0.003
    """The tags name the base without its owner."""

    self_reference: float = 0.002
    """The repository names itself."""

    cycle: float = 0.002
    """The repository names one of its derivatives."""

    hidden_base: float = 1.0
    """Share of released models with parents curated in the registry whose cards do not name them."""

    @classmethod
    def none(cls) -> "IncidentRates":
        """Rates of a Hub without incidents."""
        return cls(**{spec.name: 0 for spec in fields(cls)})


@dataclass(frozen=True, slots=True)
class Incidents:
    """The affected days and models. Days are positions in the window, from 0; earlier days are negative."""

    frozen: Flags
    """Per day: whether all download counters are frozen."""

    partly_frozen: Flags
    """Per day: whether the counters of young repositories are frozen."""

    rollbacks: tuple[tuple[int, int], ...]
    """First day of each all-time rollback, and the first day after it."""

    rolled_back: Floats
    """Per model: share of the all-time counter that is missing during rollbacks; 0 for unaffected models."""

    drop_day: Ints
    """Per model: first day of a permanent drop of the all-time counter; NEVER for most models."""

    drop_share: Floats
    rename_day: Ints
    delete_day: Ints


def draw_incidents(rng: np.random.Generator, rates: IncidentRates, population: Population, window: Window) -> Incidents:
    """Draw the incidents of a world at the given rates."""
    days = window.last - window.first + 1
    rollbacks = _rollbacks(rng, rates, days)
    frozen, partly = _frozen(rng, rates, window, rollbacks)
    count = len(population)
    created_on = population.created // DAY_SECONDS - window.first
    is_known = population.is_known
    is_lasting = (population.kinds == Kind.RELEASE) | is_known
    draws = rng.random((4, count))
    day_in_window = _days_in_window(rng, count, days)
    return Incidents(
        frozen=frozen,
        partly_frozen=partly,
        rollbacks=rollbacks,
        rolled_back=np.where(draws[0] < rates.rolled_back, rng.uniform(0.15, 0.6, count), 0.0),
        drop_day=np.where((draws[1] < rates.falls) & (created_on < 0) & ~is_known, day_in_window, NEVER),
        drop_share=rng.uniform(0.2, 0.7, count),
        rename_day=_rename_days(rng, (draws[2] < rates.renamed) & ~is_known, created_on, days),
        delete_day=np.where(
            (draws[3] < rates.deleted) & ~is_lasting & (day_in_window > created_on), day_in_window, NEVER
        ),
    )


def _days_in_window(rng: np.random.Generator, count: int, days: int) -> Ints:
    """Draw a day per model, never the first of the window; NEVER in a window of one day."""
    return rng.integers(1, days, count) if days > 1 else np.full(count, NEVER)


def _rename_days(rng: np.random.Generator, is_renamed: Flags, created_on: Ints, days: int) -> Ints:
    """Draw rename days: half in the window, half in the year before it, at least a day after creation."""
    day = np.where(
        rng.random(len(created_on)) < 0.5,
        _days_in_window(rng, len(created_on), days),
        rng.integers(-365, 1, len(created_on)),
    )
    return np.where(is_renamed & (day > created_on), day, NEVER)


def _rollbacks(rng: np.random.Generator, rates: IncidentRates, days: int) -> tuple[tuple[int, int], ...]:
    """Draw one rollback in the middle half of each `days_per_rollback` days."""
    if not rates.days_per_rollback or not rates.rollback_days:
        return ()
    found = []
    for stretch in range(days // rates.days_per_rollback):
        quarter = rates.days_per_rollback // 4
        start = stretch * rates.days_per_rollback + quarter + int(rng.integers(0, max(2 * quarter, 1)))
        if start > _START_MARGIN and start + rates.rollback_days + _END_MARGIN <= days:
            found.append((start, start + rates.rollback_days))
    return tuple(found)


def _frozen(
    rng: np.random.Generator, rates: IncidentRates, window: Window, rollbacks: tuple[tuple[int, int], ...]
) -> tuple[Flags, Flags]:
    """Draw frozen and partly frozen days, away from rollbacks."""
    days = window.last - window.first + 1
    is_eligible = np.zeros(days, dtype=bool)
    is_eligible[_START_MARGIN : max(days - _END_MARGIN, 0)] = True
    for start, end in rollbacks:
        is_eligible[max(start - 3, 0) : end + 3] = False
    weekday = (window.first + np.arange(days) + _THURSDAY) % 7
    frozen = _draw_days(rng, is_eligible & (weekday == _WEDNESDAY), rates.frozen_wednesdays)
    frozen |= _draw_days(rng, is_eligible & (weekday != _WEDNESDAY), rates.frozen_other_days)
    continues = frozen & (rng.random(days) < 0.3)
    frozen[1:] |= continues[:-1]
    return frozen, _draw_days(rng, is_eligible & ~frozen, rates.partly_frozen_days)


def _draw_days(rng: np.random.Generator, is_candidate: Flags, share: float) -> Flags:
    """Draw a rounded share of the candidate days. Their number is fixed; only the choice of days is random."""
    candidates = np.flatnonzero(is_candidate)
    chosen = np.zeros(len(is_candidate), dtype=bool)
    chosen[rng.permutation(candidates)[: round(share * len(candidates))]] = True
    return chosen
