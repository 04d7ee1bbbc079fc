"""Ask the warehouse in SQL: a query with its result as a table and a chart, the schema, and examples."""

import polars as pl
import streamlit as st

from dashboards.charts import query_result
from dashboards.charts.figure import Figure
from dashboards.data import format
from dashboards.figures import cached
from dashboards.queries import shared
from dashboards.queries import sql as console
from dashboards.text import footnotes, method
from dashboards.text import sql as words
from dashboards.ui import controls, display, page
from dashboards.ui import evidence_tables as tables
from tracker.errors import TrackerError
from tracker.sql.console import LONGEST_QUERY, Answered

store, build = page.current()


def use_example() -> None:
    """Puts the chosen example into the query."""
    if chosen := st.session_state.pop("example", None):
        st.session_state["q"] = console.examples()[chosen]


def show_schema() -> None:
    """What there is to ask for, in the warehouse's own words."""
    columns = console.warehouse_columns(store)
    table = controls.pick("Table", "about", {"": "All tables"} | {name: name for name in columns["table"]})
    shown = method.matching(columns, "", table)
    display.table(shown, tables.warehouse_columns(), "schema", "Table of columns", height=420)


def chosen_chart(query: str, rows: pl.DataFrame) -> query_result.Choice | None:
    """What to draw of the rows: a sensible guess, or what is chosen; None for no chart."""
    first, columns = query_result.guess(rows), query_result.columns(rows)
    if first is None:
        st.caption(words.NOTHING_TO_DRAW)
        return None
    controls.start_over(query, first.state)
    with st.container(horizontal=True, vertical_alignment="bottom", key="chart-controls"):
        kind = controls.pick("Chart", "chart", controls.first(words.KINDS, first.kind))
        x = controls.pick("Across", "x", controls.first({name: name for name in columns.all}, first.x))
        y = controls.pick("Value", "y", controls.first({name: name for name in columns.numbers}, first.y))
        by_colour = {"": words.NO_COLOUR} | {name: name for name in columns.texts}
        colour = controls.pick("Colour", "colour", controls.first(by_colour, first.colour or ""))
    return None if kind == "none" else query_result.Choice(kind, x, y, colour or None)


def show_rows(query: str, rows: pl.DataFrame) -> None:
    """A result as a chart and as a table."""
    name = f"{'simulated-' if build.is_simulated else ''}query-{build.last_day}"
    if choice := chosen_chart(query, rows):
        drawn = query_result.drawable(rows, choice)
        footnote = footnotes.footnote(build, shared.coverage(store))
        subtitle = words.subtitle(choice, drawn.height, rows.height)
        chart, alt = query_result.chart(drawn, choice), query_result.described(drawn, choice)
        figure = Figure(f"{name}-chart", chart, words.title(query), subtitle, footnote, alt, drawn)
        display.figure(cached.drawn(lambda: figure))
    display.table(rows, tables.as_given(rows), name, "Table of the result", height=420)
    display.parquet(rows, name)


def result(query: str, is_submitted: bool) -> Answered:
    """The result of the query; a refusal is shown and stops the page.

    A refused query runs again only when it is submitted again, not when a control of the chart changes.
    """
    refused = st.session_state.get("refused")
    if refused is None or is_submitted or refused[:2] != (store, query):
        try:
            with st.spinner("Running the query"):
                return console.result(store, query)
        except TrackerError as problem:
            refused = st.session_state["refused"] = (store, query, str(problem))
    display.refusal(refused[2])
    st.stop()


st.title("What else would you like to know?", anchor=False)
st.caption(format.escape_markdown(words.INTRODUCTION.format(seconds=console.LIMITS.seconds, rows=console.LIMITS.rows)))
st.selectbox(
    "Examples", list(console.examples()), index=None, key="example", on_change=use_example,
    placeholder="Questions that people ask",
)  # fmt: skip
with st.form("ask", border=False):
    query = controls.passage("Query", "q", words.PLACEHOLDER, LONGEST_QUERY)
    is_asked = st.form_submit_button("Run", help="Ctrl+Enter in the query runs it too")
with st.expander("Tables and columns"):
    show_schema()
if not query:
    st.info(words.NOTHING_ASKED)
    st.stop()
answered = result(query, is_asked)
st.caption(format.escape_markdown(words.result_size(answered.frame.height, answered.is_cut, answered.seconds)))
show_rows(query, answered.frame)
