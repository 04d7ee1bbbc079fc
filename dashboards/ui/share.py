"""Link, embed and cite a chart; and the address that shows one chart alone."""

import streamlit as st

from dashboards.data import format
from dashboards.figures.cached import BrowserFigure
from dashboards.queries import method, shared
from dashboards.text import citation, footnotes
from dashboards.ui import definition_bar, page

_ALONE = "embedded-chart"
_SENTENCE = "no-chart"
_DRAWN, _SLOT = "figures drawn", "sentence without chart"

_ONLY_CHART = f"""
<style>
.stMainBlockContainer .stElementContainer:not(.st-key-{_ALONE} *, .st-key-{_SENTENCE} *),
.stMainBlockContainer [data-testid="stLayoutWrapper"]:not(
    :has(.st-key-{_ALONE}, .st-key-{_SENTENCE}), .st-key-{_ALONE} *, .st-key-{_SENTENCE} *
),
.stMainBlockContainer:has(.st-key-{_ALONE}) .st-key-{_SENTENCE} {{
    display: none;
}}
/* A page that has not run to its end may still draw its chart; the delay bridges its short runs later. */
[data-testid="stApp"]:not([data-test-script-state="notRunning"]) .st-key-{_SENTENCE} {{
    visibility: hidden;
    transition: visibility 0s 1s;
}}
.stMainBlockContainer {{ padding-top: 0.5rem; padding-bottom: 0; }}
[data-testid="stHeader"], [data-testid="stSidebar"] {{ display: none; }}
</style>
"""


def begin() -> None:
    """Start a page: in an embedded one, hide all but its chart."""
    st.session_state[_DRAWN] = {}
    if st.context.is_embedded:
        st.html(_ONLY_CHART)


def container_key(shown: BrowserFigure) -> str | None:
    """The key that marks the figure of an embedded page, which its address names, else the first; None for others."""
    drawn, name = st.session_state.setdefault(_DRAWN, {}), citation.stable_name(shown.name)
    wanted = st.query_params.get("chart")
    is_wanted = name == wanted if wanted else not drawn
    drawn[name] = shown.title
    if not st.context.is_embedded:
        return None
    _say_no_chart()
    return _ALONE if is_wanted else None


def sentence_without_chart() -> None:
    """Draw the sentence that an embedded page shows in place of a chart; one that is drawn hides it."""
    if st.context.is_embedded:
        store, build = page.current()
        with st.container(key=_SENTENCE):
            st.session_state[_SLOT] = st.empty()
            st.caption(format.escape_markdown(footnotes.footnote(build, shared.coverage(store))))
        _say_no_chart()


def _say_no_chart() -> None:
    """Fill in the sentence for the charts drawn so far: a page may stop after each."""
    wanted, drawn = st.query_params.get("chart"), st.session_state[_DRAWN]
    st.session_state[_SLOT].markdown(citation.no_chart(wanted, drawn, *_place()))


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
    if credit := shown.figure().credit:
        source = f"{source} {credit}"
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
