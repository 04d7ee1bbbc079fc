"""The interval of a crossover: the middle 95% of 200 resamples, and at least the days in which it lies."""

from datetime import date, timedelta

import pytest

from tests.support.database import in_memory
from tracker.database import rows
from tracker.warehouse.sql_files import models

FIRST = date(2026, 1, 1)
SERIES = (
    "'downloads' as metric, 'all' as task_class, 'root' as lens, 'all' as layer, 'CN' as a, 'US' as b, "
    "'baseline' as definition"
)
RESAMPLED = "(FIRST::date + (replicate * 7 % 200)::int)"
"""Each of the first 200 days is the crossover of one resample."""


@pytest.mark.parametrize(
    ("resampled", "crossed", "low", "high"),
    [
        (RESAMPLED, 100, 4, 195),
        (f"case when replicate * 7 % 200 < 196 then {RESAMPLED} end", 100, 4, 195),
        (f"case when replicate * 7 % 200 < 195 then {RESAMPLED} end", 100, 4, None),
        (RESAMPLED, 2, 2, 195),
        (RESAMPLED, 198, 4, 198),
    ],
    ids=["middle of all", "four never cross", "five never cross", "before the middle", "after the middle"],
)
def test_interval_is_the_middle_95_percent_of_resamples(
    resampled: str, crossed: int, low: int, high: int | None
) -> None:
    first = f"date '{FIRST}'"
    day = f"({first} + {crossed})"
    with in_memory() as connection:
        [model] = [model for model in models(connection) if model.name == "crossovers"]
        connection.execute(
            f"create table lead_changes as select {SERIES}, {day} as crossed_on, {day} - 1 as crossed_after, "
            "true as holds"
        )
        connection.execute(
            f"create table crossover_draws as select {SERIES}, range as replicate, true as holds, "
            f"false as is_ahead_throughout, crossed_on, crossed_on as crossed_from from range(201), "
            f"lateral (select {resampled.replace('replicate', 'range').replace('FIRST::date', first)} as crossed_on)"
        )
        [found] = rows(connection, f"select crossed_on, low, high from ({model.sql})")
    days = [None if number is None else FIRST + timedelta(days=number) for number in (crossed, low, high)]
    assert [*found] == days
