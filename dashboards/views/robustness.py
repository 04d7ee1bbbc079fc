"""How the headline and the crossover move with the definition."""

import streamlit as st

from dashboards import controls, format, metric_tables, page, show
from dashboards.figures import robustness as figures
from dashboards.queries import robustness, shared
from dashboards.words import robustness as words
from dashboards.words import standing

store, build = page.current()
st.title("Does the answer depend on the definition?", anchor=False)
headline = controls.one("Headline", "headline", words.HEADLINES)

found, days = robustness.headlines(store), robustness.days(store)
baseline = words.baseline_value(found, headline)
if days is None or baseline is None:
    st.info(words.NOTHING)
    st.stop()
st.markdown(format.plain(words.verdict(found, headline)))

footnote = standing.footnote(build, shared.coverage(store))
left, right = st.columns(2, gap="large")
with left:
    name = page.file_stem("robustness", headline, str(build.last_day))
    show.figure(figures.bars(found, headline, baseline, days[1], name=name, footnote=footnote))
with right:
    order, name = words.bars(found, headline), page.file_stem("crossovers", str(build.last_day))
    show.figure(figures.crossovers(found, robustness.interval(store), order, days, name=name, footnote=footnote))
st.subheader("All headlines under each definition", anchor=False)
show.table(
    words.table(found), metric_tables.robustness_columns(), f"robustness-{build.last_day}",
    "Table of the three headlines and the crossover under each definition",
)  # fmt: skip
st.caption(format.plain(words.NOTE))
