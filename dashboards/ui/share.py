"""Link, embed and cite a chart; and the address that shows one chart alone."""

import streamlit as st

from dashboards.figures.cached import BrowserFigure
from dashboards.queries import method, shared
from dashboards.text import citation
from dashboards.ui import definition_bar, page

_ALONE = "embedded-chart"
_DRAWN = "figures drawn"

_ONLY_CHART = f"""
<style>
.stMainBlockContainer .stElementContainer:not(.st-key-{_ALONE} *),
.stMainBlockContainer [data-testid="stLayoutWrapper"]:not(:has(.st-key-{_ALONE}), .st-key-{_ALONE} *) {{
    display: none;
}}
.stMainBlockContainer {{ padding-top: 0.5rem; padding-bottom: 0; }}
[data-testid="stHeader"] {{ display: none; }}
</style>
"""


def begin() -> None:
    """Start a page: in an embedded one, hide all but its chart."""
    st.session_state[_DRAWN] = 0
    if st.context.is_embedded:
        st.html(_ONLY_CHART)


def container_key(shown: BrowserFigure) -> str | None:
    """The key that marks the figure of an embedded page, which its address names, else the first; None for others."""
    number = st.session_state.get(_DRAWN, 0)
    st.session_state[_DRAWN] = number + 1
    wanted = st.query_params.get("chart")
    is_wanted = citation.stable_name(shown.name) == wanted if wanted else number == 0
    return _ALONE if st.context.is_embedded and is_wanted else None


def button(shown: BrowserFigure) -> None:
    """Draw the button that opens the addresses and citations of a figure."""
    if st.button("Link, embed, cite", key=f"share-{shown.name}", type="tertiary", icon=":material/share:"):
        _dialog(shown)


def address() -> str:
    """The address of the page with the state of its controls; empty where the browser's address is unknown."""
    return citation.link(*_place())


def _place() -> tuple[str, dict[str, list[str]]]:
    """The address of the page without its parameters, and these."""
    parameters = {key: st.query_params.get_all(key) for key in st.query_params if key != "chart"}
    return (st.context.url or "").partition("?")[0], parameters


@st.dialog("Link, embed, cite", width="large")
def _dialog(shown: BrowserFigure) -> None:
    store, build = page.current()
    address, parameters = _place()
    here = citation.link(address, parameters)
    source = citation.source(
        build, method.registry_version(store), shared.coverage(store), definition_bar.current(), definition_bar.used()
    )
    parts = (
        ("Link to this view", here, None),
        ("Embed: this chart alone, with the latest data",
         citation.embed(address, parameters, shown.name, shown.title), "html"),
        ("Cite", citation.text(shown.title, source, here), None),
        ("BibTeX", citation.bibtex(shown.title, build.last_day, source, here), "latex"),
    )  # fmt: skip
    for label, text, language in parts:
        st.caption(label)
        st.code(text, language=language, wrap_lines=True)
