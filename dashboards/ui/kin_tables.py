"""Columns of the tables about lineage and families: what they are called, and how their values read."""

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from dashboards.data import format, vocabulary
from dashboards.text import lineage as words
from dashboards.text import terms
from dashboards.ui import tables


def descendant_rows(found: pl.DataFrame, names: Mapping[str, str], most: int) -> pl.DataFrame:
    """The most used descendants of a model with their words and links."""
    most_used = found.sort("downloads_30d", "hub_id", descending=[True, False], nulls_last=True).head(most)
    bases = pl.col("base_id").replace_strict(
        dict(found.select("hub_id", "repo_id").iter_rows()), default=None, return_dtype=pl.String
    )
    return most_used.select(
        "repo_id", _url(most_used["repo_id"]), _relation(), "steps", "downloads_30d", "weight", "credited_30d",
        _origin("publisher_origin", names), _layer(), bases.alias("base"),
    )  # fmt: skip


def root_rows(found: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """The roots of a model with their words; a root known by name only has no link."""
    url = pl.when(pl.col("is_name_only").not_()).then(_url(found["root_ref"])).alias("url")
    return found.select("root_ref", url, "weight", "depth", _origin("root_origin", names), "lab", "family")


def edge_rows(found: pl.DataFrame) -> pl.DataFrame:
    """The declared links of a model with their words."""
    used = pl.when(pl.col("is_used")).then(pl.lit("Used")).otherwise(pl.lit("Not used"))
    return found.select(
        "child", "parent_ref", _relation(), used.alias("used"), "not_used_because", "parent", "resolved_by",
        "declared_in",
    )  # fmt: skip


def member_rows(found: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """The most used members of a family with their words and links."""
    return found.select(
        "repo_id", _url(found["repo_id"]), "credited_30d", "weight", "downloads_30d", "downloads_all_time",
        _origin("publisher_origin", names), _layer(), "size_bucket", "released_on",
    )  # fmt: skip


def repackager_rows(found: pl.DataFrame, most: int) -> pl.DataFrame:
    """The accounts with most downloads of repackaged copies; models and downloads are by weight."""
    shown = found.head(most)
    return shown.select(
        "author",
        _url(shown["author"]).alias("account"),
        "models",
        credited_30d="downloads_30d",
        credited_all_time="downloads_all_time",
    )


def columns() -> dict[str, Any]:
    """How the columns of all these tables are drawn."""
    column = st.column_config
    return {
        "repo_id": column.TextColumn("Model", width="medium"),
        "root_ref": column.TextColumn("Root", width="medium"),
        "url": column.LinkColumn("Hub", display_text="Open", help="The model's page on huggingface.co"),
        "weight": column.NumberColumn("Weight", format="percent", help="How much of the model goes back to it"),
        "depth": column.NumberColumn("Steps", help="Fewest links to the root; 0 if the model is its own root"),
        "steps": column.NumberColumn("Steps", help="Fewest links from the model in the centre"),
        "origin": column.TextColumn("Origin"),
        "lab": column.TextColumn("Lab", help="Blank: not in the registry"),
        "family": column.TextColumn("Family"),
        "layer": column.TextColumn("Layer"),
        "relation": column.TextColumn("Relation"),
        "base": column.TextColumn("Through", help="The base on the shortest way; blank: the model in the centre"),
        "downloads_30d": column.NumberColumn("30-day downloads", format="localized"),
        "credited_30d": column.NumberColumn(
            "Credited", format="localized", step=1, help="30-day downloads times the weight"
        ),
        "downloads_all_time": column.NumberColumn("All-time downloads", format="localized"),
        "credited_all_time": column.NumberColumn("All-time, credited", format="localized", step=1),
        "size_bucket": column.TextColumn("Size, billions", help="Parameters; 5-10 is from 5 to under 10"),
        "released_on": column.DateColumn("Released", format="YYYY-MM-DD"),
        "author": column.TextColumn("Account", width="medium"),
        "account": column.LinkColumn("Hub", display_text="Open", help="The account's page on huggingface.co"),
        "models": column.NumberColumn(
            "Models, by weight", format="%.1f", help="A copy of a merge of two families counts half"
        ),
        "child": column.TextColumn("Model", width="medium"),
        "parent_ref": column.TextColumn("Declares the base", width="medium"),
        "used": column.TextColumn("Counts"),
        "not_used_because": column.TextColumn("Why not", width="medium"),
        "parent": column.TextColumn("Which is", width="medium", help="Blank: no repository of that name was read"),
        "resolved_by": column.TextColumn("Found by"),
        "declared_in": column.TextColumn("Declared in"),
    }


def _url(names: pl.Series) -> pl.Series:
    return format.text_column(names, tables.hub_url, "url")


def _origin(name: str, names: Mapping[str, str]) -> pl.Expr:
    return pl.col(name).replace(terms.all_origin_names(names)).alias("origin")


def _layer() -> pl.Expr:
    return pl.col("layer").replace(vocabulary.layer_names())


def _relation() -> pl.Expr:
    return pl.col("relation").replace(words.RELATIONS)
