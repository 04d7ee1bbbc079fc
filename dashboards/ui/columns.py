"""Columns of the pages' tables: each column name has one label, help text, format and width.

A table lists the names it shows through the frame it is given, and may relabel a column where its context calls for it.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

import polars as pl
import streamlit as st

from dashboards.text import compare as compare_text
from dashboards.text import rulers as rulers_text
from dashboards.text import terms
from dashboards.text.comparison import Comparison
from dashboards.ui import links
from dashboards.ui.links import inside_link

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
    "author": inside_link("Account", "account", width=130),
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
        "Change, points",
        format="%.1f",
        help="Percentage points since 30 days earlier, without models first read since then; blank if unknown",
    ),
    "effect": _number("Effect, points", format="%+.2f", help="The model's share of all now, less its share before"),
    "reason": _text(
        "Reason", width="medium", help="Counter corrected: the Hub lowered its all-time counter between the two days"
    ),
    "earlier": _count("Before"),
    "later": _count("Now"),
    "role": _text("Role", help="What the account mostly publishes, by the registry"),
    "format": _text("Format or method", width="medium", help="Format of the files, or how it was made from others"),
    "contested": _text("Contested", help="Whether the country is disputed, and the other one"),
    "until": _day("Until", help="The last day on which the account belonged to it"),
    "successor": inside_link("Then", "account", help="The account that took over"),
    "note": _text("Note", width="large"),
    "own_30d": _count("Of its own models", help="30-day downloads of what the lab itself published"),
    # Rankings
    "rank": _number("Rank", width=45, help="By downloads among all that match; equal downloads share a rank"),
    "rank_change": _number("Rank, 30 days", format="%+d", width=90, help="Places gained in 30 days; blank if unknown"),
    "change_30d": _number(
        "Change", format="localized", help="Downloads more or fewer than in the same period 30 days earlier"
    ),
    "change_30d_percent": _number("30 days, %", format="%+.1f", help="Change over the same period 30 days earlier"),
    "change_7d_percent": _number(
        "7 days, %",
        format="%+.1f",
        help="The last seven known days against the seven before; it may move against a longer period",
    ),
    "is_new": _check("New", help="Created in the last 30 days, so all its downloads are the change"),
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
    # Rulers
    "ruler": _text("Ruler"),
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
    "ram_median": _number(
        "RAM, median", format="%.2f", width=95, help="Divided by the median of the ten; 1 is typical"
    ),
    "baseline_median": _count(
        "Median of the ten", help="All-time downloads of the leaders at that age, by which RAM divides"
    ),
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
    "evidence": _text("Evidence", width=215),
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
    "step": _text("Step", width=230),
    "moved": _text("Effect", width=100),
    "share_after": _text("Share", width=80),
    "explanation": _text("What it is", width=480),
    "gap": _text("Gap", width=95, help="Ours minus published; blank where the dates differ"),
    "reference": _text("Reference"),
}

# Declarations for a table in which the name means something else.
ATTRIBUTE, ATTRIBUTE_VALUE = _text("Attribute", width="small"), _text("Value", width="medium")
FIGURE, COMPARISON = _text("Figure", width=190), _text("How ours compares", width=365)
MODELS_BY_WEIGHT = _number("Models, by weight", format="%.1f", help="A copy of a merge of two families counts half")


WRAPPED = 96
"""Pixels of a row in which long texts wrap to up to four lines."""

_WIDE_EVIDENCE, WRAPPED_ONCE = 430, 72
"""Pixels of the evidence where the screen is wide, and of a row in which it wraps; Streamlit wraps none below 70."""

RANK_AMONG_RISERS = _number("Rank by downloads", width=130, help=COLUMNS["rank"]["help"])

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


def blank(frame: pl.DataFrame) -> dict[str, None]:
    """The columns without any known value, to hide them: name -> None."""
    return {name: None for name in frame.columns if frame[name].count() == 0}


def of_accounts(frame: pl.DataFrame, *, is_phone: bool) -> dict[str, Any]:
    """Configuration of accounts of the registry, without the columns in which no account has a value.

    On a phone the evidence is narrow, so that it is in view.
    """
    wide = {} if is_phone else {"evidence": _text("Evidence", width=_WIDE_EVIDENCE)}
    return of(frame, **{"models": "Listed models", "since": HELD_SINCE, **wide, **blank(frame)})


def of_contributors(frame: pl.DataFrame) -> dict[str, Any]:
    """Configuration of the models that moved the shares: their change is a number of downloads or likes."""
    # On a phone the name, the effect and the reason are in view.
    name = inside_link("Model", "model", width=195)
    return of(frame, repo_id=name, difference=_number("Change", format="localized"))


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


def of_rulers(frame: pl.DataFrame) -> dict[str, Any]:
    """Configuration of labs on several rulers: a share and a rank on each, and how many places they differ."""
    found = {"lab": COLUMNS["lab"]}
    for name in frame.columns:
        kind, _, axis = name.partition("_")
        ruler = rulers_text.SHORT_NAMES.get(axis, axis)
        if kind == "share":
            found[name] = _share(f"Share, {ruler}")
        elif kind == "rank":
            found[name] = _number(f"Rank, {ruler}")
        elif kind == "places":
            meaning = "Rank by downloads on Hugging Face less the rank there; blank if it is not on both"
            found[name] = _number(f"Places, {ruler}", format="%+d", help=meaning)
    return found


def of_chart(frame: pl.DataFrame) -> dict[str, Any]:
    """Configuration of the data of any chart: days as days, shares in per cent, numbers with separators."""
    return {name: _by_kind(name, kind) for name, kind in frame.schema.items()}


def _by_kind(name: str, kind: Any) -> Any:
    label = COLUMNS[name]["label"] if name in COLUMNS else name.replace("_", " ").capitalize()
    if kind == pl.Date:
        return _day(label)
    if kind.is_integer():
        return _count(label)
    if kind.is_float():
        return _share(label) if name == "share" or name.endswith("_share") else _number(label, format="%.2f")
    return _text(label)


def as_given(frame: pl.DataFrame) -> dict[str, Any]:
    """Configuration of any table: text as text, even if it looks like a link, and days as days."""
    kinds: dict[Any, Any] = {pl.String: st.column_config.TextColumn(), pl.Date: _day()}
    return {name: kinds[kind] for name, kind in frame.schema.items() if kind in kinds}


def _interval(name: str, comparison: Comparison) -> Any:
    label, meaning = COLUMNS[name]["label"], COLUMNS[name]["help"]
    if comparison.axes.x == "age":
        return _number(f"{label}, age", format="%d", help=f"{meaning}; days since release")
    return COLUMNS[name] | _day(label, format=_DAY_FORMATS[comparison.step], help=meaning)
