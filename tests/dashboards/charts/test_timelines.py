"""Timelines: crossovers with and without a date, and events by week."""

from datetime import date

import polars as pl

from dashboards.charts import timelines

FIRST, LAST = date(2026, 9, 1), date(2026, 10, 1)


def test_crossover_without_a_date_has_text_and_an_open_band() -> None:
    rows = pl.DataFrame(
        {
            "name": ["base", "late", "none"], "definition": ["base", "late", "none"],
            "text": ["5 Sep 2026", "25 Sep 2026", "no crossover"], "said": ["x", "y", "z"], "band": ["95%", "", ""],
            "crossed_on": [date(2026, 9, 5), date(2026, 9, 25), None], "low": [FIRST, None, None],
            "high": [None, None, None], "lost_on": [LAST, None, None],
        },
        schema_overrides={"high": pl.Date},
    )  # fmt: skip
    spec = timelines.crossovers(rows, FIRST, LAST).altair().to_dict()
    found = max(spec["datasets"].values(), key=len)
    days = [None if row["at"] is None else (row["at"] - 1_788_220_800_000) / 86_400_000 for row in found]
    assert days == [4.0, 24.0, None]
    assert [row["is_late"] for row in found] == [False, True, None]
    assert (found[0]["high_at"] - found[0]["low_at"]) / 86_400_000 == 30.0
    assert [row["high_at"] for row in found[1:]] == [None, None]
    assert [row["lost_at"] is not None for row in found] == [True, False, False]


WEEKS = pl.DataFrame(
    {"week": [FIRST, LAST, LAST], "kind": ["rollback", "rollback", "stall"], "events": [5, 1_200, 3]}
)  # fmt: skip
TOTALS = {"rollback": 1_205, "stall": 3}


def test_events_have_a_row_per_kind_with_its_total() -> None:
    spec = timelines.events(WEEKS, TOTALS).to_dict()
    [rows] = spec["datasets"].values()
    assert [(row["kind"], row["week_text"], row["exact"]) for row in rows] == [
        ("rollback (1,205)", "1 Sep 2026", "5"), ("rollback (1,205)", "1 Oct 2026", "1,200"),
        ("stall (3)", "1 Oct 2026", "3"),
    ]  # fmt: skip
    assert spec["encoding"]["y"]["sort"] == ["rollback (1,205)", "stall (3)"]


def test_alternative_text_of_events_names_the_week_with_most() -> None:
    assert timelines.described_events(WEEKS, TOTALS) == (
        "Data issues by kind and week: 1,205 rollback, most in the week of 1 Oct 2026; "
        "3 stall, most in the week of 1 Oct 2026."
    )
