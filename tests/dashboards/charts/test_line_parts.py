"""Parts of line charts: gaps, lone points, labels that do not overlap, exact figures under the pointer."""

from datetime import date
from itertools import pairwise

import polars as pl
import pytest

from dashboards.charts import line_parts
from dashboards.data import format
from tests.dashboards.charts.vega import evaluate


def frame(*rows: tuple[int, str, float | None]) -> pl.DataFrame:
    """Days of August 2026 with a code and a value."""
    return pl.DataFrame(
        [(date(2026, 8, day), code, value) for day, code, value in rows],
        schema={"day": pl.Date, "code": pl.String, "value": pl.Float64},
        orient="row",
    )


def test_day_without_a_row_is_null_and_not_zero() -> None:
    filled = line_parts.with_gaps(frame((1, "CN", 5.0), (3, "CN", 7.0), (1, "US", 2.0)))
    expected = frame(
        (1, "CN", 5.0), (2, "CN", None), (3, "CN", 7.0), (1, "US", 2.0), (2, "US", None), (3, "US", None)
    )  # fmt: skip
    assert filled.rows() == expected.select(filled.columns).rows()
    assert line_parts.missing_days(frame((1, "CN", 5.0), (3, "CN", 7.0), (6, "CN", 7.0))) == 3


def test_empty_frame_has_no_gaps_values_or_labels() -> None:
    assert line_parts.with_gaps(frame()).is_empty()
    assert line_parts.missing_days(frame()) == 0
    assert line_parts.line_ends(frame(), "value") == {}
    assert line_parts.end_labels({}, 1.0, 400) == []


def test_lone_points_are_found_line_by_line() -> None:
    days = frame((1, "CN", 1.0), (3, "CN", 3.0), (4, "CN", 4.0), (4, "US", 9.0), (6, "CN", 6.0))
    lone = line_parts.lone_points(line_parts.with_gaps(days), "value").select("day", "code").rows()
    assert lone == [(date(2026, 8, 1), "CN"), (date(2026, 8, 6), "CN"), (date(2026, 8, 4), "US")]


def test_last_known_values_are_sorted_largest_first() -> None:
    days = frame((1, "CN", 9.0), (2, "CN", None), (1, "US", 1.0), (2, "US", 20.0), (2, "FR", None))
    ends = line_parts.line_ends(days, "value")
    assert list(ends.items()) == [("US", (date(2026, 8, 2), 20.0)), ("CN", (date(2026, 8, 1), 9.0))]


@pytest.mark.parametrize(
    "ends",
    [
        {"a": 0.5},
        {"a": 0.0, "b": 0.0, "c": 0.0},
        {"a": 1.0, "b": 1.0, "c": 0.99, "d": 0.98},
        {"a": 0.3, "b": 0.31, "c": 0.9, "d": 0.305},
    ],
)
def test_labels_keep_their_distance_their_order_and_the_plot(ends: dict[str, float]) -> None:
    labels = line_parts.end_labels(ends, top=1.0, height=400, line_height=15)
    heights = [label.y * 400 for label in labels]
    assert {label.code for label in labels} == set(ends)
    assert all(after - before >= 15 - 1e-6 for before, after in pairwise(heights))
    assert [ends[label.code] for label in labels] == sorted(ends.values())
    assert min(heights) >= -1e-6 and max(heights) <= 400 + 1e-6


def test_label_with_enough_room_is_at_the_end_of_its_line() -> None:
    labels = line_parts.end_labels({"a": 0.25, "b": 0.75}, 1.0, 400)
    assert [(label.code, label.y) for label in labels] == [("a", 0.25), ("b", 0.75)]


COUNTS = (None, 0, 1, 7, 999, 1_000, 12_345_678, 3_300_000_000, 0.4, 1234.6)
SHARES = (None, 0.0, 0.00001, 0.00004, 0.00006, 0.0001, 0.01234, 0.345678, 0.5, 0.99996, 1.0)


def test_counts_under_the_pointer_have_the_format_of_the_pages() -> None:
    found = evaluate(line_parts.value_text("datum.n", "count"), [{"n": count} for count in COUNTS])
    assert found == [format.exact(count) for count in COUNTS]


def test_shares_under_the_pointer_have_the_format_of_the_pages() -> None:
    found = evaluate(line_parts.value_text("datum.n", "share"), [{"n": share} for share in SHARES])
    assert found == [format.percent(share, 2) for share in SHARES]
