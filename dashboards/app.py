"""The dashboard: `tracker dashboard`, or `streamlit run dashboards/app.py`. Defines the pages and frames each."""

from itertools import groupby
from pathlib import Path

import altair as alt
import streamlit as st

from dashboards import navigation, startup
from dashboards.ui import definition_bar, display, links, page, search, share, unknown_values

# The tests validate every chart. Doing so again for each reader would slow the pages down.
alt.utils.schemapi.disable_debug_mode()
startup.freeze_modules()

st.html(Path(__file__).with_name("readable.css"))
st.logo(str(Path(__file__).with_name("logo.svg")), size="large")

pages = page.declared()
sections = {
    section: [pages[entry] for entry in entries]
    for section, entries in groupby(navigation.ENTRIES, lambda entry: entry.section)
}
current_page = st.navigation(sections, position="top")
current_entry = next(entry for entry, candidate in pages.items() if candidate == current_page)
st.set_page_config(page_title=f"{current_entry.title} – Open Model Tracker", layout="wide", menu_items={})
st.html(page.section_mark(list(sections).index(current_entry.section)))
search.go()
store, build = page.current()
share.begin()
with st.container(horizontal=True, vertical_alignment="center", key="header"):
    page.header(store, build)
    search.box(store)
    links.follow_inside_links()
if build.is_simulated:
    page.simulated_notice()
content, last_line = st.container(), st.container()
with last_line, st.container(horizontal=True, vertical_alignment="center"):
    page.footer(store, build, current_entry)
    display.copy_link_button()
    display.tooltips_on_tap()
with content:
    unknown_values.begin()
    page.begin_heading()
    if current_entry.uses is not None:
        definition_bar.show(current_entry.uses)
    share.sentence_without_chart()
    page.run(current_page.run, store)
page.follow_builds(store)
