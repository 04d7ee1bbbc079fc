"""Names and definitions that readers see on several pages: metrics, lenses, scopes, origins. Pure."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from dashboards.data.vocabulary import METRIC_NAMES, OTHER, UNAFFILIATED

_MOST_SHOWN = 60
"""Letters of an unknown value that are quoted."""

_WITH_ARTICLE = ("United ", "Netherlands", "Philippines")

METRIC_LABELS = {
    "downloads_30d": "30-day downloads",
    "downloads_7d_mean": "Daily downloads",
    "downloads_all_time": "All-time downloads",
    "likes": "Likes",
    "models": "Models",
}


def all_of(metric: str) -> str:
    """The whole that a share of a metric refers to: "all likes"."""
    return METRIC_NAMES[metric] if metric == "downloads_all_time" else f"all {METRIC_NAMES[metric]}"


def unknown_default(labels: Mapping[str, str], shown: str) -> str:
    """That a page opens with a metric because its usual one, the first of `labels`, is unknown; else empty."""
    usual = next(iter(labels))
    if shown == usual:
        return ""
    return f"{labels[usual]} are unknown in these data, so the page opens with {labels[shown].lower()}."


NO_DAILY = {
    "days": (
        "Daily downloads are unknown: they are estimated from all-time counters on two days, and fewer than two days "
        "have been read. They appear after `tracker crawl` has run on another day."
    ),
    "counters": (
        "Daily downloads are unknown: they are estimated from all-time counters, and the readings of these models have "
        "none."
    ),
    "models": (
        "Daily downloads are unknown: they are estimated from all-time counters on two days with the same models, and "
        "no such days are known here."
    ),
}
"""Why daily downloads are unknown (`queries.shared.why_no_daily`) -> sentence."""

THRESHOLDS = {"0": "All", "5": "Over 5 downloads", "50": "Over 50 downloads"}
"""Minimum of downloads of a new derivative -> option."""

LENSES = {"publisher": "Publisher", "root": "Base model"}

_FORMER_TYPES = {"Release": "Original", "Derivative": "Fine-tune", "Repackaged": "Quantized copy"}
FORMER_LABELS = {
    "lens": {"Root": "Base model"},
    "layers": _FORMER_TYPES,
    "layer": _FORMER_TYPES,
    "view": {"Level": "Total"},
    "cells": {"Level": "Total", "Share of root": "Share of base model"},
    "least": {"1 K": "1K", "10 K": "10K", "100 K": "100K"},
    "part": {"Events": "Data issues"},
    "relation": {"Finetune": "Fine-tune"},
    "gated": {
        "Gated, granted by itself": "Gated, granted automatically",
        "Gated, granted by hand": "Gated, granted manually",
    },
    "measure": {"Root-credited downloads": "Downloads credited to base models"},
}
"""URL parameter -> renamed options: old name -> new name. Addresses contain these names; old links keep working."""

MEAN_ENDS = "The last three days are means of fewer days (six, five and four) and may still change."
"""Shown with every centred 7-day mean."""

METRIC_MEANINGS = {
    "downloads_30d": (
        "Requests for a model's query file in the 30 days before each reading, not users. GGUF repositories count "
        "every fetched file, others one per load: leave out quantized copies to exclude most of them."
    ),
    "downloads_7d_mean": f"Daily downloads: centred 7-day mean of estimated downloads. {MEAN_ENDS}",
    "downloads_all_time": (
        "Downloads since each model was created: the Hub's counters on the first day read, plus the downloads of each "
        "day since, so that a counter that restarts or a model that leaves moves no share."
    ),
    "likes": "Likes of all models at each reading. Likes show attention, not use, and can be withdrawn.",
    "models": "Public models listed at each reading, however small or little used.",
}


UNIVERSE_MEANING = (
    "What a repository is for, by its task on the Hub. **Language models** write text, from text or also from images, "
    "video or audio. **Encoders** turn text into vectors, scores or labels. Without a task, a repository has the class "
    "of its base models, else of its library or files. **All** includes other and unknown classes."
)

LAYER_MEANING = (
    "**Original**: a lab's own weights, including its own quantized or converted copies of them. **Fine-tune**: "
    "trained by others, also adapters and merges. **Quantized copy**: copies by others. **Other**: everything else."
)

LENS_MEANING = (
    "**Publisher**: the country of the organisation that published the repository. "
    "**Base model**: the country of the lab that made the base model at the start of the chain; several are split by "
    "weight. A Chinese lab's fine-tune of Llama counts for China by publisher and for the United States by base model. "
    "Accounts outside the registry are unaffiliated either way."
)

UNKNOWN_ORIGIN = "Unknown"
_SPECIAL_ORIGINS = {UNAFFILIATED: "Unaffiliated", OTHER: "Other origins", "ZZ": "International or undisclosed"}


def origin_name(code: str | None, names: Mapping[str, str]) -> str:
    """The name of an origin; without one, "Unknown"."""
    return UNKNOWN_ORIGIN if code is None else _SPECIAL_ORIGINS.get(code) or names.get(code, code)


def all_origin_names(names: Mapping[str, str]) -> dict[str, str]:
    """Code -> name of all origins: those of the registry (`names`) and the special ones."""
    return {**names, **_SPECIAL_ORIGINS}


def label_names(names: Mapping[str, str]) -> dict[str, str]:
    """Names short enough for line labels: repositories without their owner, where that is unambiguous."""
    short = {code: "International" if code == "ZZ" else name.rpartition("/")[2] or name for code, name in names.items()}
    often = Counter(short.values())
    return {code: label if often[label] == 1 else names[code] for code, label in short.items()}


def in_sentence(name: str) -> str:
    """A country's name within a sentence, with its article where it has one."""
    return f"the {name}" if name.startswith(_WITH_ARTICLE) else name


def unknown_values(found: Sequence[tuple[str, Collection[str], str]]) -> str:
    """What of an address is unknown, and what is shown instead; `found` has label, values and what is shown."""
    named = [f"{label} {', '.join(f'“{value[:_MOST_SHOWN]}”' for value in values)}" for label, values, _ in found]
    shown = dict.fromkeys(shown for *_, shown in found)
    return f"Unknown in the address: {', '.join(named)}. Shown instead: {', '.join(shown)}."
