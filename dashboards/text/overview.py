"""What the overview says of countries and regions. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Literal

import polars as pl

from dashboards.data import format
from dashboards.data.definition import Definition
from dashboards.data.vocabulary import METRIC_NAMES, NOT_KNOWN, UNAFFILIATED
from dashboards.text.terms import MEAN_ENDS, all_of, in_sentence, origin_name

_NOT_A_COUNTRY = (UNAFFILIATED, NOT_KNOWN, "ZZ", "other", "Other", "Unknown")

VIEWS: dict[Literal["share", "value"], str] = {"share": "Share", "value": "Total"}
GROUPS = {"country": "Country", "region": "Region"}

_LENS_SENTENCES = {
    "publisher": "Counted by the country of the publishing organisation",
    "root": "Counted by the country of the lab that made the root base model, shared by weight where there are several",
}
_LENS_POSSESSORS = {"publisher": "the publisher", "root": "the root model"}
_NOT_KNOWN_NAMES = {"publisher": "Publisher not known", "root": "Root not known"}
_NO_COUNTRY = {
    "publisher": {
        "ZZ": "international or undisclosed publishers",
        "Unknown": "publishers of no known region",
        UNAFFILIATED: "accounts outside the registry",
        NOT_KNOWN: "models whose publisher is not known",
    },
    "root": {
        "ZZ": "roots of international or undisclosed labs",
        "Unknown": "roots of labs of no known region",
        UNAFFILIATED: "roots made outside the registry",
        NOT_KNOWN: "models whose root is not known",
    },
}
"""Lens -> what counts under no country, in words."""

Leads = Mapping[str, float]
"""Metric or layer -> the lead of the first country over the second, below 0 where the second leads."""

_OF_LAYER = {
    "release": "releases alone",
    "derivative": "derivatives alone",
    "repackaged": "repackaged copies alone",
    "other": "the layer Other alone",
    "all": "all layers together",
}

ROUNDED = "Figures are rounded, so differences may be off by 0.1."


def headline(latest: pl.DataFrame, lens: str, metric: str, day: date, name_of: Mapping[str, str]) -> str:
    """The latest figures in a few sentences, written from the table of groups of that day."""
    known = latest.filter(pl.col("share").is_not_null())
    if known.is_empty():
        return f"On {format.day(day)} the Hub's figures for {METRIC_NAMES[metric]} are unknown."
    countries = known.filter(~pl.col("code").is_in(_NOT_A_COUNTRY)).head(2).to_dicts()
    day_words = f"On {format.day(day)}"
    if not countries:
        return f"{day_words} no {METRIC_NAMES[metric]} were counted under a country of {_LENS_POSSESSORS[lens]}."
    shares = [f"{in_sentence(name_of[row['code']])} had {format.percent(row['share'])}" for row in countries]
    sentences = [f"{day_words}, of {all_of(metric)} counted by {lens}, {' and '.join(shares)}."]
    lead = None
    if len(countries) == 2:
        lead = countries[0]["share"] - countries[1]["share"]
        sentences.append(_lead(countries[0], countries[1], name_of))
    share_of = dict(known.select("code", "share").iter_rows())
    without = {words: share_of[code] for code, words in _NO_COUNTRY[lens].items() if share_of.get(code)}
    sentences += [_without_country(without, lead)] if without else []
    if not _adds_up([row["share"] for row in countries], list(without.values())):
        sentences.append(ROUNDED)
    return " ".join(sentences)


def opposite_leads(
    metric: str, day: date, metrics: Leads, layers: Leads, turned: Sequence[str], pair: tuple[str, str],
    names: Mapping[str, str],
) -> str:  # fmt: skip
    """Where the second of a pair leads on a day though the first does by `metric`, or that it leads nowhere.

    Tried are all other `metrics` and, by `metric`, each of the `layers`; `turned` are the switches, in words,
    that turn the lead. Empty if nothing was tried.
    """
    ahead, behind = (in_sentence(names[code]) for code in pair)
    counted = METRIC_NAMES[metric]
    more = [METRIC_NAMES[other] for other, lead in metrics.items() if lead < 0]
    alone = [_OF_LAYER[layer] for layer, lead in layers.items() if lead < 0]
    had = [f"more {format.joined(more)}"] if more else []
    had += [f"more {counted} of {format.joined(alone)}"] if alone else []
    led = f"led in {counted} {format.joined(turned, 'or')}" if turned else ""
    if had or led:
        said = f"had {', as well as '.join(had)}{'; it also ' if led else ''}" if had else ""
        return f"Not every count has {ahead} ahead: on {format.day(day)} {behind} {said}{led}."
    tried = [f"more {format.joined([METRIC_NAMES[other] for other in metrics])}"] if metrics else []
    tried += [f"more {counted} of {format.joined([_OF_LAYER[layer] for layer in layers])}"] if layers else []
    if not tried:
        return ""
    return f"On {format.day(day)} {ahead} also had {', as well as '.join(tried)}, than {behind}."


def leaders(latest: pl.DataFrame) -> tuple[str, str] | None:
    """The two countries with the largest known shares; None where fewer are known."""
    known = latest.filter(pl.col("share").is_not_null() & ~pl.col("code").is_in(_NOT_A_COUNTRY))["code"].head(2)
    return (known[0], known[1]) if len(known) == 2 else None


def title(lens: str, metric: str, view: str, group: str) -> str:
    """The title of a chart by origin."""
    what = METRIC_NAMES[metric] if view == "value" else f"share of {METRIC_NAMES[metric]}"
    return f"{what[0].upper()}{what[1:]} by {group} of {_LENS_POSSESSORS[lens]}"


def group_names(lens: str, group: str, origins: Mapping[str, str], codes: Iterable[str]) -> dict[str, str]:
    """Code -> name for all `codes` of a grouping by country or region; regions are their own names."""
    names = origins if group == "country" else {"Other": "Other countries", "Unknown": "Unknown region"}
    return {code: _NOT_KNOWN_NAMES[lens] if code == NOT_KNOWN else origin_name(code, names) for code in codes}


def chart_data(days: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """The days of a chart with the name of each line, as offered for download."""
    name = pl.col("code").replace_strict(names, return_dtype=pl.String).alias("name")
    return days.select("day", "code", name, "value", "share")


def table(latest: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """The table of all groups on the last day with their names in front."""
    name = pl.col("code").replace_strict(names, return_dtype=pl.String).alias("name")
    change = format.without_signed_zeros(pl.col("share_change") * 100).alias("share_change")
    return latest.select(name, "share", change, *METRIC_NAMES)


def subtitle(definition: Definition, metric: str, view: str) -> str:
    """What a chart by origin shows: unit, lens, what is counted."""
    unit = f"Share of {all_of(metric)} on each day" if view == "share" else f"Sum of {METRIC_NAMES[metric]}"
    is_mean = metric == "downloads_7d_mean"
    estimated, ends = (" (centred 7-day mean of estimated downloads)", f" {MEAN_ENDS}") if is_mean else ("", "")
    return f"{unit}{estimated}. {_LENS_SENTENCES[definition.lens]}; {definition.counted()}.{ends}"


def _lead(first: Mapping[str, Any], second: Mapping[str, Any], name_of: Mapping[str, str]) -> str:
    lead = first["share"] - second["share"]
    said = f"The difference is {_points(lead)}"
    if first["share_change"] is None or second["share_change"] is None:
        return f"{said}."
    before = lead - first["share_change"] + second["share_change"]
    if before < 0:
        return f"{said}; 30 days earlier {in_sentence(name_of[second['code']])} was ahead by {_points(-before)}."
    return f"{said}; 30 days earlier it was {_points(before)}."


def _without_country(without: Mapping[str, float], lead: float | None) -> str:
    """How much has no country, what that is, and whether it is more than the lead."""
    total = sum(without.values())
    parts = [f"{words} ({format.percent(share)})" for words, share in without.items()]
    said = format.joined(parts if len(parts) > 1 else list(without))
    said = f"Another {format.percent(total)} counts for no country: {said}"
    return f"{said}." if lead is None else f"{said}; that is {'more' if total > lead else 'less'} than the difference."


def _adds_up(compared: list[float], without: list[float]) -> bool:
    """Whether the figures add up as they are printed."""
    tenths = [round(share * 1000) for share in without]
    if len(without) > 1 and round(sum(without) * 1000) != sum(tenths):
        return False
    if len(compared) < 2:
        return True
    first, second = compared
    return round(first * 1000) - round(second * 1000) == round((first - second) * 1000)


def _points(difference: float) -> str:
    return format.points(difference).lstrip("+")
