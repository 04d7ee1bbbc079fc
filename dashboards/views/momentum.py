"""Momentum: downloads of new releases, compared at the same age with the leaders of their size."""

from datetime import timedelta

import streamlit as st

from dashboards.charts.colours import MOST_LINES
from dashboards.data import format
from dashboards.figures import momentum as figures
from dashboards.queries import momentum, shared
from dashboards.text import momentum as words
from dashboards.ui import columns, controls, definition_bar, display, page

RECENT_DAYS, YEAR_DAYS, MOST_ROWS = 90, 365, 100

store, build = page.current()
models = definition_bar.current().models
st.title("Which new releases are rising?", anchor=False)
sizes = words.sizes(momentum.measured(store, models))
if not sizes:
    st.info(words.NOTHING)
    st.stop()
st.markdown(format.escape_markdown(words.explained(momentum.baseline(store))))

with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
    size = controls.dropdown("Size", "size", sizes)
    ram = controls.segments("Measured against", "ram", words.RAMS, words.RAM_MEANING)
    since = build.last_day - timedelta(days=YEAR_DAYS)
    options = words.names(momentum.releases(store, models, size, ram, since))
    chosen = controls.multiselect("Releases", "release", options, "The highest of the last year")

if figures.lines(store, models, size, ram, since, chosen).is_empty():
    st.info(words.NONE_OF_TENTH if ram == "ram_tenth" else words.NOTHING)
else:
    display.figure(figures.relative_adoption(store, build, models, size, ram, since, chosen))
    if len(chosen) > MOST_LINES:
        st.caption(f"{len(chosen)} releases are selected; the {MOST_LINES} with the highest RAM are drawn.")

rising = momentum.rising(store, models, ram, build.last_day - timedelta(days=RECENT_DAYS), MOST_ROWS)
st.subheader(f"Releases of the last {RECENT_DAYS} days, all sizes", anchor=False)
st.markdown(format.escape_markdown(words.headline(rising, ram, RECENT_DAYS)))
if rising.is_empty():
    st.info(f"No release of the last {RECENT_DAYS} days has a known RAM.")
else:
    rows = columns.momentum_rows(rising, shared.origin_names(store))
    display.table(
        rows, columns.of(rows, downloads_all_time="Downloads at that age"),
        f"momentum-of-new-releases-{build.last_day}", "Table of new releases with their latest RAM by both definitions",
    )  # fmt: skip
st.caption(format.escape_markdown(words.NOTE))
