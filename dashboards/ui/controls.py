"""Controls whose state stands in the URL, so that a copied link restores the page.

The key of a control is the name of its query parameter; a value that a link names and that does not
exist is dropped by Streamlit, and the default is shown.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any, TypeVar

import streamlit as st

from dashboards.text.terms import FORMER_LABELS

Code = TypeVar("Code", bound=str)

_SPAN_WIDTH = 300
"""Pixels of a field that holds two days: fewer would cut the second one off."""


def one(label: str, key: str, options: Mapping[Code, str], meaning: str | None = None) -> Code:
    """One of a few options (code -> name), the first by default; `meaning` is told on request."""
    codes = list(options)
    _restore_former_options(key, options, is_single=True)
    chosen = st.segmented_control(
        label, codes, default=codes[0], required=True, format_func=options.__getitem__, key=key, help=meaning,
        wrap=True, bind="query-params",
    )  # fmt: skip
    return chosen or codes[0]


def several(
    label: str, key: str, options: Mapping[str, str], default: Collection[str] | None = None
) -> tuple[str, ...]:
    """Any of a few options, all by default or those of `default`."""
    codes = list(options)
    _restore_former_options(key, options)
    first = [code for code in codes if default is None or code in default]
    chosen = st.pills(
        label, codes, selection_mode="multi", default=first, format_func=options.__getitem__, key=key,
        wrap=True, bind="query-params",
    )  # fmt: skip
    return tuple(code for code in codes if code in chosen)


def some_of(label: str, key: str, options: Mapping[str, str], placeholder: str) -> tuple[str, ...]:
    """Any of many options (code -> name), none by default; none chosen filters nothing."""
    _restore_former_options(key, options)
    chosen = st.multiselect(
        label, list(options), format_func=options.__getitem__, key=key, bind="query-params", placeholder=placeholder
    )
    return tuple(sorted(chosen))


def up_to(label: str, key: str, options: Mapping[str, str], default: Collection[str], most: int) -> tuple[str, ...]:
    """At most `most` of many options (code -> name), in the order they were chosen; those of `default` at first."""
    chosen = st.multiselect(
        label, list(options), default=list(default), format_func=options.__getitem__, key=key, bind="query-params",
        max_selections=most, select_all=False, wrap=True,
    )  # fmt: skip
    return tuple(chosen)


def up_to_named(label: str, key: str, names: Collection[str], default: Collection[str], most: int) -> tuple[str, ...]:
    """At most `most` names: of those listed, or any other that is typed or stands in a link."""
    chosen = st.multiselect(
        label, list(names), default=list(default), key=key, bind="query-params", max_selections=most,
        accept_new_options=True, select_all=False, wrap=True,
    )  # fmt: skip
    return tuple(chosen)


def day(label: str, key: str, first: date, last: date, meaning: str) -> date | None:
    """A day between two others; none by default."""
    chosen = st.date_input(
        label, value=None, min_value=first, max_value=last, key=key, bind="query-params", help=meaning,
        format="YYYY-MM-DD",
    )  # fmt: skip
    return chosen if isinstance(chosen, date) else None


def pick(label: str, key: str, options: Mapping[Code, str]) -> Code:
    """One of several options from a list, the first by default and where what was chosen is offered no more."""
    codes = list(options)
    if st.session_state.get(key, codes[0]) not in codes:
        st.session_state[key] = codes[0]
    _restore_former_options(key, options, is_single=True)
    return st.selectbox(label, codes, format_func=options.__getitem__, key=key, bind="query-params") or codes[0]


def named(key: str) -> str | None:
    """What a control is asked to show before it is drawn: the value in the session, else the one a link names."""
    found = st.session_state.get(key) or st.query_params.get(key)
    return found if isinstance(found, str) else None


def search(label: str, key: str, placeholder: str) -> str:
    """A line of text to look for; empty by default."""
    found = st.text_input(label, key=key, bind="query-params", placeholder=placeholder, type="search", max_chars=100)
    return (found or "").strip()


def passage(label: str, key: str, placeholder: str, most: int) -> str:
    """A text of several lines and at most `most` characters; empty by default."""
    found = st.text_area(label, key=key, bind="query-params", placeholder=placeholder, max_chars=most, height=220)
    return (found or "").strip()


def first(options: Mapping[Code, str], code: str) -> dict[Code, str]:
    """The options with one of them in front, as the default."""
    return dict(sorted(options.items(), key=lambda option: option[0] != code))


def following(key: str, owner: str, defaults: Mapping[str, Callable[[], tuple[str, ...]]]) -> tuple[str, ...]:
    """The default of a choice that depends on its `owner`: one that was left as it was is moved along with it."""
    before = st.session_state.get(f"{key} of", owner)
    default = defaults[owner]()
    if before != owner and tuple(st.session_state.get(key) or ()) == defaults[before]():
        st.session_state[key] = list(default)
    st.session_state[f"{key} of"] = owner
    return default


def start_over(owner: str, values: Mapping[str, str]) -> None:
    """Sets controls (key -> code) once they belong to another `owner` than before, whose state they would keep."""
    before = st.session_state.get("owner")
    if before is not None and before != owner:
        st.session_state.update(values)
    st.session_state["owner"] = owner


def linked(key: str, options: Mapping[Code, str]) -> list[Code]:
    """The codes of the options that the address names for a control, also by a former name."""
    codes = {name: code for code, name in options.items()}
    former = FORMER_LABELS.get(key, {})
    names = [former.get(name, name) for name in st.query_params.get_all(key)]
    return [codes[name] for name in names if name in codes]


def _restore_former_options(key: str, options: Mapping[Code, str], *, is_single: bool = False) -> None:
    """Set a control that was not drawn yet where the address uses a former name, which Streamlit would drop."""
    if key in st.session_state or FORMER_LABELS.get(key, {}).keys().isdisjoint(st.query_params.get_all(key)):
        return
    if codes := linked(key, options):
        st.session_state[key] = codes[0] if is_single else codes


def yes_or_no(label: str, key: str, meaning: str | None = None) -> bool | None:
    """Yes, no, or either, which is the default and None."""
    chosen = one(label, key, {"any": "Any", "yes": "Yes", "no": "No"}, meaning)
    return None if chosen == "any" else chosen == "yes"


def between(label: str, key: str, first: date, last: date) -> tuple[date | None, date | None]:
    """Two days within `first` and `last` that bound a span, or one that begins it; none by default."""
    nothing: Any = ()
    chosen: Any = st.date_input(
        label, value=nothing, min_value=first, max_value=last, key=key, format="YYYY-MM-DD", bind="query-params",
        width=_SPAN_WIDTH,
    )  # fmt: skip
    days: tuple[date, ...] = tuple(sorted(chosen))
    return (days[0] if days else None, days[1] if len(days) > 1 else None)
