"""Headline and sizes of the momentum page."""

from typing import Any

import polars as pl
import pytest

from dashboards.text import momentum


def rising(*rows: tuple[str, int, float | None, int]) -> pl.DataFrame:
    """New releases with age, RAM and number of baseline models at their latest checkpoint."""
    schema = {"repo_id": pl.String, "age_days": pl.Int32, "ram_median": pl.Float64, "bucket_models": pl.Int64}
    frame = pl.DataFrame(list(rows), schema=schema, orient="row")
    return frame.with_columns(downloads_all_time=(1000 * pl.col("ram_median")).cast(pl.Int64))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("a/b", 7, None, 3)], "No release of the last 90 days has a known RAM by this definition."),
        ([("a/b", 7, 1.0, 3)], "0 of 1 release of the last 90 days with a known RAM exceed 1."),
        (
            [("a/b", 30, 2.34, 1), ("c/d", 7, 0.2, 3)],
            "1 of 2 releases of the last 90 days with a known RAM exceeds 1. "
            "Highest: a/b with 2.3 at 30 days (2.34K downloads; median of the ten: 1.00K), "
            "measured against 1 model of its size.",
        ),
        (
            [("a/b", 30, 9.0, 1), ("c/d", 7, 2.0, 12), ("e/f", 7, 3.0, 9)],
            "3 of 3 releases of the last 90 days with a known RAM exceed 1. "
            "Highest with a baseline of 10 models or more: c/d with 2.0 at 7 days (2.00K downloads; median of the ten: "
            "1.00K), measured against 12 models of its size.",
        ),
    ],
)
def test_headline_names_the_highest_release(rows: list[Any], expected: str) -> None:
    assert momentum.headline(rising(*rows), "ram_median", 90) == expected


def test_sizes_begin_with_the_one_of_most_releases() -> None:
    measured = pl.DataFrame({"size_bucket": ["<1", "1-5", "250+"], "releases": [1, 9, 2]})
    assert list(momentum.sizes(measured).values()) == ["1B to 5B", "below 1B", "250B and more"]
    assert momentum.sizes(measured.clear()) == {}
