"""Values of the address that no control of the page knows: the page says which, and what it shows instead."""

from collections.abc import Collection

import streamlit as st

from dashboards.data import format
from dashboards.text import terms

_PLACE, _FOUND, _KEPT = "place of unknown values", "unknown values", "unknown values of the run before"


def begin() -> None:
    """Reserve the place of the sentence, above the page; called once by every run."""
    st.session_state[_PLACE], st.session_state[_FOUND] = st.empty(), st.session_state.pop(_KEPT, [])
    _show()


def keep() -> None:
    """Show the sentence again in the next run. Streamlit has removed the values from the address by then."""
    st.session_state[_KEPT] = st.session_state[_FOUND]


def report(label: str, values: Collection[str], shown: str) -> None:
    """Say that these values of a control are unknown, and what it shows instead."""
    if not values:
        return
    st.session_state[_FOUND].append((label.partition(",")[0], values, shown))
    _show()


def _show() -> None:
    if found := st.session_state[_FOUND]:
        st.session_state[_PLACE].warning(format.escape_markdown(terms.unknown_values(found)))
