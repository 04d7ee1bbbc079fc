"""Specifications for the browser equal Altair's own, with frames as columns and marks hidden from screen readers."""

from dataclasses import replace
from datetime import date

import altair as alt
import polars as pl

from dashboards.charts import colours, lines
from dashboards.charts.figure import Layered, browser_spec

FRAME = pl.DataFrame(
    {"day": [date(2026, 8, day) for day in (1, 2)], "code": ["CN", "CN"], "value": [1.0, 2.0], "share": [0.5, 0.6]}
)
IGNORED = {"aria", "data", "datasets", "$schema", "config", "views"}


def comparable(node: object) -> object:
    """A copy without data, names of layers and settings for assistive technology."""
    if isinstance(node, dict):
        kept = {key: value for key, value in node.items() if key not in IGNORED}
        return {key: comparable(value) for key, value in kept.items() if key != "name" or "mark" not in node}
    return [comparable(item) for item in node] if isinstance(node, list) else node


def test_browser_spec_equals_the_spec_that_altair_checks() -> None:
    chart = lines.lines(FRAME, "share", colours.group_styles("country", {"CN": "China"}))
    checked = chart.altair().to_dict(validate=True)
    assert comparable(browser_spec(replace(chart, panel=None))) == comparable(checked)


def test_frames_are_named_and_stay_columns() -> None:
    one, other = alt.Chart(FRAME).mark_line(), alt.Chart(FRAME.head(1)).mark_point()
    spec = browser_spec(Layered([one, other, one], 100))
    assert [layer["data"]["name"] for layer in spec["layer"]] == ["data-0", "data-1", "data-0"]
    assert spec["datasets"]["data-0"] is FRAME and spec["datasets"]["data-1"].height == 1


def test_single_marks_are_hidden_from_screen_readers() -> None:
    spec = browser_spec(Layered([alt.Chart(FRAME).mark_line(), alt.Chart(FRAME).mark_point(size=3)], 100))
    assert [layer["mark"]["aria"] for layer in spec["layer"]] == [False, False]


def test_selections_are_at_the_top_and_name_their_layer() -> None:
    picked = alt.selection_point(name="picked")
    points = alt.Chart(FRAME).mark_point().add_params(picked)
    spec = browser_spec(Layered([alt.Chart(FRAME).mark_line(), points], 100))
    [parameter] = spec["params"]
    assert parameter["name"] == "picked" and parameter["views"] == [spec["layer"][1]["name"]]
    assert not any("params" in layer for layer in spec["layer"])
