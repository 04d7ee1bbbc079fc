"""Columns of the pages' tables: each column name has one label, help text, format and width.

A table lists the names it shows through the frame it is given, and may relabel a column where its context calls for it.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import quote

import polars as pl
import streamlit as st

from dashboards.data import format, vocabulary
from dashboards.text import builders, contributors, cross_origin, lineage, momentum, rankings, terms
from dashboards.text import compare as compare_text
from dashboards.text import models as models_text
from dashboards.text.comparison import Comparison
from dashboards.ui import links
from dashboards.ui.links import inside_link

HUB = "https://huggingface.co/"

_PERCENT = "%.1f%%"
"""Format of shares: always one decimal. Streamlit's own "percent" shows none to two."""

_text, _check = st.column_config.TextColumn, st.column_config.CheckboxColumn
_number = st.column_config.NumberColumn
_link = partial(st.column_config.LinkColumn, display_text=":material/open_in_new:", width=45)
_count, _share = partial(_number, format="localized"), partial(_number, format=_PERCENT)
_day = partial(st.column_config.DateColumn, format="D MMM YYYY")
_DAY_FORMATS = {"day": "D MMM YYYY", "week": "D MMM YYYY", "month": "MMM YYYY"}

COLUMNS: Mapping[str, Any] = {
    # Models and their publishers
    "repo_id": inside_link("Model", "model", width=290),
    "url": _link("Hub", help="The model's page on huggingface.co"),
    "origin": _text("Origin", help="Country of the publishing organisation"),
    "lab": inside_link("Lab", "lab", help="Blank if the organisation is not in the registry"),
    "family": inside_link("Family", "family"),
    "layer": _text("Model type"),
    "released_on": _day("Released"),
    "params_total": _number("Parameters", format="compact"),
    "size": _text("Size", help="Parameters"),
    "size_bucket": _text("Size, billions", help="Parameters; 5-10 is from 5 to under 10"),
    "license": _text("Licence", help="As declared on the Hub"),
    "author": _text("Account", width="medium"),
    "account": _link("Hub", help="The account's page on huggingface.co"),
    "name": _text("Name", width="medium"),
    # Counters
    "downloads_30d": _count("30-day downloads"),
    "downloads_7d_mean": _count("Daily downloads (7-day mean)", help=terms.METRIC_MEANINGS["downloads_7d_mean"]),
    "downloads_all_time": _count("All-time downloads"),
    "downloads": _count("Downloads of the day", help="Estimated"),
    "credited_30d": _count("Credited", step=1, help="30-day downloads times the weight"),
    "credited_all_time": _count("All-time, credited", step=1),
    "likes": _count("Likes"),
    "models": _count("Models"),
    "rank_30d": _number("Rank", help="By 30-day downloads among all models listed; equal counts share a rank"),
    "read_on": _day("Read on", help="The day these counters were read"),
    "share": _share("Share"),
    "share_change": _number(
        "Change, points", format="%.1f", help="Percentage points since 30 days earlier; blank if unknown"
    ),
    "effect": _number("Effect, points", format="%+.2f", help="The model's share of all now, less its share before"),
    "reason": _text("Reason", help="Counter corrected: the Hub lowered its all-time counter between the two days"),
    "earlier": _count("Before"),
    "later": _count("Now"),
    "role": _text("Role", help="What the account mostly publishes, by the registry"),
    "format": _text("Format", width="medium"),
    "contested": _text("Contested", help="Whether the country is disputed, and the other one"),
    "until": _day("Until", help="The last day on which the account belonged to it"),
    "successor": _text("Then", help="The account that took over"),
    "note": _text("Note", width="large"),
    "own_30d": _count("Of its own models", help="30-day downloads of what the lab itself published"),
    # Rankings
    "rank": _number("Rank", width=60, help="By downloads among all that match; equal downloads share a rank"),
    "rank_change": _number("Rank, 30 days", format="%+d", width=90, help="Places gained in 30 days; blank if unknown"),
    "change_30d": _number(
        "Change", format="localized", help="Downloads more or fewer than in the same period 30 days earlier"
    ),
    "change_30d_percent": _number("30 days, %", format="%+.1f", help="Change over the same period 30 days earlier"),
    "change_7d_percent": _number(
        "7 days, %", format="%+.1f", help="The last seven known days against the seven before"
    ),
    "weeks": st.column_config.LineChartColumn(
        "13 weeks", width="small", help="Downloads of the last 13 weeks", y_min=0
    ),
    # Crossovers and robustness
    "what": _text("What happened", width="large"),
    "crossed_on": _day("On or before", width="small", help="The last day that the crossover can be"),
    "interval": _text("95% interval", width="large", help="Blank if it was not computed"),
    "measure": _text("Measured by", width="medium"),
    "definition": _text("Definition", width="large"),
    "china": _share("Share of China"),
    "united_states": _share("Share of the United States"),
    "difference": _number("Difference, points", format="%.1f", help="China minus United States"),
    "crossover": _text("China passed", help="First day of the last lead of 14 days or more, and when it was lost"),
    # Concentration
    "of": _text("Over"),
    "lens": _text("Attribution"),
    "members": _count("Members"),
    "effective_number": _number("Effective number", format="%.1f"),
    "hhi": _number("HHI", format="%.4f"),
    "top1_share": _share("Largest"),
    "top10_share": _share("Ten largest"),
    "gini": _number("Gini", format="%.3f"),
    # Comparison
    "index": _number("Index", format="%.1f", help="In the last interval; 100 at the base"),
    "value": _count("Value"),
    "at": _day("Last interval", help="The last one for which the line is known"),
    "change": _number("Change, %", format="%+.1f"),
    "since": _day("Since", help="About thirty days earlier, or the first interval known"),
    "peak": _count("Peak", help="The highest value"),
    "peak_at": _day("Peak in", help="The interval of the peak"),
    # Momentum
    "age_days": _number("Age, days", help="The latest age at which its downloads are known"),
    "age_before": _number("Age before", help="The age in days of the earlier figures"),
    "ram_median": _number("RAM, median", format="%.2f", help="Divided by the median of the ten; 1 is typical"),
    "ram_tenth": _number("RAM, tenth", format="%.2f", help="Divided by the tenth; blank if there are fewer than ten"),
    "ram_median_before": _number("Median before", format="%.2f", help="At the earlier age"),
    "ram_tenth_before": _number("Tenth before", format="%.2f", help="At the earlier age"),
    "bucket_models": _number(
        "Models of its size", help="Those with known downloads at this age; few make a weak baseline"
    ),
    # Lineage
    "root_ref": _text("Base model", width="medium"),
    "roots": _text("Base models", width="large", help="With weights if there are several"),
    "weight": _share("Weight", help="Share of the model that goes back to the base model"),
    "depth": _number("Steps", help="Fewest links to the base model; 0 if the model is its own"),
    "steps": _number("Steps", help="Fewest links from the model in the centre"),
    "is_held": _check("Read", help="Whether the base model was found on the Hub"),
    "relation": _text("Relation"),
    "base": _text("Through", help="The declared base on the shortest path; blank for the model in the centre"),
    "child": _text("Model", width="medium"),
    "parent_ref": _text("Declared base", width="medium"),
    "parent": _text("Repository", width="medium", help="Blank if no repository of that name was read"),
    "declared_in": _text("Declared in"),
    "resolved_by": _text("Found by"),
    "used": _text("Counts"),
    "not_used_because": _text("Why not", width="medium"),
    # Data quality
    "day": _day("Day"),
    "scope": _text("Scope", width="medium"),
    "source": _text("Source", help="crawl for this tracker; otherwise the name of an imported archive"),
    "is_complete": _check("Complete", help="Whether the listing was read to its end"),
    "incomplete_because": _text("Why not", width="medium", help="Blank if it was complete"),
    "requests": _count("Requests"),
    "seconds": _number("Seconds", format="%.1f"),
    "rows_read": _count("Rows"),
    "duplicates": _count("Duplicates"),
    "refused": _count("Refused", help="Rows that failed validation"),
    "refused_because": _text("Refused because", width="medium"),
    "new_models": _count("New", help="Models that no earlier crawl had read"),
    "changed_models": _count("Changed"),
    "program_version": _text("Program"),
    "kind": _text("Kind"),
    "detail": _text("What was seen", width="large"),
    "handling": _text("What was done", width="large"),
    "severity": _text("Severity"),
    "claim": _text("Check", width="large"),
    "rows": _count("Offending rows"),
    "example": _text("First offending row", width="large"),
    "check_name": _text("Name"),
    # Method and model
    "table": _text("Table"),
    "column": _text("Column"),
    "type": _text("Type"),
    "meaning": _text("Meaning", width="large"),
    "question": _text("Question it answers", width="large", help="Blank for helper tables"),
    "columns": _number("Columns"),
    "event_date": _day("Day"),
    "title": _text("What changed", width="large"),
    "evidence": _text("Evidence", width="large"),
    "vision": _text("Colour vision"),
    "distance": _number("Smallest distance", format="%.1f", help="CIE76 delta E"),
    "most_alike": _text("Between", width="medium"),
    "colour": _text("Colour"),
    "on_light": _number("Contrast on light", format="%.1f", help="WCAG ratio; 3 or more is enough for graphics"),
    "on_dark": _number("Contrast on dark", format="%.1f", help="WCAG ratio; 3 or more is enough for graphics"),
    "crawls": _count("Crawls"),
    "first_day": _day("First day"),
    "last_day": _day("Last day"),
    "because": _text("Why", width="large"),
    # Published figures
    "published": _text("Published", width=85),
    "period": _text("Published for", width=130),
    "ours": _text("Ours", width=115),
    "our_period": _text("Ours for", width=130),
    "gap": _text("Gap", width=95, help="Ours minus published; blank where the dates differ"),
    "reference": _text("Reference"),
}

# Declarations for a table in which the name means something else.
ATTRIBUTE, ATTRIBUTE_VALUE = _text("Attribute", width="small"), _text("Value", width="medium")
FIGURE, COMPARISON = _text("Figure", width=190), _text("How ours compares", width=365)
MODELS_BY_WEIGHT = _number("Models, by weight", format="%.1f", help="A copy of a merge of two families counts half")


HELD_SINCE = _day("Since", help="The first day on which the account belonged to it; blank if it always did")


def displayed(frame: pl.DataFrame, config: Mapping[str, Any]) -> pl.DataFrame:
    """The frame as tables need it: shares (0 to 1) as percentages, and names of inside links as addresses."""
    shares = [
        name for name, column in config.items()
        if name in frame.columns and column and column.get("type_config", {}).get("format") == _PERCENT
    ]  # fmt: skip
    return links.with_addresses(frame.with_columns(pl.col(shares) * 100), config)


def of(frame: pl.DataFrame, **changes: Any) -> dict[str, Any]:
    """Configuration of the columns of `frame`; `changes` holds other labels (str), declarations, or None to hide."""
    config = {name: COLUMNS[name] for name in frame.columns}
    for name, change in changes.items():
        config[name] = config[name] | {"label": change} if isinstance(change, str) else change
    return config


def of_comparison(frame: pl.DataFrame, comparison: Comparison) -> dict[str, Any]:
    """Configuration of the columns of `compare_findings.table`: units depend on what is compared."""
    is_share = comparison.view == "share"
    count = partial(_number, format="%.1f") if comparison.measure == "derivatives" else _count
    measure = compare_text.measure_name(comparison)
    return of(
        frame,
        name=compare_text.KIND_NAMES[comparison.kind].capitalize(),
        value=count(f"{measure[0].upper()}{measure[1:]}"),
        change="Change, points" if is_share else "Change, %",
        peak=(_share if is_share else count)("Peak", help=COLUMNS["peak"]["help"]),
        **{name: _interval(name, comparison) for name in ("at", "since", "peak_at")},
    )


def as_given(frame: pl.DataFrame) -> dict[str, Any]:
    """Configuration of any table: text as text, even if it looks like a link, and days as days."""
    kinds: dict[Any, Any] = {pl.String: st.column_config.TextColumn(), pl.Date: _day()}
    return {name: kinds[kind] for name, kind in frame.schema.items() if kind in kinds}


def hub_url(repo_id: str) -> str:
    """The page of a repository on the Hub; a name of any form leads to the Hub and nowhere else."""
    return HUB + quote(repo_id, safe="/").lstrip("/")


def model_rows(models: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """Rows of the table of models; `names` are those of countries."""
    return models.select(
        "repo_id", _url(models["repo_id"]), "downloads_30d", "rank_30d", "change_30d_percent", "change_7d_percent",
        _origin("publisher_origin", names), "lab", _model_type(), "likes",
        "downloads_all_time", "family", "released_on", "params_total", "license", "read_on",
    )  # fmt: skip


def ranking_rows(found: pl.DataFrame, names: Mapping[str, str], *, has_hub: bool) -> pl.DataFrame:
    """Rows of a ranking; models and accounts have a page on the Hub."""
    hub = [_url(found["name"])] if has_hub else []
    return found.select(
        "rank", "rank_change", "name", *hub, "share", "downloads", "change_30d_percent", "change_30d",
        "change_7d_percent", "weeks", _origin("origin", names),
    )  # fmt: skip


def mixed_origin_rows(models: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    """Rows of models whose publisher and base model are of different countries."""
    roots = [cross_origin.roots_text(roots, names) for roots in models["roots"].to_list()]
    return models.select(
        "repo_id", _url(models["repo_id"]), "downloads_30d", _known_origin("publisher_origin", names),
        pl.Series("roots", roots, dtype=pl.String), _model_type(), "lab", "downloads_all_time",
    )  # fmt: skip


def momentum_rows(releases: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """Rows of new releases with their momentum."""
    return releases.select(
        "repo_id", _url(releases["repo_id"]), "ram_median", "ram_tenth", "age_days", "bucket_models",
        format.text_column(releases["size_bucket"], momentum.size_name, "size"), "released_on",
        _known_origin("publisher_origin", names), "lab", "ram_median_before", "ram_tenth_before", "age_before",
        "downloads_all_time",
    )  # fmt: skip


def contributor_rows(models: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """Rows of the models that moved the shares most."""
    whole = (pl.col(name).round().cast(pl.Int64) for name in ("earlier", "later", "difference"))
    moved = models.with_columns(pl.col("effect") * 100, pl.col("reason").replace(contributors.REASONS))
    origin = pl.col("code").replace_strict(names, return_dtype=pl.String).alias("origin")
    return moved.rename({"change": "difference"}).select(
        "repo_id", _url(models["repo_id"]), origin, "effect", "reason", *whole
    )


def largest_rows(largest: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """Rows of the largest labs or families."""
    return largest.select("name", "share", pl.col("downloads").round().cast(pl.Int64), "lab", _origin("origin", names))


def descendant_rows(descendants: pl.DataFrame, names: Mapping[str, str], most: int) -> pl.DataFrame:
    """Rows of the most downloaded descendants of a model, at most `most`."""
    first = descendants.sort("downloads_30d", "hub_id", descending=[True, False], nulls_last=True).head(most)
    repo_ids = dict(descendants.select("hub_id", "repo_id").iter_rows())
    base = pl.col("base_id").replace_strict(repo_ids, default=None, return_dtype=pl.String).alias("base")
    return first.select(
        "repo_id", _url(first["repo_id"]), _relation(), "steps", "downloads_30d", "weight", "credited_30d",
        _origin("publisher_origin", names), _model_type(), base,
    )  # fmt: skip


def root_rows(roots: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """Rows of the base models of a model; one that is known by name only has no link."""
    url = pl.when(pl.col("is_name_only").not_()).then(_url(roots["root_ref"])).alias("url")
    return roots.select("root_ref", url, "weight", "depth", _origin("root_origin", names), "lab", "family")


def link_rows(links: pl.DataFrame) -> pl.DataFrame:
    """Rows of the links that a model declares."""
    used = pl.when(pl.col("is_used")).then(pl.lit("Used")).otherwise(pl.lit("Not used"))
    return links.select(
        "child", "parent_ref", _relation(), used.alias("used"), "not_used_because", "parent", "resolved_by",
        "declared_in",
    )  # fmt: skip


def family_rows(models: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """Rows of the most downloaded models of a family."""
    return models.select(
        "repo_id", _url(models["repo_id"]), "credited_30d", "weight", "downloads_30d", "downloads_all_time",
        _origin("publisher_origin", names), _model_type(), "size_bucket", "released_on",
    )  # fmt: skip


def builder_rows(accounts: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """Rows of the accounts that build on a family or lab."""
    types = format.text_column(accounts["layers"], lambda codes: builders.joined(codes, builders.type_names()), "layer")
    formats = format.text_column(accounts["formats"], lambda codes: builders.joined(codes, rankings.FORMATS), "format")
    role = format.text_column(accounts["role"], lambda code: models_text.ROLES.get(code, code), "role")
    return accounts.select(
        "author", _url(accounts["author"]).alias("account"), "lab", role, _origin("origin", names), types, formats,
        "models", "credited_30d", "share",
    )  # fmt: skip


def release_rows(releases: pl.DataFrame) -> pl.DataFrame:
    """Rows of the releases of a lab."""
    return releases.select(
        "repo_id", _url(releases["repo_id"]), "released_on", "downloads_30d", "downloads_all_time", "likes", "family",
        "params_total", "license",
    )  # fmt: skip


def organisation_rows(organisations: pl.DataFrame) -> pl.DataFrame:
    """Rows of accounts of the registry, with why each counts where it does; a lab's name where there is one."""
    lab = [name for name in ("lab",) if name in organisations.columns]
    return organisations.select(
        "author", _url(organisations["author"]).alias("account"), "origin", *lab, "role", "contested", "since", "until",
        "successor", "models", "evidence", "note",
    )  # fmt: skip


def event_rows(events: pl.DataFrame) -> pl.DataFrame:
    """Rows of data issues, with a link to the repository where they are about one."""
    return events.select("day", "kind", "repo_id", _url(events["repo_id"]), "detail", "handling")


def _interval(name: str, comparison: Comparison) -> Any:
    label, meaning = COLUMNS[name]["label"], COLUMNS[name]["help"]
    if comparison.axes.x == "age":
        return _number(f"{label}, age", format="%d", help=f"{meaning}; days since release")
    return COLUMNS[name] | _day(label, format=_DAY_FORMATS[comparison.step], help=meaning)


def _url(names: pl.Series) -> pl.Series:
    return format.text_column(names, hub_url, "url")


def _origin(column: str, names: Mapping[str, str]) -> pl.Expr:
    return pl.col(column).replace(terms.all_origin_names(dict(names))).alias("origin")


def _known_origin(column: str, names: Mapping[str, str]) -> pl.Expr:
    return _origin(column, names).fill_null(terms.UNKNOWN_ORIGIN)


def _model_type() -> pl.Expr:
    return pl.col("layer").replace(vocabulary.layer_names())


def _relation() -> pl.Expr:
    return pl.col("relation").replace(lineage.RELATIONS)
