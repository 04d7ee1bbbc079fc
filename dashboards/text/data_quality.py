"""The data quality page: verdict, coverage, estimates and checks. Pure."""

import json
from collections.abc import Mapping
from datetime import date

import polars as pl

from dashboards.data import format
from tracker.api.citation import SCOPES

PARTS = {"days": "Days and crawls", "events": "Data issues", "estimates": "Estimates", "checks": "Checks"}

STATES = {
    "complete": "complete",
    "aside": "complete, counters set aside",
    "partial": "partial",
    "missing": "missing",
}
LETTERS = {"complete": "", "aside": "S", "partial": "P", "missing": "M"}
COLOURS = {"complete": "#386a83", "aside": "#8c41ed", "partial": "#e16f0e", "missing": "#8f8f8a"}
"""The letters show the states without colour; tests/dashboards/charts/test_colours.py measures the contrasts."""

STATES_MEANING = (
    "Complete: the listing was read to its end. Set aside (S): read to its end, but the Hub's counters had fallen or "
    "stalled on that day, so it is not used to estimate daily downloads. Partial (P): not read to its end and left out "
    "of sums. Missing (M): not read."
)

SHARES_OF = {"downloads": "Downloads", "models": "Models"}
LINEAGE_NAMES = {"known": "base model known", "held": "base model in the lake", "country": "base model with a country"}
DEVIATION_NAMES = {"deviation": "deviation"}

DEVIATION_MEANING = (
    "Before its first reading, a model's daily downloads are estimated from 30-day counts: all-time downloads minus "
    "those of the last 30 days should equal the counter 30 days earlier. Where that earlier day was read as well, the "
    "two are compared here. 0% is exact."
)
LINEAGE_MEANING = (
    "Base model known: its owner is known, or the model declares no base and counts as its own. Base model in the "
    "lake: it was read as a repository. Base model with a country: its owner is registered. The axis does not begin at "
    "0."
)
NO_FINDING = "All checks of this build passed."
CHECKS_MEANING = (
    "Each build checks its tables, for example that no download is lost between two tables. A failed check of severity "
    "fail keeps the old warehouse in place; one of severity warn is listed here."
)


def coverage_headline(days: pl.DataFrame, name: str) -> str:
    """How many days of a scope with this name were read completely, in part or not at all."""
    number = dict(days.group_by("state").len().iter_rows())
    whole = number.get("complete", 0) + number.get("aside", 0)
    span = f"{format.day(_day(days['day'].min()))} to {format.day(_day(days['day'].max()))}"
    parts = [f"{name[0].upper()}{name[1:]}, {span}: {whole:,} of {format.count(days.height, 'day')} read completely"]
    parts += [
        f"{number[state]:,} {word}"
        for state, word in (("partial", "read in part"), ("missing", "not read"))
        if state in number
    ]
    sentence = f"{', '.join(parts)}."
    if "aside" in number:
        sentence += f" The counters of {format.count(number['aside'], 'day')} were set aside."
    return sentence


def verdict(days: pl.DataFrame, events: int, deviations: pl.DataFrame, findings: int) -> str:
    """Days read, data issues, accuracy of estimates and checks of this build."""
    whole = days.filter(pl.col("state").is_in(["complete", "aside"])).height
    parts = [f"{whole:,} of {format.count(days.height, 'day')} were read completely."] if days.height else []
    aside = days.filter(pl.col("state") == "aside").height
    if aside:
        parts.append(
            f"On {aside:,} of them the Hub's counters had stalled or fallen, so they are not used for daily downloads."
        )
    parts.append(f"{format.count(events, 'data issue')} of counters and listings: see Data issues.")
    if deviations.height:
        share = format.percent(deviations["deviation_share"][-1], 2)
        parts.append(f"Estimates from before the first reading, where they can be checked, last deviated by {share}.")
    broken = (
        f"{format.count(findings, 'check')} of the tables failed" if findings else "All checks of the tables passed"
    )
    return f"{' '.join(parts)} {broken}."


def coverage_cells(days: pl.DataFrame) -> pl.DataFrame:
    """The days with the texts of their tooltips, in columns named as in the tooltip."""
    exact = format.text_column(days["models"], format.exact, "Models read", unknown=format.UNKNOWN)
    refused = format.text_column(days["refused"], format.exact, "Rows refused", unknown=format.UNKNOWN)
    state = pl.col("state").replace_strict(STATES, return_dtype=pl.String)
    why = pl.coalesce("incomplete_because", "kinds", pl.lit(""))
    return days.select(
        "day", "state", state.alias("State"), exact, refused,
        why.alias("Why"),
    )  # fmt: skip


def crawl_rows(crawls: pl.DataFrame) -> pl.DataFrame:
    """The table of crawls, with names of scopes and reasons of refused rows."""
    scope = pl.col("scope").replace(SCOPES)
    because = format.text_column(crawls["refused_because"], reasons)
    return crawls.with_columns(scope, refused_because=because)


def reasons(text: str) -> str:
    """The reasons of refused rows ({"reason": rows} as JSON) as text; other text is returned as it is."""
    try:
        found = json.loads(text)
    except ValueError:
        return text
    if not isinstance(found, dict):
        return text
    return "; ".join(f"{reason} ({rows})" for reason, rows in found.items())


def rows_shown(shown: int, total: int, singular: str) -> str:
    """How many of the rows a table shows."""
    if shown == total:
        return f"{format.count(total, singular)}, the latest first."
    return f"The latest {shown:,} of {format.count(total, singular)}."


def event_total(kinds: Mapping[str, int], chosen: tuple[str, ...]) -> int:
    """The number of events of the selected kinds, of all if none is selected."""
    return sum(number for kind, number in kinds.items() if not chosen or kind in chosen)


def deviation_lines(found: pl.DataFrame) -> pl.DataFrame:
    """The deviations as one line."""
    return found.select("day", code=pl.lit("deviation"), share="deviation_share")


def deviation_headline(found: pl.DataFrame) -> str:
    """The last and the largest deviation of estimates."""
    last, worst = found.row(-1, named=True), found.sort("deviation_share", descending=True).row(0, named=True)
    return (
        f"Estimates deviate from readings by {format.percent(last['deviation_share'], 2)} of 30-day downloads "
        f"({format.day(last['day'])}, {format.count(last['repositories'], 'model')}). Largest deviation: "
        f"{format.percent(worst['deviation_share'], 2)} on {format.day(worst['day'])}."
    )


def root_coverage(declared: tuple[float, float] | None) -> str:
    """How much has a root base model through a declared link; empty where that is unknown."""
    if declared is None:
        return ""
    downloads, models = declared
    return (
        f"By the last counters, {format.percent(downloads)} of 30-day downloads and {format.percent(models)} of models "
        "have a base model through a declared link; the others declare none that could be used and count as their own."
    )


def _day(value: object) -> date:
    assert isinstance(value, date)
    return value
