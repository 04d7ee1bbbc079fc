"""Published figures: what others published, next to our figures for the same scope and definition."""

import streamlit as st

from dashboards.data import format
from dashboards.data.warehouse import Build, Store
from dashboards.figures import bridge as bridge_figures
from dashboards.queries import bridge, reproduce, shared
from dashboards.text import bridge as bridge_words
from dashboards.text import footnotes
from dashboards.text import reproduce as words
from dashboards.ui import columns, controls, display, page

ROW_HEIGHT = 68
"""Pixels; long text wraps above 64."""


def draw_bridge(store: Store, build: Build, names: tuple[str, ...] | None) -> None:
    """Draw the way from our default to a published figure, which the reader chooses."""
    figure = controls.dropdown("Why is ours not this number?", "bridge", bridge.choices(store))
    found = bridge.bridge(store, figure, names)
    if found is None:
        st.info(bridge_words.NOTHING)
        return
    display.figure(bridge_figures.steps(store, build, figure, names))
    shares = bridge_words.both_shares(found, bridge_figures.names_of(store, found))
    sentences = (shares, bridge_words.same_on_both_sides(found), bridge_words.rest(found))
    st.markdown(format.escape_markdown(" ".join(filter(None, sentences))))
    steps = bridge_words.table(bridge_words.rows(found))
    display.table(
        steps, columns.of(steps), f"bridge-steps-{build.last_day}", "Table of the steps to the published figure",
        height=ROW_HEIGHT * steps.height + 40, row_height=ROW_HEIGHT,
    )  # fmt: skip


store, build = page.current()
page.title("Do we get the figures that others published?")
if build.is_simulated:
    st.warning(words.SIMULATED, icon=":material/warning:")

figures = reproduce.reproductions(store)
if figures.is_empty():
    st.info("This warehouse has no published figures. Run `tracker build` to add them.")
    st.stop()
place = st.container()
uploaded = st.file_uploader(
    "ATOM's list of models, if you have it (CSV with a column modelId)", type="csv", key="list", max_upload_size=10,
    help="ATOM publishes the list as models.csv; it does not come with this program. Your file is not stored.",
)  # fmt: skip
names: tuple[str, ...] | None = None
if uploaded is not None:
    found = words.list_names(uploaded.getvalue())
    if isinstance(found, str):
        st.error(format.escape_markdown(found))
    else:
        names, listed = found, reproduce.list_figures(store, found)
        figures = reproduce.with_list(figures, listed)
        st.caption(format.escape_markdown(words.list_summary(len(names), listed)))
with place:
    draw_bridge(store, build, names)

st.subheader("All published figures", anchor=False)
st.markdown(format.escape_markdown(words.summary(figures)))
with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
    state = controls.segments("Ours", "ours", words.STATES)
    options = {name: name for name in sorted(set(figures["source"]))}
    sources = controls.multiselect("Source", "report", options, "All sources")
shown = words.of_state(figures, state)
if sources:
    shown = shown.filter(shown["source"].is_in(sources))
if shown.is_empty():
    st.info("No published figure matches these filters. Change them above.")
    st.stop()
rows = words.figure_rows(shown)
display.table(
    rows, columns.of(rows, title=columns.FIGURE, because=columns.COMPARISON, source="Source"),
    f"reproductions-{build.last_day}", "Table of published figures and ours", download=shown,
    height=min(ROW_HEIGHT * rows.height + 40, 900), row_height=ROW_HEIGHT,
)  # fmt: skip
st.caption(format.escape_markdown(words.NOTE))
st.caption(format.escape_markdown(footnotes.footnote(build, shared.coverage(store))))
