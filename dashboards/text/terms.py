"""The words of the field as readers see them: metrics, lenses, layers, scopes, origins. Pure."""

from collections import Counter
from collections.abc import Mapping

from dashboards.data.vocabulary import METRIC_NAMES, OTHER, UNAFFILIATED

_WITH_ARTICLE = ("United ", "Netherlands", "Philippines")

METRIC_LABELS = {
    "downloads_30d": "30-day downloads",
    "downloads_7d_mean": "Daily downloads",
    "downloads_all_time": "All-time downloads",
    "likes": "Likes",
    "models": "Models",
}


def all_of(metric: str) -> str:
    """A metric as what a share is of: "all likes"."""
    return METRIC_NAMES[metric] if metric == "downloads_all_time" else f"all {METRIC_NAMES[metric]}"


THRESHOLDS = {"0": "All", "5": "Over 5 downloads", "50": "Over 50 downloads"}
"""The downloads that a new derivative must have to count -> in words."""

LENSES = {"publisher": "Publisher", "root": "Base model"}

_FORMER_TYPES = {"Release": "Original", "Derivative": "Fine-tune", "Repackaged": "Quantized copy"}
FORMER_LABELS = {
    "lens": {"Root": "Base model"},
    "layers": _FORMER_TYPES,
    "layer": _FORMER_TYPES,
    "view": {"Level": "Total"},
    "cells": {"Level": "Total", "Share of root": "Share of base model"},
    "measure": {"Root-credited downloads": "Downloads credited to base models"},
}
"""URL parameter -> renamed options: old name -> new name. Addresses contain these names; old links keep working."""

MEAN_ENDS = "The last three days are means of fewer days (six, five and four) and may still change."
"""Stands wherever a centred 7-day mean is shown."""

METRIC_MEANINGS = {
    "downloads_30d": (
        "Downloads the Hub counted in the 30 days before each reading: requests for a model's query file, not users. "
        "In GGUF repositories every file fetched counts, in others one file per load, so a sum of both mixes two ways "
        "of counting; leave out quantized copies to see the figures without most GGUF copies."
    ),
    "downloads_7d_mean": f"Daily downloads: centred 7-day mean of estimated downloads. {MEAN_ENDS}",
    "downloads_all_time": "Downloads since each model was created, as the Hub's counters had them at each reading.",
    "likes": "Likes of all models at each reading. Likes are attention, not use, and can be taken back.",
    "models": "Public models listed at each reading, however small or little used.",
}


def metric_note(metric: str) -> str:
    """What a metric is, under a table that shows the 7-day mean beside it."""
    mean = METRIC_MEANINGS["downloads_7d_mean"]
    return mean if metric == "downloads_7d_mean" else f"{METRIC_MEANINGS[metric]} {mean}"


LENS_MEANING = (
    "**Publisher**: the country of the organisation that published the repository. "
    "**Root**: the country of the lab that made the root base model or models, each by its weight. "
    "A Chinese lab's distillation onto Llama counts as China under Publisher and as United States under Root. "
    "Accounts outside the registry are unaffiliated under either lens, a class of their own."
)

SCOPES = {
    "labs": "models of the registered organisations",
    "families": "registered organisations and derivatives of chosen families",
    "hub": "all public models of the Hub",
    "recorded": "recorded listings",
}

UNKNOWN_ORIGIN = "Unknown"
_SPECIAL_ORIGINS = {UNAFFILIATED: "Unaffiliated", OTHER: "Other origins", "ZZ": "International or undisclosed"}


def origin_name(code: str | None, names: Mapping[str, str]) -> str:
    """An origin as the reader sees it."""
    return UNKNOWN_ORIGIN if code is None else _SPECIAL_ORIGINS.get(code) or names.get(code, code)


def all_origin_names(names: Mapping[str, str]) -> dict[str, str]:
    """Code -> name of all origins as the reader sees them; `names` are those of the registry."""
    return {**names, **_SPECIAL_ORIGINS}


def label_names(names: Mapping[str, str]) -> dict[str, str]:
    """Names short enough to stand beside a line: repositories without their owner, where that is clear."""
    short = {code: "International" if code == "ZZ" else name.rpartition("/")[2] or name for code, name in names.items()}
    often = Counter(short.values())
    return {code: label if often[label] == 1 else names[code] for code, label in short.items()}


def in_sentence(name: str) -> str:
    """A country's name as it stands in the middle of a sentence."""
    return f"the {name}" if name.startswith(_WITH_ARTICLE) else name
