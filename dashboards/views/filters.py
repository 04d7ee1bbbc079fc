"""The filters of the page of models: the common ones in sight, the others on request, each in the address."""

from datetime import date
from urllib.parse import parse_qs, urlencode

import streamlit as st

from dashboards.data import vocabulary
from dashboards.data.warehouse import Store
from dashboards.queries import models, shared
from dashboards.text import models as words
from dashboards.text import terms
from dashboards.ui import controls

IN_SIGHT = ("origin", "lab", "layer", "family", "size", "task")
KEYS = ("q", *models.CHOICES, *models.FLAGS, *models.SPANS, "sort", "rows")
"""The parameters of the address that say what the table shows, and in which order."""

_FIRST_DAY = date(2022, 3, 1)


def show(store: Store, last_day: date) -> models.Filters:
    """Draws all filters; what is chosen in them."""
    names = _names(store)
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        search = controls.search("Search by name", "q", "qwen3, org/name")
        chosen = [(key, _values(store, key, names)) for key in IN_SIGHT]
        with st.popover("More filters", icon=":material/filter_list:", key="more-filters"):
            chosen += [(key, _values(store, key, names)) for key in models.CHOICES if key not in IN_SIGHT]
            flags = [(key, controls.yes_or_no(*words.FLAGS[key])) for key in models.FLAGS]
            spans = [(key, *controls.between(words.SPANS[key], key, _FIRST_DAY, last_day)) for key in models.SPANS]
    return models.Filters(
        search,
        tuple((key, values) for key, values in chosen if values),
        tuple((key, flag) for key, flag in flags if flag is not None),
        tuple(span for span in spans if span[1:] != (None, None)),
    )


def carried() -> dict[str, str]:
    """The filters as one parameter, for the address of the page that the reader leaves for; nothing without any."""
    chosen = [(key, value) for key in KEYS for value in st.query_params.get_all(key)]
    return {"filters": urlencode(chosen)} if chosen else {}


def restore() -> None:
    """Shows the page with the filters that the browser's Back has brought along."""
    # Streamlit enters a new query in the browser's history under the old page's path before it changes the path: Back
    # leads to that entry, which names the filters as they were carried.
    came = parse_qs(st.query_params.get("filters", ""))
    if chosen := {key: came[key] for key in KEYS if key in came}:
        st.switch_page("views/models.py", query_params=chosen)


def _values(store: Store, key: str, names: dict[str, dict[str, str]]) -> tuple[str, ...]:
    label, everything = words.CHOICES[key]
    options = words.options(key, models.values(store, key), names)
    return controls.some_of(label, key, options, everything)


def _names(store: Store) -> dict[str, dict[str, str]]:
    """Filter -> names of its values in words, where they have any."""
    origins = {code: terms.origin_name(code, shared.origin_names(store)) for code in _codes(store)}
    families = shared.family_names(store)
    return {
        "origin": origins, "root_origin": origins, "lab": shared.lab_names(store), "layer": vocabulary.layer_names(),
        "family": families, "root_family": families, "role": words.ROLES, "gated": words.GATED,
        "params_source": words.PARAMS_SOURCES,
    }  # fmt: skip


def _codes(store: Store) -> set[str]:
    return {*models.values(store, "origin"), *models.values(store, "root_origin")}
