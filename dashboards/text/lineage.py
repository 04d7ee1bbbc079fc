"""The lineage page: headline, labels of the graph, notes. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from dashboards.charts.colours import ORIGINS
from dashboards.charts.lineage_graph import PICKED, ROOT
from dashboards.charts.lineage_layout import ANY
from dashboards.data import format, vocabulary
from dashboards.text.terms import in_sentence, origin_name

RELATIONS = {
    "finetune": "Fine-tune",
    "adapter": "Adapter",
    "quantized": "Quantized",
    "merge": "Merge",
    "unknown": "Unknown",
}
STEPS = {"all": "All", "1": "1", "2": "2", "3": "3", "4": "4"}
BY_NONE = "by none"
"""The filter where no relation is selected."""

LEAST = {"0": "Any", "100": "100", "1000": "1K", "10000": "10K", "100000": "100K"}

NOTE = (
    "The weight of a model is the part of it that derives from the model in the centre: each of p bases counts 1/p "
    "at each step. A model with several bases is shown once, at its shortest path; its other bases are in the table "
    "of its links. Links are those that publishers declare on the Hub; some are wrong."
)

NONE_OF = {
    "roots": "No base model is known.",
    "links": "It declares no base, and no model's link to it was rejected.",
    "built": "None are known.",
}

_LAYERS = {
    "release": "an original model",
    "derivative": "a fine-tune",
    "repackaged": "a quantized copy",
    "other": "a model without a known base",
}
_PLURALS = {
    "finetune": ("fine-tune", "fine-tunes"),
    "adapter": ("adapter", "adapters"),
    "quantized": ("quantized", "quantized"),
    "merge": ("merge", "merges"),
    "unknown": ("by an unknown relation", "by an unknown relation"),
}


def relations_drawn() -> dict[str, str]:
    """Relation -> its name; models without a known base have none."""
    return {ROOT: "No known base", **RELATIONS}


def headline(
    model: Mapping[str, Any], roots: pl.DataFrame, descendants: pl.DataFrame, within: str, names: Mapping[str, str]
) -> str:
    """The model, its root base models, and its descendants with their downloads."""
    return " ".join([_introduction(model, names), _roots(model, roots), _built(descendants, within)])


def filters_text(relations: Sequence[str], steps: str) -> str:
    """The selected filters as text; empty if there are none."""
    if not relations:
        return BY_NONE
    parts = [] if steps == "all" else [f"within {format.count(int(steps), 'step')}"]
    if set(relations) != set(RELATIONS):
        parts.append("by " + " or ".join(RELATIONS[name].lower() for name in relations))
    return " ".join(parts)


def subtitle(within: str, least: int) -> str:
    """Layout, figures, colours and filters of the graph."""
    filtered = (
        f" Shown by name: models with at least {least:,} 30-day downloads and those on the path to them."
        if least
        else ""
    )
    limited = f" Only descendants {within}." if within else ""
    limited = " No relation is selected: only bases are drawn." if within == BY_NONE else limited
    return (
        "Above: what the model is built from; below: what is built on it, one step per indent. Figures: 30-day "
        "downloads, unweighted. Colour: origin of the publisher. Shape: relation to the base (circle fine-tune, "
        "triangle adapter, square quantized, diamond merge, cross unknown). Models not shown by name are counted "
        f"together.{limited}{filtered}"
    )


def node_labels(
    nodes: pl.DataFrame, above: pl.DataFrame, below: pl.DataFrame, model: Mapping[str, Any], names: Mapping[str, str]
) -> pl.DataFrame:
    """The nodes of the graph with their texts: label, figure, name, origin, exact, credit."""
    itself = pl.DataFrame([{"key": model["hub_id"], **{name: model[name] for name in ("repo_id", "publisher_origin")}}])
    drawn = below.filter(pl.col("hub_id").is_in(nodes["key"].implode()))
    known = [
        itself.with_columns(weight=pl.lit(1.0)),
        above.select("key", "repo_id", "publisher_origin", "weight", "hub_id"),
        drawn.select("repo_id", "publisher_origin", "weight", "is_listed", key="hub_id"),
    ]
    details = pl.concat(known, how="diagonal_relaxed").unique("key", keep="first", maintain_order=True)
    beside = [row for row in nodes.iter_rows(named=True) if _one(row)]
    siblings = {(row["side"], row["parent_row"], kind) for row in beside for kind in (row["relation"], ANY)}
    rows = nodes.join(details, on="key", how="left", maintain_order="left").iter_rows(named=True)
    words = pl.DataFrame([_words(row, siblings, names) for row in rows])
    return pl.concat([nodes, words], how="horizontal")


def data(frame: pl.DataFrame) -> pl.DataFrame:
    """The data of the graph for download."""
    return frame.select(
        "side", "label", "relation", "origin", "credit", steps="x", models="count", downloads_30d="downloads"
    )


def stored_names(frame: pl.DataFrame, centre: str) -> list[str]:
    """The repositories drawn by name that the lake holds, the centre left out."""
    return [name for name in frame.filter("is_held")["name"].unique(maintain_order=True) if name != centre]


def selected_model(state: Mapping[str, Any]) -> str | None:
    """The model that was clicked in the graph, from the state of the chart."""
    chosen = state["selection"].get(PICKED) or []
    return str(chosen[0]["name"]) if chosen else None


def descendants_heading(count: int, most: int) -> str:
    """Above the table of descendants."""
    return f"The {most} most used of {count:,} descendants" if count > most else "Descendants"


def legend_origin(code: str | None, names: Mapping[str, str]) -> str:
    """The origin of a node in the legend; origins without their own colour are combined."""
    drawn = vocabulary.NOT_KNOWN if code is None else code if code in ORIGINS else vocabulary.OTHER
    return "Origin unknown" if drawn == vocabulary.NOT_KNOWN else origin_name(drawn, names)


def colours(names: Mapping[str, str]) -> dict[str, str]:
    """Name of an origin -> its colour."""
    return {
        legend_origin(None if code == vocabulary.NOT_KNOWN else code, names): colour for code, colour in ORIGINS.items()
    }


def rest_label(relation: str, nearest: int, count: int, more: bool, side: str) -> str:
    """The label of the models not shown by name at one place: "12 more finetunes, 400 built on them"."""
    if relation == ANY:
        return f"{count:,} {'more ' if more else ''}{'it is built from' if side == 'above' else 'built on it'}"
    one, many = ("base", "bases") if side == "above" else _PLURALS.get(relation, (relation, relation))
    first = f"{nearest:,} {'more ' if more else ''}{one if nearest == 1 else many}"
    if count == nearest:
        return first
    beyond = "they are built from" if side == "above" else "built on them"
    return f"{first}, {count - nearest:,} {beyond}"


def _words(row: Mapping[str, Any], siblings: set[tuple[str, int, str]], names: Mapping[str, str]) -> dict[str, Any]:
    downloads = row["downloads"]
    figure = {"figure": format.compact(downloads), "exact": format.exact(downloads)}
    if not _one(row):
        kind = row["relation"] if row["side"] == "below" else ANY
        more = (row["side"], row["parent_row"], kind) in siblings
        label = rest_label(row["relation"], row["nearest"], row["count"], more, row["side"])
        return {"label": label, "name": label, "origin": None, "credit": None, "is_held": False, **figure}
    name = row["repo_id"]
    return {
        "label": _label(row),
        "name": name,
        "origin": legend_origin(row["publisher_origin"], names),
        "credit": format.percent(row["weight"]),
        "is_held": row["hub_id"] is not None or row["side"] != "above",
        **figure,
    }


def _label(row: Mapping[str, Any]) -> str:
    name = str(row["repo_id"])
    if row["side"] == "above" and row["hub_id"] is None:
        return f"{name} (known by name only)"
    return f"{name} (no longer listed)" if row["is_listed"] is False else name


def _one(row: Mapping[str, Any]) -> bool:
    return not str(row["key"]).startswith("rest:")


def _introduction(model: Mapping[str, Any], names: Mapping[str, str]) -> str:
    origin = in_sentence(origin_name(model["publisher_origin"], names))
    account = "an account outside the registry" if origin == "Unaffiliated" else f"an account of {origin}"
    maker = f"{model['lab']} ({origin})" if model["lab"] else account
    downloads = model["downloads_30d"]
    counters = f"has {format.compact(downloads) if downloads is not None else 'no known'} 30-day downloads"
    used = counters if model["is_listed"] else "is no longer listed on the Hub"
    return f"{model['repo_id']}, {_LAYERS.get(model['layer'], 'a model')} by {maker}, {used}."


def _roots(model: Mapping[str, Any], roots: pl.DataFrame) -> str:
    if roots.is_empty():
        return "Its base models are unknown."
    named = [f"{row['root_ref']} ({format.percent(row['weight'], 0)})" for row in roots.head(3).iter_rows(named=True)]
    if roots["depth"][0] == 0 and roots["root_ref"][0] == model["repo_id"]:
        return "It has no known base, so it counts as its own base model."
    more = f" and {roots.height - 3:,} more" if roots.height > 3 else ""
    return f"Base models by weight: {', '.join(named)}{more}."


def _built(descendants: pl.DataFrame, within: str) -> str:
    if within == BY_NONE:
        return "No relation is selected, so no descendants are shown."
    within = f" {within}" if within else ""
    if descendants.is_empty():
        return f"No model is known to be built on it{within}."
    count = f"{format.count(descendants.height, 'model descends', 'models descend')} from it{within}"
    known = descendants.filter(pl.col("downloads_30d").is_not_null())
    if known.is_empty():
        return f"{count}; their downloads are unknown."
    return (
        f"{count}, with "
        f"{format.compact(float(known['downloads_30d'].sum()))} 30-day downloads; by weight, "
        f"{format.compact(float(known['credited_30d'].sum()))} of these are credited to it."
    )
