"""What every page shares: which warehouse it reads, and how a figure is put on the screen."""

import logging
import os
from collections.abc import Callable
from pathlib import Path

import duckdb
import streamlit as st

from dashboards import navigation
from dashboards.data import format
from dashboards.data.warehouse import Build, NotReady, Store, open_store, unreadable
from dashboards.queries import shared
from dashboards.text import footnotes
from tracker.config import Settings

_SECONDS_BETWEEN_LOOKS = 20
_LOG = logging.getLogger(__name__)


def home() -> Path:
    """The home this app serves: `TRACKER_HOME`, else ./data."""
    return Settings.from_env(os.environ).home


def current() -> tuple[Store, Build]:
    """The warehouse and its build row; where there is none, the page ends with what to run."""
    found = open_store(home())
    if isinstance(found, NotReady):
        st.info(found.because, icon=":material/info:")
        st.stop()
    return found


def is_simulated() -> bool:
    """Whether what the page shows is made up."""
    return current()[1].is_simulated


def run(page: Callable[[], None]) -> None:
    """Runs one page; where the warehouse has not the columns it asks for, says what to run instead."""
    try:
        page()
    except duckdb.Error as error:
        _LOG.exception("a page could not be shown")
        st.info(unreadable(error), icon=":material/info:")


def show_standing(store: Store, build: Build) -> None:
    """Simulated or not, day, coverage and scope: the line at the top of every page."""
    with st.container():
        if build.is_simulated:
            st.markdown(":orange-badge[Simulated data] Made up by the program to show how it works; not the real Hub.")
        st.caption(format.escape_markdown(footnotes.header(build, shared.coverage(store))))


@st.fragment(run_every=_SECONDS_BETWEEN_LOOKS)
def follow_builds(shown: Store) -> None:
    """Draws the whole page anew once another build has been swapped in."""
    found = open_store(home())
    if not isinstance(found, NotReady) and found[0] != shown:
        st.rerun(scope="app")


def show_link(view: str, label: str) -> None:
    """A link to another page of the app, by the name of its file; nothing where the app has no such page."""
    if any(entry.view == view for entry in navigation.ENTRIES):
        st.page_link(f"views/{view}.py", label=label, icon=":material/arrow_forward:")


def open_model(repo_id: str, **carried: str) -> None:
    """Leaves the page for that of one model, whose address carries further parameters."""
    st.switch_page("views/model.py", query_params={"model": repo_id, **carried})
