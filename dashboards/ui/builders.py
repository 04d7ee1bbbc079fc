"""The section of the pages Family and Lab on who builds on it: bars that filter, and the accounts."""

import streamlit as st

from dashboards.data import format
from dashboards.figures import builders as figures
from dashboards.figures.builders import BuildersScope, Part
from dashboards.queries import builders as queries
from dashboards.queries import shared
from dashboards.queries.builders import Filters
from dashboards.text import builders as words
from dashboards.text import terms
from dashboards.text.rankings import FORMAT_LABEL, FORMATS
from dashboards.ui import columns, controls, display, table_rows

MOST_ACCOUNTS = 200
_KEYS: dict[Part, str] = {"origin": "country", "format": "format"}


def show(scope: BuildersScope) -> None:
    """Draw two charts of bars, filters by country, type and format, and the table of accounts."""
    parts = scope.parts(Filters())
    if parts["downloads_30d"].count() == 0:
        st.info(words.NOTHING)
        return
    filters = _filters(scope)
    for column, part in zip(st.columns(2), _KEYS, strict=True):
        with column:
            _show_bars(scope, part, filters)
    st.caption(words.HINT)
    found = queries.accounts(scope.store, scope.built, scope.definition, filters, MOST_ACCOUNTS)
    st.subheader(format.escape_markdown(words.heading(scope.name)), anchor=False)
    if found.is_empty():
        st.info(words.NOTHING)
        return
    st.markdown(format.escape_markdown(words.shown(scope.name, found)))
    rows = table_rows.builder_rows(found, shared.origin_names(scope.store))
    config = columns.of(rows, models=columns.MODELS_BY_WEIGHT, lab="Organisation")
    display.table(
        rows,
        config,
        scope.stem("builders"),
        f"Table: {words.heading(scope.name)}",
        height=520 if rows.height > 14 else None,
    )
    st.caption(words.NOTE)


def _filters(scope: BuildersScope) -> Filters:
    parts, names = scope.parts(Filters()), terms.all_origin_names(shared.origin_names(scope.store))
    types, formats = words.type_names(), list(dict.fromkeys(parts["format"]))
    countries = {code: terms.origin_name(code, names) for code in dict.fromkeys(parts["origin"])}
    with st.container(horizontal=True, vertical_alignment="bottom", key="builder-filters"):
        return Filters(
            controls.multiselect("Country", "country", countries, "All countries"),
            controls.multiselect(
                "Type", "type", {code: types[code] for code in types if code in set(parts["layer"])}, "All types"
            ),
            controls.multiselect(
                FORMAT_LABEL, "format", {code: FORMATS[code] for code in formats}, "All formats and methods"
            ),
        )


def _show_bars(scope: BuildersScope, part: Part, filters: Filters) -> None:
    if scope.parts(filters, part)["downloads_30d"].count() == 0:
        st.info(words.NOTHING)
        return
    names = dict(shared.origin_names(scope.store))
    picked = f"picked-{scope.stem('builders', part)}"

    def choose() -> None:
        chosen = st.session_state[picked]["selection"].get("picked") or []
        code = words.code_of(part, chosen[0]["group"], names) if chosen else None
        if code:
            st.session_state[_KEYS[part]] = [code]

    display.figure(figures.bars(scope, part, filters), on_click=choose)
