"""SQL: query the warehouse; the result as a table and a chart, with the schema and examples."""

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
from dashboards.ui import columns, controls, display, page
from tracker.errors import TrackerError
from tracker.sql.console import MAX_QUERY_CHARS, QueryResult

store, build = page.current()


def use_example() -> None:
    """Put the chosen example into the query."""
    chosen = st.session_state["example"]
    # Removed instead of emptied, the browser would send the choice again with each run, and undo the reader's changes.
    st.session_state["example"] = None
    if chosen:
        st.session_state["q"] = console.examples()[chosen]


def run_query(query: str, is_submitted: bool) -> QueryResult:
    """The result of the query; if it is refused, the page shows why and ends.

    A refused query runs again only when it is submitted again, not when another control changes.
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


def show_schema() -> None:
    """Tables and columns with their comments."""
    schema_columns = console.warehouse_columns(store)
    tables = {"": "All tables"} | {name: name for name in schema_columns["table"]}
    rows = method.matching(schema_columns, "", controls.dropdown("Table", "about", tables))
    display.table(rows, columns.of(rows), "schema", "Table of columns", height=420)


def choose_chart(query: str, rows: pl.DataFrame) -> query_result.Choice | None:
    """The chart to draw, by default a guess from the columns; None for no chart."""
    guess, by_type = query_result.guess(rows), query_result.columns(rows)
    if guess is None:
        st.caption(words.NOTHING_TO_DRAW)
        return None
    controls.reset_for(query, guess.state)
    with st.container(horizontal=True, vertical_alignment="bottom", key="chart-controls"):
        kind = controls.dropdown("Chart", "chart", controls.default_first(words.KINDS, guess.kind))
        x = choose_column("X axis", "x", by_type.all, guess.x)
        y = choose_column("Y axis", "y", by_type.numbers, guess.y)
        by_colour = {"": words.NO_COLOUR} | {name: name for name in by_type.texts}
        colour = controls.dropdown("Colour", "colour", controls.default_first(by_colour, guess.colour or ""))
    return None if kind == "none" else query_result.Choice(kind, x, y, colour or None)


def choose_column(label: str, key: str, names: tuple[str, ...], default: str) -> str:
    """One of the columns of the result."""
    return controls.dropdown(label, key, controls.default_first({name: name for name in names}, default))


def show_rows(query: str, rows: pl.DataFrame) -> None:
    """The result as a chart and as a table."""
    name = f"{'simulated-' if build.is_simulated else ''}query-{build.last_day}"
    if choice := choose_chart(query, rows):
        drawn = query_result.drawable(rows, choice)
        footnote = footnotes.footnote(build, shared.coverage(store))
        subtitle = words.subtitle(choice, drawn.height, rows.height)
        chart, alt = query_result.chart(drawn, choice), query_result.described(drawn, choice)
        figure = Figure(f"{name}-chart", chart, words.title(query), subtitle, footnote, alt, drawn)
        display.figure(cached.for_browser(lambda: figure))
    display.table(rows, columns.as_given(rows), name, "Table of the result", height=420)
    display.parquet(rows, name)


page.title("What else would you like to know?")
st.caption(format.escape_markdown(words.INTRODUCTION.format(seconds=console.LIMITS.seconds, rows=console.LIMITS.rows)))
st.selectbox(
    "Examples", list(console.examples()), index=None, key="example", on_change=use_example,
    placeholder="Choose an example",
)  # fmt: skip
with st.form("ask", border=False):
    query = controls.text_area("Query", "q", words.PLACEHOLDER, MAX_QUERY_CHARS)
    is_submitted = st.form_submit_button("Run", help="Ctrl+Enter in the query also runs it")
with st.expander("Tables and columns"):
    show_schema()
if not query:
    st.info(words.NOTHING_ASKED)
    st.stop()
answer = run_query(query, is_submitted)
st.caption(format.escape_markdown(words.result_size(answer.frame.height, answer.is_cut, answer.seconds)))
show_rows(query, answer.frame)
