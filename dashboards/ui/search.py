"""The search box in the header of every page: a lab, family, model or account leads to its page."""

import streamlit as st

from dashboards.data.cache import cached
from dashboards.data.warehouse import Store
from dashboards.navigation import ENTRIES
from dashboards.queries import search
from dashboards.queries.search import Match
from dashboards.ui import page

_KEY, _FOUND, _MISSED = "search", "search-found", "search-missed"
_KINDS = {"lab", "family", "account"}
_VIEWS = {entry.view for entry in ENTRIES}


def go() -> None:
    """Go to the page of what was found, if something was chosen in the search box."""
    found: Match | None = st.session_state.pop(_FOUND, None)
    if found is not None:
        st.switch_page(page.of(found.kind), query_params={found.kind: found.name})
    missed = st.session_state.pop(_MISSED, None)
    if missed is not None:
        st.toast(f"No lab, family, model or account has a name with “{missed}”.", icon=":material/search_off:")


def box(store: Store) -> None:
    """Draw the search box.

    It lists labs, families, the largest accounts and models; others are found by a part of the name.
    """
    options = _options(store)

    def choose() -> None:
        chosen = st.session_state.get(_KEY)
        st.session_state[_KEY] = None
        if chosen:
            found = options.get(chosen) or search.best_match(store, chosen)
            st.session_state[_MISSED if found is None else _FOUND] = chosen if found is None else found

    st.selectbox(
        "Search labs, families, models, accounts", list(options), index=None, key=_KEY, on_change=choose,
        placeholder="Search labs, families, models, accounts", label_visibility="collapsed", accept_new_options=True,
        filter_mode="contains", width=300,
    )  # fmt: skip


@cached(4)
def _options(store: Store) -> dict[str, Match]:
    """Label -> what the box lists, a thousand entries. Do not modify."""
    return {_label(match): match for match in search.listed(store) if match.kind in _VIEWS}


def _label(match: Match) -> str:
    return f"{match.name} ({match.kind})" if match.kind in _KINDS else match.name
