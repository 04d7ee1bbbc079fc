"""Sentences and tables of the robustness page."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dashboards.data.known_days import VAGUE, DaysKnown
from dashboards.text import robustness, robustness_crossovers

SQL_FILES = Path(__file__).parents[3] / "warehouse"

DAY = date(2026, 8, 22)
TYPES: dict[str, Any] = {"value": pl.Float64, "holds": pl.Boolean, "is_lost": pl.Boolean}
DATES = ("crossed_on", "crossed_after", "lost_on", "lost_after")
DIFFERENCE = robustness.DIFFERENCE


def headlines(**gaps: float | None) -> pl.DataFrame:
    """China's lead under each definition, the baseline first; China's share is the lead plus 0.5."""
    rows = [
        {"number": number, "headline": headline, "definition": name.replace("_", " "), "value": value,
         "crossed_on": None, "is_ahead_throughout": False, "crossed_after": None, "holds": None, "lost_on": None,
         "lost_after": None, "is_lost": None, "is_behind_throughout": False}
        for number, (name, gap) in enumerate(gaps.items(), start=1)
        for headline, value in ((DIFFERENCE, gap), ("share of China", None if gap is None else gap + 0.5))
    ]  # fmt: skip
    return pl.DataFrame(rows, schema_overrides=dict.fromkeys(DATES, pl.Date) | TYPES)


@pytest.mark.parametrize(
    ("gaps", "headline", "expected"),
    [
        (
            {"baseline": 0.09, "only_x": 0.154, "only_y": 0.02}, DIFFERENCE,
            "Under the baseline, China leads the United States by 9.0 points. "
            'Of 2 other definitions, "only y" changes this most: -7.0 points, to +2.0 points. '
            "China leads under all 3 definitions.",
        ),
        (
            {"baseline": -0.1, "only_x": 0.05, "only_y": 0.0}, "share of China",
            "Under the baseline, the share of China is 40.0%. "
            'Of 2 other definitions, "only x" changes this most: +15.0 points, to 55.0%. '
            'The United States leads under the baseline; China leads or is level under "only x".',
        ),
        ({"baseline": None, "only_x": 0.05}, DIFFERENCE, "The baseline is unknown."),
        (
            {"baseline": 0.0991, "only_x": 0.0993}, DIFFERENCE,
            "Under the baseline, China leads the United States by 9.9 points. No other definition changes this "
            "by 0.1 points or more. China leads under all 2 definitions.",
        ),
    ],
    ids=["all agree", "one disagrees", "unknown", "nothing changes"],
)  # fmt: skip
def test_verdict_names_the_largest_change(gaps: dict[str, float | None], headline: str, expected: str) -> None:
    assert robustness.verdict(headlines(**gaps), headline) == expected


def test_crossovers_begin_with_the_baseline() -> None:
    found = headlines(baseline=0.1, small=0.11, large=0.9)
    shown = robustness_crossovers.rows(found, pl.DataFrame(), robustness.bars(found, DIFFERENCE), DAY)
    assert shown["definition"].to_list() == ["baseline", "large", "small"]
    assert shown["text"].to_list() == ["no crossover"] * 3 and shown["low"].to_list() == [None] * 3


@pytest.mark.parametrize(
    ("gaps", "expected"),
    [
        (
            {"baseline": 0.09, "only_x": 0.154, "only_y": 0.02},
            "The page Robustness compares 3 definitions on the estimated downloads of 30 days: China leads under all "
            "of "
            'them; "only y" changes China\'s lead over the United States most, from +9.0 points to +2.0 points.',
        ),
        (
            {"baseline": -0.1, "only_x": 0.05},
            "The page Robustness compares 2 definitions on the estimated downloads of 30 days: the United States leads "
            'under 1 of them; "only x" changes China\'s lead over the United States most, from -10.0 points to +5.0 '
            "points.",
        ),
        (
            {"baseline": 0.0991, "only_x": 0.0993},
            "The page Robustness compares 2 definitions on the estimated downloads of 30 days: China leads under all "
            "of them, and none changes China's lead over the United States by 0.1 points or more.",
        ),
        ({"baseline": None, "only_x": 0.05}, ""),
        ({"baseline": 0.05}, ""),
    ],
)
def test_overview_note(gaps: dict[str, float | None], expected: str) -> None:
    assert robustness.overview_note(headlines(**gaps)) == expected


FROM, LAST = date(2026, 6, 1), date(2026, 8, 22)


JUNE, JULY = date(2026, 6, 17), date(2026, 7, 27)
IN_DAYS = "2 definitions in the 83 days known (1 Jun 2026 to 22 Aug 2026)"


@pytest.mark.parametrize(
    ("states", "texts", "expected"),
    [
        ([{}, {"is_ahead_throughout": None}], ["no crossover", "unknown"],
         f"No lasting change of the lead under any of {IN_DAYS}."),
        ([{"is_ahead_throughout": True}, {}], ["China led throughout", "no crossover"],
         f"Of {IN_DAYS}: China led throughout under 1; no lasting change under 1."),
        ([{"is_ahead_throughout": True}, {"is_behind_throughout": True}], ["China led throughout", "no crossover"],
         f"Of {IN_DAYS}: China led throughout under 1; the United States led throughout under 1."),
        ([{"crossed_on": JULY, "holds": True}, {"crossed_on": JULY, "holds": True, "lost_on": JUNE}],
         ["27 Jul 2026", "27 Jul 2026"], f"Of {IN_DAYS}: China passed the United States and has led since under 2."),
        ([{"crossed_on": JUNE, "holds": False, "lost_on": JULY, "is_lost": True},
          {"lost_on": JULY, "lost_after": date(2026, 7, 16), "is_lost": True}],
         ["17 Jun 2026, United States passed on 27 Jul 2026",
          "United States passed between 17 Jul 2026 and 27 Jul 2026"],
         f"Of {IN_DAYS}: the United States passed China and has led since under 2."),
        ([{"crossed_on": JULY, "crossed_after": JUNE, "holds": False}, {"lost_on": JULY, "is_lost": False}],
         ["between 18 Jun 2026 and 27 Jul 2026", "United States passed on 27 Jul 2026"],
         f"Of {IN_DAYS}: China passed the United States, without leading on the last days under 1; "
         "the United States passed China, without leading on the last days under 1."),
    ],
    ids=["none", "one throughout", "throughout", "passed", "lost", "interrupted"],
)  # fmt: skip
def test_crossover_summary(states: list[dict[str, Any]], texts: list[str], expected: str) -> None:
    gaps = headlines(baseline=0.1, only_x=0.2).filter(pl.col("headline") == DIFFERENCE).to_dicts()
    schema = headlines(baseline=0.1).schema
    found = pl.DataFrame([gap | state for gap, state in zip(gaps, states, strict=True)], schema=schema)
    known = DaysKnown(FROM, LAST, 83, FROM)
    assert robustness_crossovers.summary(found, known) == expected
    assert robustness_crossovers.summary(found, None) == ""
    if "No lasting change" in expected:
        vague = DaysKnown(FROM, LAST, 83, FROM, is_vague=True)
        assert robustness_crossovers.summary(found, vague) == VAGUE
    assert [robustness.crossover(row) for row in found.to_dicts()] == texts
    assert robustness_crossovers.has_crossovers(found) is any(
        {"crossed_on", "lost_on"} & state.keys() for state in states
    )


def test_small_differences_are_zero_in_the_table() -> None:
    found = robustness.table(headlines(baseline=-0.0004, only_x=0.0004, only_y=-0.02))
    assert found["difference"].to_list() == [0.0, 0.0, pytest.approx(-2.0)]


def test_labels_of_definitions_have_at_most_two_lines() -> None:
    sql = (SQL_FILES / "core" / "crossovers" / "core_headline_definitions.sql").read_text(encoding="utf-8")
    definitions = re.findall(r"select \d+(?: as number)?, '([^']+)'", sql)
    assert len(definitions) >= 10
    assert [one for one in definitions if robustness.wrapped(one).count("\n") > 1] == []


def test_long_definitions_are_wrapped() -> None:
    assert robustness.wrapped("each model capped at its 99th percentile").split("\n") == [
        "each model capped at",
        "its 99th percentile",
    ]


def test_thirty_days_have_both_ends() -> None:
    assert "30 days 24 Jul 2026 – 22 Aug 2026" in robustness.subtitle("all", 0.1, DIFFERENCE, DAY)


def test_crossover_subtitle_gives_definition_period_and_resamples() -> None:
    text = robustness_crossovers.subtitle("all", FROM, LAST)
    assert "lead of 14 days or more of China" in text and "by 7-day means of daily downloads, " in text
    assert text.endswith("Band: 95% interval of the baseline from 200 resamples.")
