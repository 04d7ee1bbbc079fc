"""Which models are used most: searched, filtered, sorted, downloaded."""

import streamlit as st

from dashboards import controls, format, page, show, tables
from dashboards.queries import models, shared
from dashboards.words import models as words
from dashboards.words import terms

LIMITS = ("100", "500", "2000")

store, _ = page.current()
day = shared.last_whole_day(store)
st.title("Models", anchor=False)

names = shared.origin_names(store)
origin_options = {code: terms.origin_name(code, names) for code in shared.model_origins(store)}
with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
    search = controls.search("Search by name", "q", "for example qwen3 or org/name")
    origins = controls.some_of("Origin", "origin", origin_options, "All origins")
    labs = controls.some_of("Lab", "lab", shared.lab_names(store), "All labs")
    layers = controls.some_of("Layer", "layer", terms.layer_names(), "All layers")
    order = controls.pick("Sort by", "sort", {name: name for name in models.ORDERS})
    limit = controls.pick("Rows", "rows", {number: number for number in LIMITS})

total = models.models_count(store, search, origins, labs, layers)
if total == 0:
    st.info("No model matches. Change the search or remove a filter.")
    st.stop()
found = tables.model_rows(models.models(store, search, origins, labs, layers, order, int(limit), day), names)

st.caption(format.plain(words.rows_shown(found.height, total, order, day)))
show.table(
    found, tables.model_columns(), f"models-{day}", "Table of models with publisher, downloads and likes",
    taken=found.drop("recent"), height=620,
)  # fmt: skip
st.caption(format.plain(words.NOTE))
