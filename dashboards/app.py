"""The dashboard: `streamlit run dashboards/app.py`, or `tracker dashboard`. Lists the pages."""

import streamlit as st

from dashboards import page

st.set_page_config(page_title="Open Model Tracker", layout="wide", menu_items={})

chosen = st.navigation(
    [
        st.Page("views/overview.py", title="Overview", default=True),
        st.Page("views/models.py", title="Models", url_path="models"),
    ],
    position="top",
)
store, build = page.current()
page.show_header(store, build)
page.run(chosen.run)
page.follow_builds(store)
