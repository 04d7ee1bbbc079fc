"""Controls whose state is in the URL, so that a copied link restores the page.

The key of a control is its query parameter and the label of an option is the parameter's value. Streamlit drops a value
that is no option and uses the default.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any, TypeVar

import streamlit as st

from dashboards.text import rankings
from dashboards.text.terms import FORMER_LABELS
from dashboards.ui import unknown_values

Code = TypeVar("Code", bound=str)

COUNTRY_WIDTH = 200
"""Pixels of a field for a country."""

_RANGE_WIDTH = 300
"""Pixels of a field for two dates; a narrower one cuts off the second."""


def segments(
    label: str, key: str, options: Mapping[Code, str], help_text: str | None = None, default: Code | None = None
) -> Code:
    """Choose one of a few options (code -> label); without `default`, the first is the default."""
    codes = list(options)
    first = codes[0] if default is None else default
    unknown = _unknown(key, options)
    chosen = st.segmented_control(
        label, codes, default=first, required=True, format_func=options.__getitem__, key=key, help=help_text,
        wrap=True, bind="query-params",
    )  # fmt: skip
    unknown_values.report(label, unknown, options[chosen or first])
    return chosen or first


def floor(help_text: str | None = None) -> int:
    """Choose the downloads that a riser needs."""
    return int(segments("Downloads at least", "floor", rankings.FLOORS, help_text, rankings.USUAL_FLOOR))


def yes_no(label: str, key: str, help_text: str | None = None) -> bool | None:
    """Choose yes, no or any; any is the default and returns None."""
    return {"any": None, "yes": True, "no": False}[
        segments(label, key, {"any": "Any", "yes": "Yes", "no": "No"}, help_text)
    ]


def pills(
    label: str,
    key: str,
    options: Mapping[str, str],
    default: Collection[str] | None = None,
    help_text: str | None = None,
) -> tuple[str, ...]:
    """Choose any of a few options (code -> label); all, or those of `default`, are chosen at first."""
    codes, unknown = list(options), _unknown(key, options, takes_many=True)
    first = [code for code in codes if default is None or code in default]
    chosen = st.pills(
        label, codes, selection_mode="multi", default=first, format_func=options.__getitem__, key=key,
        help=help_text, wrap=True, bind="query-params",
    )  # fmt: skip
    unknown_values.report(label, unknown, _joined(chosen, options))
    return tuple(code for code in codes if code in chosen)


def dropdown(label: str, key: str, options: Mapping[Code, str], width: int | None = None) -> Code:
    """Choose one of many options (code -> label); the first is the default, also if the chosen one no longer exists."""
    codes, unknown = list(options), _unknown(key, options)
    if st.session_state.get(key, codes[0]) not in codes:
        st.session_state[key] = codes[0]
    chosen = st.selectbox(
        label, codes, format_func=options.__getitem__, key=key, bind="query-params", width=width or "stretch",
        filter_mode="contains",
    )  # fmt: skip
    unknown_values.report(label, unknown, options[chosen or codes[0]])
    return chosen or codes[0]


def subject(label: str, key: str, options: Mapping[Code, str]) -> Code:
    """Choose what a page is about (code -> name); the first is the default.

    Streamlit leaves a default out of the address. Here it must not: the default is the largest of today, and a copied
    link must show the same subject when another one is.
    """
    codes, unknown = list(options), _unknown(key, options)
    is_known = st.session_state[key] in codes if key in st.session_state else requested_codes(key, options)
    if not is_known:
        st.session_state[key] = codes[0]
    chosen = st.selectbox(
        label, codes, index=None, format_func=options.__getitem__, key=key, bind="query-params", filter_mode="contains",
    )  # fmt: skip
    unknown_values.report(label, unknown, options[chosen or codes[0]])
    return chosen or codes[0]


def multiselect(label: str, key: str, options: Mapping[str, str], placeholder: str) -> tuple[str, ...]:
    """Choose any of many options (code -> label); an empty choice means no filter."""
    unknown = _unknown(key, options, takes_many=True)
    chosen = st.multiselect(
        label, list(options), format_func=options.__getitem__, key=key, bind="query-params", placeholder=placeholder,
        select_all=False, filter_mode="contains",
    )  # fmt: skip
    unknown_values.report(label, unknown, _joined(chosen, options) if chosen else placeholder)
    return tuple(sorted(chosen))


def limited_multiselect(
    label: str, key: str, options: Mapping[str, str], default: Collection[str], most: int
) -> tuple[str, ...]:
    """Choose at most `most` of many options (code -> label); returned in the order they were chosen."""
    unknown = _unknown(key, options, takes_many=True)
    chosen = st.multiselect(
        label, list(options), default=list(default), format_func=options.__getitem__, key=key, bind="query-params",
        max_selections=most, select_all=False, wrap=True, filter_mode="contains",
    )  # fmt: skip
    unknown_values.report(label, unknown, _joined(chosen, options))
    return tuple(chosen)


def limited_names(label: str, key: str, names: Collection[str], default: Collection[str], most: int) -> tuple[str, ...]:
    """Choose at most `most` names: any of `names`, or another that is typed or in the URL."""
    chosen = st.multiselect(
        label, list(names), default=list(default), key=key, bind="query-params", max_selections=most,
        accept_new_options=True, select_all=False, wrap=True, filter_mode="contains",
    )  # fmt: skip
    return tuple(chosen)


def search(label: str, key: str, placeholder: str) -> str:
    """Type a search text of one line; empty by default."""
    text = st.text_input(label, key=key, bind="query-params", placeholder=placeholder, type="search", max_chars=100)
    return (text or "").strip()


def text_area(label: str, key: str, placeholder: str, most: int) -> str:
    """Type a text of several lines and at most `most` characters; empty by default."""
    text = st.text_area(label, key=key, bind="query-params", placeholder=placeholder, max_chars=most, height=220)
    return (text or "").strip()


def day(label: str, key: str, first: date, last: date, help_text: str) -> date | None:
    """Choose a day from `first` to `last`; none by default."""
    unknown = _unknown_days(key, first, last)
    chosen = st.date_input(
        label, value=None, min_value=first, max_value=last, key=key, bind="query-params", help=help_text,
        format="YYYY-MM-DD",
    )  # fmt: skip
    unknown_values.report(label, unknown, "the first common day" if chosen is None else str(chosen))
    return chosen if isinstance(chosen, date) else None


def date_range(label: str, key: str, first: date, last: date) -> tuple[date | None, date | None]:
    """Choose a range of days within `first` to `last`, or its start alone; none by default."""
    nothing: Any = ()
    unknown = _unknown_days(key, first, last)
    chosen: Any = st.date_input(
        label, value=nothing, min_value=first, max_value=last, key=key, format="YYYY-MM-DD", bind="query-params",
        width=_RANGE_WIDTH,
    )  # fmt: skip
    days: tuple[date, ...] = tuple(sorted(chosen))
    unknown_values.report(label, unknown, " to ".join(map(str, days)) or "all days")
    return (days[0] if days else None, days[1] if len(days) > 1 else None)


def range_slider(label: str, key: str, first: date, last: date) -> None:
    """Draw a slider with two handles that sets the date range of `key`, which another control has in the address."""
    chosen = tuple(st.session_state.get(key) or ())
    since, until = (*chosen, last)[:2] if chosen else (first, last)
    slider = f"{key} slider"
    st.session_state[slider] = (min(max(since, first), last), max(min(until, last), first))
    st.slider(
        label, first, last, (first, last), key=slider, format="D MMM YYYY", label_visibility="collapsed",
        on_change=_take_range, args=(key, slider, first, last),
    )  # fmt: skip


def _take_range(key: str, slider: str, first: date, last: date) -> None:
    """Set a date range to the handles of its slider. A handle at the end leaves the range open there."""
    since, until = st.session_state[slider]
    st.session_state[key] = () if (since, until) == (first, last) else (since,) if until == last else (since, until)


def requested(key: str) -> str | None:
    """The value of a control before it is drawn: that of the session, otherwise that of the URL."""
    value = st.session_state.get(key) or st.query_params.get(key)
    return value if isinstance(value, str) else None


def requested_codes(key: str, options: Mapping[Code, str]) -> list[Code]:
    """The codes of the options that the URL names, by their code, or their label of today or of earlier versions."""
    codes = {code: code for code in options} | {label: code for code, label in options.items()}
    former = FORMER_LABELS.get(key, {})
    labels = [former.get(label, label) for label in st.query_params.get_all(key)]
    return [codes[label] for label in labels if label in codes]


def _unknown(key: str, options: Mapping[Code, str], *, takes_many: bool = False) -> list[str]:
    """The values in the URL that are no option of a control not drawn yet. Streamlit drops what is no label.

    Codes and former labels in the URL are replaced by labels first. Streamlit reads the URL when a run begins, so the
    page runs again then.
    """
    _forget_unless(key, list if takes_many else str)
    values = _requested(key)
    labels = {**FORMER_LABELS.get(key, {}), **{str(code): label for code, label in options.items()}}
    renamed = [value if value in options.values() else labels.get(value, value) for value in values]
    if renamed != values:
        st.query_params[key] = renamed
        unknown_values.keep()
        st.rerun()
    return [value for value in values if value not in options.values()]


def _unknown_days(key: str, first: date, last: date) -> list[str]:
    """The values in the URL that are no day from `first` to `last`."""
    _forget_unless(key, (date, tuple, list))
    return [value for value in _requested(key) if not str(first) <= value <= str(last) or not _is_day(value)]


def _forget_unless(key: str, kind: type | tuple[type, ...]) -> None:
    """Forget a value that a control of another kind has left under the same key.

    Streamlit keeps the value of a control when the reader goes to another page, and gives it to any control there
    that has its key: the family of the page Family to the filter by families, for example.
    """
    if st.session_state.get(key) is not None and not isinstance(st.session_state[key], kind):
        del st.session_state[key]


def _requested(key: str) -> list[str]:
    return [] if key in st.session_state else [value for value in st.query_params.get_all(key) if value]


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _joined(codes: Collection[Code], options: Mapping[Code, str]) -> str:
    return ", ".join(options[code] for code in codes) or "nothing"


def default_first(options: Mapping[Code, str], code: str) -> dict[Code, str]:
    """The options with the one of `code` first, which makes it the default."""
    return dict(sorted(options.items(), key=lambda option: option[0] != code))


def known_first(options: Mapping[Code, str], known: Collection[str]) -> dict[Code, str]:
    """The options with the first one in `known` first, which makes it the default; unchanged if none is known."""
    return default_first(options, next((code for code in options if code in known), next(iter(options))))


def following_default(key: str, mode: str, defaults: Mapping[str, Callable[[], tuple[str, ...]]]) -> tuple[str, ...]:
    """The default of a control for the current `mode`; a choice never changed from the old default moves along."""
    before = st.session_state.get(f"{key} of", mode)
    default = defaults[mode]()
    if before != mode and tuple(st.session_state.get(key) or ()) == defaults[before]():
        st.session_state[key] = list(default)
    st.session_state[f"{key} of"] = mode
    return default


def reset_for(subject: str, values: Mapping[str, str]) -> None:
    """Set controls (key -> code) to `values` when the page's subject has changed, so that none keeps an old state."""
    before = st.session_state.get("subject")
    if before is not None and before != subject:
        st.session_state.update(values)
    st.session_state["subject"] = subject
