"""What a reader asks in SQL: answered within limits by a process of its own, kept per build and query."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from dashboards.data.cache import remembered
from dashboards.data.warehouse import Store
from tracker.errors import TrackerError
from tracker.sql.bounded import Limits
from tracker.sql.console import Answered, ask
from tracker.warehouse.sql_files import Example
from tracker.warehouse.sql_files import examples as example_files

LIMITS = Limits(answer_mb=16)
"""Ten answers are kept, so that each may be no larger than this."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why there is no answer."""

    because: str


def answer(store: Store, query: str, is_asked_again: bool) -> Answered | Refused:
    """The answer to a query. A refusal stands until the query, the build or the wish to try again changes.

    So a change of the chart never runs a query that has just used up its time.
    """
    refused = st.session_state.get("refused")
    if refused is not None and refused[:2] == (store, query) and not is_asked_again:
        return Refused(refused[2])
    try:
        answered = _answer(store, query)
    except TrackerError as problem:
        st.session_state["refused"] = (store, query, str(problem))
        return Refused(str(problem))
    return answered


@st.cache_data(show_spinner="Asking the warehouse", max_entries=10)
def _answer(store: Store, query: str) -> Answered:
    return ask(Path(store.path), query, LIMITS)


@remembered(1)
def examples() -> dict[str, str]:
    """Question -> its SQL."""
    found: list[Example] = example_files()
    return {example.title: example.sql for example in found}
