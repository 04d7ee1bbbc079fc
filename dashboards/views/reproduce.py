"""The figures that others published, beside ours of the same scope and definition."""

import streamlit as st

from dashboards.data import format
from dashboards.queries import reproduce, shared
from dashboards.text import footnotes
from dashboards.text import reproduce as words
from dashboards.ui import controls, display, page, tables

ROW = 68
"""Pixels of a row; above 64, long text is broken into lines."""

store, build = page.current()
st.title("Do we get the figures that others published?", anchor=False)
if build.is_simulated:
    st.warning(words.SIMULATED, icon=":material/warning:")

figures = reproduce.reproductions(store)
if figures.is_empty():
    st.info("No published figure is in this warehouse. Run `tracker build` to make it anew from the lake.")
    st.stop()
loaded = st.file_uploader(
    "ATOM's list of models, if you have it (CSV with a column modelId)", type="csv", key="list", max_upload_size=10,
    help="ATOM publishes the list, models.csv; it is not part of this program. It is read here and kept nowhere.",
)  # fmt: skip
if loaded is not None:
    names = words.list_names(loaded.getvalue())
    if isinstance(names, str):
        st.error(format.escape_markdown(names))
    else:
        listed = reproduce.list_figures(store, names)
        figures = reproduce.with_list(figures, listed)
        st.caption(format.escape_markdown(words.list_summary(len(names), listed)))

st.markdown(format.escape_markdown(words.summary(figures)))
with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
    state = controls.one("Ours", "ours", words.STATES)
    sources = controls.some_of(
        "Source", "report", {name: name for name in sorted(set(figures["source"]))}, "All sources"
    )
shown = words.of_state(figures, state)
if sources:
    shown = shown.filter(shown["source"].is_in(sources))
if shown.is_empty():
    st.info("No published figure is of this kind. Choose others.")
    st.stop()
rows = words.figure_rows(shown)
display.table(
    rows, tables.reproduction_columns(), f"reproductions-{build.last_day}", "Table of published figures and ours",
    taken=shown, height=min(ROW * rows.height + 40, 900), row_height=ROW,
)  # fmt: skip
st.caption(format.escape_markdown(words.NOTE))
st.caption(format.escape_markdown(footnotes.footnote(build, shared.coverage(store))))
