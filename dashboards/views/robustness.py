"""Robustness: how the headline and the crossover change with the definition."""

import streamlit as st

from dashboards.data import format
from dashboards.data.definition import Definition
from dashboards.figures import findings
from dashboards.figures import robustness as figures
from dashboards.figures.overview import OverviewScope
from dashboards.queries import crossovers, robustness, shared
from dashboards.text import robustness as words
from dashboards.text import robustness_crossovers, terms
from dashboards.ui import columns, controls, definition_bar, display, page

store, build = page.current()
models = definition_bar.current().models
page.title("Does the answer depend on the definition?")
headline = controls.segments("Headline", "headline", words.HEADLINES)

found, days = robustness.headlines(store, models), robustness.days(store, models)
baseline = words.baseline_value(found, headline)
if days is None or baseline is None:
    st.info(terms.NO_DAILY[shared.why_no_daily(store, models)])
    st.stop()
page.finding(words.verdict(found, headline))

display.figure(figures.moves(store, build, models, headline, baseline, days[1]))
baseline_scope = OverviewScope(store, build, Definition(models=models), "share", "country")
overview = findings.finding(baseline_scope, "downloads_30d")
st.markdown(format.escape_markdown(f"{words.NOT_TRIED} {overview.opposite if overview else ''}".strip()))
page.link("overview", "Who is ahead by other counts")

st.markdown(format.escape_markdown(robustness_crossovers.summary(found, crossovers.days_known(store, models))))
if robustness_crossovers.has_crossovers(found):
    display.figure(figures.crossovers(store, build, models, headline, days))
st.subheader("All headlines under each definition", anchor=False)
rows = words.table(found)
display.table(
    rows, columns.of(rows), f"robustness-{build.last_day}",
    "Table of the three headlines and the crossover under each definition",
)  # fmt: skip
st.caption(format.escape_markdown(words.NOTE))
