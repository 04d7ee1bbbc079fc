"""Who counts as Chinese: the organisations of the registry with country, lab, role, evidence and contested marks."""

import streamlit as st

from dashboards.data import format
from dashboards.queries import organisations as queries
from dashboards.queries import shared
from dashboards.text import lab as lab_words
from dashboards.text import organisations as words
from dashboards.ui import controls, display, page, table_rows

store, build = page.current()
page.title(words.TITLE)
names = shared.origin_names(store)
pair = shared.headline_pair(store)
with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
    options = words.countries(queries.countries(store), names, pair[0] if pair else None)
    origin = controls.dropdown("Country", "country", options)
    search = controls.search("Search by account or lab", "find", "for example zai or Alibaba")

found = queries.organisations(store, origin, search)
if found.is_empty():
    st.info(words.NOTHING)
else:
    page.finding(words.headline(found, origin, names))
    rows = table_rows.organisation_rows(lab_words.account_rows(found, names))
    stem = format.file_stem("organisations", origin, str(build.last_day))
    height = 620 if rows.height > 8 else None
    alt = "Table of organisations with their country and evidence"
    display.accounts(rows, stem, alt, height=height)
st.caption(words.NOTE)
st.subheader("How to disagree", anchor=False)
st.markdown(words.DISAGREE)
