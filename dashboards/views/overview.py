"""Who is ahead in open-weight AI, by origin of the publisher or of the root model, over time."""

import streamlit as st

from dashboards import charts, controls, format, page, palette, queries, series, tables, words

store, build = page.current()
st.title("Who is ahead in open-weight AI?", anchor=False)

with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
    lens = controls.one("Counted by", "lens", words.LENSES, words.LENS_MEANING)
    metric = controls.one("Metric", "metric", words.METRIC_LABELS)
    view = controls.one("View", "view", words.VIEWS)
    group = controls.one("Group by", "group", words.GROUPS)
    layers = controls.several("Layers", "layers", words.layer_names())

if not layers:
    st.info("No layer is chosen. Choose at least one.")
    st.stop()
own = palette.own_line(group)
days = queries.origin_days(store, lens, metric, group, layers, own, palette.MOST_LINES)
if days.is_empty():
    st.info("No model of the chosen layers was counted. Choose other layers.")
    st.stop()
last_day = series.day_range(days)[1]
latest = queries.origin_table(store, lens, metric, group, layers, last_day)
names = words.group_names(lens, group, queries.origin_names(store), (*days["code"], *latest["code"]))
coverage = queries.coverage(store)

st.markdown(format.plain(words.headline(latest, lens, metric, last_day, names)))
page.show_figure(
    charts.Figure(
        chart=charts.lines(days, view, names, palette.colours(group, tuple(days["code"].unique()))),
        title=words.title(lens, metric, view, group),
        subtitle=words.subtitle(lens, metric, view, layers),
        footnote=words.footnote(build, coverage, lens, series.missing_days(days)),
        alt_text=charts.described(days, view, names),
        data=words.named(days, names),
    ),
    page.file_stem("origins", lens, metric, view, group, str(last_day)),
)

st.subheader("All origins on the last day" if group == "country" else "All regions on the last day", anchor=False)
st.dataframe(
    words.origin_rows(latest, names), column_config=tables.origin_columns(metric), hide_index=True, key="table",
    placeholder="", alt="Table of all origins on the last day",
)  # fmt: skip
st.caption(format.plain(words.METRIC_MEANINGS[metric]))
