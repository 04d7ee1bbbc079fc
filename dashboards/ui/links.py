"""Links inside the product: names in tables lead to the page of the model, family, lab or account of that name."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import polars as pl
import streamlit as st

from dashboards.data import format

_SHOWN = re.compile(r"\^\\\./(?P<view>\w+)\\\?")
"""The start of the display text of an inside link, which names its page."""

# Streamlit opens every link of a table in a new tab. A relative address opens in this one: it is put into the browser's
# history, and Streamlit follows it as it follows the Back button. With a modifier key it opens in a new tab.
# On a narrow screen the menu covers the page, and Streamlit leaves it open after a choice.
#
# When a script or the menu opens another page, Streamlit adds the new query to the history under the old path first.
# Back would lead there and lose what the reader had chosen, so that entry gets the old page's address again.
#
# A script that completes the address of its page adds an entry to the history too, and Back would lead to the same
# page. So a new query replaces the entry unless the reader has done something since the last one was made.
_JS = """
const NARROW = 768;
const MENU_STATE = "stSidebarCollapsed-";
export default function () {
    if (window.insideLinks) return;
    window.insideLinks = true;
    const kept = Object.keys(localStorage).filter((key) => key.startsWith(MENU_STATE));
    kept.forEach((key) => localStorage.removeItem(key));
    const store = Storage.prototype.setItem;
    Storage.prototype.setItem = function (key, value) {
        if (!key.startsWith(MENU_STATE)) store.call(this, key, value);
    };
    document.addEventListener("click", (event) => {
        const isChoice = event.target.closest("[data-testid=stSidebarNavLink]");
        const close = document.querySelector("[data-testid=stSidebarCollapseButton] button");
        if (isChoice && close && window.innerWidth <= NARROW) close.click();
    });
    const push = window.history.pushState.bind(window.history);
    const replace = window.history.replaceState.bind(window.history);
    let left = null, hasActed = false;
    for (const kind of ["pointerdown", "keydown", "popstate"])
        window.addEventListener(kind, () => { hasActed = kind !== "popstate"; }, { capture: true, passive: true });
    window.history.pushState = (state, title, url) => {
        const here = window.location.href, next = new URL(url ?? here, here);
        const isSamePath = next.pathname === window.location.pathname;
        const isSameQuery = next.search === window.location.search;
        const isDetour = left && !isSamePath && isSameQuery && (next.search || !hasActed);
        if (isDetour) replace(window.history.state, "", left);
        left = isSamePath && !isSameQuery ? here : null;
        const isRewrite = isSamePath && !hasActed;
        hasActed = false;
        return (isRewrite ? replace : push)(state, title, url);
    };
    window.history.replaceState = (state, title, url) => {
        if (url && new URL(url, window.location.href).search !== window.location.search) hasActed = false;
        return replace(state, title, url);
    };
    const open = window.open.bind(window);
    window.open = (url, ...others) => {
        const event = window.event;
        const isApart = event && (event.ctrlKey || event.metaKey || event.shiftKey);
        if (isApart || typeof url !== "string" || !url.startsWith("./")) return open(url, ...others);
        window.history.pushState({}, "", url);
        window.dispatchEvent(new PopStateEvent("popstate"));
        window.scrollTo(0, 0);
        return null;
    };
}
"""

_follow = st.components.v2.component("open_model_tracker_inside_links", html="<span></span>", js=_JS)


def follow_inside_links() -> None:
    """Make the links inside the product open in the same tab; called once by every page."""
    _follow(key="inside-links", width="content", height="content")


def inside_link(label: str, view: str, *, width: Any = None, help: str | None = None) -> Any:
    """A column of names, each a link to the page of that name: `./model?model=Qwen/Qwen3-8B` shows `Qwen/Qwen3-8B`.

    The frame holds the names, which `with_addresses` turns into addresses.
    """
    shown = rf"^\./{view}\?{view}=(.*)$"
    return st.column_config.LinkColumn(label, width=width, help=help, display_text=shown)


def inside_url(view: str, name: str) -> str:
    """The relative address of the page of a model, family, lab or account, by its name."""
    return f"./{view}?{view}={quote(name, safe='/')}"


def with_addresses(frame: pl.DataFrame, config: Mapping[str, Any]) -> pl.DataFrame:
    """The frame with names in columns of inside links as addresses."""
    views = {
        name: found["view"]
        for name, column in config.items()
        if name in frame.columns
        and column
        and (found := _SHOWN.match(column.get("type_config", {}).get("display_text") or ""))
    }
    return frame.with_columns(_addresses(frame[name], view) for name, view in views.items())


def _addresses(names: pl.Series, view: str) -> pl.Series:
    return format.text_column(names, lambda name: inside_url(view, name))
