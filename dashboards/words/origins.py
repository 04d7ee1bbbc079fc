"""What the overview says of countries and regions. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal

import polars as pl

from dashboards import format
from dashboards.definition import Definition
from dashboards.palette import NOT_KNOWN
from dashboards.words.terms import METRIC_NAMES, UNAFFILIATED, in_sentence, origin_name

_NOT_A_COUNTRY = (UNAFFILIATED, NOT_KNOWN, "ZZ", "other", "Other", "Unknown")

VIEWS: dict[Literal["share", "value"], str] = {"share": "Share", "value": "Level"}
GROUPS = {"country": "Country", "region": "Region"}

_LENS_SENTENCES = {
    "publisher": "Counted by the country of the publishing organisation",
    "root": "Counted by the country of the lab that made the root base model, by weight where there are several",
}
_LENS_POSSESSORS = {"publisher": "the publisher", "root": "the root model"}
_NOT_KNOWN_NAMES = {"publisher": "Publisher not known", "root": "Root not known"}
_OUTSIDE = {"publisher": "Accounts outside the registry", "root": "Roots made outside the registry"}


def headline(latest: pl.DataFrame, lens: str, metric: str, day: date, name_of: Mapping[str, str]) -> str:
    """The latest figures in a few sentences, written from the table of groups of that day."""
    known = latest.filter(pl.col("share").is_not_null())
    if known.is_empty():
        return f"On {format.long_day(day)} the Hub's figures for {METRIC_NAMES[metric]} are unknown."
    countries = known.filter(~pl.col("code").is_in(_NOT_A_COUNTRY)).head(2).to_dicts()
    day_words = f"On {format.long_day(day)}"
    if not countries:
        return f"{day_words} no {METRIC_NAMES[metric]} were counted under a country of {_LENS_POSSESSORS[lens]}."
    shares = [f"{in_sentence(name_of[row['code']])} had {format.percent(row['share'])}" for row in countries]
    sentences = [f"{day_words}, of all {METRIC_NAMES[metric]} counted by {lens}, {' and '.join(shares)}."]
    if len(countries) == 2:
        sentences.append(_lead(countries[0], countries[1], name_of))
    share_of = dict(known.select("code", "share").iter_rows())
    if UNAFFILIATED in share_of:
        share = format.percent(share_of[UNAFFILIATED])
        sentences.append(f"{_OUTSIDE[lens]}, counted under no country, had {share}.")
    if NOT_KNOWN in share_of:
        share = format.percent(share_of[NOT_KNOWN])
        sentences.append(f"Models of which the {lens} is not known had {share}.")
    return " ".join(sentences)


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


def named(days: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """The days of a chart with the name of each line, as offered for download."""
    name = pl.col("code").replace_strict(names, return_dtype=pl.String).alias("name")
    return days.select("day", "code", name, "value", "share")


def origin_rows(latest: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """The table of all groups on the last day with their names in front."""
    name = pl.col("code").replace_strict(names, return_dtype=pl.String).alias("name")
    return latest.select(name, "share", pl.col("share_change") * 100, *METRIC_NAMES)


def subtitle(definition: Definition, metric: str, view: str) -> str:
    """What a chart by origin shows: unit, lens, what is counted."""
    unit = f"Share of all {METRIC_NAMES[metric]} on each day" if view == "share" else f"Sum of {METRIC_NAMES[metric]}"
    estimated = " (centred 7-day mean of estimated downloads)" if metric == "downloads_7d_mean" else ""
    return f"{unit}{estimated}. {_LENS_SENTENCES[definition.lens]}; {definition.counted()}."


def _lead(first: Mapping[str, float], second: Mapping[str, float], name_of: Mapping[str, str]) -> str:
    ahead = format.points(first["share"] - second["share"]).lstrip("+")
    ahead = f"The difference is {ahead}"
    if first["share_change"] is None or second["share_change"] is None:
        return f"{ahead}."
    change = format.points(first["share_change"] - second["share_change"])
    return f"{ahead} ({change} against 30 days before)."
