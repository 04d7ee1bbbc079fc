"""What goes wrong on the simulated Hub, how often, and on which days and models it does. Pure.

Modelled on 26 months of daily readings of the real one: counters that stand still on some
Wednesdays, all-time counters that fall and come back, repositories that move or vanish.
"""

from dataclasses import dataclass, fields

import numpy as np

from tracker.demo.simulation.population import DAY_SECONDS, Flags, Floats, Ints, Kind, Population, Window

NEVER = 1 << 40
"""The day of what never happens."""

_THURSDAY = 3
_WEDNESDAY = 2
_START_MARGIN, _END_MARGIN = 2, 3
"""Days at either end of the window on which counters are not disturbed, so that each disturbance is seen to end."""


@dataclass(frozen=True, slots=True)
class IncidentRates:
    """Rates of everything that goes wrong; each can be set to 0 on its own. Shares are of repositories unless said."""

    frozen_wednesdays: float = 0.25
    """Share of Wednesdays on which all counters stand still; the next day, or the one after, catches up."""

    frozen_other_days: float = 0.01
    """Share of the other days on which they do."""

    partly_frozen_days: float = 0.03
    """Share of days on which only repositories younger than 90 days stand still."""

    days_per_rollback: int = 45
    """One all-time rollback for each such stretch of the window; 0 for none."""

    rollback_days: int = 3
    """How many days a rollback lasts before the counters are as if nothing had been."""

    rolled_back: float = 0.2
    """Share whose all-time counter falls in a rollback."""

    falls: float = 0.002
    """Share whose all-time counter falls once and for good."""

    renamed: float = 0.01
    """Share renamed, in the window or in the year before it."""

    deleted: float = 0.01
    """Share of the repositories without a lab that vanish within the window."""

    likes_taken_back: float = 0.003
    """Share of repositories that, on any one day, show a like less than they should."""

    undeclared: float = 0.03
    """Share of derivatives whose card names no base; this and all below are shares of derivatives."""

    wrong_case: float = 0.004
    """The card names the base in another case; the Hub derives no link, half of the cards show it in a tag."""

    dangling: float = 0.008
    """The tags name a repository that is not there."""

    local_path: float = 0.004
    """The tags name a folder on somebody's disk."""

    bare_name: float = 0.003
    """The tags name the base without its owner."""

    self_reference: float = 0.002
    """The repository names itself."""

    cycle: float = 0.002
    """The repository names one of its own derivatives."""

    hidden_base: float = 1.0
    """Share of the registry's curated bases, where released, whose cards do not tell them."""

    @classmethod
    def none(cls) -> "IncidentRates":
        """A Hub on which nothing goes wrong."""
        return cls(**{spec.name: 0 for spec in fields(cls)})


@dataclass(frozen=True, slots=True)
class Incidents:
    """Which days and models are hit. Days are positions in the window, from 0; before it they are negative."""

    frozen: Flags
    """Per day: do all counters stand still?"""

    partly_frozen: Flags
    """Per day: do the counters of young repositories stand still?"""

    rollbacks: tuple[tuple[int, int], ...]
    """First day and first day after of each all-time rollback."""

    rolled_back: Floats
    """Per model: share of its all-time counter that is missing during rollbacks; 0 where nothing is."""

    drop_day: Ints
    """Per model: the day from which its all-time counter is lower for good; NEVER for most. Likewise below."""

    drop_share: Floats
    rename_day: Ints
    delete_day: Ints


def draw_incidents(rng: np.random.Generator, rates: IncidentRates, population: Population, window: Window) -> Incidents:
    """The incidents of a world, drawn at the given rates."""
    days = window.last - window.first + 1
    rollbacks = _rollbacks(rng, rates, days)
    frozen, partly = _frozen(rng, rates, window, rollbacks)
    count = len(population)
    created_on = population.created // DAY_SECONDS - window.first
    is_release = population.kinds == Kind.RELEASE
    draws = rng.random((4, count))
    day_in_window = _days_in_window(rng, count, days)
    return Incidents(
        frozen=frozen,
        partly_frozen=partly,
        rollbacks=rollbacks,
        rolled_back=np.where(draws[0] < rates.rolled_back, rng.uniform(0.15, 0.6, count), 0.0),
        drop_day=np.where((draws[1] < rates.falls) & (created_on < 0), day_in_window, NEVER),
        drop_share=rng.uniform(0.2, 0.7, count),
        rename_day=_rename_days(rng, draws[2] < rates.renamed, created_on, days),
        delete_day=np.where(
            (draws[3] < rates.deleted) & ~is_release & (day_in_window > created_on), day_in_window, NEVER
        ),
    )


def _days_in_window(rng: np.random.Generator, count: int, days: int) -> Ints:
    """One day per model, never the first of the window; NEVER where the window has but one day."""
    return rng.integers(1, days, count) if days > 1 else np.full(count, NEVER)


def _rename_days(rng: np.random.Generator, is_renamed: Flags, created_on: Ints, days: int) -> Ints:
    """Half within the window, half in the year before it, always at least a day after creation."""
    day = np.where(
        rng.random(len(created_on)) < 0.5,
        _days_in_window(rng, len(created_on), days),
        rng.integers(-365, 1, len(created_on)),
    )
    return np.where(is_renamed & (day > created_on), day, NEVER)


def _rollbacks(rng: np.random.Generator, rates: IncidentRates, days: int) -> tuple[tuple[int, int], ...]:
    """One in the middle half of each stretch of the window."""
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
    """Days that stand still, apart from rollbacks and from each other's catching up."""
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
