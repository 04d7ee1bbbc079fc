"""How to link to a chart, embed it and cite it. Pure."""

import re
from collections.abc import Mapping
from datetime import date
from html import escape
from urllib.parse import urlencode

import polars as pl

from dashboards.data import format
from dashboards.data.definition import ALL_SWITCHES, Definition
from dashboards.data.vocabulary import universe_name
from dashboards.data.warehouse import Build
from dashboards.text.footnotes import scope_of
from tracker.api import citation

_DAY_AT_END = re.compile(r"(-\d{4}-\d{2}-\d{2})+$")
EMBED_HEIGHT = 620
"""Pixels of an embedded chart with its texts."""

MOST_OF_A_NAME = 60
"""Characters that a message repeats of a name in an address."""


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
    source = _embedded(address, parameters, name)
    return (
        f'<iframe src="{escape(source)}" title="{escape(title)}" width="100%" height="{EMBED_HEIGHT}" '
        'style="border: 0"></iframe>'
    )


def source(
    build: Build, registry_version: str | None, coverage: pl.DataFrame, definition: Definition,
    uses: frozenset[str] = ALL_SWITCHES,
) -> str:  # fmt: skip
    """What figures come from: versions, day, scope, and the parts of the definition in `uses`."""
    counted = definition.counted() if "layers" in uses else universe_name(definition.models)
    return citation.source(
        build.program_version,
        registry_version,
        build.last_day,
        scope_of(coverage),
        counted if "class" in uses else None,
        definition.lens if "lens" in uses else None,
        is_simulated=build.is_simulated,
    )


def no_chart(wanted: str | None, titles: Mapping[str, str], address: str, parameters: dict[str, list[str]]) -> str:
    """What an embedded page says that does not have the chart its address names, or has none, in Markdown.

    `titles` has the charts of the page: name -> title.
    """
    whole = f" [Open the full page]({link(address, parameters)})" if address else ""
    if not wanted or not titles:
        return f"This page has no chart with these data and filters.{whole}"
    cut = wanted if len(wanted) <= MOST_OF_A_NAME else f"{wanted[:MOST_OF_A_NAME]}…"
    charts = [
        f"[{format.escape_markdown(title)}]({_embedded(address, parameters, name)})" if address
        else format.escape_markdown(title)
        for name, title in titles.items()
    ]  # fmt: skip
    has = "; ".join(charts)
    return f"This page has no chart named “{format.escape_markdown(cut)}”. Its charts: {has}.{whole}"


def text(title: str, source: str, address: str) -> str:
    """A citation as a sentence."""
    return f"“{title}.” {source} {address}".strip()


def bibtex(title: str, day: date, source: str, address: str) -> str:
    """A citation for BibTeX."""
    return (
        f"@misc{{open-model-tracker-{day},\n"
        "  author = {{Open Model Tracker}},\n"
        f"  title = {{{_escaped(title)}}},\n"
        f"  year = {{{day.year}}},\n"
        f"  note = {{{_escaped(source)}}},\n"
        f"  url = {{{address}}}\n}}"
    )


def _escaped(text: str) -> str:
    return re.sub(r"([%&#_$])", r"\\\1", text)


def _embedded(address: str, parameters: dict[str, list[str]], name: str) -> str:
    return link(address, {**parameters, "chart": [stable_name(name)], "embed": ["true"]})
