"""What every page shares: the warehouse it reads, its header, and links to other pages."""

import logging
import os
from collections.abc import Callable
from copy import copy
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import duckdb
import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboards import navigation
from dashboards.data import format
from dashboards.data.warehouse import Build, NotReady, Store, history_since, open_store, unreadable
from dashboards.queries import shared
from dashboards.text import footnotes
from tracker.config import Settings

VIEWS = Path(__file__).parents[1] / "views"
_REFRESH_SECONDS = 20
_TITLE, _FINDING = "place of the title", "place of the finding"
_LOG = logging.getLogger(__name__)


def home() -> Path:
    """The home this app serves: `TRACKER_HOME`, otherwise ./data."""
    return Settings.from_env(os.environ).home


def declared() -> dict[navigation.Entry, StreamlitPage]:
    """The pages of the app, in the order of the menu, for one run of its script."""
    return {entry: copy(found) for entry, found in _declared().items()}


@cache
def _declared() -> dict[navigation.Entry, StreamlitPage]:
    """The pages, of which each run needs a copy. Streamlit looks for their files, a twentieth of the cost of a page."""
    return {
        entry: st.Page(
            VIEWS / f"{entry.view}.py",
            title=entry.title,
            url_path=entry.url_path or None,
            default=not entry.url_path,
            visibility="hidden" if entry.is_hidden else "visible",
        )
        for entry in navigation.ENTRIES
    }


def of(view: str) -> StreamlitPage:
    """The page of a view, to lead to. A path would depend on the script that the server runs."""
    return next(found for entry, found in declared().items() if entry.view == view)


def current() -> tuple[Store, Build]:
    """The warehouse and its build. Without one, show the command to run, and stop the page until there is one."""
    found = open_store(home())
    if isinstance(found, NotReady):
        st.info(found.because, icon=":material/info:")
        follow_builds(None)
        st.stop()
    return found


def is_simulated() -> bool:
    """Whether the data are simulated."""
    return current()[1].is_simulated


def is_phone() -> bool:
    """Whether the browser says that it is a phone's."""
    return "Mobi" in st.context.headers.get("User-Agent", "")


def run(page: Callable[[], None], store: Store) -> None:
    """Run a page; if the warehouse lacks tables or columns it reads, show the command to run."""
    try:
        page()
    except duckdb.Error as error:
        _LOG.exception("a page could not be shown")
        st.info(unreadable(error, store), icon=":material/info:")


def header(store: Store, build: Build) -> None:
    """Draw how old the data are; the whole status is its help text."""
    status = footnotes.header(build, shared.coverage(store))
    age = footnotes.age(build, shared.last_read_at(store), datetime.now(UTC))
    text = f":orange-badge[{age.text}]" if age.is_old else age.text
    st.markdown(text, help=format.escape_markdown(status), width="content")


def simulated_notice() -> None:
    """Say that the data are simulated."""
    st.markdown(":orange-badge[Simulated data] Generated to show how the program works; not the real Hub.")


def begin_heading() -> None:
    """Reserve the place of the title and the finding, above all controls; called once by every run."""
    with st.container(key="heading"):
        st.session_state[_TITLE], st.session_state[_FINDING] = st.empty(), st.container()


def title(text: str) -> None:
    """Draw the title of the page, in place of an earlier one of the same run."""
    st.session_state[_TITLE].title(text, anchor=False)


def finding(text: str) -> None:
    """Draw what the page found under its title."""
    st.session_state[_FINDING].markdown(format.escape_markdown(text))


def section_mark(place: int) -> str:
    """Style that underlines the section of the current page in the menu (`place` counts from 0)."""
    return (
        f'<style>[data-testid="stTopNav"] > :nth-child({place + 1}) button '
        "{ border-bottom: 2px solid currentColor; border-radius: 0; font-weight: 600; }</style>"
    )


def footer(store: Store, build: Build, entry: navigation.Entry) -> None:
    """Draw the last line of every page: day, coverage, scope, and what the page lacks of the history."""
    line, since = footnotes.header(build, shared.coverage(store)), history_since(store)
    if since is not None and entry.view in navigation.WITH_HISTORY:
        line += f" {footnotes.short_history(since)}"
    st.caption(format.escape_markdown(line), width="content")


@st.fragment(run_every=_REFRESH_SECONDS)
def follow_builds(shown: Store | None) -> None:
    """Rerun the page once a newer build has replaced the one shown, or once there is a first one."""
    found = open_store(home())
    if not isinstance(found, NotReady) and found[0] != shown:
        st.rerun(scope="app")


def link(view: str, label: str) -> None:
    """Draw a link to another page, by the name of its file; draws nothing if the app has no such page."""
    if any(entry.view == view for entry in navigation.ENTRIES):
        st.page_link(of(view), label=label, icon=":material/arrow_forward:")


def open_model(repo_id: str, **parameters: str) -> None:
    """Go to the page of a model, with further query parameters."""
    st.switch_page(of("model"), query_params={"model": repo_id, **parameters})
