"""Same lab, different rulers: shares of open weights by downloads, tokens and other counts, over the same days."""

import streamlit as st

from dashboards.data import format
from dashboards.figures import rulers as figures
from dashboards.queries import rulers as queries
from dashboards.queries import shared
from dashboards.text import rulers as words
from dashboards.ui import columns, controls, display, page

store, build = page.current()
page.title(words.TITLE)
axes = queries.axes(store)
if axes.is_empty():
    st.markdown(words.NOT_READ)
    st.stop()
with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
    days = int(controls.segments("Over", "days", words.DAYS))
origins, labs = queries.shares(store, "origin", days), queries.shares(store, "lab", days)
if labs["axis"].n_unique() < 2:
    st.info(words.NO_COMMON_DAY)
else:
    names = shared.lab_names(store)
    page.finding(words.headline(origins, labs, shared.origin_names(store), names))
    display.figure(figures.origins(store, build, days))
    explained = words.part_of_all(origins, queries.part_of_labs(store, days), shared.origin_names(store))
    st.markdown(format.escape_markdown(f"{words.SCOPE} {explained}"))
    page.link("overview", "Shares of all downloads")
    display.figure(figures.labs(store, build, days))
    st.subheader("All labs, with their rank on each ruler", anchor=False)
    rows = words.lab_rows(labs, names)
    stem = format.file_stem("rulers", str(days), str(build.last_day))
    display.table(rows, columns.of_rulers(rows), stem, "Table of labs with share and rank on each ruler")
left_out = queries.left_out(store)
if not left_out.is_empty():
    st.subheader("Counted there, but for no lab", anchor=False)
    rows = words.left_out_rows(left_out)
    stem = format.file_stem("rulers-left-out", str(build.last_day))
    display.table(rows, columns.of(rows), stem, "Table of models that count for no lab, with the reason")
st.caption(words.NOTE)
st.subheader("Licences and credits", anchor=False)
st.markdown(words.credits(axes))
