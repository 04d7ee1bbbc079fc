"""Who is ahead in open-weight AI, by origin of the publisher or of the root model, over time."""

import streamlit as st

from dashboards import controls, format, page, palette, show, switches, tables
from dashboards.charts import lines, series
from dashboards.charts.figure import Figure
from dashboards.queries import origins, shared
from dashboards.words import origins as words
from dashboards.words import standing, terms

store, build = page.current()
definition = switches.current()
st.title("Who is ahead in open-weight AI?", anchor=False)

with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
    metric = controls.one("Metric", "metric", terms.METRIC_LABELS)
    view = controls.one("View", "view", words.VIEWS)
    group = controls.one("Group by", "group", words.GROUPS)

if not definition.layers:
    st.info("No layer is chosen. Choose at least one.")
    st.stop()
own = palette.own_line(group)
days = origins.origin_days(store, definition, metric, group, own, palette.MOST_LINES)
if days.is_empty():
    st.info("No model of the chosen kinds was counted. Choose others.")
    st.stop()
last_day = series.day_range(days)[1]
latest = origins.origin_table(store, definition, metric, group, last_day)
names = words.group_names(definition.lens, group, shared.origin_names(store), (*days["code"], *latest["code"]))

st.markdown(format.plain(words.headline(latest, definition.lens, metric, last_day, names)))
show.figure(
    Figure(
        name=page.file_stem("origins", definition.lens, metric, view, group, str(last_day)),
        chart=lines.lines(days, view, names, palette.colours(group, tuple(days["code"].unique()))),
        title=words.title(definition.lens, metric, view, group),
        subtitle=words.subtitle(definition, metric, view),
        footnote=standing.footnote(build, shared.coverage(store), definition.lens, series.missing_days(days)),
        alt_text=lines.described(days, view, names),
        data=words.named(days, names),
    )
)

st.subheader("All origins on the last day" if group == "country" else "All regions on the last day", anchor=False)
show.table(
    words.origin_rows(latest, names), tables.origin_columns(metric), f"all-origins-{last_day}",
    "Table of all origins on the last day",
)  # fmt: skip
st.caption(format.plain(terms.METRIC_MEANINGS[metric]))
