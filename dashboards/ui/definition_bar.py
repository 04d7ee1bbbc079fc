"""The definition switch: stands above every page that it moves, is kept from page to page and in the address."""

from collections.abc import Mapping

import streamlit as st

from dashboards.data import vocabulary
from dashboards.data.definition import Definition
from dashboards.text import terms
from dashboards.ui import controls

_KEYS = ("lens", "layers", "small", "gguf")
_SMALL = {"with": "with models below 1B", "without": "without models below 1B"}
_GGUF = {"with": "with GGUF", "without": "without GGUF"}
_SMALL_MEANING = "Models known to have fewer than a billion parameters; a size that is not known is never left out."
_GGUF_MEANING = "The Hub counts each file of a GGUF repository, and one file per load of others."


def show(uses: frozenset[str]) -> None:
    """Draws the switches that move the page; the others keep what was chosen on other pages."""
    for key in _KEYS:
        if key in st.session_state and key not in uses:
            st.session_state[key] = st.session_state[key]
    if not uses:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="definition"):
        if "lens" in uses:
            controls.one("Attribute to", "lens", terms.LENSES, terms.LENS_MEANING)
        if uses - {"lens"}:
            with st.popover(f"Counted: {current().counted()}", icon=":material/tune:"):
                _show_kinds(uses)


def current() -> Definition:
    """What is chosen; the defaults for what was never touched."""
    layers = _chosen("layers", vocabulary.layer_names(), vocabulary.LAYERS)
    return Definition(
        lens=_chosen("lens", terms.LENSES, ("publisher",))[0],
        layers=tuple(layer for layer in vocabulary.LAYERS if layer in layers),
        below_1b=_chosen("small", _SMALL, ("with",)) != ("without",),
        gguf=_chosen("gguf", _GGUF, ("with",)) != ("without",),
    )


def _chosen(key: str, names: Mapping[str, str], default: tuple[str, ...]) -> tuple[str, ...]:
    """The codes chosen in a switch; before it is first drawn, those that the link names."""
    if key in st.session_state:
        value = st.session_state[key]
        return (value or default[0],) if isinstance(value, str | None) else tuple(value)
    return tuple(controls.linked(key, names)) or default


def _show_kinds(uses: frozenset[str]) -> None:
    if "layers" in uses:
        controls.several("Model type", "layers", vocabulary.layer_names())
    if "small" in uses:
        controls.one("Small models", "small", _SMALL, _SMALL_MEANING)
    if "gguf" in uses:
        controls.one("GGUF repositories", "gguf", _GGUF, _GGUF_MEANING)
