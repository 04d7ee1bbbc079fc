"""How the headline and the crossover move with the definition."""

import streamlit as st

from dashboards import controls, format, metric_tables, page, show
from dashboards.figures import robustness as figures
from dashboards.queries import robustness
from dashboards.words import robustness as words

store, build = page.current()
st.title("Does the answer depend on the definition?", anchor=False)
headline = controls.one("Headline", "headline", words.HEADLINES)

found, days = robustness.headlines(store), robustness.days(store)
baseline = words.baseline_value(found, headline)
if days is None or baseline is None:
    st.info(words.NOTHING)
    st.stop()
st.markdown(format.plain(words.verdict(found, headline)))

left, right = st.columns(2, gap="large")
with left:
    show.figure(figures.moves(store, build, headline, baseline, days[1]))
with right:
    show.figure(figures.crossovers(store, build, headline, days))
st.subheader("All headlines under each definition", anchor=False)
show.table(
    words.table(found), metric_tables.robustness_columns(), f"robustness-{build.last_day}",
    "Table of the three headlines and the crossover under each definition",
)  # fmt: skip
st.caption(format.plain(words.NOTE))
