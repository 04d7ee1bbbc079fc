"""core_usable_crawls: which listings are large enough to count."""

import pytest

from tests.support.database import in_memory
from tracker.database import rows
from tracker.warehouse.sql_files import models


@pytest.mark.parametrize(
    ("models_on", "source", "used"),
    [((20, 10), "crawl", 2), ((20, 9), "crawl", 1), ((21, 10), "crawl", 1), ((20, 9), "file", 2)],
    ids=["half", "less than half", "half of an odd number, rounded down", "a file of the user"],
)
def test_listing_of_half_the_previous_one_counts(models_on: tuple[int, int], source: str, used: int) -> None:
    with in_memory() as connection:
        [model] = [model for model in models(connection) if model.name == "core_usable_crawls"]
        connection.execute(
            "create table stg_crawls (crawl varchar, day date, scope varchar, source varchar, models bigint, "
            "is_complete boolean)"
        )
        for day, count in zip(("2026-08-19", "2026-08-20"), models_on, strict=True):
            connection.execute("insert into stg_crawls values (?, ?, 'hub', ?, ?, true)", [day, day, source, count])
        assert len(rows(connection, model.sql)) == used
