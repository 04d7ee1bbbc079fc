"""Who is ahead in open-weight AI, by origin of the publisher or of the root model, over time."""

import streamlit as st

from dashboards.data import format
from dashboards.figures import findings
from dashboards.figures.overview import Asked
from dashboards.text import overview as words
from dashboards.text import terms
from dashboards.ui import controls, definition_bar, display, page, tables
from dashboards.views import ahead

store, build = page.current()
definition = definition_bar.current()
st.title("Who is ahead in open-weight AI?", anchor=False)
finding = st.container(key="finding")

with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
    metric = controls.one("Metric", "metric", terms.METRIC_LABELS)
    view = controls.one("View", "view", words.VIEWS)
    group = controls.one("Group by", "group", words.GROUPS)

if not definition.layers:
    st.info("No layer is chosen. Choose at least one.")
    st.stop()
asked = Asked(store, build, definition, view, group)
latest, found = findings.latest(asked, metric), findings.finding(asked, metric)
if latest is None or found is None:
    st.info("No model of the chosen kinds was counted. Choose others.")
    st.stop()

with finding:
    ahead.tell(found)
ahead.show_days(asked, metric)

st.subheader("All origins on the last day" if group == "country" else "All regions on the last day", anchor=False)
display.table(
    words.table(latest.rows, latest.names), tables.origin_columns(metric), f"all-origins-{latest.day}",
    "Table of all origins on the last day",
)  # fmt: skip
st.caption(format.escape_markdown(terms.metric_note(metric)))

ahead.show_crossovers(asked)
ahead.show_derivatives(asked)
if metric != "likes":
    ahead.show_days(asked, "likes")
