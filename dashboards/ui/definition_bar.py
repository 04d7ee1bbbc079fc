"""The bar above a page that sets what is counted; its state is in the URL and carries over to the next page."""

from collections.abc import Mapping

import streamlit as st

from dashboards.data import vocabulary
from dashboards.data.definition import Definition
from dashboards.text import terms
from dashboards.ui import controls

_KEYS = ("class", "lens", "layers", "small", "gguf")
_USED = "definition used"
_SMALL = {"with": "with models below 1B", "without": "without models below 1B"}
_GGUF = {"with": "with GGUF", "without": "without GGUF"}
_SMALL_HELP = "Models known to have fewer than a billion parameters. Models of unknown size are always counted."
_GGUF_HELP = "The Hub counts every file downloaded from a GGUF repository, but one file per load of any other."


def show(uses: frozenset[str]) -> None:
    """Draw the controls in `uses`; the others keep what was chosen on other pages."""
    st.session_state[_USED] = uses
    for key in _KEYS:
        if key in st.session_state and key not in uses:
            st.session_state[key] = st.session_state[key]  # Streamlit forgets the state of controls it does not draw
    if not uses:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="definition"):
        if "class" in uses:
            controls.segments("Models", "class", vocabulary.UNIVERSES, terms.UNIVERSE_MEANING)
        if "lens" in uses:
            controls.segments("Attribute to", "lens", terms.LENSES, terms.LENS_MEANING)
        if uses - {"class", "lens"}:
            with st.popover(f"Counted: {current().filters()}", icon=":material/tune:"):
                _show_filters(uses)


def used() -> frozenset[str]:
    """The parts of the definition that change the figures of the page shown."""
    return frozenset(st.session_state.get(_USED, ()))


def current() -> Definition:
    """The definition chosen; before the first click, that of the URL or the default."""
    layers = _chosen("layers", vocabulary.layer_names(), vocabulary.LAYERS)
    return Definition(
        models=_chosen("class", vocabulary.UNIVERSES, (vocabulary.LANGUAGE,))[0],
        lens=_chosen("lens", terms.LENSES, ("publisher",))[0],
        layers=tuple(layer for layer in vocabulary.LAYERS if layer in layers),
        below_1b=_chosen("small", _SMALL, ("with",)) != ("without",),
        gguf=_chosen("gguf", _GGUF, ("with",)) != ("without",),
    )


def _chosen(key: str, labels: Mapping[str, str], default: tuple[str, ...]) -> tuple[str, ...]:
    """The codes chosen in a control; before it is first drawn, those of the URL."""
    if key in st.session_state:
        value = st.session_state[key]
        return (value or default[0],) if isinstance(value, str | None) else tuple(value)
    return tuple(controls.requested_codes(key, labels)) or default


def _show_filters(uses: frozenset[str]) -> None:
    if "layers" in uses:
        controls.pills("Model type", "layers", vocabulary.layer_names(), help_text=terms.LAYER_MEANING)
    if "small" in uses:
        controls.segments("Small models", "small", _SMALL, _SMALL_HELP)
    if "gguf" in uses:
        controls.segments("GGUF repositories", "gguf", _GGUF, _GGUF_HELP)
