"""Downloads, likes and trending scores: what truly happened, and what the Hub shows of it on a day. Pure.

The listing of a day shows everything through that day: without misbehaviour the all-time
counter of day t holds the downloads of day t, and its difference from the day before is exactly those.
"""

from dataclasses import dataclass

import numpy as np

from tracker.demo.simulation.incidents import IncidentRates, Incidents
from tracker.demo.simulation.population import DAY_SECONDS, Flags, Floats, Ints, Kind, Population, Window

DAYS_BEFORE = 30
"""Days before the window whose downloads are known one by one: what the first 30-day count needs."""

_BLOCK_ROWS = 20_000
_LAUNCH_DAYS = 6.0
_YOUNG_DAYS = 90
_WEEK = np.array([1.04, 1.08, 1.09, 1.07, 1.0, 0.84, 0.88])
"""Factor by weekday, Monday first."""

_MONDAY_OFFSET = 3


@dataclass(frozen=True, slots=True)
class UsageCurve:
    """How each model's use changes with age and time."""

    base: Floats
    """Downloads a day at the end of the window, before the decay that comes with age."""

    launch: Floats
    """How many times higher the first day is."""

    floor: Floats
    """What is left of the use in old age, as a share."""

    half_life: Floats
    """Days in which the use falls towards the floor by a factor of e."""

    growth: Floats
    """Change of the logarithm of the use per day, on top of ageing."""

    week: Floats
    """How strongly weekends are felt: 1 as usual, less for machines."""


@dataclass(frozen=True, slots=True)
class Counters:
    """What the Hub shows on one day, per model of the whole population, listed or not."""

    downloads_30d: Ints
    downloads_all_time: Ints
    likes: Ints
    trending: Ints


def draw_usage_curves(rng: np.random.Generator, population: Population, labs: int, lab_of: Ints) -> UsageCurve:
    """A curve for each model; models of one lab share a trend. `lab_of` is -1 where there is none."""
    count = len(population)
    is_release = population.kinds == Kind.RELEASE
    is_other = population.kinds == Kind.OTHER
    trend = np.append(rng.normal(0.0008, 0.004, labs), 0.0)
    return UsageCurve(
        base=population.popularity,
        launch=np.where(is_release, rng.lognormal(0.7, 0.6, count), rng.lognormal(0.2, 0.8, count)),
        floor=np.where(
            is_other, 0.8, np.where(is_release, rng.uniform(0.1, 0.6, count), rng.uniform(0.01, 0.2, count))
        ),
        half_life=np.where(is_release, rng.uniform(120, 500, count), rng.uniform(20, 200, count)),
        growth=trend[lab_of] + rng.normal(0, 0.0015, count),
        week=rng.uniform(0.2, 1.3, count),
    )


def draw_downloads(
    rng: np.random.Generator, population: Population, curve: UsageCurve, window: Window, deleted: Ints
) -> tuple[Ints, Ints]:
    """Downloads per model and day, shape (n, 30 + days), and the sum of all before, shape (n,).

    Nothing is downloaded before a repository is created or from the day of its deletion on.
    """
    columns = np.arange(-DAYS_BEFORE, window.last - window.first + 1)
    daily = np.zeros((len(population), len(columns)), dtype=np.int64)
    created_on = population.created // DAY_SECONDS - window.first
    weekdays = _WEEK[(window.first + columns + _MONDAY_OFFSET) % 7] - 1
    for start in range(0, len(population), _BLOCK_ROWS):
        block = slice(start, start + _BLOCK_ROWS)
        ages = columns[None, :] - created_on[block, None]
        mean = _shape(curve, block, ages) * (1 + curve.week[block, None] * weekdays)
        mean *= np.exp(curve.growth[block, None] * (columns - columns[-1]))
        mean *= np.exp(rng.normal(0, 0.09, mean.shape)) * _spikes(rng, mean.shape)
        mean[(ages < 0) | (columns[None, :] >= deleted[block, None])] = 0
        daily[block] = rng.poisson(np.minimum(mean, 1e9))
    return daily, rng.poisson(np.minimum(_downloads_before(curve, -DAYS_BEFORE - created_on, len(columns)), 1e15))


def booked_through(window_day: int, incidents: Incidents, is_young: Flags) -> Ints:
    """Per model the last day (position in the window, -1 for the day before it) whose downloads are booked."""
    days = np.arange(window_day + 1)
    updated_days = np.flatnonzero(~incidents.frozen[days])
    young_updated_days = np.flatnonzero(~(incidents.frozen | incidents.partly_frozen)[days])
    old_day = int(updated_days[-1]) if len(updated_days) else -1
    young_day = int(young_updated_days[-1]) if len(young_updated_days) else -1
    return np.where(is_young, young_day, old_day)


def hub_counters(window_day: int, cumulative: Ints, created_on: Ints, incidents: Incidents, likes: Ints) -> Counters:
    """The counters the Hub shows on a day.

    `cumulative` holds sums through each day, from the day before the first known one on.
    """
    booked = booked_through(window_day, incidents, created_on > window_day - _YOUNG_DAYS)
    models = np.arange(len(cumulative))
    through = cumulative[models, booked + DAYS_BEFORE + 1]
    last_30 = through - cumulative[models, booked + 1]
    missing = np.zeros_like(through)
    for start, end in incidents.rollbacks:
        if start <= window_day < end:
            missing += (incidents.rolled_back * cumulative[:, start + DAYS_BEFORE]).astype(np.int64)
    dropped = np.where(window_day >= incidents.drop_day, incidents.drop_share, 0.0)
    at_drop = cumulative[models, np.clip(incidents.drop_day, 0, cumulative.shape[1] - DAYS_BEFORE - 2) + DAYS_BEFORE]
    missing += (dropped * at_drop).astype(np.int64)
    last_week = through - cumulative[models, np.maximum(booked + DAYS_BEFORE - 6, 0)]
    freshness = np.exp(-np.maximum(window_day - created_on, 0) / 25)
    trending = (np.sqrt(last_week) * freshness / 4).astype(np.int64)
    return Counters(last_30, np.maximum(through - missing, 0), likes, trending)


def hub_likes(seed: int, window_day: int, cumulative: Ints, appeal: Floats, rates: IncidentRates) -> Ints:
    """Likes grow with use, and are sometimes taken back for a day."""
    used = cumulative[:, window_day + DAYS_BEFORE + 1]
    likes = (appeal * np.sqrt(used)).astype(np.int64)
    rng = np.random.Generator(np.random.PCG64([seed, 1, window_day]))
    taken_back = rng.random(len(likes)) < rates.likes_taken_back
    return np.maximum(likes - taken_back, 0)


def _shape(curve: UsageCurve, block: slice, ages: Ints) -> Floats:
    """The mean use at an age: a launch that wears off within days, over a slow decay towards the floor."""
    age = np.maximum(ages, 0)
    floor = curve.floor[block, None]
    slow = floor + (1 - floor) * np.exp(-age / curve.half_life[block, None])
    return curve.base[block, None] * slow * (1 + curve.launch[block, None] * np.exp(-age / _LAUNCH_DAYS))


def _downloads_before(curve: UsageCurve, age: Ints, columns: int) -> Floats:
    """The integral of the mean use from creation to `age` days."""
    days = np.maximum(age, 0).astype(np.float64)
    combined = 1 / (1 / curve.half_life + 1 / _LAUNCH_DAYS)
    floor, rest = curve.floor, 1 - curve.floor
    without_launch = floor * days + rest * curve.half_life * -np.expm1(-days / curve.half_life)
    launch = floor * _LAUNCH_DAYS * -np.expm1(-days / _LAUNCH_DAYS) + rest * combined * -np.expm1(-days / combined)
    return curve.base * (without_launch + curve.launch * launch) * np.exp(-curve.growth * columns)


def _spikes(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """Mostly 1; one day in twenty thousand a machine runs wild."""
    factors = np.ones(shape)
    count = rng.binomial(factors.size, 1 / 20_000)
    factors.flat[rng.integers(0, factors.size, count)] = rng.uniform(6, 40, count)
    return factors
