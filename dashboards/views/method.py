"""How the numbers are made: every definition in the words of the warehouse, glossary, changes, colours, sources."""

import streamlit as st

from dashboards.data import format
from dashboards.figures import method as figures
from dashboards.queries import method as queries
from dashboards.queries import shared
from dashboards.queries.sql import warehouse_columns
from dashboards.text import documents
from dashboards.text import method as words
from dashboards.ui import controls, display, page
from dashboards.ui import evidence_tables as tables

store, build = page.current()


def definitions() -> None:
    """Tables and columns with their comments: all, one table, or those that match a search."""
    columns = warehouse_columns(store)
    found = words.table_rows(columns, queries.readme())
    with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
        text = controls.search("Search tables, columns and their meaning", "find", "for example downloads_30d")
        chosen = controls.pick("Table", "table", {"": "All tables"} | {name: name for name in found["table"]})
    if chosen:
        one_table(chosen)
    elif not text:
        display.table(found, tables.warehouse_tables(), "tables", "Table of the tables", height=620, row_height=70)
        return
    found = words.matching(columns, text, chosen)
    if found.is_empty():
        st.info("Nothing of that name or meaning. Change the search or the table.")
        return
    display.table(found, tables.warehouse_columns(), "columns", "Table of columns", row_height=70)


def one_table(name: str) -> None:
    """What a row of a table is, its grain, what is surprising, and the select that makes it."""
    if sql := queries.definitions().get(name):
        st.markdown(words.table_notes(sql))
        st.expander("The select that makes it").code(documents.body(sql), language="sql")


def glossary() -> None:
    """The words of the field."""
    st.markdown(words.glossary(queries.readme()))


def changes() -> None:
    """What changed in the meaning of our numbers, and on the Hub."""
    st.subheader("What changed in the meaning of a number", anchor=False)
    st.markdown(words.changes(queries.readme()))
    st.subheader("What changed on the Hub", anchor=False)
    found = queries.hub_changes(store)
    display.table(found, tables.hub_changes(), "hub-changes", "Table of changes on the Hub", row_height=70)
    st.subheader("When a day no longer changes", anchor=False)
    st.markdown(words.settled_days(queries.readme()))


def colours() -> None:
    """The check that colours can be told apart."""
    palette = words.palette_names(shared.origin_names(store))
    display.figure(figures.colours(store, build))
    st.caption(format.escape_markdown(words.COLOURS_MEANING))
    display.table(words.distances(palette), tables.colour_distances(), "distances", "Table of distances of colours")
    display.table(words.contrasts(palette), tables.colour_contrasts(), "contrasts", "Table of contrasts of colours")


def sources() -> None:
    """Where the data are from, under which licence, and how to cite a figure."""
    st.markdown(words.sources())
    display.table(queries.sources(store), tables.source_columns(), "sources", "Table of sources")
    st.subheader("How to cite", anchor=False)
    for cited in words.citations(build, queries.registry_version(store), shared.coverage(store)):
        st.code(cited, language=None, wrap_lines=True)


st.title("How are the numbers made?", anchor=False)
st.markdown(format.escape_markdown(words.SUMMARY))
chosen = controls.one("Chapter", "chapter", words.CHAPTERS)
{one.__name__: one for one in (definitions, glossary, changes, colours, sources)}[chosen]()
