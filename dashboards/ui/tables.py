"""Columns of the tables: what they are called, how their values read, where they link to."""

from typing import Any
from urllib.parse import quote

import polars as pl
import streamlit as st

from dashboards.data import format, vocabulary
from dashboards.text import terms

HUB = "https://huggingface.co/"

_MODEL_COLUMNS = (
    "repo_id", "url", "downloads_30d", "rank_30d", "origin", "lab", "layer", "likes", "downloads_all_time", "family",
    "released_on", "params_total", "license", "read_on",
)  # fmt: skip


def hub_url(repo_id: str) -> str:
    """The page of a repository on the Hub; whatever the name holds, the link leads to the Hub."""
    return HUB + quote(repo_id, safe="/").lstrip("/")


def model_rows(found: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    """The models as shown: names of origins and layers in words, a link."""
    return found.with_columns(
        url=format.text_column(found["repo_id"], hub_url),
        origin=pl.col("publisher_origin").replace(terms.all_origin_names(names)),
        layer=pl.col("layer").replace(vocabulary.layer_names()),
    ).select(_MODEL_COLUMNS)


def model_columns() -> dict[str, Any]:
    """How the columns of `model_rows` are drawn."""
    column = st.column_config
    return {
        "repo_id": column.TextColumn("Model", width="medium"),
        "url": column.LinkColumn("Hub", display_text="Open", help="The model's page on huggingface.co"),
        "lab": column.TextColumn("Lab", help="Blank: the publisher is not in the registry"),
        "origin": column.TextColumn("Origin", help="Country of the publishing organisation"),
        "layer": column.TextColumn("Layer"),
        "downloads_30d": column.NumberColumn("30-day downloads", format="localized"),
        "rank_30d": column.NumberColumn(
            "Rank", help="By 30-day downloads among all models listed; equal counts share it"
        ),
        "likes": column.NumberColumn("Likes", format="localized"),
        "downloads_all_time": column.NumberColumn("All-time downloads", format="localized"),
        "family": column.TextColumn("Family"),
        "released_on": column.DateColumn("Released", format="YYYY-MM-DD"),
        "params_total": column.NumberColumn("Parameters", format="compact"),
        "license": column.TextColumn("Licence", help="As declared on the Hub"),
        "read_on": column.DateColumn("Read on", format="YYYY-MM-DD", help="The day of these counters"),
    }


def origin_columns(metric: str) -> dict[str, Any]:
    """How the columns of `words.origin_rows` are drawn."""
    column = st.column_config
    unit = vocabulary.METRIC_NAMES[metric]
    return {
        "name": column.TextColumn("Origin", width="medium"),
        "share": column.NumberColumn(f"Share of {unit}", format="percent"),
        "share_change": column.NumberColumn(
            "Change, points", format="%.1f", help="Percentage points since 30 days earlier; blank where unknown"
        ),
        "downloads_30d": column.NumberColumn("30-day downloads", format="localized"),
        "downloads_7d_mean": column.NumberColumn(
            "Daily downloads (7-day mean)", format="localized", help=terms.METRIC_MEANINGS["downloads_7d_mean"]
        ),
        "downloads_all_time": column.NumberColumn("All-time downloads", format="localized"),
        "likes": column.NumberColumn("Likes", format="localized"),
        "models": column.NumberColumn("Models", format="localized"),
    }


def crossover_columns() -> dict[str, Any]:
    """How the columns of `words.ahead.crossing_rows` are drawn."""
    column = st.column_config
    return {
        "what": column.TextColumn("What happened", width="large"),
        "crossed_on": column.DateColumn("On", format="YYYY-MM-DD", width="small", help="Blank: no crossover to date"),
        "interval": column.TextColumn("95% interval", width="large", help="Blank: not computed"),
        "measure": column.TextColumn("Measured by", width="medium"),
    }


def attribute_columns() -> dict[str, Any]:
    """How the columns of `words.model.attributes` are drawn."""
    column = st.column_config
    return {
        "what": column.TextColumn("What", width="small"),
        "value": column.TextColumn("Value", width="medium"),
        "because": column.TextColumn("Why", width="large"),
    }


def parent_columns() -> dict[str, Any]:
    """How the columns of `words.model.parent_rows` are drawn."""
    column = st.column_config
    return {
        "parent_ref": column.TextColumn("Base as declared", width="medium"),
        "relation": column.TextColumn("Relation"),
        "declared_in": column.TextColumn("Declared in"),
        "resolved_by": column.TextColumn("Found"),
        "repo_id": column.TextColumn("Is the repository", help="Blank: no repository read has this name"),
        "used": column.TextColumn("Counts"),
    }


def root_columns() -> dict[str, Any]:
    """How the roots of a model are drawn."""
    column = st.column_config
    return {
        "root_ref": column.TextColumn("Root", width="medium"),
        "family": column.TextColumn("Family"),
        "origin": column.TextColumn("Origin"),
        "depth": column.NumberColumn("Steps", help="Fewest links to the root"),
        "weight": column.NumberColumn("Weight", format="percent", help="Share of the model that goes back to the root"),
        "is_held": column.CheckboxColumn("Read", help="Whether the root is a repository that was read"),
    }


def child_columns() -> dict[str, Any]:
    """How the models made from a model are drawn."""
    column = st.column_config
    return {
        "repo_id": column.TextColumn("Model", width="medium"),
        "relation": column.TextColumn("Relation"),
        "origin": column.TextColumn("Origin"),
        "layer": column.TextColumn("Layer"),
        "downloads_30d": column.NumberColumn("30-day downloads", format="localized"),
    }


def event_columns() -> dict[str, Any]:
    """How events of data quality are drawn."""
    column = st.column_config
    return {
        "day": column.DateColumn("Day", format="YYYY-MM-DD"),
        "kind": column.TextColumn("Kind"),
        "detail": column.TextColumn("What was seen", width="large"),
        "handling": column.TextColumn("What was done", width="medium"),
    }


def reproduction_columns() -> dict[str, Any]:
    """How the columns of `words.reproduce.figure_rows` are drawn."""
    column = st.column_config
    return {
        "title": column.TextColumn("Figure", width=190),
        "published": column.TextColumn("Published", width=85),
        "period": column.TextColumn("For", width=130),
        "ours": column.TextColumn("Ours", width=115),
        "our_period": column.TextColumn("For", width=130),
        "gap": column.TextColumn("Gap", width=95, help="Ours less published; blank where the times differ"),
        "because": column.TextColumn("How ours stands", width=365),
        "source": column.TextColumn("Source"),
        "scope": column.TextColumn("Scope", width="medium"),
        "definition": column.TextColumn("Definition", width="large"),
        "reference": column.TextColumn("Reference"),
    }
