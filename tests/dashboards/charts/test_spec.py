"""The specification as a page draws it: what Altair makes, with columns for data and marks that stay silent."""

from datetime import date

import altair as alt
import polars as pl

from dashboards.charts import colours as palette
from dashboards.charts import lines, spec
from dashboards.charts.layered import Layered

FRAME = pl.DataFrame(
    {"day": [date(2026, 8, day) for day in (1, 2)], "code": ["CN", "CN"], "value": [1.0, 2.0], "share": [0.5, 0.6]}
)


def without_aria(node: object) -> object:
    """A copy in which no mark says anything about assistive technology, and no data and no layer has a name."""
    if isinstance(node, dict):
        kept = {
            key: value
            for key, value in node.items()
            if key not in ("aria", "data", "datasets", "$schema", "config", "views")
        }
        return {key: without_aria(value) for key, value in kept.items() if key != "name" or "mark" not in node}
    return [without_aria(item) for item in node] if isinstance(node, list) else node


def test_the_chart_is_the_one_that_altair_checks() -> None:
    chart = lines.lines(FRAME, "share", {"CN": "China"}, palette.colours("country", ("CN",)))
    checked = chart.to_dict(validate=True)
    assert without_aria(spec.unchecked(chart)) == without_aria(checked)


def test_its_frames_are_named_and_kept_as_columns() -> None:
    one, other = alt.Chart(FRAME).mark_line(), alt.Chart(FRAME.head(1)).mark_point()
    made = spec.unchecked(Layered([one, other, one], 100))
    assert [layer["data"]["name"] for layer in made["layer"]] == ["data-0", "data-1", "data-0"]
    assert made["datasets"]["data-0"] is FRAME and made["datasets"]["data-1"].height == 1


def test_no_mark_is_announced_by_itself() -> None:
    made = spec.unchecked(Layered([alt.Chart(FRAME).mark_line(), alt.Chart(FRAME).mark_point(size=3)], 100))
    assert [layer["mark"]["aria"] for layer in made["layer"]] == [False, False]


def test_what_can_be_picked_stands_at_the_top_and_names_its_layer() -> None:
    picked = alt.selection_point(name="picked")
    made = spec.unchecked(
        Layered([alt.Chart(FRAME).mark_line(), alt.Chart(FRAME).mark_point().add_params(picked)], 100)
    )
    [parameter] = made["params"]
    assert parameter["name"] == "picked" and parameter["views"] == [made["layer"][1]["name"]]
    assert not any("params" in layer for layer in made["layer"])
