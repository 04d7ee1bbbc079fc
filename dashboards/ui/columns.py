"""Columns of the tables about origins across origins, momentum and concentration."""

from typing import Any

import polars as pl
import streamlit as st

from dashboards.data import format, vocabulary
from dashboards.text import compare as words
from dashboards.text import cross_origin, momentum, terms
from dashboards.text.comparison import Comparison
from dashboards.ui.tables import hub_url

_MIXED = ("repo_id", "url", "downloads_30d", "origin", "roots", "layer", "lab", "downloads_all_time")
_RISING = (
    "repo_id", "url", "ram_median", "ram_tenth", "age_days", "bucket_models", "size", "released_on", "origin", "lab",
    "ram_median_before", "ram_tenth_before", "age_before", "downloads_all_time",
)  # fmt: skip


def compared_columns(comparison: Comparison) -> dict[str, Any]:
    """How the columns of `words.compared.rows` are drawn."""
    column, is_share = st.column_config, comparison.view == "share"
    measure = words.measure_name(comparison)
    peak = column.NumberColumn("Peak", format="percent" if is_share else _counts(comparison), help="The highest step")
    return {
        "name": column.TextColumn(words.KIND_NAMES[comparison.kind].capitalize(), width="medium"),
        "index": column.NumberColumn("Index", format="%.1f", help="On the last step known; 100 at the base"),
        "value": column.NumberColumn(f"{measure[0].upper()}{measure[1:]}", format=_counts(comparison)),
        "share": column.NumberColumn("Share", format="percent", help="Of all that the definition counts on that step"),
        "at": _step(comparison, "Last step", "The last one on which the line is known"),
        "change": column.NumberColumn(
            "Change, points" if is_share else "Change, %", format="%+.1f",
            help=f"Of the {'share' if is_share else 'figure'}, from the step named next to it to the last one",
        ),
        "since": _step(comparison, "Since", "About thirty days before, or the first step known"),
        "peak": peak,
        "peak_at": _step(comparison, "Peak on", "The step of the peak"),
    }  # fmt: skip


def _counts(comparison: Comparison) -> str:
    return "%.1f" if comparison.measure == "derivatives" else "localized"


def _step(comparison: Comparison, label: str, meaning: str) -> Any:
    if comparison.axes.x == "age":
        return st.column_config.NumberColumn(f"{label}, age", format="%d", help=f"{meaning}; days since release")
    pattern = "MMM YYYY" if comparison.step == "month" else "YYYY-MM-DD"
    return st.column_config.DateColumn(label, format=pattern, help=meaning)


def mixed_rows(found: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    """The mixed models as shown: publisher's origin and roots in words, a link."""
    roots = [cross_origin.roots_text(roots, names) for roots in found["roots"].to_list()]
    return found.with_columns(_url(found), _origin(names), _layer(), pl.Series("roots", roots, dtype=pl.String)).select(
        _MIXED
    )


def mixed_columns() -> dict[str, Any]:
    """How the columns of `mixed_rows` are drawn."""
    column = st.column_config
    return _named() | {
        "roots": column.TextColumn("Stands on", width="large", help="Its roots, with weights where there are several"),
        "downloads_30d": column.NumberColumn("30-day downloads", format="localized"),
        "downloads_all_time": column.NumberColumn("All-time downloads", format="localized"),
    }


def rising_rows(found: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    """The new releases as shown: origin and size in words, a link."""
    size = format.text_column(found["size_bucket"], momentum.size_name, "size")
    return found.with_columns(_url(found), _origin(names), size).select(_RISING)


def rising_columns() -> dict[str, Any]:
    """How the columns of `rising_rows` are drawn."""
    column = st.column_config
    return _named() | {
        "released_on": column.DateColumn("Released", format="YYYY-MM-DD"),
        "size": column.TextColumn("Size", help="Parameters"),
        "age_days": column.NumberColumn("Age, days", help="The latest age at which its downloads are known"),
        "ram_median": column.NumberColumn(
            "RAM, median", format="%.2f", help="Over the median of the ten; 1 is typical"
        ),
        "ram_tenth": column.NumberColumn("RAM, tenth", format="%.2f", help="Over the tenth; blank where there is none"),
        "age_before": column.NumberColumn("Age before", help="The age in days of the figures before"),
        "ram_median_before": column.NumberColumn("Median before", format="%.2f", help="At the age before"),
        "ram_tenth_before": column.NumberColumn("Tenth before", format="%.2f", help="At the age before"),
        "bucket_models": column.NumberColumn(
            "Measured against", help="Models of its size with known downloads at this age; few make a weak baseline"
        ),
        "downloads_all_time": column.NumberColumn(
            "Downloads at that age", format="localized", help="The all-time counter at the age"
        ),
    }


def measure_columns() -> dict[str, Any]:
    """How all measures of a day are drawn."""
    column = st.column_config
    return {
        "of": column.TextColumn("Over"),
        "lens": column.TextColumn("Lens"),
        "members": column.NumberColumn("Members", format="localized"),
        "effective_number": column.NumberColumn("Effective number", format="%.1f"),
        "hhi": column.NumberColumn("HHI", format="%.4f"),
        "top1_share": column.NumberColumn("Largest", format="percent"),
        "top10_share": column.NumberColumn("Ten largest", format="percent"),
        "gini": column.NumberColumn("Gini", format="%.3f"),
    }


def member_rows(found: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    """The largest labs or families as shown."""
    origin = pl.col("origin").replace(terms.all_origin_names(names))
    return found.select("name", "share", pl.col("downloads").round().cast(pl.Int64), "lab", origin)


def member_columns(of: str, step: str) -> dict[str, Any]:
    """How the columns of `member_rows` are drawn; a lab needs no column of its lab."""
    column = st.column_config
    whole = f"Of the downloads of all registered {'labs' if of == 'lab' else 'families'}"
    downloads = "Downloads a day" if step == "mean" else "Downloads of the day"
    return {
        "name": column.TextColumn("Lab" if of == "lab" else "Family", width="medium"),
        "share": column.NumberColumn("Share", format="percent", help=whole),
        "downloads": column.NumberColumn(downloads, format="localized", help="Estimated"),
        "lab": None if of == "lab" else column.TextColumn("Lab"),
        "origin": column.TextColumn("Origin", help="Country of the lab"),
    }


def robustness_columns() -> dict[str, Any]:
    """How the headlines under each definition are drawn."""
    column = st.column_config
    return {
        "definition": column.TextColumn("Definition", width="medium"),
        "china": column.NumberColumn("Share of China", format="percent"),
        "united_states": column.NumberColumn("Share of the United States", format="percent"),
        "difference": column.NumberColumn("Difference, points", format="%.1f", help="China minus United States"),
        "crossover": column.TextColumn("China passed", help="First day of a lead of 14 days or more"),
    }


def _named() -> dict[str, Any]:
    column = st.column_config
    return {
        "repo_id": column.TextColumn("Model", width="medium"),
        "url": column.LinkColumn("Hub", display_text="Open", help="The model's page on huggingface.co"),
        "origin": column.TextColumn("Published in", help="Country of the publishing organisation"),
        "lab": column.TextColumn("Lab", help="Blank: the publisher is no lab of the registry"),
        "layer": column.TextColumn("Layer"),
    }


def _url(found: pl.DataFrame) -> pl.Series:
    return format.text_column(found["repo_id"], hub_url, "url")


def _layer() -> pl.Expr:
    return pl.col("layer").replace(vocabulary.layer_names())


def _origin(names: dict[str, str]) -> pl.Expr:
    named = pl.col("publisher_origin").replace(terms.all_origin_names(names))
    return named.fill_null(terms.UNKNOWN_ORIGIN).alias("origin")
