"""Values of the address that no control of the page knows: the page says which, and what it shows instead."""

from collections.abc import Collection

import streamlit as st

from dashboards.data import format
from dashboards.text import terms

_PLACE, _FOUND = "place of unknown values", "unknown values"


def begin() -> None:
    """Reserve the place of the sentence, above the page; called once by every run."""
    st.session_state[_PLACE], st.session_state[_FOUND] = st.empty(), []


def report(label: str, values: Collection[str], shown: str) -> None:
    """Say that these values of a control are unknown, and what it shows instead."""
    if not values:
        return
    found = st.session_state[_FOUND]
    found.append((label.partition(",")[0], values, shown))
    st.session_state[_PLACE].warning(format.escape_markdown(terms.unknown_values(found)))
