"""Figures are built once per arguments, and the browser gets the specification of Altair with Arrow data."""

import io
import json

import altair as alt
import polars as pl
import pyarrow.ipc

from dashboards.charts.figure import Figure, browser_spec
from dashboards.figures.cached import cached_figure

FRAME = pl.DataFrame({"x": [1, 2], "y": [3.5, None]})
CHART = alt.Chart(FRAME).mark_line().encode(x=alt.X("x:Q"), y=alt.Y("y:Q"))


def test_figure_is_built_once_per_arguments() -> None:
    built: list[str] = []

    @cached_figure
    def figure(choice: str) -> Figure:
        built.append(choice)
        return Figure(choice, CHART, "A title", "A subtitle", "A footnote", "In words", FRAME)

    first, again, other = figure("a"), figure("a"), figure("b")
    assert first is again
    assert [first.name, other.name] == built == ["a", "b"]
    assert first.figure().data.equals(FRAME)
    assert built == ["a", "b", "a"]


def test_browser_figure_has_rows_and_the_text_colour_of_the_page() -> None:
    @cached_figure
    def figure() -> Figure:
        return Figure("a-name", CHART, "A title", "A subtitle", "A footnote", "In words", FRAME)

    sent = figure().spec()
    (rows,) = sent.pop("datasets").values()
    assert pl.DataFrame(pl.from_arrow(pyarrow.ipc.open_stream(io.BytesIO(rows)).read_all())).equals(FRAME)
    wanted = browser_spec(CHART.configure_text(color="currentColor"))
    del wanted["datasets"]
    assert sent == json.loads(json.dumps(wanted))
