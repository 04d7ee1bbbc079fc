"""Up to eight origins, labs, families, generations or models side by side."""

import streamlit as st

from dashboards.charts import outcome
from dashboards.data import format
from dashboards.figures import compare as figures
from dashboards.queries import compare, compare_choices
from dashboards.text import compare as words
from dashboards.text import compare_findings
from dashboards.text.comparison import Comparison
from dashboards.ui import columns, controls, definition_bar, display, page
from dashboards.views import comparing

store, build = page.current()
definition_place = st.container()
st.title("How do they compare?", anchor=False)
finding = st.container(key="finding")

with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
    kind = controls.one("Compare", "compare", words.KINDS)
    measure = controls.pick("Measure", "measure", words.MEASURES)
with definition_place:
    definition_bar.show(Comparison(kind, (), measure).moved_by)
codes, names = comparing.choose(store, kind, measure)
with st.container(horizontal=True, vertical_alignment="bottom", key="axes"):
    comparison = comparing.cut(store, comparing.drawn(kind, codes, measure))
    least = comparing.threshold(comparison)
    base = comparing.base(store, comparison)
    kinds = comparing.event_kinds(store, comparison)

definition = comparison.counted_by(definition_bar.current())
if not definition.layers and comparison.moved_by:
    st.info("No layer is chosen. Choose at least one.")
    st.stop()
if not codes:
    st.info("Nothing is chosen. Choose up to eight to compare.")
    st.stop()
built = compare_choices.non_roots(store, codes) if comparison.is_of_roots else ()
released = compare_choices.releases(store, kind, codes) if comparison.axes.x == "age" else {}
frame, base_found = compare.lines(store, comparison, definition, least, base)
if frame[comparison.view].count() == 0:
    st.info(words.no_lines(comparison))
    st.stop()
with finding:
    for said in comparing.said(store, comparison, frame, names, base_found, released):
        st.markdown(format.escape_markdown(said))
display.figure(figures.compared(store, build, comparison, definition, least, base, kinds))
st.caption(format.escape_markdown(words.notes(comparison, frame["code"], names, released, built)))

st.subheader("The same in figures", anchor=False)
lines = outcome.outcome(frame, comparison.axes, comparison.view)
display.table(
    compare_findings.table(lines, comparison, names), columns.compared_columns(comparison),
    format.file_stem("compared", kind, measure, str(build.last_day)), "Table of all lines: last value, change and peak",
)  # fmt: skip
