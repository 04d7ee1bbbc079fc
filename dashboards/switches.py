"""The definition switch: stands above every page that it moves, is kept from page to page and in the address."""

import streamlit as st

from dashboards import controls
from dashboards.definition import Definition
from dashboards.words import terms

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
            controls.one("Counted by", "lens", terms.LENSES, terms.LENS_MEANING)
        if uses - {"lens"}:
            with st.popover(f"Counted: {current().counted()}", icon=":material/tune:"):
                _show_kinds(uses)


def current() -> Definition:
    """What is chosen; the defaults for what was never touched."""
    state = st.session_state
    chosen = state.get("layers", terms.LAYERS)
    return Definition(
        lens=state.get("lens") or "publisher",
        layers=tuple(layer for layer in terms.LAYERS if layer in chosen),
        below_1b=state.get("small", "with") != "without",
        gguf=state.get("gguf", "with") != "without",
    )


def _show_kinds(uses: frozenset[str]) -> None:
    if "layers" in uses:
        controls.several("Layers", "layers", terms.layer_names())
    if "small" in uses:
        controls.one("Small models", "small", _SMALL, _SMALL_MEANING)
    if "gguf" in uses:
        controls.one("GGUF repositories", "gguf", _GGUF, _GGUF_MEANING)
