"""Days stand in their week and weekday, and months above them, whatever the first day."""

from datetime import date, timedelta

import polars as pl
import pytest

from dashboards.charts import heatmaps
from dashboards.text import data_quality as words


def days(first: date, number: int) -> pl.DataFrame:
    """Complete days in a row."""
    return pl.DataFrame({"day": [first + timedelta(days=n) for n in range(number)], "state": ["complete"] * number})


@pytest.mark.parametrize("first", [date(2026, 6, 24), date(2026, 1, 1), date(2025, 12, 31), date(2024, 2, 29)])
@pytest.mark.parametrize("number", [1, 30, 190, 800])
def test_no_two_days_share_a_cell_and_weekdays_share_a_row(first: date, number: int) -> None:
    placed = heatmaps.placed(days(first, number))
    assert placed.select("column", "row").is_unique().all()
    assert placed["column"].min() >= 0 and placed["column"].max() <= 27  # type: ignore[operator]
    for day, block, row in placed.select("day", "block", "row").iter_rows():
        months = (day.year - first.year) * 12 + day.month - first.month
        assert block == months // 6
        assert row == block * 8 + day.isoweekday()


def test_a_week_is_a_column() -> None:
    placed = heatmaps.placed(days(date(2026, 6, 24), 12))
    assert placed["column"].to_list() == [3] * 5 + [4] * 7, "1 Jun 2026 is a Monday; the 24th is in its fourth week"


def test_the_chart_names_states_letters_and_months() -> None:
    odd = pl.DataFrame({"day": [date(2026, 9, 1), date(2026, 9, 2)], "state": ["partial", "missing"]})
    told = pl.concat([days(date(2026, 6, 24), 60), odd]).with_columns(State=pl.col("state"))
    spec = heatmaps.calendar(told, words.STATES, words.LETTERS, words.COLOURS).to_dict()
    months = next(rows for rows in spec["datasets"].values() if "month" in rows[0])
    assert [row["month"] for row in months] == ["Jul", "Aug", "Sep"], "June begins one week before July"
    cells = next(rows for rows in spec["datasets"].values() if "letter" in rows[0])
    assert {row["state"]: row["letter"] for row in cells} == {"complete": "", "partial": "P", "missing": "M"}
    legend = spec["layer"][0]["encoding"]["color"]["legend"]["labelExpr"]
    for said in ("'complete'", "'S complete, counters set aside'", "'P partial'", "'M missing'"):
        assert said in legend


def test_the_calendar_is_told_in_words() -> None:
    assert heatmaps.described(days(date(2026, 6, 24), 3), words.STATES) == (
        "Calendar, 24 Jun 2026 to 26 Jun 2026: 3 days complete, 0 days complete, counters set aside, "
        "0 days partial, 0 days missing."
    )
