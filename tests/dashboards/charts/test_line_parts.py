"""Gaps stay gaps, and labels do not cover each other."""

from datetime import date
from itertools import pairwise

import polars as pl
import pytest

from dashboards.charts import line_parts


def frame(*rows: tuple[int, str, float | None]) -> pl.DataFrame:
    """Days of August 2026 with a code and a value."""
    return pl.DataFrame(
        [(date(2026, 8, day), code, value) for day, code, value in rows],
        schema={"day": pl.Date, "code": pl.String, "value": pl.Float64},
        orient="row",
    )


def test_a_day_nobody_read_is_unknown_and_not_zero() -> None:
    gapped = line_parts.with_gaps(frame((1, "CN", 5.0), (3, "CN", 7.0), (1, "US", 2.0)))
    assert (
        gapped.rows()
        == frame((1, "CN", 5.0), (2, "CN", None), (3, "CN", 7.0), (1, "US", 2.0), (2, "US", None), (3, "US", None))
        .select(gapped.columns)
        .rows()
    )
    assert line_parts.missing_days(frame((1, "CN", 5.0), (3, "CN", 7.0), (6, "CN", 7.0))) == 3


def test_nothing_in_nothing_out() -> None:
    assert line_parts.with_gaps(frame()).is_empty()
    assert line_parts.missing_days(frame()) == 0
    assert line_parts.last_values(frame(), "value") == {}
    assert line_parts.end_labels({}, 1.0, 400) == []


def test_points_without_known_neighbours_are_found_line_by_line() -> None:
    gapped = line_parts.with_gaps(frame((1, "CN", 1.0), (3, "CN", 3.0), (4, "CN", 4.0), (4, "US", 9.0), (6, "CN", 6.0)))
    lone = line_parts.lone_points(gapped, "value").select("day", "code").rows()
    assert lone == [(date(2026, 8, 1), "CN"), (date(2026, 8, 6), "CN"), (date(2026, 8, 4), "US")]


def test_the_last_known_values_come_largest_first() -> None:
    days = frame((1, "CN", 9.0), (2, "CN", None), (1, "US", 1.0), (2, "US", 20.0), (2, "FR", None))
    assert list(line_parts.last_values(days, "value").items()) == [("US", 20.0), ("CN", 9.0)]


@pytest.mark.parametrize(
    "ends",
    [
        {"a": 0.5},
        {"a": 0.0, "b": 0.0, "c": 0.0},
        {"a": 1.0, "b": 1.0, "c": 0.99, "d": 0.98},
        {"a": 0.3, "b": 0.31, "c": 0.9, "d": 0.305},
    ],
)
def test_labels_keep_their_distance_their_order_and_their_chart(ends: dict[str, float]) -> None:
    labels = line_parts.end_labels(ends, top=1.0, height=400, line_height=15)
    heights = [label.y * 400 for label in labels]
    assert {label.code for label in labels} == set(ends)
    assert all(after - before >= 15 - 1e-6 for before, after in pairwise(heights))
    assert [ends[label.code] for label in labels] == sorted(ends.values())
    assert min(heights) >= -1e-6 and max(heights) <= 400 + 1e-6


def test_a_label_with_room_stands_at_its_line() -> None:
    assert [(label.code, label.y) for label in line_parts.end_labels({"a": 0.25, "b": 0.75}, 1.0, 400)] == [
        ("a", 0.25),
        ("b", 0.75),
    ]
