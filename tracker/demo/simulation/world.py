"""A simulated Hub, generated from a seed and the registry; identical in every process."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from tracker.demo.catalog import Listing
from tracker.demo.simulation import counters, declarations, derivations, releases, rows, sources
from tracker.demo.simulation.incidents import NEVER, IncidentRates, draw_incidents
from tracker.demo.simulation.known_models import known_models
from tracker.demo.simulation.known_population import draw_known
from tracker.demo.simulation.listing import ListingRows, row_changes
from tracker.demo.simulation.population import DAY_SECONDS, Flags, Ints, Kind, Window, sorted_by_creation
from tracker.demo.simulation.rulers import SimulatedRulers, simulated_rulers
from tracker.demo.simulation.truth import Rename, Truth, true_parents, true_roots
from tracker.demo.simulation.upload_names import UsedNames
from tracker.errors import SettingsError
from tracker.registry.entries import Registry
from tracker.registry.load import load

LAST_DAY = date(2026, 11, 20)
_RELEASE_SHARE = 0.15
_KNOWN_SHARE = 0.15


class SimulatedWorld:
    """A `Catalog` of simulated models whose ground truth is known.

    The listing of a day includes the repositories created on that day and, unless counters are
    frozen, its downloads.

    Args:
        seed: 0 or more; each seed gives a different world.
        days: number of listed days, at least 1.
        models: total number of repositories, including those created or deleted within the window.
        last_day: the last listed day.
        registry: source of labs, families and repackagers; the shipped one if None.
        rates: rates of incidents; the default rates if None.

    Raises:
        SettingsError: a number is out of range, or the registry has nothing to release.
    """

    def __init__(
        self,
        seed: int,
        days: int,
        models: int = 8_000,
        last_day: date = LAST_DAY,
        registry: Registry | None = None,
        rates: IncidentRates | None = None,
    ) -> None:
        """Generate the world. Listings are built on first use and cached."""
        if seed < 0 or days < 1 or models < 1:
            raise SettingsError(
                f"a simulated world needs seed >= 0, days >= 1 and models >= 1, not {seed}, {days} and {models}"
            )
        self._seed = seed
        self._rates = rates if rates is not None else IncidentRates()
        self._window = Window.ending(last_day, days)
        self._days = tuple(last_day - timedelta(days=days - 1 - n) for n in range(days))
        self._listings: dict[date, Listing] = {}
        self._draw_repositories(registry if registry is not None else load(), models)
        self._draw_downloads()
        self._build_rows()

    @property
    def is_simulated(self) -> bool:
        """Always true."""
        return True

    @property
    def days(self) -> Sequence[date]:
        """The listed days, ascending."""
        return self._days

    def listing(self, day: date) -> Listing:
        """The public models on `day`, the same object on each call; its rows are built on access.

        Raises:
            SettingsError: the day is not one of `days`.
        """
        if day not in self._listings:
            if not self._days[0] <= day <= self._days[-1]:
                raise SettingsError(
                    f"no simulated listing of {day}; choose a day from {self._days[0]} to {self._days[-1]}"
                )
            self._listings[day] = self._listed((day - self._days[0]).days)
        return self._listings[day]

    @cached_property
    def truth(self) -> Truth:
        """Ground truth of this world."""
        ids, incidents = self._hub_ids, self._incidents
        parents = true_parents(self._population, ids)
        rolled_back = np.flatnonzero(self._is_rolled_back()).tolist()
        return Truth(
            hub_ids=ids,
            kinds={hub_id: Kind(kind) for hub_id, kind in zip(ids, self._population.kinds.tolist(), strict=True)},
            first_day=self._day(-counters.DAYS_BEFORE),
            daily_downloads=self._daily,
            downloads_before=self._cumulative[:, 0],
            parents=parents,
            roots=true_roots(parents, ids),
            corrupted={ids[model]: corruption for model, corruption in self._corrupted.items()},
            frozen_days=self._days_where(incidents.frozen),
            partly_frozen_days=self._days_where(incidents.partly_frozen),
            rollback_days=tuple(self._day(day) for start, end in incidents.rollbacks for day in range(start, end)),
            rolled_back=frozenset(ids[model] for model in rolled_back),
            falls=self._days_by_id(incidents.drop_day),
            renames={
                ids[model]: Rename(self._day(int(self._names.rename_day[model])), self._names.original[model], name)
                for model, name in self._names.renamed.items()
            },
            deleted=self._days_by_id(incidents.delete_day),
        )

    @cached_property
    def rulers(self) -> SimulatedRulers:
        """The truth about this world on other rulers than the Hub's downloads."""
        return simulated_rulers(self._population, self._lines, self._daily, self._days[0], self._random(14))

    def _random(self, number: int) -> np.random.Generator:
        """An independent random generator per stage, so that changing one stage leaves the others unchanged."""
        return np.random.Generator(np.random.PCG64([self._seed, 0, number]))

    def _draw_repositories(self, registry: Registry, models: int) -> None:
        self._lines = sources.release_lines(registry, self._days[-1], self._random(1))
        reserved = frozenset(org.handle.lower() for org in registry.organizations)
        used_names = UsedNames()
        facts = known_models(round(models * _KNOWN_SHARE), self._window.last)
        known = draw_known(self._random(13), facts, self._lines, registry, self._window, used_names)
        release_count = max(round(models * _RELEASE_SHARE) - int((known.kinds == Kind.RELEASE).sum()), 1)
        base = releases.draw_releases(
            self._random(2), self._lines, registry.bases, release_count, self._window, used_names, known
        )
        self._hidden = frozenset(entry.repo_id for entry in registry.bases)
        accounts = derivations.account_names_for(self._random(3), models, reserved)
        uploaders = derivations.Uploaders(accounts, sources.repackagers(registry))
        counts = derivations.Counts.of(models, base)
        everything = derivations.add_derivatives(
            self._random(4), base, uploaders, counts, self._window, used_names, [line.pipeline for line in self._lines]
        )
        self._population, self._hub_ids = sorted_by_creation(everything, self._random(5))
        self._created_on: Ints = self._population.created // DAY_SECONDS - self._window.first
        self._incidents = draw_incidents(self._random(6), self._rates, self._population, self._window)
        self._names = declarations.draw_names(
            self._random(7), self._population, self._lines, self._incidents, used_names
        )

    def _draw_downloads(self) -> None:
        labs = sorted({line.lab for line in self._lines})
        of_line = np.array([*(labs.index(line.lab) for line in self._lines), -1], dtype=np.int64)
        countries = {line.lab: line.country for line in self._lines}
        curves = counters.draw_usage_curves(
            self._random(8),
            self._population,
            [countries[lab] for lab in labs],
            of_line[self._population.lines],
            self._window,
        )
        self._daily, before = counters.draw_downloads(
            self._random(9), self._population, curves, self._window, self._incidents.delete_day
        )
        self._cumulative: Ints = np.cumsum(np.column_stack([before, self._daily]), axis=1)
        self._appeal = self._random(10).lognormal(-2.0, 0.8, len(self._population))

    def _build_rows(self) -> None:
        self._declared, self._corrupted = declarations.draw_declarations(
            self._random(11), self._population, self._names, self._rates, self._hidden, self._window
        )
        traits = rows.draw_traits(self._random(12), self._population, self._window)
        names = dict(enumerate(self._names.on(model, 0) for model in range(len(self._population))))
        linked = {
            model: rows.base_models(model, declared, self._population, self._hub_ids, names)
            for model, declared in enumerate(self._declared)
            if declared.linked
        }
        self._initial_rows = rows.initial_rows(
            self._population, self._hub_ids, names.values(), self._lines, self._declared, linked, traits, self._window
        )
        self._changes = row_changes(
            self._population,
            self._hub_ids,
            self._declared,
            self._initial_rows,
            self._names,
            self._incidents,
            traits,
            self._window,
        )

    def _listed(self, day: int) -> Listing:
        incidents = self._incidents
        likes = counters.hub_likes(self._seed, day, self._cumulative, self._appeal, self._rates)
        of_day = counters.hub_counters(day, self._cumulative, self._created_on, incidents, likes)
        present = np.flatnonzero((self._created_on <= day) & (day < incidents.delete_day))
        renames = {
            self._names.original[model]: name
            for model, name in self._names.renamed.items()
            if self._names.rename_day[model] <= day < incidents.delete_day[model]
        }
        return Listing(ListingRows(self._initial_rows, self._changes, day, present, of_day), renames)

    def _is_rolled_back(self) -> Flags:
        """Models whose counter is visibly too low in every rollback."""
        columns = [start + counters.DAYS_BEFORE for start, _ in self._incidents.rollbacks]
        missing = self._incidents.rolled_back[:, None] * self._cumulative[:, columns]
        return np.asarray((missing >= 1).all(axis=1) & bool(columns))

    def _day(self, position: int) -> date:
        return self._days[0] + timedelta(days=position)

    def _days_where(self, flags: Flags) -> tuple[date, ...]:
        return tuple(self._day(position) for position in np.flatnonzero(flags).tolist())

    def _days_by_id(self, days: Ints) -> dict[str, date]:
        return {self._hub_ids[model]: self._day(int(days[model])) for model in np.flatnonzero(days < NEVER).tolist()}
