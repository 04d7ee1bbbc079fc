"""Bars and columns: the sums, the order of the parts, and the words for those who do not see them."""

import json
from datetime import date

import polars as pl

from dashboards.charts import months, split_bars

BARS = pl.DataFrame(
    {
        "group": ["<1B", "<1B", "1-5B"],
        "part": ["GGUF", "Other formats", "Other formats"],
        "value": [1_000.0, 2_000.0, 1_000.0],
        "share": [0.25, 0.5, 0.25],
    }
)
PARTS = {"Other formats": "#111111", "GGUF": "#222222"}


def test_each_bar_has_its_sum_and_share_at_its_end() -> None:
    spec = split_bars.bars(BARS, ["<1B", "1-5B"], PARTS).to_dict()
    rows = [row for rows in spec["datasets"].values() for row in rows]
    assert {row["group"]: row["figure"] for row in rows if "figure" in row} == {
        "<1B": "3.00K (75.0%)", "1-5B": "1.00K (25.0%)",
    }  # fmt: skip
    assert {row["part"]: row["rank"] for row in rows if "rank" in row} == {"Other formats": 0, "GGUF": 1}
    assert spec["layer"][0]["encoding"]["color"]["scale"]["range"] == ["#111111", "#222222"]


def test_without_a_legend_none_is_drawn() -> None:
    spec = split_bars.bars(BARS, ["<1B", "1-5B"], PARTS, legend=False).to_dict()
    assert spec["layer"][0]["encoding"]["color"]["legend"] is None


def test_bars_are_told_in_words() -> None:
    assert split_bars.described(BARS, ["1-5B", "<1B"]) == "Bar chart: 1-5B 1.00K (25.0%); <1B 3.00K (75.0%)."


COLUMNS = pl.DataFrame(
    {
        "month": [date(2026, 6, 1), date(2026, 6, 1), date(2026, 7, 1)],
        "part": ["Finetune", "Merge", "Merge"],
        "value": [2.5, 4.0, 1.25],
    }
)


def test_a_column_is_stacked_in_the_order_of_its_parts() -> None:
    spec = json.loads(months.columns(COLUMNS, {"Merge": "#111111", "Finetune": "#222222"}).to_json())
    rows = [row for rows in spec["datasets"].values() for row in rows]
    assert [(row["named"], row["part"], row["rank"], row["exact"]) for row in rows] == [
        ("June 2026", "Finetune", 1, "2.5"), ("June 2026", "Merge", 0, "4.0"), ("July 2026", "Merge", 0, "1.2"),
    ]  # fmt: skip


def test_columns_are_told_in_words() -> None:
    assert months.described(COLUMNS) == (
        "Column chart of 2 months to July 2026: 1 in the last, most in June 2026 with 6."
    )
    assert months.described(COLUMNS.clear()) == "A column chart without data."
