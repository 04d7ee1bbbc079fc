"""The page of one model: counters, facts and tables. Pure."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboards.data import format
from dashboards.data.vocabulary import layer_name, layer_names
from dashboards.text.lineage import RELATIONS
from dashboards.text.models import GATED, PARAMS_SOURCES, ROLES
from dashboards.text.terms import UNKNOWN_ORIGIN, all_origin_names, origin_name

HISTORIES = {
    "downloads": "Daily downloads",
    "downloads_30d": "30-day downloads",
    "downloads_all_time": "All-time downloads",
    "likes": "Likes",
}

BASES = {
    "read": "Read: two daily readings",
    "spread": "Spread: evenly between readings further apart",
    "identity": "Before the first reading: from 30-day counts",
    "imported": "Imported from another archive",
}
"""Basis of the downloads of a day -> its name in the legend."""

_HISTORY_MEANINGS = {
    "downloads": "Estimated downloads of a day, from the all-time counter; a dot is a day with none, a gap is unknown",
    "downloads_30d": "Downloads in the 30 days before each reading, as the Hub counts them",
    "downloads_all_time": "Downloads since creation at each reading, as the Hub counts them",
    "likes": "Likes at each reading; they can be withdrawn",
}

_RESOLVED = {
    "id": "by its id",
    "name": "by its name",
    "rename": "by a former name",
    "case": "in another case",
    "curated": "by the registry",
    "architecture": "its family only",
    "unresolved": "by its name only",
}
_DECLARED = {
    "baseModels": "Linked by the Hub",
    "tag": "Tag of the card",
    "registry": "Registry",
    "architecture": "Its architecture",
}


def history_subtitle(history: str) -> str:
    """Definition and unit of the chart."""
    return f"{_HISTORY_MEANINGS[history]}. Requests for a query file, not users." if history != "likes" else (
        f"{_HISTORY_MEANINGS[history]}."
    )  # fmt: skip


def counters(facts: Mapping[str, Any]) -> str:
    """The model's counters and rank in one sentence."""
    if facts["read_on"] is None:
        return "No counter of this model has been read."
    rank = "no rank, because it is not listed or its 30-day count is unknown"
    if facts["rank_30d"] is not None:
        rank = f"rank {facts['rank_30d']:,} of {facts['ranked']:,} by 30-day downloads"
    return (
        f"On {format.day(facts['read_on'])}: {format.exact(facts['downloads_30d'])} downloads in 30 days, "
        f"{format.exact(facts['downloads_all_time'])} since creation, {format.exact(facts['likes'])} likes; {rank}."
    )


def attributes(facts: Mapping[str, Any], origins: Mapping[str, str], families: Mapping[str, str]) -> pl.DataFrame:
    """Facts about the model: what, value, because (the reason)."""
    listed = {True: "Yes", False: "No: deleted, renamed or made private", None: format.UNKNOWN}
    size = format.UNKNOWN if facts["params_total"] is None else f"{format.compact(facts['params_total'])} parameters"
    active = "" if facts["params_active"] is None else f", {format.compact(facts['params_active'])} active"
    source = PARAMS_SOURCES.get(facts["params_source"] or "", "")
    family = facts["family_name"] or facts["family"] or "None known"
    generation = f", {facts['generation']}" if facts["generation"] else ""
    rows = [
        ("Origin", origin_name(facts["publisher_origin"], origins), facts["publisher_because"]),
        ("Lab", facts["lab_name"] or "None known", None),
        ("Role of the publisher", ROLES.get(facts["publisher_role"], facts["publisher_role"]), None),
        ("Model type", layer_name(facts["layer"] or format.UNKNOWN), facts["layer_because"]),
        ("Family", family + generation, facts["family_because"]),
        ("Origin of the base model", _root(facts["root_origin"], origin_name(facts["root_origin"], origins)),
         facts["root_because"]),
        ("Family of the base model", _root(facts["root_family"], families.get(facts["root_family"])), None),
        ("Mixed origin", _yes(facts["is_mixed_origin"]), None),
        ("Size", size + active, f"Known from: {source.lower()}" if source else None),
        ("Size bucket", f"{facts['size_bucket']} billion" if facts["size_bucket"] else format.UNKNOWN, None),
        ("GGUF repository", _yes(facts["is_gguf"]), None),
        ("Task", facts["pipeline_tag"] or format.UNKNOWN, None),
        ("Library", facts["library_name"] or format.UNKNOWN, None),
        ("Licence", facts["license"] or format.UNKNOWN, None),
        ("Access", GATED.get(facts["gated"] or "", format.UNKNOWN), None),
        ("Disabled", _yes(facts["is_disabled"]), None),
        ("Still listed", listed[facts["is_listed"]], None),
        ("Released", format.day(facts["released_on"]), None),
        ("Created", format.day(facts["created_at"]), None),
        ("Last modified", format.day(facts["last_modified"]), None),
        ("First read", format.day(facts["first_seen"]), None),
        ("Last read", format.day(facts["last_seen"]), None),
    ]  # fmt: skip
    return pl.DataFrame(rows, schema={"what": pl.String, "value": pl.String, "because": pl.String}, orient="row")


def parent_rows(parents: pl.DataFrame) -> pl.DataFrame:
    """The declared bases: parent_ref, relation, declared_in, resolved_by, repo_id, used (or why not)."""
    used = pl.when("is_used").then(pl.lit("Used")).otherwise(pl.lit("Not used: ") + pl.col("not_used_because"))
    return parents.select(
        "parent_ref", pl.col("relation").replace(RELATIONS),
        declared_in=pl.col("declared_in").replace(_DECLARED), resolved_by=pl.col("resolved_by").replace(_RESOLVED),
        repo_id="repo_id", used=used,
    )  # fmt: skip


def placed(frame: pl.DataFrame, origins: Mapping[str, str]) -> pl.DataFrame:
    """The frame with names instead of codes in `origin` and, if present, `layer` and `relation`."""
    named = frame.with_columns(pl.col("origin").replace(all_origin_names(origins)).fill_null(UNKNOWN_ORIGIN))
    if "layer" in frame.columns:
        named = named.with_columns(pl.col("layer").replace(layer_names()))
    if "relation" in frame.columns:
        named = named.with_columns(pl.col("relation").replace(RELATIONS))
    return named


def children_shown(shown: int, total: int) -> str:
    """How many models were made from it, and how many the table shows."""
    sentence = f"{format.count(total, 'model')} made directly from it"
    return f"{sentence}." if shown == total else f"{sentence}; the {shown} most downloaded are shown."


def _root(value: str | None, name: str | None) -> str:
    return name or value or "unknown, or its base models differ" if value else "unknown, or its base models differ"


def _yes(value: bool | None) -> str:
    return format.UNKNOWN if value is None else "Yes" if value else "No"
