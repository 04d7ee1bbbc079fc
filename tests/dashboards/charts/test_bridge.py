"""The chart of steps: a valid specification, a bar per known step, and no bar for an unknown one."""

import polars as pl

from dashboards.charts import bridge

ROWS = pl.DataFrame(
    {
        "name": ["Ours", "One\nstep", "Unknown", "Rest", "Theirs"], "kind": ["end", "step", "unknown", "rest", "end"],
        "step": ["Ours", "One step", "Unknown", "Rest", "Theirs"], "before": [0.52, 0.52, 0.97, 0.97, 0.6],
        "after": [0.52, 0.97, 0.97, 0.6, 0.6],
        "text": ["52.0%", "+45.0 → 97.0%", "unknown", "-37.0 points", "60.0%"],
        "short": ["52.0%", "+45.0", "unknown", "-37.0", "60.0%"],
        "level": ["52.0%", "97.0%", "unknown", "60.0%", "60.0%"], "note": ["a", "b", "c", "d", "e"],
    }
)  # fmt: skip


def test_steps_have_a_sign_and_a_side_besides_their_colour() -> None:
    spec = bridge.steps(ROWS, is_of_both=True).altair().to_dict(validate=True)
    rows = [row for rows in spec["datasets"].values() for row in rows if "colour" in row]
    assert [(row["colour"], row["side"]) for row in rows] == [
        ("end", 1), ("up", 1), ("rest", 1), ("rest", -1), ("end", 1),
    ]  # fmt: skip
    [bars] = [layer for layer in spec["layer"] if layer["mark"]["type"] == "bar"]
    assert "unknown" not in bars["transform"][0]["filter"]


def test_half_is_drawn_only_for_shares_of_two() -> None:
    rules = {}
    for is_of_both in (True, False):
        spec = bridge.steps(ROWS.filter(pl.col("kind") == "unknown"), is_of_both=is_of_both).altair().to_dict()
        rules[is_of_both] = [layer["mark"]["type"] for layer in spec["layer"]].count("rule")
        low, high = spec["layer"][-1]["encoding"]["x"]["scale"]["domain"]
        assert (low < 0.5) == is_of_both and high > 0.97
    assert rules == {True: 1, False: 0}
