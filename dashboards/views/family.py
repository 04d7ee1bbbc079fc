"""A family: its generations, sizes and formats, its most used models, what descends from it and who builds on it."""

import streamlit as st

from dashboards.data import format
from dashboards.figures.family import Chosen
from dashboards.queries import family as asked
from dashboards.queries import shared
from dashboards.text import family as words
from dashboards.ui import controls, definition_bar, page
from dashboards.views import family_sections

store, build = page.current()
definition, names, day = definition_bar.current(), shared.origin_names(store), shared.last_whole_day(store)
st.title("How is a family used, and who builds on it?", anchor=False)

families = asked.families(store)
if not families:
    st.info("The registry has no family. Add one to families.toml, then run `tracker build`.")
    st.stop()
with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
    code = controls.pick("Family", "family", words.family_names(families))
    section = controls.one("Show", "show", words.SECTIONS)

layers = asked.members(store, definition, code, ("layer",))
share = asked.share(store, definition, code, day)
st.markdown(format.escape_markdown(words.headline(families[code], layers, share, day, names)))
if layers.is_empty():
    st.stop()

chosen = Chosen(store, build, definition, code, families[code]["name"], day)
match section:
    case "generations":
        family_sections.show_generations(chosen)
    case "sizes":
        family_sections.show_sizes(chosen)
    case "derivatives":
        family_sections.show_derivatives(chosen)
    case "builders":
        family_sections.show_builders(chosen)
st.caption(format.escape_markdown(words.NOTE))
