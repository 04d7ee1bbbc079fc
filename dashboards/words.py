"""The sentences the pages say of the data. Pure: frames in, plain text out."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal

import polars as pl

from dashboards import format
from dashboards.palette import NOT_KNOWN
from dashboards.store import Build

UNAFFILIATED = "unaffiliated"

_NOT_A_COUNTRY = (UNAFFILIATED, NOT_KNOWN, "ZZ", "other", "Other", "Unknown")
_WITH_ARTICLE = ("United ", "Netherlands", "Philippines")

METRIC_NAMES = {
    "downloads_30d": "30-day downloads",
    "downloads_7d_mean": "daily downloads",
    "likes": "likes",
    "models": "models",
}
METRIC_LABELS = {
    "downloads_30d": "30-day downloads",
    "downloads_7d_mean": "Daily downloads",
    "likes": "Likes",
    "models": "Models",
}
LENSES = {"publisher": "Publisher", "root": "Root"}
VIEWS: dict[Literal["share", "value"], str] = {"share": "Share", "value": "Level"}
GROUPS = {"country": "Country", "region": "Region"}

METRIC_MEANINGS = {
    "downloads_30d": (
        "Downloads the Hub counted in the 30 days before each reading: requests for a model's query file, not users. "
        "GGUF repositories count every file fetched, others one file per load, so the two add up unevenly; "
        "leave out the layer 'repackaged' to see the figures without most GGUF copies."
    ),
    "downloads_7d_mean": "Daily downloads: centred 7-day mean of estimated downloads.",
    "likes": "Likes of all models at each reading. Likes are attention, not use, and can be taken back.",
    "models": "Public models listed at each reading, however small or unused.",
}

LENS_MEANING = (
    "**Publisher**: the country of the organisation that published the repository. "
    "**Root**: the country of the lab that made the root base model or models, each by its weight. "
    "A Chinese lab's distillation onto Llama counts as China under Publisher and as United States under Root. "
    "Unregistered accounts are unaffiliated under either, a class of their own."
)

_LENS_SENTENCES = {
    "publisher": "Counted by the country of the publishing organisation",
    "root": "Counted by the country of the lab that made the root base model, by weight where there are several",
}
_LENS_POSSESSORS = {"publisher": "the publisher", "root": "the root model"}
_NOT_KNOWN_NAMES = {"publisher": "Publisher not known", "root": "Root not known"}
_OUTSIDE = {"publisher": "Accounts outside the registry", "root": "Roots made outside the registry"}

MODELS_NOTE = (
    "Origin is the country of the publishing organisation; accounts outside the registry are unaffiliated. "
    "GGUF repositories count every file fetched, others one file per load: do not compare the two."
)

_SCOPES = {
    "labs": "models of the registered organisations",
    "families": "registered organisations and derivatives of chosen families",
    "hub": "all public models of the Hub",
    "recorded": "recorded listings",
}

_LAYERS = {
    "release": "Release",
    "derivative": "Derivative",
    "repackaged": "Repackaged",
    "other": "Other",
}

LAYERS = tuple(_LAYERS)


def layer_name(layer: str) -> str:
    """A layer as the reader sees it; an unknown one as it is stored."""
    return _LAYERS.get(layer, layer)


def layer_names() -> dict[str, str]:
    """All layers, code -> name."""
    return dict(_LAYERS)


def origin_name(code: str | None, names: Mapping[str, str]) -> str:
    """An origin as the reader sees it."""
    if code is None:
        return "Unknown"
    special = {UNAFFILIATED: "Unaffiliated", "other": "Other origins", "ZZ": "International or undisclosed"}
    return special.get(code) or names.get(code, code)


def header(build: Build, coverage: pl.DataFrame) -> str:
    """The line at the top of every page: day, coverage and scope."""
    day = f"As of {format.long_day(build.last_day)}"
    if coverage.is_empty():
        return f"{day}. Nothing is recorded about the coverage of this day."
    widest = coverage.row(0, named=True)
    scope = _SCOPES.get(widest["scope"], widest["scope"])
    refused = widest["refused"]
    parts = [
        _models_read(widest["models"]),
        "coverage unknown" if widest["is_complete"] is None else _completeness(widest["is_complete"]),
        *([f"{format.counted(refused, 'row')} set aside"] if refused else []),
    ]
    return f"{day}. {', '.join(parts)}. Scope: {scope}."


def headline(latest: pl.DataFrame, lens: str, metric: str, day: date, name_of: Mapping[str, str]) -> str:
    """The latest figures in a few sentences, written from the table of groups of that day."""
    known = latest.filter(pl.col("share").is_not_null())
    if known.is_empty():
        return f"On {format.long_day(day)} the Hub's figures for {METRIC_NAMES[metric]} are unknown."
    countries = known.filter(~pl.col("code").is_in(_NOT_A_COUNTRY)).head(2).to_dicts()
    day_words = f"On {format.long_day(day)}"
    if not countries:
        return f"{day_words} no {METRIC_NAMES[metric]} were counted under a country of {_LENS_POSSESSORS[lens]}."
    shares = [f"{_in_sentence(name_of[row['code']])} had {format.percent(row['share'])}" for row in countries]
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


def subtitle(lens: str, metric: str, view: str, layers: tuple[str, ...]) -> str:
    """What a chart by origin shows: unit, lens, layers."""
    unit = f"Share of all {METRIC_NAMES[metric]} on each day" if view == "share" else f"Sum of {METRIC_NAMES[metric]}"
    estimated = " (centred 7-day mean of estimated downloads)" if metric == "downloads_7d_mean" else ""
    chosen = "all layers" if set(layers) == set(LAYERS) else "only " + ", ".join(layer_name(x).lower() for x in layers)
    return f"{unit}{estimated}. {_LENS_SENTENCES[lens]}; {chosen}."


def footnote(build: Build, coverage: pl.DataFrame, lens: str, missing: int) -> str:
    """Day, coverage, lens, source and gaps, as printed under every chart and in every exported one."""
    gaps = f" {format.counted(missing, 'day')} without data left blank." if missing else ""
    label = "Simulated data, not the real Hub. " if build.is_simulated else ""
    return (
        f"{label}{header(build, coverage)}{gaps} Lens: {lens}. "
        "Source: counters of the Hugging Face Hub, read by Open Model Tracker."
    )


def rows_shown(shown: int, total: int, order: str, day: date) -> str:
    """How much of the matching models the table holds, and of which day the counters are."""
    counters = f"Counters of {format.long_day(day)}; blank means unknown."
    if shown == total:
        return f"{format.counted(total, 'model')} by {order.lower()}. {counters}"
    ordered = {"Newest": "newest first", "Name": "by name"}.get(order, f"by {order.lower()}")
    return f"The first {shown:,} of {format.counted(total, 'model')}, {ordered}. {counters}"


def _models_read(models: int | None) -> str:
    return "number of models unknown" if models is None else f"{format.counted(models, 'model')} read"


def _completeness(is_complete: bool) -> str:
    return "complete" if is_complete else "incomplete"


def _in_sentence(name: str) -> str:
    return f"the {name}" if name.startswith(_WITH_ARTICLE) else name


def _lead(first: Mapping[str, float], second: Mapping[str, float], name_of: Mapping[str, str]) -> str:
    ahead = format.points(first["share"] - second["share"]).lstrip("+")
    ahead = f"The difference is {ahead}"
    if first["share_change"] is None or second["share_change"] is None:
        return f"{ahead}."
    change = format.points(first["share_change"] - second["share_change"])
    return f"{ahead} ({change} against 30 days before)."
