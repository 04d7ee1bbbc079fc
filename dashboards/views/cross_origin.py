"""Country to country: countries of publishers against countries of base models, by month."""

import streamlit as st

from dashboards.data import format
from dashboards.figures import cross_origin as figures
from dashboards.queries import cross_origin, shared
from dashboards.text import cross_origin as words
from dashboards.text import terms
from dashboards.ui import columns, controls, definition_bar, display, page, table_rows

MOST_MODELS = 100

store, build = page.current()
definition = definition_bar.current()
page.title("Who builds on whose base?")

months = {f"{month:%Y-%m}": month for month in cross_origin.months(store)}
if not months:
    st.info(words.NO_MONTH)
    st.stop()
with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
    labels = {code: words.month_name(day) for code, day in months.items()}
    month = months[controls.dropdown("Month", "month", labels)]
    count = controls.segments("Count", "count", words.COUNTS)
    cell = controls.segments("Cells", "cells", words.CELLS)
if not definition.layers:
    st.info("No model type is selected. Select at least one above.")
    st.stop()

cells = cross_origin.matrix(store, definition, month, count, figures.MOST_ORIGINS)
if cells["value"].drop_nulls().is_empty():
    st.info(words.no_matrix(cells, month, count, terms.NO_DAILY[shared.why_no_daily(store, definition.models)]))
else:
    page.finding(figures.headline(store, definition, cells, month, count))
    display.figure(figures.matrix(store, build, definition, month, count, cell))

names = shared.origin_names(store)
if words.foreign_names(figures.shares(store, definition, count), names):
    display.figure(figures.foreign_bases(store, build, definition, count))

st.subheader("The largest models with publisher and base model in different countries", anchor=False)
models = cross_origin.mixed_models(store, definition, MOST_MODELS)
if models.is_empty():
    st.info("No listed model of the selected types has its publisher and base model in different countries.")
else:
    rows = table_rows.mixed_origin_rows(models, names)
    display.table(
        rows, columns.of(rows, **columns.blank(rows)), f"mixed-origin-models-{build.last_day}",
        "Table of the most downloaded models with publisher and base model in different countries",
    )  # fmt: skip
st.caption(format.escape_markdown(words.CAVEAT))
