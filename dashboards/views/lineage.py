"""Where a model comes from and what is built on it, as a graph around it, with the links that were not used."""

import streamlit as st

from dashboards.data import format
from dashboards.figures import lineage as figures
from dashboards.figures.lineage import Around
from dashboards.queries import lineage, shared
from dashboards.text import lineage as words
from dashboards.ui import controls, display, kin_tables, page

MOST_ROWS = 100

store, build = page.current()
st.title("What is a model built from, and what is built on it?", anchor=False)


def centre(repo_id: str | None) -> None:
    """Makes another model the centre; the search that led to the last one is over."""
    if repo_id:
        st.session_state["find"], st.session_state["model"] = "", repo_id


with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
    search = controls.search("Search by name", "find", "for example qwen3 or org/name")
    offered = lineage.choices(store, search, controls.named("model"))
    if not offered:
        st.info("No model matches. Change the search.")
        st.stop()
    repo_id = controls.pick("Model", "model", {name: name for name in offered})
with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
    relations = controls.several("Relations", "relation", words.RELATIONS)
    steps = controls.one("Steps", "steps", words.STEPS)
    least = int(controls.one("30-day downloads at least", "least", words.LEAST))

around = Around(store, build, repo_id, relations, steps, least)
model, names, below = around.model, shared.origin_names(store), around.below
hub_id = model["hub_id"]
roots = lineage.roots(store, hub_id)

st.markdown(format.escape_markdown(words.headline(model, roots, below, around.within, names)))
display.figure(
    figures.graph(around), picked=lambda: centre(words.selected_model(st.session_state[f"picked-{around.name}"]))
)
others = words.stored_names(figures.told(around), repo_id)
st.selectbox(
    "Put another model of the graph in the centre", others, index=None, key="other", placeholder="Choose a model",
    on_change=lambda: centre(st.session_state["other"]),
)  # fmt: skip
st.caption(words.NOTE)

for heading, rows, part in (
    ("Roots, and what they are credited with", kin_tables.root_rows(roots, names), "roots"),
    ("Links, used or not", kin_tables.edge_rows(lineage.edges(store, hub_id)), "links"),
    (words.descendants_heading(below.height, MOST_ROWS), kin_tables.descendant_rows(below, names, MOST_ROWS), "built"),
):
    st.subheader(heading, anchor=False)
    if rows.is_empty():
        st.caption(words.NONE_OF[part])
    else:
        display.table(rows, kin_tables.columns(), format.file_stem(part, repo_id), f"Table: {heading}")
