"""What the choices of the page that compares mean together."""

from typing import Any

import pytest

from dashboards.charts.axes import Axes
from dashboards.data.definition import Definition
from dashboards.text.comparison import METRICS, Comparison


@pytest.mark.parametrize(
    ("chosen", "axes", "view", "metric", "is_flow"),
    [
        ({}, Axes(), "value", "downloads_7d_mean", True),
        ({"smooth": "raw"}, Axes(), "value", "downloads", True),
        ({"every": "week"}, Axes(step="week"), "value", "downloads", True),
        ({"scale": "log", "measure": "30d"}, Axes(scale="log"), "value", "downloads_30d", False),
        ({"scale": "share", "measure": "likes"}, Axes(), "share", "likes", False),
        ({"scale": "index", "measure": "root"}, Axes(), "index", "downloads_7d_mean", True),
        ({"against": "release"}, Axes("age"), "value", "downloads_7d_mean", True),
        ({"against": "release", "kind": "origins"}, Axes(), "value", "downloads_7d_mean", True),
        ({"against": "release", "every": "month", "measure": "all_time"}, Axes("age", "month"), "value",
         "downloads_all_time", False),
    ],
)  # fmt: skip
def test_derived_properties(chosen: dict[str, Any], axes: Axes, view: str, metric: str, is_flow: bool) -> None:
    one = Comparison(**{"kind": "families", "codes": ("qwen",), **chosen})
    assert (one.axes, one.view, one.metric, one.is_flow) == (axes, view, metric, is_flow)


def test_new_derivatives_are_monthly() -> None:
    one = Comparison("families", ("qwen",), "derivatives", against="release", every="day")
    assert (one.axes, one.is_flow, one.has_steps) == (Axes(step="month"), False, False)


def test_credited_downloads_ignore_the_lens() -> None:
    definition = Definition(gguf=False)
    assert Comparison("labs", (), "root").counted_by(definition) == Definition(lens="root", gguf=False)
    assert Comparison("labs", (), "daily").counted_by(definition) == definition
    assert Comparison("models", (), "derivatives").counted_by(definition).models == "all", "no control is shown"


@pytest.mark.parametrize("kind", ["origins", "labs", "families", "generations", "models"])
def test_models_are_counted_as_roots(kind: str) -> None:
    of_roots = {measure for measure in ("daily", *METRICS, "derivatives") if Comparison(kind, (), measure).is_of_roots}
    assert of_roots == ({"derivatives", "root"} if kind == "models" else set())
