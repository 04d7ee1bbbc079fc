"""core_first_last_seen: first and last reading, and whether a repository is still listed."""

from collections.abc import Callable

import pytest

CRAWLS = """
day        | scope | is_complete
2026-08-17 | hub   | true
2026-08-18 | labs  | true
2026-08-19 | hub   | true
2026-08-20 | labs  | true
2026-08-21 | hub   | false
"""
CASES = [
    ("in all complete listings", "2026-08-17 hub, 2026-08-19 hub", "2026-08-17", "2026-08-19", "true"),
    ("missing from the last listing of the Hub", "2026-08-17 hub", "2026-08-17", "2026-08-17", "false"),
    ("in the last listing of its scope", "2026-08-18 labs, 2026-08-20 labs", "2026-08-18", "2026-08-20", "true"),
    (
        "missing from the last listing of its scope",
        "2026-08-17 hub, 2026-08-18 labs",
        "2026-08-17",
        "2026-08-18",
        "false",
    ),
    ("not covered by the later listing of labs", "2026-08-19 hub", "2026-08-19", "2026-08-19", "true"),
    ("in a later incomplete listing", "2026-08-17 hub, 2026-08-21 hub", "2026-08-17", "2026-08-21", "true"),
    ("missing from a later incomplete listing", "2026-08-19 hub", "2026-08-19", "2026-08-19", "true"),
]


@pytest.mark.parametrize(("case", "seen", "first", "last", "is_listed"), CASES, ids=[case[0] for case in CASES])
def test_listed_means_in_the_last_complete_covering_listing(
    becomes: Callable[..., None], case: str, seen: str, first: str, last: str, is_listed: str
) -> None:
    lines = [f"1 | {day} | {scope}" for day, scope in (reading.split() for reading in seen.split(", "))]
    becomes(
        "core_first_last_seen",
        f"hub_id | first_seen | last_seen | is_listed\n1 | {first} | {last} | {is_listed}",
        lake_crawls=CRAWLS,
        lake_model_days="\n".join(["hub_id | day | scope", *lines]),
    )


def test_everything_is_listed_without_a_complete_listing(becomes: Callable[..., None]) -> None:
    becomes(
        "core_first_last_seen",
        "hub_id | is_listed\n1 | true\n2 | true",
        lake_crawls="day | is_complete\n2026-08-17 | false\n2026-08-18 | false",
        lake_model_days="hub_id | day\n1 | 2026-08-17\n2 | 2026-08-18",
    )
