"""Which models are used most: searched, filtered, sorted, downloaded; a row leads to the model's own page."""

import streamlit as st

from dashboards.data import format
from dashboards.queries import models, shared
from dashboards.text import models as words
from dashboards.ui import controls, display, page, tables
from dashboards.views import filters

LIMITS = ("100", "500", "2000")

store, build = page.current()
filters.restore()
st.title("Models", anchor=False)

wanted = filters.show(store, build.last_day)
with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
    order = controls.pick("Sort by", "sort", {name: name for name in models.ORDERS})
    limit = controls.pick("Rows", "rows", {number: number for number in LIMITS})

total = models.models_count(store, wanted)
if total == 0:
    st.info("No model matches. Change the search or remove a filter.")
    st.stop()
found = tables.model_rows(models.models(store, wanted, order, int(limit)), shared.origin_names(store))

st.caption(format.escape_markdown(words.rows_shown(found.height, total, order)))
display.table(
    found, tables.model_columns(), f"models-{build.last_day}", "Table of models with publisher, downloads and likes",
    height=620, on_row=lambda row: page.open_model(found["repo_id"][row], **filters.carried()),
)  # fmt: skip
st.caption(format.escape_markdown(words.NOTE))
