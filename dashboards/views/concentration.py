"""Concentration: how downloads are spread over labs, families and models, under both attributions."""

import streamlit as st

from dashboards.data import format
from dashboards.figures import concentration as figures
from dashboards.queries import concentration, shared
from dashboards.text import concentration as words
from dashboards.text import terms
from dashboards.ui import columns, controls, definition_bar, display, page, table_rows

MOST_MEMBERS = 25

store, build = page.current()
definition = definition_bar.current()
lens, models = definition.lens, definition.models
page.title("How concentrated is the use of open models?")

with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
    of = controls.segments("Over", "of", words.OF)
    measure = controls.dropdown("Measure", "measure", words.MEASURES)
    step = controls.segments("Values", "step", words.STEPS)

day = concentration.last_day(store, models)
if day is None:
    st.info(terms.NO_DAILY[shared.why_no_daily(store, models)])
    st.stop()
measures = concentration.measures(store, models, day, step)
largest = None if of == "model" else concentration.largest(store, definition, of, day, step, MOST_MEMBERS)
page.finding(words.headline(measures, definition, of, step, day, largest))

display.figure(figures.by_day(store, build, models, of, measure, step, None))

st.subheader(f"All measures: {words.when(measures, step, day)}", anchor=False)
rows = words.measure_rows(measures)
display.table(
    rows, columns.of(rows), f"concentration-{step}-{day}", "Table of all measures of concentration, by attribution"
)
attribution = terms.LENSES[lens].lower()
st.subheader(f"The largest {words.OF[of].lower()} by {attribution}: {words.when(measures, step, day)}", anchor=False)
if largest is None:
    st.markdown(words.WHERE_MODELS)
    page.link("models", "Models")
else:
    members = table_rows.largest_rows(largest, shared.origin_names(store))
    changes = {
        "name": "Lab" if of == "lab" else "Family",
        "downloads": "Downloads a day" if step == "mean" else "Downloads of the day",
        **({"lab": None} if of == "lab" else {}),
    }
    display.table(members, columns.of(members, **changes), f"largest-{of}-{lens}-{step}-{day}", words.member_alt(of))
    st.caption(f"Shares are of the downloads of all registered {words.OF[of].lower()}.")
st.caption(format.escape_markdown(words.NOTE))
