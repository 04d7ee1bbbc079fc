"""What the page of data quality says. Pure."""

import json
from collections.abc import Mapping
from datetime import date

import polars as pl

from dashboards.data import format
from dashboards.text.terms import SCOPES

PARTS = {"days": "Days and crawls", "events": "Events", "estimates": "Estimates", "checks": "Checks"}

STATES = {
    "complete": "complete",
    "aside": "complete, counters set aside",
    "partial": "partial",
    "missing": "missing",
}
LETTERS = {"complete": "", "aside": "S", "partial": "P", "missing": "M"}
COLOURS = {"complete": "#386a83", "aside": "#8c41ed", "partial": "#e16f0e", "missing": "#8f8f8a"}
"""The letters say the same without colour; tests/dashboards/charts/test_colours.py measures the contrasts."""

STATES_MEANING = (
    "Complete: the listing was read to its end. Set aside (S): read to its end, but the Hub's counters of that day had "
    "fallen back or stood still, so that no daily downloads begin or end there. Partial (P): not read to its end, and "
    "counted in no sum. Missing (M): not read at all."
)

SHARES_OF = {"downloads": "Downloads", "models": "Models"}
LINEAGE_NAMES = {"known": "root known", "held": "root in the lake", "country": "root with a country"}
DEVIATION_NAMES = {"deviation": "deviation"}

DEVIATION_MEANING = (
    "Before its first reading, a model's daily downloads are told by its 30-day counts: all-time downloads less those "
    "of the last 30 days must have stood on the counter 30 days before. Where that earlier day was read as well, the "
    "two can be compared. 0% would be exact."
)
LINEAGE_MEANING = (
    "Root known: the owner of the base that a model descends from is known, or the model declares no base and counts "
    "as its own root. Root in the lake: that base was read as a repository. Root with a country: its owner is "
    "registered. The axis does not begin at 0."
)
NO_FINDING = "No check of this build found a row that breaks its claim."
CHECKS_MEANING = (
    "Each build holds the tables to claims, such as that no download is lost between two tables. A broken claim of "
    "severity fail keeps the old warehouse in place; one of severity warn is told here."
)


def coverage_headline(days: pl.DataFrame, scope: str) -> str:
    """How many days of a scope were read whole, and what happened to the others."""
    number = dict(days.group_by("state").len().iter_rows())
    whole = number.get("complete", 0) + number.get("aside", 0)
    span = f"{format.day(_day(days['day'].min()))} to {format.day(_day(days['day'].max()))}"
    said = [
        f"{SCOPES.get(scope, scope)[0].upper()}{SCOPES.get(scope, scope)[1:]}, {span}: "
        f"{whole:,} of {format.count(days.height, 'day')} read to the end"
    ]
    said += [
        f"{number[state]:,} {word}"
        for state, word in (("partial", "read in part"), ("missing", "not read"))
        if state in number
    ]
    sentence = f"{', '.join(said)}."
    if "aside" in number:
        sentence += f" The counters of {format.count(number['aside'], 'day')} were set aside."
    return sentence


def verdict(days: pl.DataFrame, events: int, deviations: pl.DataFrame, findings: int) -> str:
    """What this build can be trusted for, in a few sentences: days read, oddities, estimates, checks."""
    whole = days.filter(pl.col("state").is_in(["complete", "aside"])).height
    said = [f"{whole:,} of {format.count(days.height, 'day')} were read to the end."] if days.height else []
    aside = days.filter(pl.col("state") == "aside").height
    if aside:
        said.append(
            f"On {aside:,} of them the Hub's counters had stalled or fallen back, and bound no daily downloads."
        )
    said.append(f"{format.count(events, 'oddity', 'oddities')} of counters and listings stand under Events.")
    if deviations.height:
        share = format.percent(deviations["deviation_share"][-1], 2)
        said.append(f"Where estimates from before the first reading can be checked, they were last off by {share}.")
    broken = f"{format.count(findings, 'check')} of the tables failed" if findings else "All checks of the tables held"
    return f"{' '.join(said)} {broken} when they were built."


def coverage_cells(days: pl.DataFrame) -> pl.DataFrame:
    """The days with what a pointer is told of each; the columns are the words shown."""
    exact = format.text_column(days["models"], format.exact, "Models read", unknown=format.UNKNOWN)
    refused = format.text_column(days["refused"], format.exact, "Rows set aside", unknown=format.UNKNOWN)
    state = pl.col("state").replace_strict(STATES, return_dtype=pl.String)
    why = pl.coalesce("incomplete_because", "kinds", pl.lit(""))
    return days.select(
        "day", "state", state.alias("State"), exact, refused,
        why.alias("Why"),
    )  # fmt: skip


def crawl_rows(crawls: pl.DataFrame) -> pl.DataFrame:
    """The crawls as a table: scope and reasons in words."""
    scope = pl.col("scope").replace(SCOPES)
    because = format.text_column(crawls["refused_because"], reasons)
    return crawls.with_columns(scope, refused_because=because)


def reasons(text: str) -> str:
    """The reasons of refused rows ({"reason": rows} as JSON) in words; text of another shape as it stands."""
    try:
        found = json.loads(text)
    except ValueError:
        return text
    if not isinstance(found, dict):
        return text
    return "; ".join(f"{reason} ({rows})" for reason, rows in found.items())


def rows_shown(shown: int, total: int, singular: str) -> str:
    """How much of what there is a table holds."""
    if shown == total:
        return f"{format.count(total, singular)}, the latest first."
    return f"The latest {shown:,} of {format.count(total, singular)}."


def event_total(kinds: Mapping[str, int], chosen: tuple[str, ...]) -> int:
    """How many events there are of the chosen kinds, all if none is chosen."""
    return sum(number for kind, number in kinds.items() if not chosen or kind in chosen)


def deviation_lines(found: pl.DataFrame) -> pl.DataFrame:
    """The deviations as one line."""
    return found.select("day", code=pl.lit("deviation"), share="deviation_share")


def deviation_headline(found: pl.DataFrame) -> str:
    """How far off the last comparison was, and the worst."""
    last, worst = found.row(-1, named=True), found.sort("deviation_share", descending=True).row(0, named=True)
    return (
        f"On {format.day(last['day'])}, counters of 30 days before as told by 30-day counts were off those read "
        f"by {format.percent(last['deviation_share'], 2)} of the 30-day downloads, over "
        f"{format.count(last['repositories'], 'model')}. The largest deviation was "
        f"{format.percent(worst['deviation_share'], 2)}, on {format.day(worst['day'])}."
    )


def root_coverage(declared: tuple[float, float] | None) -> str:
    """How much has a root by a declared link, and how much counts as its own; empty where neither is known."""
    if declared is None:
        return ""
    downloads, models = declared
    return (
        f"By the last counters, {format.percent(downloads)} of 30-day downloads and {format.percent(models)} of models "
        "go back to a root through a declared base; the others declare none that could be used and count as their own "
        "root."
    )


def _day(value: object) -> date:
    assert isinstance(value, date)
    return value
