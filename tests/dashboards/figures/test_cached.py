"""Figures are drawn once for the same choice, and what is sent is what Altair would have sent."""

import io
import json

import altair as alt
import polars as pl
import pyarrow.ipc

from dashboards.charts.figure import Figure, browser_spec
from dashboards.figures.cached import cached_figure

FRAME = pl.DataFrame({"x": [1, 2], "y": [3.5, None]})
CHART = alt.Chart(FRAME).mark_line().encode(x=alt.X("x:Q"), y=alt.Y("y:Q"))


def test_the_same_choice_is_drawn_once_and_another_one_anew() -> None:
    drawn: list[str] = []

    @cached_figure
    def figure(choice: str) -> Figure:
        drawn.append(choice)
        return Figure(choice, CHART, "A title", "A subtitle", "A footnote", "In words", FRAME)

    first, again, other = figure("a"), figure("a"), figure("b")
    assert first is again
    assert [first.name, other.name] == drawn == ["a", "b"]
    assert first.figure().data.equals(FRAME)
    assert drawn == ["a", "b", "a"]


def test_what_is_sent_is_the_chart_with_its_rows_and_the_ink_of_the_page() -> None:
    @cached_figure
    def figure() -> Figure:
        return Figure("a-name", CHART, "A title", "A subtitle", "A footnote", "In words", FRAME)

    sent = figure().spec()
    (rows,) = sent.pop("datasets").values()
    assert pl.DataFrame(pl.from_arrow(pyarrow.ipc.open_stream(io.BytesIO(rows)).read_all())).equals(FRAME)
    wanted = browser_spec(CHART.configure_text(color="currentColor"))
    del wanted["datasets"]
    assert sent == json.loads(json.dumps(wanted))
