"""Texts of a column, where unknown stays unknown or is said."""

import polars as pl

from dashboards.data import format
from dashboards.data.worded import all_worded, worded

COUNTS = pl.Series("count", [1200, None])


def test_unknown_stays_unknown_or_is_said() -> None:
    assert worded(COUNTS, format.exact).to_list() == ["1,200", None]
    assert all_worded(COUNTS, format.exact, "told").to_list() == ["1,200", "unknown"]
    assert all_worded(COUNTS, format.exact, "told").name == "told"


def test_a_column_of_nothing_known_is_a_column_of_text() -> None:
    assert worded(pl.Series("none", [None, None]), format.exact).dtype == pl.String
