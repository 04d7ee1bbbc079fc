"""Up to eight origins, labs, families, generations or models side by side."""

import streamlit as st

from dashboards import comparing, controls, format, page, show, switches
from dashboards.figures import compare as figures
from dashboards.queries import compare
from dashboards.words import compare as words

store, build = page.current()
st.title("How do they compare?", anchor=False)

with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
    kind = controls.one("Compare", "compare", words.KINDS)
    measure = controls.pick("Measure", "measure", words.MEASURES)
codes, names = comparing.choose(store, kind)
with st.container(horizontal=True, vertical_alignment="bottom", key="axes"):
    comparison = comparing.drawn(kind, codes, measure)
    least = comparing.threshold(comparison)
    base = comparing.base(store, comparison)
    kinds = comparing.event_kinds(store, comparison)

definition = comparison.counted_by(switches.current())
if not definition.layers:
    st.info("No layer is chosen. Choose at least one.")
    st.stop()
if not codes:
    st.info("Nothing is chosen. Choose up to eight to compare.")
    st.stop()
built = compare.built(store, codes) if comparison.is_of_roots else ()
released = compare.releases(store, kind, codes) if comparison.axes.x == "age" else {}
frame, _ = compare.lines(store, comparison, definition, least, base)
if frame[comparison.view].count() == 0:
    st.info(words.nothing(comparison))
    st.stop()
show.figure(figures.compared(store, build, comparison, definition, least, base, kinds))
st.caption(format.plain(words.notes(comparison, frame["code"], names, released, built)))
