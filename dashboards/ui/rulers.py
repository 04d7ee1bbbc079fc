"""The switch of the pages Lab and Family from downloads on the Hub to another ruler."""

import streamlit as st

from dashboards.data.warehouse import Build, Store
from dashboards.figures import rulers as figures
from dashboards.queries import rulers as queries
from dashboards.queries.rulers import Subject
from dashboards.text import rulers as words
from dashboards.ui import controls, display, page


def choose(store: Store, by: Subject, code: str) -> str:
    """Draw the choice of a ruler, if another one counts this lab or family, and return its key."""
    others = queries.rulers_of(store, by, code)
    if not others and "ruler" not in st.query_params:
        return words.HUB
    return controls.segments("Ruler", "ruler", {axis: words.ruler_name(axis) for axis in (words.HUB, *others)})


def show(store: Store, build: Build, by: Subject, code: str, name: str, axis: str) -> None:
    """Draw the shares on another ruler, next to those on the Hub."""
    display.figure(figures.subject(store, build, by, code, name, axis))
    st.caption(words.SUBJECT_NOTE)
    page.link("rulers", words.ALL_RULERS)
