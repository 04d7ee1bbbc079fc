"""Where the table large_counts, a few thousand repositories, answers what would otherwise take all repositories."""

from datetime import date

from dashboards.data.cache import cached
from dashboards.data.definition import Definition
from dashboards.data.warehouse import Store, rows
from dashboards.queries.overview import day_values

METRICS = ("downloads_30d", "likes")
_LEAST = 1 / 25000
"""Part of the sum of their class that repositories outside large_counts do not reach on either day."""


@cached(20)
def days(store: Store) -> tuple[date | None, date | None]:
    """The two days of large_counts that are compared: the last one and the earlier one. None if there are none."""
    found = rows(store, "select last_day, day_before from comparison_days")
    return (None, None) if found.is_empty() else (found[0, 0], found[0, 1])


def largest_other(store: Store, models: str, metric: str, group: str, day: date) -> float:
    """What a repository outside large_counts has at most of a metric on one of its days."""
    of_class = day_values(store, Definition(models=models), metric, group, day)
    return _LEAST * sum(value or 0.0 for value in of_class.values())


def has_all(store: Store, models: str, metric: str, group: str, day: date, least: float) -> bool:
    """Whether all repositories with at least `least` of a metric on a day are in large_counts."""
    is_known = metric in METRICS and days(store)[0] == day
    return is_known and least >= largest_other(store, models, metric, group, day)
