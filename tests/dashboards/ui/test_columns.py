"""Columns of tables: shares are shown as percentages with one decimal and names as links; files hold neither."""

import re
from datetime import date
from urllib.parse import unquote

import polars as pl

from dashboards.ui import columns


def test_shares_become_percentages_and_nothing_else_changes() -> None:
    frame = pl.DataFrame({"share": [0.4403, None], "gini": [0.5, 0.6], "name": ["A", "B"]})
    shown = columns.displayed(frame, columns.of(frame))
    assert shown["share"].to_list() == [44.03, None]
    assert shown.drop("share").equals(frame.drop("share"))


def test_unconfigured_and_hidden_columns_stay_as_they_are() -> None:
    frame = pl.DataFrame({"share": [0.4403], "other": [0.1]})
    assert columns.displayed(frame, {"share": None}).equals(frame)


def test_names_become_links_that_show_the_names() -> None:
    names = ["Qwen/Qwen3-8B", "a&b/c d+é#?", None]
    frame = pl.DataFrame({"repo_id": names, "license": names})
    config = columns.of(frame)
    shown = columns.displayed(frame, config)
    assert shown["license"].to_list() == names
    assert shown["repo_id"].to_list() == [
        "./model?model=Qwen/Qwen3-8B", "./model?model=a%26b/c%20d%2B%C3%A9%23%3F", None,
    ]  # fmt: skip
    pattern = config["repo_id"]["type_config"]["display_text"]
    found = [re.match(pattern, url) for url in shown["repo_id"] if url]
    assert [unquote(match[1]) for match in found if match] == names[:2]


def test_columns_of_a_chart_follow_their_kind() -> None:
    frame = pl.DataFrame({"day": [date(2026, 8, 1)], "name": ["x"], "value": [7], "share": [0.5], "low_end": [0.25]})
    found = {name: (column["label"], column["type_config"].get("format")) for name, column in
             columns.of_chart(frame).items()}  # fmt: skip
    assert found == {
        "day": ("Day", "D MMM YYYY"), "name": ("Name", None), "value": ("Value", "localized"),
        "share": ("Share", "%.1f%%"), "low_end": ("Low end", "%.2f"),
    }  # fmt: skip


def test_change_of_a_contributor_is_a_whole_number() -> None:
    config = columns.of_contributors(pl.DataFrame({"reason": ["New"], "difference": [-2966641]}))
    assert config["difference"]["type_config"]["format"] == "localized"
    assert config["reason"]["width"] == "medium"
