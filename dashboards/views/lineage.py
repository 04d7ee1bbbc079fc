"""Lineage: what a model is built from and what is built on it, as a graph scope it."""

import streamlit as st

from dashboards.data import format
from dashboards.figures import lineage as figures
from dashboards.figures.lineage import LineageScope
from dashboards.queries import lineage, shared
from dashboards.text import lineage as words
from dashboards.ui import columns, controls, display, page, table_rows

MOST_ROWS = 100

store, build = page.current()
page.title("What is a model built from, and what is built on it?")


def set_centre(repo_id: str | None) -> None:
    """Put another model in the centre and clear the search."""
    if repo_id:
        st.session_state["find"], st.session_state["model"] = "", repo_id


with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
    search = controls.search("Search by name", "find", "for example qwen3 or org/name")
    options = lineage.choices(store, search, controls.requested("model"))
    if not options:
        st.info("No model matches. Change the search.")
        st.stop()
    repo_id = controls.dropdown("Model", "model", {name: name for name in options})
with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
    relations = controls.pills("Relations", "relation", words.RELATIONS)
    steps = controls.segments("Steps", "steps", words.STEPS)
    least = int(controls.segments("30-day downloads at least", "least", words.LEAST))

scope = LineageScope(store, build, repo_id, relations, steps, least)
model, names, descendants = scope.model, shared.origin_names(store), scope.descendants
hub_id = model["hub_id"]
roots = lineage.roots(store, hub_id)

page.finding(words.headline(model, roots, descendants, scope.filters, names))
picked = f"picked-{scope.name}"
display.figure(figures.graph(scope), on_click=lambda: set_centre(words.selected_model(st.session_state[picked])))
others = words.stored_names(figures.labelled_nodes(scope), repo_id)
st.selectbox(
    "Put another model of the graph in the centre", others, index=None, key="other", placeholder="Choose a model",
    on_change=lambda: set_centre(st.session_state["other"]),
)  # fmt: skip
st.caption(words.NOTE)

for heading, rows, part in (
    ("Base models and their share of this model", table_rows.root_rows(roots, names), "roots"),
    ("Declared links, used or not", table_rows.link_rows(lineage.edges(store, hub_id)), "links"),
    (
        words.descendants_heading(descendants.height, MOST_ROWS),
        table_rows.descendant_rows(descendants, names, MOST_ROWS),
        "built",
    ),
):
    st.subheader(heading, anchor=False)
    if rows.is_empty():
        st.caption(words.NONE_OF[part])
    else:
        display.table(rows, columns.of(rows), format.file_stem(part, repo_id), f"Table: {heading}")
