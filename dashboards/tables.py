"""Columns of the tables: what they are called, how their values read, where they link to."""

from typing import Any
from urllib.parse import quote

import polars as pl
import streamlit as st

from dashboards.words import terms

HUB = "https://huggingface.co/"

_MODEL_COLUMNS = (
    "repo_id", "url", "downloads_30d", "recent", "origin", "lab", "layer", "likes", "downloads_all_time", "family",
    "released_on", "params_total", "license",
)  # fmt: skip


def hub_url(repo_id: str) -> str:
    """The page of a repository on the Hub; whatever the name holds, the link leads to the Hub."""
    return HUB + quote(repo_id, safe="/").lstrip("/")


def model_rows(found: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    """The models as shown: names of origins and layers in words, a link, the recent days as a list."""
    return found.with_columns(
        url=pl.col("repo_id").map_elements(hub_url, return_dtype=pl.String),
        origin=pl.col("publisher_origin").map_elements(
            lambda code: terms.origin_name(code, names), return_dtype=pl.String, skip_nulls=True
        ),
        layer=pl.col("layer").map_elements(terms.layer_name, return_dtype=pl.String),
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
        "recent": column.LineChartColumn(
            "Last 30 days", help="30-day downloads at each reading; days without a reading are left out"
        ),
        "likes": column.NumberColumn("Likes", format="localized"),
        "downloads_all_time": column.NumberColumn("All-time downloads", format="localized"),
        "family": column.TextColumn("Family"),
        "released_on": column.DateColumn("Released", format="YYYY-MM-DD"),
        "params_total": column.NumberColumn("Parameters", format="compact"),
        "license": column.TextColumn("License", help="As declared on the Hub"),
    }


def origin_columns(metric: str) -> dict[str, Any]:
    """How the columns of `words.origin_rows` are drawn."""
    column = st.column_config
    unit = terms.METRIC_NAMES[metric]
    return {
        "name": column.TextColumn("Origin", width="medium"),
        "share": column.NumberColumn(f"Share of {unit}", format="percent"),
        "share_change": column.NumberColumn(
            "Change, points", format="%+.1f", help="Percentage points against 30 days before; blank where unknown"
        ),
        "downloads_30d": column.NumberColumn("30-day downloads", format="localized"),
        "downloads_7d_mean": column.NumberColumn(
            "Daily downloads", format="localized", help=terms.METRIC_MEANINGS["downloads_7d_mean"]
        ),
        "likes": column.NumberColumn("Likes", format="localized"),
        "models": column.NumberColumn("Models", format="localized"),
    }


def crossover_columns() -> dict[str, Any]:
    """How the columns of `words.ahead.crossing_rows` are drawn."""
    column = st.column_config
    return {
        "what": column.TextColumn("What happened", width="large"),
        "crossed_on": column.DateColumn("On", format="YYYY-MM-DD", width="small", help="Blank: no crossover to date"),
        "interval": column.TextColumn("95 % interval", width="large", help="Blank: not computed"),
        "measure": column.TextColumn("Measured by", width="medium"),
    }
