"""Calendars place days by week and weekday; a matrix keeps the order of its rows and columns."""

from datetime import date, timedelta

import polars as pl
import pytest

from dashboards.charts import heatmaps
from dashboards.text import data_quality as words


def days(first: date, number: int) -> pl.DataFrame:
    """Consecutive complete days."""
    return pl.DataFrame({"day": [first + timedelta(days=n) for n in range(number)], "state": ["complete"] * number})


@pytest.mark.parametrize("first", [date(2026, 6, 24), date(2026, 1, 1), date(2025, 12, 31), date(2024, 2, 29)])
@pytest.mark.parametrize("number", [1, 30, 190, 800])
def test_each_day_has_its_own_cell_and_each_weekday_its_row(first: date, number: int) -> None:
    cells = heatmaps.calendar_cells(days(first, number))
    assert cells.select("column", "row").is_unique().all()
    assert cells["column"].min() >= 0 and cells["column"].max() <= 27  # type: ignore[operator]
    for day, block, row in cells.select("day", "block", "row").iter_rows():
        months = (day.year - first.year) * 12 + day.month - first.month
        assert block == months // 6
        assert row == block * 8 + day.isoweekday()


def test_each_week_is_a_column() -> None:
    cells = heatmaps.calendar_cells(days(date(2026, 6, 24), 12))
    assert cells["column"].to_list() == [3] * 5 + [4] * 7, "1 June 2026 is a Monday; the 24th is in its fourth week"


def test_calendar_names_states_letters_and_months() -> None:
    odd = pl.DataFrame({"day": [date(2026, 9, 1), date(2026, 9, 2)], "state": ["partial", "missing"]})
    frame = pl.concat([days(date(2026, 6, 24), 60), odd]).with_columns(State=pl.col("state"))
    spec = heatmaps.calendar(frame, words.STATES, words.LETTERS, words.COLOURS).altair().to_dict()
    months = next(rows for rows in spec["datasets"].values() if "month" in rows[0])
    assert [row["month"] for row in months] == ["Jul", "Aug", "Sep"], "June begins one week before July"
    cells = next(rows for rows in spec["datasets"].values() if "letter" in rows[0])
    assert {row["state"]: row["letter"] for row in cells} == {"complete": "", "partial": "P", "missing": "M"}
    legend = spec["layer"][0]["encoding"]["color"]["legend"]["labelExpr"]
    for state, name in words.STATES.items():
        assert f"'{' '.join(filter(None, (words.LETTERS[state], name)))}'" in legend


def test_alternative_text_of_the_calendar_counts_states() -> None:
    counted = ", ".join(f"{3 if state == 'complete' else 0} days {name}" for state, name in words.STATES.items())
    assert heatmaps.described_calendar(days(date(2026, 6, 24), 3), words.STATES) == (
        f"Calendar, 24 Jun 2026 to 26 Jun 2026: {counted}."
    )


def test_matrix_keeps_the_order_of_rows_and_columns() -> None:
    cells = pl.DataFrame(
        {"row": ["B"], "column": ["Y"], "heat": [0.5], "text": ["50"], "short": ["50"], "is_own": [False]}
    )
    spec = heatmaps.matrix(cells, ["B", "A"], ["Y", "X"], ("Rows", "Columns"), {"row": "Row"}).altair().to_dict()
    encoding = spec["layer"][0]["encoding"]
    assert (encoding["y"]["sort"], encoding["x"]["sort"]) == (["B", "A"], ["Y", "X"])
