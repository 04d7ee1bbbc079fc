"""How the headline and the crossover move with the definition."""

import streamlit as st

from dashboards import controls, findings, format, metric_tables, page, show
from dashboards.definition import Definition
from dashboards.figures import robustness as figures
from dashboards.figures.overview import Asked
from dashboards.queries import ahead, robustness
from dashboards.words import crossing_days
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

overview = findings.finding(Asked(store, build, Definition(), "share", "country"), "downloads_30d")
st.markdown(format.plain(f"{words.NOT_TRIED} {overview.otherwise if overview else ''}".strip()))
page.show_link("overview", "Who is ahead by other counts")

show.figure(figures.moves(store, build, headline, baseline, days[1]))
st.markdown(format.plain(crossing_days.told(found, ahead.days_known(store))))
if crossing_days.has_crossings(found):
    show.figure(figures.crossovers(store, build, headline, days))
st.subheader("All headlines under each definition", anchor=False)
show.table(
    words.table(found), metric_tables.robustness_columns(), f"robustness-{build.last_day}",
    "Table of the three headlines and the crossover under each definition",
)  # fmt: skip
st.caption(format.plain(words.NOTE))
