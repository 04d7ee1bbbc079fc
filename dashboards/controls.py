"""Controls whose state stands in the URL, so that a copied link restores the page.

The key of a control is the name of its query parameter; a value that a link names and that does not
exist is dropped by Streamlit, and the default is shown.
"""

from collections.abc import Mapping
from typing import TypeVar

import streamlit as st

Code = TypeVar("Code", bound=str)


def one(label: str, key: str, options: Mapping[Code, str], meaning: str | None = None) -> Code:
    """One of a few options (code -> name), the first by default; `meaning` is told on request."""
    codes = list(options)
    chosen = st.segmented_control(
        label, codes, default=codes[0], required=True, format_func=options.__getitem__, key=key, help=meaning,
        bind="query-params",
    )  # fmt: skip
    return chosen or codes[0]


def several(label: str, key: str, options: Mapping[str, str]) -> tuple[str, ...]:
    """Any of a few options, all by default."""
    codes = list(options)
    chosen = st.pills(
        label, codes, selection_mode="multi", default=codes, format_func=options.__getitem__, key=key,
        bind="query-params",
    )  # fmt: skip
    return tuple(code for code in codes if code in chosen)


def some_of(label: str, key: str, options: Mapping[str, str], placeholder: str) -> tuple[str, ...]:
    """Any of many options (code -> name), none by default; none chosen filters nothing."""
    chosen = st.multiselect(
        label, list(options), format_func=options.__getitem__, key=key, bind="query-params", placeholder=placeholder
    )
    return tuple(sorted(chosen))


def pick(label: str, key: str, options: Mapping[Code, str]) -> Code:
    """One of several options from a list, the first by default and where what was chosen is offered no more."""
    codes = list(options)
    if st.session_state.get(key, codes[0]) not in codes:
        st.session_state[key] = codes[0]
    return st.selectbox(label, codes, format_func=options.__getitem__, key=key, bind="query-params") or codes[0]


def named(key: str) -> str | None:
    """What a control is asked to show before it is drawn: the value in the session, else the one a link names."""
    found = st.session_state.get(key) or st.query_params.get(key)
    return found if isinstance(found, str) else None


def search(label: str, key: str, placeholder: str) -> str:
    """A line of text to look for; empty by default."""
    found = st.text_input(label, key=key, bind="query-params", placeholder=placeholder, type="search", max_chars=100)
    return (found or "").strip()
