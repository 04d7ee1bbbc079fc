"""How to link to a chart, embed it and cite it. Pure."""

import re
from datetime import date
from html import escape
from urllib.parse import urlencode

from dashboards.data import format

_DAY_AT_END = re.compile(r"(-\d{4}-\d{2}-\d{2})+$")
EMBED_HEIGHT = 620
"""Pixels of an embedded chart with its texts."""


def stable_name(name: str) -> str:
    """The name of a figure without the days at its end, so that a link to it stays valid as days pass."""
    return _DAY_AT_END.sub("", name)


def link(address: str, parameters: dict[str, list[str]]) -> str:
    """The address of the page with the state of its controls; empty without an address."""
    if not address:
        return ""
    chosen = [(key, value) for key, values in parameters.items() for value in values]
    return f"{address}?{urlencode(chosen)}" if chosen else address


def embed(address: str, parameters: dict[str, list[str]], name: str, title: str) -> str:
    """HTML that shows one chart alone, always with the latest data."""
    source = link(address, {**parameters, "chart": [stable_name(name)], "embed": ["true"]})
    return (
        f'<iframe src="{escape(source)}" title="{escape(title)}" width="100%" height="{EMBED_HEIGHT}" '
        'style="border: 0"></iframe>'
    )


def text(title: str, day: date, address: str, *, is_simulated: bool) -> str:
    """A citation as a sentence."""
    kind = "Simulated data" if is_simulated else "Data"
    return f"Open Model Tracker. “{title}.” {kind} of {format.day(day)}. {address}"


def bibtex(title: str, day: date, address: str, *, is_simulated: bool) -> str:
    """A citation for BibTeX."""
    note = "Simulated data, not the real Hub. " if is_simulated else ""
    plain = re.sub(r"([%&#_$])", r"\\\1", title)
    return (
        f"@misc{{open-model-tracker-{day},\n"
        "  author = {{Open Model Tracker}},\n"
        f"  title = {{{plain}}},\n"
        f"  year = {{{day.year}}},\n"
        f"  note = {{{note}Data of {format.day(day)}}},\n"
        f"  url = {{{address}}}\n}}"
    )
