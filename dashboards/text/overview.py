"""The overview: headline, titles and tables by country or region. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Literal

import polars as pl

from dashboards.data import format
from dashboards.data.definition import Definition
from dashboards.data.vocabulary import METRIC_NAMES, NOT_KNOWN, UNAFFILIATED, universe_name
from dashboards.text.terms import LENSES, MEAN_ENDS, all_of, in_sentence, origin_name

VIEWS: dict[Literal["share", "value"], str] = {"share": "Share", "value": "Total"}
GROUPS = {"country": "Country", "region": "Region"}

_BY_LENS = {
    "publisher": "by country of the publishing organisation",
    "root": "by country of the base model's lab, split by weight where there are several",
}
_LENS_POSSESSORS = {"publisher": "the publisher", "root": "the base model"}
_NOT_KNOWN_NAMES = {"publisher": "Publisher unknown", "root": "Base model unknown"}
_NO_COUNTRY = {
    "publisher": {
        "ZZ": "international or undisclosed publishers",
        "Unknown": "publishers of unknown region",
        UNAFFILIATED: "accounts outside the registry",
        NOT_KNOWN: "models of unknown publishers",
    },
    "root": {
        "ZZ": "base models of international or undisclosed labs",
        "Unknown": "base models of labs of unknown region",
        UNAFFILIATED: "base models from outside the registry",
        NOT_KNOWN: "models whose base model is unknown",
    },
}
"""Lens -> code of what has no country -> its description."""

_SUBJECTS = {
    "publisher": ("Models from {}", "models from {}"),
    "root": ("Base models from {}, with their derivatives,", "those from {}"),
}
"""Lens -> subject of the first and of the second country in the headline."""

_PREDICATES = {
    "downloads_30d": ("get", "downloads", "30 days to {}"),
    "downloads_7d_mean": ("get", "daily downloads", "7-day mean around {}"),
    "downloads_all_time": ("have", "all-time downloads", "as of {}"),
    "likes": ("have", "likes", "as of {}"),
    "models": ("make up", "models", "as of {}"),
}
"""Metric -> verb, noun and period of the headline."""

Leads = Mapping[str, float]
"""Metric or layer -> the lead of the first country over the second, below 0 where the second leads."""

_OF_LAYER = {
    "release": "originals alone",
    "derivative": "fine-tunes alone",
    "repackaged": "quantized copies alone",
    "other": "other models alone",
    "all": "all model types together",
}

NO_COUNTRY = (UNAFFILIATED, NOT_KNOWN, "ZZ", "Unknown")
"""Codes of what belongs to no country."""

_NOT_A_COUNTRY = (*NO_COUNTRY, "other", "Other")

DOMINANT = 0.1
"""A repository with a larger share of a total is named with the headline."""

_NAMED = 2
"""How many repositories or counts a line names; the finding in full names all."""

NOT_KNOWN_NOW = (
    "This metric is known only of models that were read before, not of those that are read now. Choose another metric."
)

ROUNDED = "Figures are rounded, so differences may be off by 0.1."


def headline(
    latest: pl.DataFrame,
    definition: Definition,
    metric: str,
    day: date,
    name_of: Mapping[str, str],
    *,
    is_whole_hub: bool,
    is_of_labs: bool = False,
    wanted: tuple[str, str] | None = None,
) -> str:
    """The shares of two countries or regions, their difference, the next largest, and what has no country.

    `latest` has the shares of all groups on the day, `wanted` the two codes that are compared (None: the two largest);
    `is_whole_hub` says whether all public models were read, `is_of_labs` whether only those of registered
    organisations.
    """
    known = latest.filter(pl.col("share").is_not_null())
    lens = definition.lens
    if known.is_empty():
        return f"The {METRIC_NAMES[metric]} of {format.day(day)} are unknown."
    if known.filter(~pl.col("code").is_in(_NOT_A_COUNTRY) & (pl.col("share") > 0)).is_empty():
        return (
            f"No {METRIC_NAMES[metric]} are attributed to a country on {format.day(day)} (by {LENSES[lens].lower()})."
        )
    countries = _compared(latest, wanted)
    if not countries:
        return f"The {METRIC_NAMES[metric]} of these countries on {format.day(day)} are unknown."
    sentences = [_shares(countries, definition, metric, day, name_of, is_whole_hub, is_of_labs)]
    lead = None
    if len(countries) == 2:
        lead = countries[0]["share"] - countries[1]["share"]
        sentences.append(_lead(countries[0], countries[1], name_of))
    sentences += _next_largest(known, [row["code"] for row in countries], name_of)
    share_of = dict(known.select("code", "share").iter_rows())
    without = {words: share_of[code] for code, words in _NO_COUNTRY[lens].items() if share_of.get(code)}
    sentences += [_without_country(without, lead)] if without else []
    if not _adds_up([row["share"] for row in countries], list(without.values())):
        sentences.append(ROUNDED)
    return " ".join(sentences)


def opposite_leads(
    metric: str, day: date, metrics: Leads, layers: Leads, switches: Sequence[str], pair: tuple[str, str],
    names: Mapping[str, str],
) -> str:  # fmt: skip
    """Other counts of the day in which the second of a pair leads; that there is none where the first always leads.

    `metrics` are the leads by all other metrics, `layers` those by `metric` within each layer, `switches` the filters
    that reverse the lead. Empty if nothing was compared.
    """
    first, second = (in_sentence(names[code]) for code in pair)
    reversed_metrics = [METRIC_NAMES[other] for other, lead in metrics.items() if lead < 0]
    reversed_layers = [_OF_LAYER[layer] for layer, lead in layers.items() if lead < 0]
    counts = [format.joined(reversed_metrics)] if reversed_metrics else []
    counts += [f"{METRIC_NAMES[metric]} of {format.joined(reversed_layers)}"] if reversed_layers else []
    counts += [f"{METRIC_NAMES[metric]} {format.joined(switches, 'or')}"] if switches else []
    if counts:
        return f"Other counts put {second} ahead of {first} on {format.day(day)}: {'; '.join(counts)}."
    compared = [format.joined([METRIC_NAMES[other] for other in metrics])] if metrics else []
    compared += [f"{METRIC_NAMES[metric]} of {format.joined([_OF_LAYER[layer] for layer in layers])}"] if layers else []
    if not compared:
        return ""
    return f"Other counts agree that {first} leads {second} on {format.day(day)}: {'; '.join(compared)}."


def opposite_line(
    metric: str, metrics: Leads, layers: Leads, switches: Sequence[str], pair: tuple[str, str], names: Mapping[str, str]
) -> str:
    """`opposite_leads` in one line: the first counts by name, the others by their number."""
    first, second = (in_sentence(names[code]) for code in pair)
    counts = [METRIC_NAMES[other] for other, lead in metrics.items() if lead < 0]
    counts += [f"{METRIC_NAMES[metric]} of {_OF_LAYER[layer]}" for layer, lead in layers.items() if lead < 0]
    counts += [f"{METRIC_NAMES[metric]} {switch}" for switch in switches]
    if len(counts) > _NAMED:
        counts[_NAMED - 1 :] = [format.count(len(counts) - _NAMED + 1, "other count")]
    if counts:
        return f"{second[0].upper()}{second[1:]} leads {first} by {format.joined(counts)}."
    if not metrics and not layers:
        return ""
    return f"By {format.count(len(metrics) + len(layers), 'other count')}, {first} leads {second} too."


def dominance(largest: pl.DataFrame, metric: str, pair: tuple[str, str], names: Mapping[str, str]) -> str:
    """The repositories that have more than a tenth of a country of `pair`, or of all; empty if none has.

    `largest` has the largest repository of each country or region.
    """
    counted = _judged_by(metric)
    parts = []
    for row in _dominant(largest, pair):
        of_group, of_all = format.percent(row["share_of_group"]), format.percent(row["share_of_all"])
        whose = f" attributed to {in_sentence(names[row['code']])}" if row["code"] in pair else ""
        of_whole = f"{of_all} of all" if whose else f"{of_all} of all {counted}"
        of_country = f"{of_group} of the {counted}{whose}, " if whose else ""
        parts.append(f"{row['repo_id']} has {of_country}{of_whole}")
    return f"Single models weigh heavily: {'; '.join(parts)}." if parts else ""


def dominance_line(largest: pl.DataFrame, metric: str, pair: tuple[str, str], names: Mapping[str, str]) -> str:
    """`dominance` in one line: the two largest repositories by name, the others by their number."""
    parts, found = [], _dominant(largest, pair)
    for number, row in enumerate(found[:_NAMED]):
        of_group, of_all = format.percent(row["share_of_group"]), format.percent(row["share_of_all"])
        counted = "" if number else f" {_judged_by(metric)}"
        owner = in_sentence(names[row["code"]])
        whose = f"{owner}'" if owner.endswith("s") else f"{owner}'s"
        share = (
            f"{of_group} of {whose}{counted} ({of_all} of all)" if row["code"] in pair else f"{of_all} of all{counted}"
        )
        parts.append(f"{row['repo_id']} {'' if number else 'has '}{share}")
    more = len(found) - _NAMED
    return f"{'; '.join(parts)}{f'; and {more} more' if more > 0 else ''}." if parts else ""


def compared(latest: pl.DataFrame, wanted: tuple[str, str] | None) -> tuple[str, str] | None:
    """The two codes that the headline compares, the one with the larger share first; None if shares are unknown."""
    rows = _compared(latest, wanted)
    return (rows[0]["code"], rows[1]["code"]) if len(rows) == 2 else None


def title(lens: str, metric: str, view: str, group: str) -> str:
    """Title of a chart by country or region."""
    what = METRIC_NAMES[metric] if view == "value" else f"share of {METRIC_NAMES[metric]}"
    return f"{what[0].upper()}{what[1:]} by {group} of {_LENS_POSSESSORS[lens]}"


def group_names(lens: str, group: str, origins: Mapping[str, str], codes: Iterable[str]) -> dict[str, str]:
    """Code -> name of countries or regions; a region's code is its name."""
    names = origins if group == "country" else {"Other": "Other countries", "Unknown": "Unknown region"}
    return {code: _NOT_KNOWN_NAMES[lens] if code == NOT_KNOWN else origin_name(code, names) for code in codes}


def chart_data(days: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """The data of a chart for download: day, code, name, value, share."""
    name = pl.col("code").replace_strict(names, return_dtype=pl.String).alias("name")
    return days.select("day", "code", name, "value", "share")


def table(latest: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """All groups on the last day: name, share, share_change (in points), every metric."""
    name = pl.col("code").replace_strict(names, return_dtype=pl.String).alias("name")
    change = format.without_signed_zeros(pl.col("share_change") * 100).alias("share_change")
    return latest.select(name, "share", change, *METRIC_NAMES)


def subtitle(definition: Definition, metric: str, view: str) -> str:
    """Unit, lens and filters of a chart by country or region."""
    unit = f"Share of {all_of(metric)}" if view == "share" else f"Sum of {METRIC_NAMES[metric]}"
    is_mean = metric == "downloads_7d_mean"
    estimated, ends = (" (centred 7-day mean of estimated downloads)", f" {MEAN_ENDS}") if is_mean else ("", "")
    return f"{unit}{estimated}, {_BY_LENS[definition.lens]}; {definition.counted()}.{ends}"


def _judged_by(metric: str) -> str:
    """What a large repository is judged by: daily downloads are so by 30-day downloads."""
    return METRIC_NAMES["downloads_30d" if metric == "downloads_7d_mean" else metric]


def _dominant(largest: pl.DataFrame, pair: tuple[str, str]) -> list[dict[str, Any]]:
    """The repositories that have more than a tenth of a country of `pair`, or of all."""
    known = largest.with_columns(pl.col("share_of_group", "share_of_all").fill_null(0.0))
    is_large = pl.col("code").is_in(pair) & (pl.col("share_of_group") > DOMINANT)
    return known.filter((pl.col("share_of_all") > DOMINANT) | is_large).to_dicts()


def _compared(latest: pl.DataFrame, wanted: tuple[str, str] | None) -> list[dict[str, Any]]:
    """The rows of the two codes, or of the two largest countries, the larger first.

    A code without a row has no models and so a share of 0; one whose share is unknown is left out.
    """
    if wanted is None:
        return latest.filter(pl.col("share").is_not_null() & ~pl.col("code").is_in(_NOT_A_COUNTRY)).head(2).to_dicts()
    of = {row["code"]: row for row in latest.to_dicts()}
    rows = (of.get(code, {"code": code, "share": 0.0, "share_change": None}) for code in wanted)
    return sorted((row for row in rows if row["share"] is not None), key=lambda row: -row["share"])


def _next_largest(known: pl.DataFrame, named: Sequence[str], name_of: Mapping[str, str]) -> list[str]:
    """The two largest countries after those named, in a sentence."""
    others = known.filter(~pl.col("code").is_in([*_NOT_A_COUNTRY, *named]) & (pl.col("share") > 0)).head(2)
    shares = others.select("code", "share").iter_rows()
    parts = [f"{in_sentence(name_of[code])} {format.percent(share)}" for code, share in shares]
    return [f"Next: {format.joined(parts)}."] if parts else []


def _shares(
    countries: Sequence[Mapping[str, Any]],
    definition: Definition,
    metric: str,
    day: date,
    name_of: Mapping[str, str],
    is_whole_hub: bool,
    is_of_labs: bool = False,
) -> str:
    """Models from China get 37.3% of downloads on Hugging Face; models from ... get 28.5% (30 days to 20 Nov 2026)."""
    verb, noun, period = _PREDICATES[metric]
    if definition.models != "all":
        counted = universe_name(definition.models)
        noun = counted if metric == "models" else f"{noun} of {counted}"
    whole = f" of {noun} on Hugging Face" if is_whole_hub else f" of the {noun} counted here"
    if is_of_labs:
        whole = f" of the {noun} of registered organisations"
    clauses = [
        f"{subject.format(in_sentence(name_of[row['code']]))} {verb} {format.percent(row['share'])}"
        for row, subject in zip(countries, _SUBJECTS[definition.lens], strict=False)
    ]
    details = [period.format(format.day(day))]
    if definition.filters() != Definition().filters():
        details.append(f"counting {definition.filters()}")
    clauses[0] += whole
    return f"{'; '.join(clauses)} ({'; '.join(details)})."


def _lead(first: Mapping[str, Any], second: Mapping[str, Any], name_of: Mapping[str, str]) -> str:
    lead = first["share"] - second["share"]
    sentence = f"The lead is {_points(lead)}"
    if any(country["share_change"] is None or _has_first_read(country) for country in (first, second)):
        return f"{sentence}."
    before = lead - first["share_change"] + second["share_change"]
    if before < 0:
        return f"{sentence}; 30 days earlier {in_sentence(name_of[second['code']])} led by {_points(-before)}."
    return f"{sentence}; 30 days earlier it was {_points(before)}."


def _has_first_read(country: Mapping[str, Any]) -> bool:
    """Whether models first read in between have a part in the share, so that the earlier one cannot be compared."""
    before = country.get("share_before")
    return before is not None and abs(country["share"] - before - country["share_change"]) >= 0.0005


def _without_country(without: Mapping[str, float], lead: float | None) -> str:
    """The share that has no country, its parts, and whether it exceeds the lead."""
    total = sum(without.values())
    parts = [f"{words} ({format.percent(share)})" for words, share in without.items()]
    listed = format.joined(parts if len(parts) > 1 else list(without))
    sentence = f"Another {format.percent(total)} has no country: {listed}"
    return (
        f"{sentence}." if lead is None else f"{sentence}; that is {'more' if total > lead else 'less'} than the lead."
    )


def _adds_up(compared: list[float], without: list[float]) -> bool:
    """Whether the rounded figures add up."""
    tenths = [round(share * 1000) for share in without]
    if len(without) > 1 and round(sum(without) * 1000) != sum(tenths):
        return False
    if len(compared) < 2:
        return True
    first, second = compared
    return round(first * 1000) - round(second * 1000) == round((first - second) * 1000)


def _points(difference: float) -> str:
    return format.points(difference).lstrip("+")
