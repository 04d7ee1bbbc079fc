"""Shares as lines: gaps stay gaps, and the axis may begin above 0."""

from datetime import date

import polars as pl
import pytest

from dashboards.charts import shares

NAMES = {"known": "root known", "held": "root in the lake"}


def frame(*rows: tuple[int, str, float | None]) -> pl.DataFrame:
    """Days of August 2026 with a code and a share."""
    return pl.DataFrame(
        [(date(2026, 8, day), code, share) for day, code, share in rows],
        schema={"day": pl.Date, "code": pl.String, "share": pl.Float64},
        orient="row",
    )


@pytest.mark.parametrize(
    ("lowest", "floor"), [(0.983, 0.9), (0.9, 0.8), (0.95, 0.9), (0.51, 0.5), (0.05, 0.0), (0.0, 0.0), (1.0, 0.9)]
)
def test_the_axis_begins_at_a_tenth_below_the_lowest_value(lowest: float, floor: float) -> None:
    assert shares.floor_of(frame((1, "known", lowest), (2, "known", 1.0))) == pytest.approx(floor)


def test_without_a_value_the_axis_begins_at_0() -> None:
    assert shares.floor_of(frame((1, "known", None))) == 0.0


def test_a_day_without_a_value_breaks_the_line() -> None:
    days = frame((1, "known", 0.9), (3, "known", 0.8), (1, "held", None), (3, "held", 0.7))
    spec = shares.shares(days, NAMES, 0.6).to_dict()
    line = next(rows for rows in spec["datasets"].values() if {"code", "share"} <= rows[0].keys() and len(rows) == 6)
    by_code = {code: [row["share"] for row in line if row["code"] == code] for code in NAMES}
    assert by_code == {"known": [0.9, None, 0.8], "held": [None, None, 0.7]}
    assert spec["layer"][0]["encoding"]["y"]["scale"]["domain"][0] == 0.6


def test_the_lines_are_told_in_words() -> None:
    days = frame((1, "known", 0.9), (2, "known", None), (3, "known", 0.8), (1, "held", None))
    assert shares.described(days, NAMES) == (
        "Line chart, 1 Aug 2026 to 3 Aug 2026: root known from 90.00% to 80.00%, between 80.00% and 90.00%."
    )
    assert shares.described(frame((1, "known", None)), NAMES) == "A line chart without data."
