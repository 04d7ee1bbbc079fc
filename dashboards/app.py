"""The dashboard: `streamlit run dashboards/app.py`, or `tracker dashboard`. Lists the pages and frames each."""

from itertools import groupby
from pathlib import Path

import altair as alt
import streamlit as st

from dashboards import navigation as contents
from dashboards import startup
from dashboards.ui import definition_bar, link, page

# Checked by the tests, not once more for each reader: see charts/spec.py.
alt.utils.schemapi.disable_debug_mode()
startup.set_apart()

st.set_page_config(page_title="Open Model Tracker", layout="wide", menu_items={})
st.html(Path(__file__).with_name("readable.css"))

pages = {
    entry: st.Page(
        f"views/{entry.view}.py",
        title=entry.title,
        url_path=entry.url_path or None,
        default=not entry.url_path,
        visibility="hidden" if entry.is_hidden else "visible",
    )
    for entry in contents.ENTRIES
}
sections = {
    section: [pages[entry] for entry in entries]
    for section, entries in groupby(contents.ENTRIES, lambda entry: entry.section)
}
chosen = st.navigation(sections, position="top")
entry = next(entry for entry, one in pages.items() if one == chosen)
store, build = page.current()
with st.container(horizontal=True, vertical_alignment="center", key="header"):
    page.show_standing(store, build)
    link.show_copy_button()
if entry.uses is not None:
    definition_bar.show(entry.uses)
page.run(chosen.run)
page.follow_builds(store)
