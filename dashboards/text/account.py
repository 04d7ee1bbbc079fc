"""The page of an account: headline, sections, charts, why it counts where it does. Pure."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboards.charts.axes import View
from dashboards.data import format
from dashboards.data.vocabulary import layer_names, universe_name
from dashboards.text.builders import plain_bars
from dashboards.text.rankings import FORMATS
from dashboards.text.terms import in_sentence, origin_name

SECTIONS = {
    "publishes": "What it publishes",
    "bases": "What it builds on",
    "use": "Use over time",
    "evidence": "Where it counts, and why",
}
PARTS = {"layer": "model type", "format": "format or method"}
NONE_OF = {
    "publishes": "No listed models of the account match these filters. Change them above.",
    "downloads": "The downloads of its models are unknown.",
    "bases": "None of its models is built on another, as far as their cards say.",
    "use": "No day with 30-day downloads of the account is known.",
}
NO_FAMILY = "None known"
BASES_NOTE = (
    "Models that go back to another base model, by weight: a merge of two families counts half for each. Credited: "
    "30-day downloads times this weight. Share: of all that the account builds on others."
)
UNREGISTERED = (
    "The account is not in the registry. It is unaffiliated and counts for no country, wherever it may be."
)  # fmt: skip
_MOST_BARS = 10


def headline(account: str, facts: Mapping[str, Any], share: float | None, day: str, models: str, names: Any) -> str:
    """Where the account counts, what it lists, and its share of all downloads."""
    where = in_sentence(origin_name(facts["origin"], names))
    lab = f", an account of {facts['lab']}" if facts["lab"] else ""
    who = f"{account} ({where}{lab})"
    if not facts["models"]:
        return f"{who} has no listed models that match these filters."
    return (
        f"{who} publishes {format.count(facts['models'], 'listed model')} with "
        f"{format.compact(facts['downloads_30d'])} downloads of {universe_name(models)} in 30 days to {day}, "
        f"{format.percent(share)} of all."
    )


def part_bars(parts: pl.DataFrame, part: str) -> pl.DataFrame:
    """Downloads by model type or format as bars, the largest first: group, part, value, share."""
    return plain_bars(parts, part, layer_names() if part == "layer" else FORMATS)


def base_bars(bases: pl.DataFrame) -> pl.DataFrame:
    """Credited downloads of the ten largest families as bars: group, part, value, share."""
    parts = bases.select(pl.col("family").fill_null(NO_FAMILY), downloads_30d="credited_30d")
    return plain_bars(parts, "family", {}).head(_MOST_BARS)


def parts_title(account: str, part: str) -> str:
    """Title of a chart of what the account publishes."""
    return f"What {account} publishes: 30-day downloads by {PARTS[part]}"


def parts_subtitle(models: str) -> str:
    """Definition of the charts of what the account publishes."""
    return (
        f"Listed {universe_name(models)} of the account. GGUF repositories count every fetched file, others one file "
        "per load."
    )


def bases_title(account: str) -> str:
    """Title of the chart of families."""
    return f"What {account} builds on: 30-day downloads by family of the base model"


def bases_subtitle(models: str) -> str:
    """Definition of the chart of families."""
    return f"Listed {universe_name(models)} of the account that go back to another base model, by weight."


def use_title(account: str, view: View) -> str:
    """Title of the chart of use over time."""
    return f"{'Share of 30-day downloads' if view == 'share' else '30-day downloads'}: {account}"


def use_subtitle(models: str) -> str:
    """Definition of the chart of use over time."""
    return f"What the account publishes, of all {universe_name(models)} read on the day."


def shown(rows: int, total: int) -> str:
    """How many models the table has."""
    return f"{total:,} models." if rows == total else f"The {rows} most downloaded of {total:,} models."
