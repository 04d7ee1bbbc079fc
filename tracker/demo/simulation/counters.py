"""True downloads of each model and day, and the counters that the Hub shows. Pure.

The listing of day t includes the downloads of day t. Without incidents, the all-time counter rises from one day to
the next by exactly the downloads of the later day.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from tracker.demo.simulation.incidents import IncidentRates, Incidents
from tracker.demo.simulation.population import DAY_SECONDS, Flags, Floats, Ints, Kind, Population, Window

DAYS_BEFORE = 30
"""Days before the window with known daily downloads; the first 30-day count needs them."""

_BLOCK_ROWS = 20_000
_LAUNCH_DAYS = 6.0
_YOUNG_DAYS = 90
_COUNTRY_TRENDS = {"CN": 0.0012, "US": -0.0012}
_LAB_TRENDS = 0.0015
_RISING_DAYS, _RISING_AT_MOST = 150, 0.02
"""Age up to which known models still win users, and their growth per day at most."""

_WEEK = np.array([1.04, 1.08, 1.09, 1.07, 1.0, 0.84, 0.88])
"""Factor by weekday, Monday first."""

_MONDAY_OFFSET = 3


@dataclass(frozen=True, slots=True)
class UsageCurve:
    """Parameters of downloads over age and time, one entry per model."""

    base: Floats
    """Downloads per day at the end of the window, before the decay with age."""

    launch: Floats
    """Additional downloads on the first day, as a multiple of the later level."""

    floor: Floats
    """Share of downloads that remains after the decay."""

    half_life: Floats
    """Days in which the distance to the floor shrinks by a factor of e."""

    growth: Floats
    """Change per day of the logarithm of downloads, in addition to the decay."""

    week: Floats
    """Strength of the weekly pattern: 1 is average, lower for automated downloads."""


@dataclass(frozen=True, slots=True)
class Counters:
    """Counters that the Hub shows on one day, for every model of the population, listed or not."""

    downloads_30d: Ints
    downloads_all_time: Ints
    likes: Ints
    trending: Ints


def draw_usage_curves(
    rng: np.random.Generator, population: Population, countries: Sequence[str], lab_of: Ints, window: Window
) -> UsageCurve:
    """Draw a curve for each model. Models of one lab share a trend.

    `countries` are those of the labs; `lab_of` is -1 for models without a lab. The last 30 days of the window have
    the known downloads of known models.
    """
    count = len(population)
    is_release = population.kinds == Kind.RELEASE
    is_other = population.kinds == Kind.OTHER
    of_country = np.array([_COUNTRY_TRENDS.get(country, 0.0) for country in countries])
    trend = np.append(of_country + rng.normal(0, _LAB_TRENDS, len(countries)), 0.0)
    is_rising = population.is_known & (population.created // DAY_SECONDS > window.last - _RISING_DAYS)
    curve = UsageCurve(
        base=population.popularity,
        launch=np.where(is_release, rng.lognormal(0.7, 0.6, count), rng.lognormal(0.2, 0.8, count)),
        floor=np.where(
            is_other, 0.8, np.where(is_release, rng.uniform(0.1, 0.6, count), rng.uniform(0.01, 0.2, count))
        ),
        half_life=np.where(is_release, rng.uniform(120, 500, count), rng.uniform(20, 200, count)),
        growth=trend[lab_of] + rng.normal(0, 0.0015, count) + is_rising * rng.uniform(0, _RISING_AT_MOST, count),
        week=rng.uniform(0.2, 1.3, count),
    )
    return replace(curve, base=_calibrated(curve, population, window))


def _calibrated(curve: UsageCurve, population: Population, window: Window) -> Floats:
    """The levels, changed for known models so that the mean of the last 30 days is their popularity."""
    is_known = population.is_known
    known = UsageCurve(**{spec.name: getattr(curve, spec.name)[is_known] for spec in fields(curve)})
    days = np.arange(window.last - 29, window.last + 1)
    ages = days[None, :] - (population.created[is_known] // DAY_SECONDS)[:, None]
    mean = _shape(known, slice(None), ages) * np.exp(known.growth[:, None] * (days - window.last)) * (ages >= 0)
    base = curve.base.copy()
    base[is_known] *= 30 * known.base / np.maximum(mean.sum(axis=1), 1e-9)
    return base


def draw_downloads(
    rng: np.random.Generator, population: Population, curve: UsageCurve, window: Window, deleted: Ints
) -> tuple[Ints, Ints]:
    """Draw downloads per model and day, shape (n, 30 + days), and the sum of all earlier days, shape (n,).

    A repository has no downloads before its creation or from its deletion day on.
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
        mean *= np.exp(rng.normal(0, 0.09, mean.shape)) * _spikes(rng, population.is_known[block], len(columns))
        mean[(ages < 0) | (columns[None, :] >= deleted[block, None])] = 0
        daily[block] = rng.poisson(np.minimum(mean, 1e9))
    return daily, rng.poisson(np.minimum(_downloads_before(curve, -DAYS_BEFORE - created_on, len(columns)), 1e15))


def booked_through(window_day: int, incidents: Incidents, is_young: Flags) -> Ints:
    """The last day whose downloads are counted, per model; a position in the window, -1 for the day before it."""
    days = np.arange(window_day + 1)
    updated_days = np.flatnonzero(~incidents.frozen[days])
    young_updated_days = np.flatnonzero(~(incidents.frozen | incidents.partly_frozen)[days])
    old_day = int(updated_days[-1]) if len(updated_days) else -1
    young_day = int(young_updated_days[-1]) if len(young_updated_days) else -1
    return np.where(is_young, young_day, old_day)


def hub_counters(window_day: int, cumulative: Ints, created_on: Ints, incidents: Incidents, likes: Ints) -> Counters:
    """Counters that the Hub shows on a day.

    `cumulative` holds running sums of downloads; its first column is the day before the first known day.
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
    """Likes on a day: they grow with downloads, and a few models show one like too few."""
    used = cumulative[:, window_day + DAYS_BEFORE + 1]
    likes = (appeal * np.sqrt(used)).astype(np.int64)
    rng = np.random.Generator(np.random.PCG64([seed, 1, window_day]))
    taken_back = rng.random(len(likes)) < rates.likes_taken_back
    return np.maximum(likes - taken_back, 0)


def _shape(curve: UsageCurve, block: slice, ages: Ints) -> Floats:
    """Mean downloads at an age: a launch peak of a few days on top of a slow decay towards the floor."""
    age = np.maximum(ages, 0)
    floor = curve.floor[block, None]
    slow = floor + (1 - floor) * np.exp(-age / curve.half_life[block, None])
    return curve.base[block, None] * slow * (1 + curve.launch[block, None] * np.exp(-age / _LAUNCH_DAYS))


def _downloads_before(curve: UsageCurve, age: Ints, columns: int) -> Floats:
    """Integral of the mean downloads from creation to `age` days."""
    days = np.maximum(age, 0).astype(np.float64)
    combined = 1 / (1 / curve.half_life + 1 / _LAUNCH_DAYS)
    floor, rest = curve.floor, 1 - curve.floor
    without_launch = floor * days + rest * curve.half_life * -np.expm1(-days / curve.half_life)
    launch = floor * _LAUNCH_DAYS * -np.expm1(-days / _LAUNCH_DAYS) + rest * combined * -np.expm1(-days / combined)
    return curve.base * (without_launch + curve.launch * launch) * np.exp(-curve.growth * columns)


def _spikes(rng: np.random.Generator, is_known: Flags, days: int) -> Floats:
    """Factors that are mostly 1; about one day in 20,000 of an invented model has a spike of automated downloads."""
    factors = np.ones((len(is_known), days))
    count = rng.binomial(factors.size, 1 / 20_000)
    factors.flat[rng.integers(0, factors.size, count)] = rng.uniform(6, 40, count)
    return np.where(is_known[:, None], 1.0, factors)
