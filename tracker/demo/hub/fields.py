"""Fields of a model: which exist, which a request selects, and how a row shows them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from tracker.demo.catalog import Row
from tracker.demo.hub.responses import BadRequest

EXPANDABLE = (
    "author",
    "baseModels",
    "cardData",
    "childrenModelCount",
    "config",
    "createdAt",
    "disabled",
    "downloads",
    "downloadsAllTime",
    "evalResults",
    "gated",
    "gguf",
    "inference",
    "inferenceProviderMapping",
    "lastModified",
    "library_name",
    "likes",
    "mask_token",
    "model-index",
    "pipeline_tag",
    "private",
    "resourceGroup",
    "safetensors",
    "sha",
    "siblings",
    "spaces",
    "tags",
    "transformersInfo",
    "trendingScore",
    "usedStorage",
    "widgetData",
    "xetEnabled",
)
DETAIL_ONLY = frozenset({"childrenModelCount", "usedStorage"})
LISTABLE = tuple(name for name in EXPANDABLE if name not in DETAIL_ONLY)

LIST_DEFAULT = (
    "likes",
    "trendingScore",
    "private",
    "downloads",
    "tags",
    "pipeline_tag",
    "library_name",
    "createdAt",
    "modelId",
)
FULL = ("author", "lastModified", "gated", "disabled", "sha", "siblings", "spaces")
DETAIL_DEFAULT = (
    *("private", "pipeline_tag", "library_name", "tags", "downloads", "likes", "modelId", "author", "sha"),
    *("lastModified", "gated", "disabled", "mask_token", "widgetData", "model-index", "config", "cardData"),
    *("transformersInfo", "siblings", "spaces", "createdAt", "safetensors", "gguf", "inference", "usedStorage"),
)


def requested(params: Sequence[tuple[str, str]], allowed: Sequence[str]) -> tuple[str, ...]:
    """The values of `expand` and `expand[]` in `params`, in order and without repetition; empty when none is given.

    Raises BadRequest at the first name that is not in `allowed`, with the Hub's text.
    """
    names = [value for key, value in params if key in ("expand", "expand[]")]
    for position, name in enumerate(names):
        if name not in allowed:
            raise BadRequest(invalid_option(allowed, where=f"expand[{position}]"))
    return tuple(dict.fromkeys(names))


def invalid_option(allowed: Iterable[str], where: str) -> str:
    """The Hub's message for a value outside an enumeration."""
    options = "|".join(f'"{name}"' for name in allowed)
    return f"✖ Invalid option: expected one of {options}\n  → at {where}"


def expanded(rows: Iterable[Row], names: Sequence[str]) -> list[dict[str, Any]]:
    """Each row as `_id`, `id` and the named fields it has a value for; `author`, `modelId`, `private` are derived."""
    plain = [name for name in names if name not in _DERIVED]
    derived = [(name, _DERIVED[name]) for name in names if name in _DERIVED]
    shown = []
    for row in rows:
        fields = {"_id": row["_id"], "id": row["id"]}
        for name in plain:
            value = row.get(name)
            if value is not None:
                fields[name] = value
        for name, value_of in derived:
            value = value_of(row)
            if value is not None:
                fields[name] = value
        shown.append(fields)
    return shown


def author(row: Mapping[str, Any]) -> str | None:
    """The owner in the row's id; None for a legacy id without one."""
    owner, slash, _ = row["id"].partition("/")
    return owner if slash else None


_DERIVED: dict[str, Callable[[Row], Any]] = {
    "author": author,
    "modelId": lambda row: row["id"],
    "private": lambda row: False,
}
