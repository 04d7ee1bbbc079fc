"""The page of published figures: summary, table rows, and reading a list of models. Pure."""

import csv
import io
from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from dashboards.data import format

SIMULATED = (
    "These data are simulated. The figures below show how a comparison works; they cannot be compared with published "
    "ones."
)

NOTE = (
    "Our figure has the scope and definition of the published one, or is left out. A figure of another time has its "
    "own days and no gap. Counts of repositories and derivatives exclude what was deleted before the reading. "
    "Published figures are quoted; their data and code are not checked here."
)

NOT_IN_ADDRESS = "The list is not part of this page's address: to see the same, others must load it too."
"""The address holds everything else that a reader chose."""

STATES = {"all": "All", "same": "Same time", "later": "Later time", "none": "None"}

_COLUMN = "modelId"
_MOST_NAMES = 50_000


def summary(figures: pl.DataFrame) -> str:
    """How many of the published figures could be computed here."""
    same = figures.filter(pl.col("is_same_time")).height
    computed = figures.filter(pl.col("is_computable")).height
    return (
        f"{format.count(figures.height, 'published figure')}: {same} computed for the published time, "
        f"{computed - same} for a later time, {figures.height - computed} not computable from these data."
    )


def of_state(figures: pl.DataFrame, state: str) -> pl.DataFrame:
    """The figures in one of STATES."""
    same = pl.col("is_same_time").fill_null(False)
    wanted = {
        "all": pl.lit(True),
        "same": same,
        "later": pl.col("is_computable") & ~same,
        "none": ~pl.col("is_computable"),
    }
    return figures.filter(wanted[state])


def figure_rows(figures: pl.DataFrame) -> pl.DataFrame:
    """The table of figures: title, published, ours, our period, gap, reason, source."""
    return pl.DataFrame([_row(figure) for figure in figures.iter_rows(named=True)], schema=_SHOWN)


def list_names(content: bytes) -> tuple[str, ...] | str:
    """The sorted names of the models in a CSV file with a column modelId, or what is wrong with the file."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "The file is not UTF-8 text. Load a CSV file with a column modelId."
    read = csv.DictReader(io.StringIO(text))
    try:
        if _COLUMN not in (read.fieldnames or ()):
            return (
                f"The file has no column {_COLUMN}. It must have one with names such as owner/name, like ATOM's list."
            )
        names = {(row[_COLUMN] or "").strip() for row in read} - {""}
    except csv.Error:
        return "The file is not CSV. Load a CSV file with a column modelId."
    if not names:
        return f"The column {_COLUMN} of the file is empty."
    if len(names) > _MOST_NAMES:
        return f"The list has {len(names):,} names; at most {_MOST_NAMES:,} are read."
    return tuple(sorted(names))


def list_summary(names: int, listed: pl.DataFrame) -> str:
    """How many names of the list are repositories in these data, and how many of those were read on the day counted."""
    if listed.is_empty():
        return f"Of {format.count(names, 'name')} in the list, 0 match a repository by name, {names:,} do not."
    # Figures of one published time have the same day; those of the first are told.
    matched, read, counted, day = listed.select("matched", "read_on_day", "counted", "our_until").row(0)
    parts = [
        f"Of {format.count(names, 'name')} in the list, {matched:,} match a repository by name, "
        f"{names - matched:,} do not.",
        f"Counters are of {format.day(day)}; read on that day: {read:,}, not read: {matched - read:,}.",
    ]
    if counted < read:
        parts.append(f"Without a known all-time counter: {read - counted:,}.")
    parts.append(NOT_IN_ADDRESS)
    return " ".join(parts)


_SHOWN = {
    **{name: pl.String for name in ("title", "published", "period", "ours", "our_period", "gap", "because")},
    **{name: pl.String for name in ("source", "scope", "definition", "reference")},
}


def _row(figure: Mapping[str, Any]) -> dict[str, str | None]:
    return {
        "title": figure["title"],
        "published": figure["as_published"],
        "period": figure["period"],
        "ours": _amount(figure["our_value"], figure["unit"]),
        "our_period": _days(figure["our_since"], figure["our_until"]),
        "gap": _gap(figure["gap"], figure["unit"]),
        "because": figure["because"],
        "source": figure["source"],
        "scope": figure["scope"],
        "definition": figure["definition"],
        "reference": figure["reference"],
    }


def _amount(value: float | None, unit: str) -> str:
    if value is None:
        return "not computable from these data"
    return format.percent(value) if unit == "share" else format.exact(value)


def _gap(gap: float | None, unit: str) -> str | None:
    if gap is None:
        return None
    return format.points(gap) if unit == "share" else f"{gap:+,.0f}"


def _days(first: date | None, last: date | None) -> str | None:
    if first is None or last is None:
        return None
    return format.day(last) if first == last else f"{format.day(first)} – {format.day(last)}"
