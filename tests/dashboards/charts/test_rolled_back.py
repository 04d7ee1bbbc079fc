"""Which lines dip when counters are rolled back, and at which step they show it."""

from datetime import date, timedelta

import polars as pl
import pytest

from dashboards.charts.axes import Axes
from dashboards.charts.rolled_back import dips

FIRST = date(2026, 10, 10)
SPELLS = pl.DataFrame({"first": [date(2026, 10, 15)], "last": [date(2026, 10, 17)]})
RELEASES = {"a": date(2026, 10, 1), "b": date(2026, 10, 16)}


def readings(last: date = date(2026, 10, 20)) -> pl.DataFrame:
    """Counters of three lines: a falls from 15 to 17 October, b on the 16th alone, c never; their total falls."""
    days = [FIRST + timedelta(days=number) for number in range((last - FIRST).days + 1)]
    rows = []
    for place, day in enumerate(days):
        is_back = date(2026, 10, 15) <= day <= date(2026, 10, 17)
        values = {"a": 40 if is_back else 100, "b": 4 if day == date(2026, 10, 16) else 10, "c": 500 + place}
        rows += [(day, code, float(value), float(sum(values.values()))) for code, value in values.items()]
    return pl.DataFrame(rows, schema=["day", "code", "value", "total"], orient="row")


def test_lines_that_stand_lower_than_before_the_spell_dip_on_their_first_such_day() -> None:
    assert dips(readings(), SPELLS, Axes(), "value", {}).select("day", "code").rows() == [
        (date(2026, 10, 15), "a"), (date(2026, 10, 16), "b"),
    ]  # fmt: skip


def test_since_release_a_dip_is_at_the_age_of_its_line() -> None:
    found = dips(readings(), SPELLS, Axes("age"), "value", RELEASES).select("age", "code").rows()
    assert found == [(14, "a"), (0, "b")]


@pytest.mark.parametrize(
    ("last", "found"), [(date(2026, 10, 17), [(date(2026, 10, 12), "a")]), (date(2026, 10, 20), [])]
)
def test_a_week_dips_only_where_its_last_reading_is_rolled_back(last: date, found: list[tuple[date, str]]) -> None:
    assert dips(readings(last), SPELLS, Axes(step="week"), "value", {}).select("day", "code").rows() == found


def test_shares_of_all_move_with_the_total() -> None:
    assert set(dips(readings(), SPELLS, Axes(), "share", {})["code"]) == {"a", "b", "c"}


def test_without_a_reading_before_nothing_is_said() -> None:
    assert dips(readings().filter(pl.col("day") >= date(2026, 10, 15)), SPELLS, Axes(), "value", {}).is_empty()
