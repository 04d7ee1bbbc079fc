"""Simulated counters agree with the true downloads, except for the declared incidents."""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import numpy as np
import pytest

from tracker.demo.simulation.incidents import IncidentRates
from tracker.demo.simulation.population import Ints
from tracker.demo.simulation.world import SimulatedWorld

NONE = IncidentRates.none()
YOUNG = timedelta(days=90)


@cache
def counter_table(world: SimulatedWorld, field: str) -> Ints:
    """A counter by model and day of the window; -1 where the model is not listed."""
    place = {hub_id: n for n, hub_id in enumerate(world.truth.hub_ids)}
    table = np.full((len(place), len(world.days)), -1, dtype=np.int64)
    for column, day in enumerate(world.days):
        for row in world.listing(day).rows:
            table[place[row["_id"]], column] = row[field]
    return table


@cache
def creation_days(world: SimulatedWorld) -> list[date]:
    """The day of creation of each model."""
    return [date(1970, 1, 1) + timedelta(seconds=int(hub_id[:8], 16)) for hub_id in world.truth.hub_ids]


@cache
def small(rates: IncidentRates, days: int = 50) -> SimulatedWorld:
    return SimulatedWorld(seed=8, days=days, models=1_000, rates=rates)


@pytest.mark.slow
def test_daily_differences_are_the_true_downloads(quiet: SimulatedWorld) -> None:
    all_time, daily = counter_table(quiet, "downloadsAllTime"), quiet.truth.daily_downloads[:, 30:]
    both = (all_time[:, :-1] >= 0) & (all_time[:, 1:] >= 0)
    assert both.sum() > 80_000
    assert (np.diff(all_time, axis=1)[both] == daily[:, 1:][both]).all()


def test_new_repository_starts_with_its_first_day_downloads(quiet: SimulatedWorld) -> None:
    all_time, daily = counter_table(quiet, "downloadsAllTime"), quiet.truth.daily_downloads
    new = [n for n, day in enumerate(creation_days(quiet)) if day in quiet.days]
    assert len(new) > 100
    for n in new:
        column = (creation_days(quiet)[n] - quiet.days[0]).days
        assert all_time[n, column] == daily[n, 30 + column]
        assert daily[n, : 30 + column].sum() == quiet.truth.downloads_before[n] == 0


def test_30_day_count_is_the_difference_of_all_time_counts(quiet: SimulatedWorld) -> None:
    all_time, last_30 = counter_table(quiet, "downloadsAllTime"), counter_table(quiet, "downloads")
    before = np.where(all_time[:, :-30] < 0, 0, all_time[:, :-30])
    listed = all_time[:, 30:] >= 0
    assert ((all_time[:, 30:] - before)[listed] == last_30[:, 30:][listed]).all()


def test_first_30_day_count_is_the_sum_of_earlier_days(quiet: SimulatedWorld) -> None:
    last_30, truth = counter_table(quiet, "downloads"), quiet.truth
    listed = last_30[:, 0] >= 0
    assert truth.first_day == quiet.days[0] - timedelta(days=30)
    assert (last_30[listed, 0] == truth.daily_downloads[listed, 1:31].sum(axis=1)).all()


def test_weekends_have_fewer_downloads(quiet: SimulatedWorld) -> None:
    totals = dict(zip(quiet.days, quiet.truth.daily_downloads[:, 30:].sum(axis=0).tolist(), strict=True))
    weekend = [total for day, total in totals.items() if day.weekday() >= 5]
    midweek = [total for day, total in totals.items() if day.weekday() in (1, 2, 3)]
    assert np.median(weekend) < 0.92 * np.median(midweek)


def test_world_with_zero_rates_has_no_incidents(quiet: SimulatedWorld) -> None:
    truth = quiet.truth
    assert not truth.frozen_days and not truth.partly_frozen_days and not truth.rollback_days and not truth.rolled_back
    assert not truth.falls and not truth.renames and not truth.deleted and not truth.corrupted


def test_frozen_counters_catch_up() -> None:
    world = small(replace(NONE, frozen_wednesdays=0.5, frozen_other_days=0.05))
    frozen = [world.days.index(day) for day in world.truth.frozen_days]
    all_time, last_30 = counter_table(world, "downloadsAllTime"), counter_table(world, "downloads")
    assert len(frozen) >= 4
    assert any(day.weekday() == 2 for day in world.truth.frozen_days)
    for column in frozen:
        listed = all_time[:, column - 1] >= 0
        assert (all_time[listed, column] == all_time[listed, column - 1]).all()
        assert (last_30[listed, column] == last_30[listed, column - 1]).all()
    assert (all_time[:, -1] == world.truth.downloads_before + world.truth.daily_downloads.sum(axis=1)).all()
    moving = [column for column in range(1, 50) if column not in frozen]
    assert all((np.diff(all_time[:, [column - 1, column]]) > 0).mean() > 0.3 for column in moving)


@pytest.mark.slow
def test_partly_frozen_days_affect_only_young_repositories() -> None:
    world = small(replace(NONE, partly_frozen_days=0.2))
    all_time, days = counter_table(world, "downloadsAllTime"), creation_days(world)
    assert len(world.truth.partly_frozen_days) >= 5 and not world.truth.frozen_days
    for day in world.truth.partly_frozen_days:
        column = world.days.index(day)
        rise = all_time[:, column] - all_time[:, column - 1]
        young = np.array([day - YOUNG < created < day for created in days])
        old = np.array([created <= day - YOUNG for created in days])
        assert (rise[young] == 0).all()
        assert (rise[old] > 0).mean() > 0.3
    assert (all_time[:, -1] == world.truth.downloads_before + world.truth.daily_downloads.sum(axis=1)).all()


@pytest.mark.slow
def test_rollback_recovers_exactly() -> None:
    twice = replace(NONE, days_per_rollback=25, rollback_days=4, rolled_back=0.2)
    world, undisturbed = small(twice), small(NONE)
    rolled, true = counter_table(world, "downloadsAllTime"), counter_table(undisturbed, "downloadsAllTime")
    days = [world.days.index(day) for day in world.truth.rollback_days]
    affected = np.array([hub_id in world.truth.rolled_back for hub_id in world.truth.hub_ids])
    assert len(days) == 8
    assert (rolled[:, days] < true[:, days])[affected].all()
    assert 0.05 < affected.mean() < 0.25
    start = days[0]
    listed = rolled[:, start - 1] >= 0
    assert (rolled[listed, start] < rolled[listed, start - 1]).mean() > 0.05
    rest = [column for column in range(50) if column not in days]
    assert (rolled[:, rest] == true[:, rest]).all()
    assert (counter_table(world, "downloads") == counter_table(undisturbed, "downloads")).all()


def test_drop_lowers_one_counter_permanently() -> None:
    world, undisturbed = small(replace(NONE, falls=0.02)), small(NONE)
    dropped, true = counter_table(world, "downloadsAllTime"), counter_table(undisturbed, "downloadsAllTime")
    assert len(world.truth.falls) >= 5
    for n, hub_id in enumerate(world.truth.hub_ids):
        column = world.days.index(world.truth.falls[hub_id]) if hub_id in world.truth.falls else len(world.days)
        missing = (true - dropped)[n]
        assert (missing[:column] == 0).all()
        assert len(set(missing[column:].tolist())) <= 1


def test_likes_decrease_occasionally(quiet: SimulatedWorld) -> None:
    likes = counter_table(small(replace(NONE, likes_taken_back=0.01), days=20), "likes")
    steps = np.diff(likes, axis=1)[likes[:, :-1] >= 0]
    assert 0 < (steps < 0).mean() < 0.02
    assert likes.max() > 100
    undisturbed_likes = counter_table(quiet, "likes")
    assert (np.diff(undisturbed_likes, axis=1)[undisturbed_likes[:, :-1] >= 0] >= 0).all()


def test_deleted_repositories_disappear_on_their_day() -> None:
    world = small(replace(NONE, deleted=0.05), days=20)
    all_time = counter_table(world, "downloadsAllTime")
    assert len(world.truth.deleted) > 20
    for n, hub_id in enumerate(world.truth.hub_ids):
        column = world.days.index(world.truth.deleted[hub_id]) if hub_id in world.truth.deleted else len(world.days)
        assert (all_time[n, column:] == -1).all()
        assert column == 0 or all_time[n, column - 1] >= 0


@pytest.mark.parametrize("days", [1, 2, 3, 8])
def test_window_ends_have_no_frozen_days(days: int) -> None:
    world = small(replace(NONE, frozen_wednesdays=1, frozen_other_days=1, partly_frozen_days=1), days=days)
    quiet_days = {*world.days[:2], *world.days[-2:]}
    assert not quiet_days & {*world.truth.frozen_days, *world.truth.partly_frozen_days}


def test_default_world_has_every_incident(world: SimulatedWorld) -> None:
    truth = world.truth
    assert len(truth.frozen_days) >= 2 and len(truth.partly_frozen_days) >= 1 and len(truth.rollback_days) == 3
    assert len(truth.falls) >= 5 and len(truth.renames) >= 20 and len(truth.deleted) >= 20
    assert not {*truth.frozen_days} & {*truth.rollback_days}
