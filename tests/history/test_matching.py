"""Rows of an archive, matched to the repositories of a lake."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from tests.history.conftest import NOW, add_crawl
from tracker.domain import Source
from tracker.history.columns import SNAPSHOT
from tracker.history.matching import CheckedRows, Matcher
from tracker.history.types import ImportOptions
from tracker.lake.lake import Lake

DAY = date(2026, 8, 5)
OPTIONS = ImportOptions(Source.HUB_STATS, NOW.date())


@pytest.fixture
def matcher(lake: Lake) -> Iterator[Matcher]:
    add_crawl(lake, {"a1": "Qwen/Qwen3-8B", "a2": "Twin/Model-X"}, date(2026, 8, 20))
    with Matcher(lake.runs / "import", lake) as matcher:
        matcher.load_landed_names([])
        yield matcher


def match(matcher: Matcher, *groups: dict[str, Any]) -> CheckedRows:
    matcher.load_day([pa.table(group) for group in groups], SNAPSHOT, DAY, NOW)
    return matcher.match(OPTIONS, [], "an archive")


def matched(matcher: Matcher) -> list[tuple[str, int | None, int | None]]:
    rows = matcher.rows_of(DAY, with_unmatched=True).to_pylist()
    return [(row["hub_id"], row["downloads_30d"], row["likes"]) for row in rows]


def test_exact_name_counts_before_one_that_differs_in_case(matcher: Matcher) -> None:
    """A full listing has both of two repositories, of which the lake knows one."""
    found = match(matcher, {"id": ["twin/model-x", "Twin/Model-X", "qwen/qwen3-8b"], "downloads": [9, 5, 7]})
    assert matched(matcher) == [("a1", 7, None), ("a2", 5, None)]
    assert (found.read, found.matched, found.refused, found.outside) == (3, 3, 0, 0)


def test_same_name_twice_counts_by_its_place_across_row_groups(matcher: Matcher) -> None:
    first = {"id": ["x/y", "Qwen/Qwen3-8B"], "downloads": pa.array([1, 5], pa.int32()), "likes": [1, 2]}
    second = {"id": ["Qwen/Qwen3-8B"], "downloads": pa.array([9], pa.int32()), "likes": [9]}
    match(matcher, first, second)
    assert matched(matcher) == [("a1", 5, 2), ("name:x/y", 1, 1)]


def test_odd_counters_of_an_archive_are_refused_or_unknown(matcher: Matcher) -> None:
    odd = [float("nan"), 2.5, float("inf"), 3.0, -1.0]
    found = match(matcher, {"id": [f"a/b{number}" for number in range(5)], "downloads": odd, "likes": [1] * 5})
    assert matched(matcher) == [("name:a/b0", None, 1), ("name:a/b3", 3, 1)]
    assert {(group.reason.partition(":")[0], group.rows, group.position) for group in found.rejected} == {
        ("downloads_30d is not a whole number", 2, 2),
        ("downloads_30d is negative", 1, 5),
    }


def test_listing_without_rows_is_matched_to_nothing(matcher: Matcher) -> None:
    assert match(matcher) == CheckedRows(0, 0, ())
