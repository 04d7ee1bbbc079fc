"""Columns of tables: shares are shown as percentages with one decimal, and stay shares in files."""

import polars as pl

from dashboards.ui import columns


def test_shares_become_percentages_and_nothing_else_changes() -> None:
    frame = pl.DataFrame({"share": [0.4403, None], "gini": [0.5, 0.6], "name": ["A", "B"]})
    shown = columns.in_percent(frame, columns.of(frame))
    assert shown["share"].to_list() == [44.03, None]
    assert shown.drop("share").equals(frame.drop("share"))


def test_unconfigured_and_hidden_columns_stay_as_they_are() -> None:
    frame = pl.DataFrame({"share": [0.4403], "other": [0.1]})
    assert columns.in_percent(frame, {"share": None}).equals(frame)
