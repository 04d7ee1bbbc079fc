"""How concentrated downloads are over labs, families and models, under both lenses."""

import streamlit as st

from dashboards.data import format
from dashboards.figures import concentration as figures
from dashboards.queries import concentration, shared
from dashboards.text import concentration as words
from dashboards.ui import columns, controls, definition_bar, display, page

MOST_MEMBERS = 25

store, build = page.current()
lens = definition_bar.current().lens
st.title("How concentrated is the use of open models?", anchor=False)

with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
    of = controls.one("Over", "of", words.OF)
    measure = controls.pick("Measure", "measure", words.MEASURES)
    step = controls.one("Values", "step", words.STEPS)

day = concentration.last_day(store)
if day is None:
    st.info(words.NOTHING)
    st.stop()
measures = concentration.measures(store, day, step)
largest = None if of == "model" else concentration.largest(store, of, lens, day, step, MOST_MEMBERS)
st.markdown(format.escape_markdown(words.headline(measures, of, lens, step, day, largest)))

display.figure(figures.by_day(store, build, of, measure, step, None))

st.subheader(f"All measures: {words.when(measures, step, day)}", anchor=False)
display.table(
    words.measure_rows(measures), columns.measure_columns(), f"concentration-{step}-{day}",
    "Table of all measures of concentration, by lens",
)  # fmt: skip
st.subheader(f"The largest {words.OF[of].lower()} by {lens}: {words.when(measures, step, day)}", anchor=False)
if largest is None:
    st.markdown(words.WHERE_MODELS)
    st.page_link("views/models.py", label="Models", icon=":material/arrow_forward:")
else:
    display.table(
        columns.member_rows(largest, shared.origin_names(store)), columns.member_columns(of, step),
        f"largest-{of}-{lens}-{step}-{day}", words.member_alt(of),
    )  # fmt: skip
st.caption(format.escape_markdown(words.NOTE))
