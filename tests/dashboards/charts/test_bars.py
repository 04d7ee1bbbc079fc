"""Bars: moves from a baseline, groups with their sums, months in the order of their parts."""

import json
from datetime import date
from typing import Any

import polars as pl

from dashboards.charts import bars

MOVES = pl.DataFrame(
    {
        "name": ["one\nline", "two", "three"], "definition": ["one line", "two", "three"], "value": [0.3, 0.05, 0.1001],
        "move": [0.2, -0.05, 0.0001], "text": ["+20.0 points", "-5.0 points", "0.0 points"],
        "exact": ["+30.0 points", "+5.0 points", "+10.0 points"],
    }
)  # fmt: skip
GROUPS = pl.DataFrame(
    {
        "group": ["<1B", "<1B", "1-5B"],
        "part": ["GGUF", "Other formats", "Other formats"],
        "value": [1_000.0, 2_000.0, 1_000.0],
        "share": [0.25, 0.5, 0.25],
    }
)
PARTS = {"Other formats": "#111111", "GGUF": "#222222"}
MONTHS = pl.DataFrame(
    {
        "month": [date(2026, 6, 1), date(2026, 6, 1), date(2026, 7, 1)],
        "part": ["Finetune", "Merge", "Merge"],
        "value": [2.5, 4.0, 1.25],
    }
)


def all_rows(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for rows in spec["datasets"].values() for row in rows]


def moves(is_signed: bool) -> dict[str, Any]:
    return bars.moves(MOVES, 0.1, is_signed=is_signed).altair().to_dict()


def test_moves_have_a_direction_and_a_sign_besides_their_colour() -> None:
    rows = [row for row in all_rows(moves(True)) if "direction" in row]
    assert [(row["direction"], row["short"], row["baseline"]) for row in rows] == [
        (1, "+20.0", 0.1), (-1, "-5.0", 0.1), (0, "0.0", 0.1),
    ]  # fmt: skip


def test_only_signed_moves_have_a_rule_at_zero_within_the_axis() -> None:
    ends, rules = {}, {}
    for is_signed in (True, False):
        spec = moves(is_signed)
        ends[is_signed] = spec["layer"][0]["encoding"]["x"]["scale"]["domain"]
        rules[is_signed] = sum(layer["mark"]["type"] == "rule" for layer in spec["layer"])
    assert rules == {True: 2, False: 1}
    assert ends[True][0] < 0 < 0.3 < ends[True][1]
    assert 0 < ends[False][1] - ends[False][0] < ends[True][1] - ends[True][0]


def test_every_bar_has_its_name() -> None:
    assert moves(True)["layer"][0]["encoding"]["y"]["axis"]["labelOverlap"] is False


def test_each_group_has_its_sum_and_share_at_its_end() -> None:
    spec = bars.groups(GROUPS, ["<1B", "1-5B"], PARTS).altair().to_dict()
    rows = all_rows(spec)
    assert {row["group"]: row["figure"] for row in rows if "figure" in row} == {
        "<1B": "3.00K (75.0%)", "1-5B": "1.00K (25.0%)",
    }  # fmt: skip
    assert {row["part"]: row["rank"] for row in rows if "rank" in row} == {"Other formats": 0, "GGUF": 1}
    assert spec["layer"][0]["encoding"]["color"]["scale"]["range"] == ["#111111", "#222222"]


def test_groups_without_a_legend_have_none() -> None:
    spec = bars.groups(GROUPS, ["<1B", "1-5B"], PARTS, legend=False).altair().to_dict()
    assert spec["layer"][0]["encoding"]["color"]["legend"] is None


def test_alternative_text_of_groups_has_sums_and_shares() -> None:
    assert bars.described_groups(GROUPS, ["1-5B", "<1B"]) == "Bar chart: 1-5B 1.00K (25.0%); <1B 3.00K (75.0%)."


def test_months_are_stacked_in_the_order_of_their_parts() -> None:
    spec = json.loads(bars.months(MONTHS, {"Merge": "#111111", "Finetune": "#222222"}).to_json())
    assert [(row["month_name"], row["part"], row["rank"], row["exact"]) for row in all_rows(spec)] == [
        ("June 2026", "Finetune", 1, "2.5"), ("June 2026", "Merge", 0, "4.0"), ("July 2026", "Merge", 0, "1.2"),
    ]  # fmt: skip


def test_alternative_text_of_months_has_the_last_and_the_highest() -> None:
    assert bars.described_months(MONTHS) == (
        "Column chart of 2 months to July 2026: 1 in the last, most in June 2026 with 6."
    )
    assert bars.described_months(MONTHS.clear()) == "A column chart without data."
