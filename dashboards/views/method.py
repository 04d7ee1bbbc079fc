"""Method: definitions of all tables and columns, glossary, changes, colours, sources."""

import streamlit as st

from dashboards.data import format
from dashboards.figures import method as figures
from dashboards.queries import method as queries
from dashboards.queries import shared
from dashboards.queries.sql import warehouse_columns
from dashboards.text import method as words
from dashboards.ui import columns, controls, definition_bar, display, page
from tracker.warehouse import documents

store, build = page.current()


def show_definitions() -> None:
    """Tables and columns with their comments: all, one table, or those that match a search."""
    schema_columns = warehouse_columns(store)
    tables = words.table_rows(schema_columns, queries.glossary().questions)
    with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
        text = controls.search("Search tables, columns and their meaning", "find", "for example downloads_30d")
        name = controls.dropdown("Table", "table", {"": "All tables"} | {name: name for name in tables["table"]})
    if name:
        show_table(name)
    elif not text:
        config = columns.of(tables, meaning="What a row is")
        display.table(tables, config, "tables", "Table of the tables", height=620, row_height=70)
        return
    found = words.matching(schema_columns, text, name)
    if found.is_empty():
        st.info("No table or column matches. Change the search or the table.")
        return
    display.table(found, columns.of(found), "columns", "Table of columns", row_height=70)


def show_table(name: str) -> None:
    """What a row of a table is, its grain and surprises, and the query that builds it."""
    if sql := queries.definitions().get(name):
        st.markdown(words.table_notes(sql))
        st.expander("The query that builds it").code(documents.body(sql), language="sql")


def show_glossary() -> None:
    """The glossary of the warehouse."""
    st.markdown(words.glossary(queries.glossary().terms))


def show_changes() -> None:
    """Changes of the meaning of a number, and of the Hub."""
    st.subheader("Changes in the meaning of a number", anchor=False)
    st.markdown(words.changes(queries.glossary().changes))
    st.subheader("Changes on the Hub", anchor=False)
    found = queries.hub_changes(store)
    display.table(found, columns.of(found), "hub-changes", "Table of changes on the Hub", row_height=70)
    st.subheader("When a day is final", anchor=False)
    st.markdown(queries.glossary().final_days)


def show_colours() -> None:
    """Evidence that the colours can be distinguished, also with colour-vision deficiency."""
    palette = words.palette_names(shared.origin_names(store))
    display.figure(figures.colours(store, build))
    st.caption(format.escape_markdown(words.COLOURS_MEANING))
    distances, contrasts = words.distances(palette), words.contrasts(palette)
    display.table(distances, columns.of(distances), "distances", "Table of distances of colours")
    display.table(contrasts, columns.of(contrasts), "contrasts", "Table of contrasts of colours")


def show_sources() -> None:
    """Where the data come from, their licence, and how to cite a figure."""
    st.markdown(words.sources())
    sources = queries.sources(store)
    display.table(sources, columns.of(sources), "sources", "Table of sources")
    st.subheader("How to cite", anchor=False)
    models = definition_bar.current().models
    for citation in words.citations(build, queries.registry_version(store), shared.coverage(store), models):
        st.code(citation, language=None, wrap_lines=True)


CHAPTERS = {
    "definitions": show_definitions,
    "glossary": show_glossary,
    "changes": show_changes,
    "colours": show_colours,
    "sources": show_sources,
}

page.title("How are the numbers made?")
st.markdown(format.escape_markdown(words.SUMMARY))
CHAPTERS[controls.segments("Chapter", "chapter", words.CHAPTERS)]()
