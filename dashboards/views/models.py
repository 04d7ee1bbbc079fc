"""Which models are used most: searched, filtered, sorted, downloaded."""

import streamlit as st

from dashboards import controls, export, format, page, queries, tables, words

LIMITS = ("100", "500", "2000")

store, _ = page.current()
day = queries.last_whole_day(store)
st.title("Models", anchor=False)

names = queries.origin_names(store)
origin_options = {code: words.origin_name(code, names) for code in queries.model_origins(store)}
with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
    search = controls.search("Search by name", "q", "for example qwen3 or org/name")
    origins = controls.some_of("Origin", "origin", origin_options, "All origins")
    labs = controls.some_of("Lab", "lab", queries.lab_names(store), "All labs")
    layers = controls.some_of("Layer", "layer", words.layer_names(), "All layers")
    order = controls.pick("Sort by", "sort", {name: name for name in queries.ORDERS})
    limit = controls.pick("Rows", "rows", {number: number for number in LIMITS})

total = queries.models_count(store, search, origins, labs, layers)
if total == 0:
    st.info("No model matches. Change the search or remove a filter.")
    st.stop()
found = tables.model_rows(queries.models(store, search, origins, labs, layers, order, int(limit), day), names)

st.caption(format.plain(words.rows_shown(found.height, total, order, day)))
st.dataframe(
    found, column_config=tables.model_columns(), hide_index=True, height=620, key="table", placeholder="",
    alt="Table of models with publisher, downloads and likes",
)  # fmt: skip
st.download_button(
    "Data (CSV)", lambda: export.csv_bytes(found.drop("recent")), f"models-{day}.csv", "text/csv",
    key="models-CSV", on_click="ignore", type="tertiary", icon=":material/download:",
)  # fmt: skip
st.caption(format.plain(words.MODELS_NOTE))
