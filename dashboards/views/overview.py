"""Who is ahead in open-weight AI, by origin of the publisher or of the root model, over time."""

import streamlit as st

from dashboards import ahead, controls, format, page, show, switches, tables
from dashboards.charts import series
from dashboards.figures.overview import Asked
from dashboards.queries import origins
from dashboards.words import origins as words
from dashboards.words import terms

store, build = page.current()
definition = switches.current()
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
days = asked.days(metric)
if days.is_empty():
    st.info("No model of the chosen kinds was counted. Choose others.")
    st.stop()
last_day = series.day_range(days)[1]
latest = origins.origin_table(store, definition, metric, group, last_day)
names = asked.names(latest["code"])

with finding:
    ahead.tell(asked, latest, metric, last_day, names)
ahead.show_days(asked, metric)

st.subheader("All origins on the last day" if group == "country" else "All regions on the last day", anchor=False)
show.table(
    words.origin_rows(latest, names), tables.origin_columns(metric), f"all-origins-{last_day}",
    "Table of all origins on the last day",
)  # fmt: skip
st.caption(format.plain(terms.METRIC_MEANINGS[metric]))

ahead.show_crossovers(asked)
ahead.show_derivatives(asked)
if metric != "likes":
    ahead.show_days(asked, "likes")
