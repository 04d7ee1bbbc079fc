"""Findings of a comparison and the table of its lines."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from dashboards.data import format
from dashboards.text import compare as words
from dashboards.text import compare_findings
from dashboards.text.comparison import Comparison

NAMES = {"a": "Alibaba", "m": "Meta", "US": "United States", "CN": "China"}
DAY = date(2026, 11, 17)


def found(**values: float) -> pl.DataFrame:
    """Lines at one step, of a total of 1000."""
    frame = pl.DataFrame({"code": list(values), "value": list(values.values())}, schema_overrides={"value": pl.Float64})
    return frame.with_columns(share=pl.col("value") / 1000, index=pl.col("value"))


def comparison(**chosen: Any) -> Comparison:
    return Comparison(**{"kind": "labs", "codes": ("a", "m"), **chosen})


@pytest.mark.parametrize(
    ("chosen", "values", "at", "said"),
    [
        ({}, {"m": 300, "a": 388}, DAY,
         "On 17 Nov 2026, Alibaba had the most daily downloads (7-day mean) of the two labs compared: "
         "388, 29.3% more than Meta with 300."),
        ({"every": "month", "kind": "origins"}, {"CN": 36.3e6, "US": 31e6}, date(2026, 10, 1),
         "In October 2026, China had the most downloads of the two origins compared: 36.3M, 17.1% more than the "
         "United States with 31.0M."),
        ({"every": "week", "measure": "root"}, {"a": 10, "m": 5}, DAY,
         "In the week from 17 Nov 2026, Alibaba had the most downloads credited to base models of the two labs "
         "compared: 10, 2.0 times as many as Meta with 5."),
        ({"measure": "derivatives"}, {"a": 3, "m": 0}, date(2026, 10, 1),
         "In October 2026, Alibaba had the most new derivatives of the two labs compared: 3; Meta had none."),
        ({"measure": "likes", "every": "month"}, {"a": 3, "m": 3}, date(2026, 10, 1),
         "At the last reading of October 2026, Alibaba had the most likes of the two labs compared: 3, as many as "
         "Meta."),
        ({"measure": "likes", "scale": "share", "every": "week"}, {"a": 200, "m": 150}, DAY,
         "At the last reading of the week from 17 Nov 2026, Alibaba had the largest share of likes of the two "
         "labs compared: 20.0%, 5.0 points more than Meta with 15.0%."),
        ({"smooth": "raw"}, {"a": 388}, DAY, "On 17 Nov 2026, Alibaba had 388 daily downloads."),
        ({"scale": "share", "kind": "origins", "measure": "30d"}, {"US": 388}, DAY,
         "On 17 Nov 2026, the United States had 38.8% of all 30-day downloads."),
        ({"against": "release", "smooth": "raw"}, {"a": 20, "m": 10}, 17,
         "17 days after release, the last age at which all are known, Alibaba had the most daily downloads of the two "
         "labs compared: 20, 2.0 times as many as Meta with 10."),
        ({"against": "release", "every": "month"}, {"a": 20, "m": 10}, 30,
         "In the thirty days from day 30 after release, the last age at which all are known, Alibaba had the most "
         "downloads of the two labs compared: 20, 2.0 times as many as Meta with 10."),
    ],
)  # fmt: skip
def test_finding_names_the_largest_and_its_lead(
    chosen: dict[str, Any], values: dict[str, float], at: date | int, said: str
) -> None:
    assert compare_findings.finding(comparison(**chosen), found(**values), NAMES, at, None) == said


def test_finding_of_an_index() -> None:
    assert compare_findings.finding(comparison(scale="index"), found(a=134, m=110), NAMES, DAY, date(2026, 8, 24)) == (
        "On 17 Nov 2026, Alibaba is the highest of the two labs compared, at 134, followed by Meta at 110; 100 is "
        "the level of each on 24 Aug 2026. An index shows growth, not size."
    )
    aged = comparison(scale="index", against="release")
    assert compare_findings.finding(aged, found(a=50), NAMES, 30, 2) == (
        "30 days after release, the last age at which all are known, Alibaba is at 50; 100 is the level of each 2 "
        "days after release. An index shows growth, not size."
    )


@pytest.mark.parametrize(
    ("every", "base", "said"),
    [
        ("day", date(2026, 8, 24), "on 24 Aug 2026"), ("week", date(2026, 8, 24), "in the week from 24 Aug 2026"),
        ("month", date(2026, 8, 1), "in August 2026"), ("day", 0, "on the day of release"),
        ("day", 1, "1 day after release"), ("day", None, "at the base"),
    ],
)  # fmt: skip
def test_step_name(every: Any, base: date | int | None, said: str) -> None:
    assert words.step_name(comparison(every=every), base) == said


@pytest.mark.parametrize(
    ("kind", "followed", "ending"),
    [
        ("labs", (), "Few labs are new since then; choose models instead."),
        ("labs", ("A", "B"), "Examples released since then: A, B."),
        ("models", (), "Choose models released since then."),
    ],
)
def test_no_common_age_suggests_alternatives(kind: str, followed: tuple[str, ...], ending: str) -> None:
    said = compare_findings.no_common_age(comparison(kind=kind, against="release"), date(2026, 9, 22), followed)
    assert said.startswith(f"No age is known for all of these {kind}: ") and said.endswith(ending)
    assert "readings begin on 22 Sep 2026" in said


def test_table_omits_unknown_shares() -> None:
    rows = found(a=1).with_columns(at=pl.lit(DAY), change=0.5, since=pl.lit(DAY), peak=2.0, peak_at=pl.lit(DAY))
    shown = compare_findings.table(rows.with_columns(share=pl.lit(None, pl.Float64)), comparison(), NAMES)
    assert "share" not in shown.columns and shown.select("name", "value", "change").rows() == [("Alibaba", 1, 50.0)]


def test_table_says_which_first_reading_cuts_a_change_off() -> None:
    rows = found(a=2, m=1).with_columns(at=pl.lit(DAY), change=0.5, since=pl.lit(DAY), peak=2.0, peak_at=pl.lit(DAY))
    breaks = [(DAY - timedelta(days=2), "a", 0.99, DAY - timedelta(days=2)), (DAY - timedelta(days=60), "m", 0.5, DAY)]
    read = pl.DataFrame(breaks, schema=["day", "code", "share", "read_on"], orient="row")
    shown = compare_findings.table(rows, comparison(), NAMES, read)
    said = f"99.0% of it was read for the first time on {format.day(DAY - timedelta(days=2))}"
    assert shown["note"].to_list() == [said, None]
    assert "note" not in compare_findings.table(rows, comparison(), NAMES, read.tail(1)).columns
