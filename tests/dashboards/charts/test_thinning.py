"""Of a long history, the last days are shown one by one and earlier ones by the week; none is chosen twice."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.charts import line_parts
from dashboards.charts.axes import Axes
from dashboards.charts.thinning import Thinning, thinned

LAST = date(2026, 8, 22)


def frame(days: list[date]) -> pl.DataFrame:
    """One line with a value on these days."""
    return pl.DataFrame(
        {"day": days, "code": ["CN"] * len(days), "value": [1.0] * len(days)},
        schema={"day": pl.Date, "code": pl.String, "value": pl.Float64},
    )


def back(*ages: int) -> list[date]:
    return sorted(LAST - timedelta(days=age) for age in ages)


@pytest.mark.parametrize(
    ("days", "most", "wanted"),
    [
        (5, None, None),
        (620, 620, None),
        (621, 620, Thinning(date(2024, 12, 14), 1)),
        (730, 620, Thinning(date(2025, 1, 1), 1)),
        (3_660, 620, Thinning(date(2026, 5, 4), 1)),
        (7_300, 620, Thinning(date(2026, 5, 11), 2)),
        (36_500, 620, Thinning(date(2026, 5, 18), 10)),
    ],
)
def test_the_more_days_the_fewer_are_shown_one_by_one(days: int, most: int | None, wanted: Thinning | None) -> None:
    assert Thinning.of(frame(back(0, days - 1)), most) == wanted


@given(
    ages=st.sets(st.integers(1, 6_000), min_size=1, max_size=80),
    daily=st.integers(0, 300),
    most=st.integers(100, 700),
)
def test_what_is_shown_are_known_days_no_more_than_asked_and_one_of_every_period(
    ages: set[int], daily: int, most: int
) -> None:
    known = back(*{*ages, *range(daily + 1)})
    whole = frame(known)
    thinning = Thinning.of(whole, most)
    shown = thinned(whole, "value", thinning)["day"].to_list()
    drawn = line_parts.with_gaps(whole, Axes(thinning=thinning))
    assert shown == sorted(set(shown) & set(known)) and shown[-1] == LAST
    assert drawn.height <= most
    assert drawn.filter(pl.col("value").is_not_null())["day"].to_list() == shown
    if thinning is None:
        assert shown == known
        return
    assert (LAST - thinning.since).days >= 89
    monday = date(1969, 12, 29)
    periods: dict[int, date] = {}
    for day in known:
        if day < thinning.since:
            periods[(day - monday).days // (7 * thinning.weeks)] = day
    assert shown == [*periods.values(), *(day for day in known if day >= thinning.since)]


def test_a_week_that_nobody_read_breaks_the_line() -> None:
    whole = frame(back(*range(120), *range(140, 400)))
    drawn = line_parts.with_gaps(whole, Axes(thinning=Thinning(LAST - timedelta(days=99), 1)))
    open_days = drawn.filter(pl.col("value").is_null())["day"].to_list()
    assert open_days == [date(2026, 4, 12), date(2026, 4, 19)]
