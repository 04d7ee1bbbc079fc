"""The words of the field as readers see them: metrics, lenses, layers, scopes, origins. Pure."""

from collections import Counter
from collections.abc import Mapping

from dashboards.palette import OTHER

_WITH_ARTICLE = ("United ", "Netherlands", "Philippines")

UNAFFILIATED = "unaffiliated"

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
THRESHOLDS = {"0": "All", "5": "Over 5 downloads", "50": "Over 50 downloads"}
"""The downloads that a new derivative must have to count -> in words."""

LENSES = {"publisher": "Publisher", "root": "Root"}

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

SCOPES = {
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

UNKNOWN_ORIGIN = "Unknown"
_SPECIAL_ORIGINS = {UNAFFILIATED: "Unaffiliated", OTHER: "Other origins", "ZZ": "International or undisclosed"}


def layer_name(layer: str) -> str:
    """A layer as the reader sees it; an unknown one as it is stored."""
    return _LAYERS.get(layer, layer)


def layer_names() -> dict[str, str]:
    """All layers, code -> name."""
    return dict(_LAYERS)


def origin_name(code: str | None, names: Mapping[str, str]) -> str:
    """An origin as the reader sees it."""
    return UNKNOWN_ORIGIN if code is None else _SPECIAL_ORIGINS.get(code) or names.get(code, code)


def origin_words(names: Mapping[str, str]) -> dict[str, str]:
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
