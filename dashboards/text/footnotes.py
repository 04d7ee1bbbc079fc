"""The status line of every page and the footnote of every chart: day, coverage, scope, source. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

import polars as pl

from dashboards.charts.axes import Thinning
from dashboards.data import format
from dashboards.data.warehouse import Build
from dashboards.text.terms import LENSES
from tracker.api.citation import SCOPES

_OLD_HOURS = 36
"""Data older than this are marked: a daily crawl was missed."""


class Age(NamedTuple):
    """How old the data are."""

    text: str
    is_old: bool
    """Whether a daily crawl must have been missed."""


def header(build: Build, coverage: pl.DataFrame) -> str:
    """The line at the top of every page: day, coverage and scope."""
    day = f"As of {format.day(build.last_day)}"
    if coverage.is_empty():
        return f"{day}. The coverage of this day is unknown."
    widest = coverage.row(0, named=True)
    refused = widest["refused"]
    parts = [
        _models_read(widest["models"]),
        "coverage unknown" if widest["is_complete"] is None else _completeness(widest["is_complete"]),
        *([f"{format.count(refused, 'row')} refused"] if refused else []),
    ]
    cut = "; of days with more, only these are counted" if widest["is_cut"] else ""
    return f"{day}: {', '.join(parts)}. Scope: {scope_of(coverage)}{cut}."


def short_history(since: date) -> str:
    """What a compact copy lacks, for pages that show the history of single models."""
    return f"Days of single models before {format.day(since)} are only in the dataset that this copy is from."


def age(build: Build, read_at: datetime | None, now: datetime) -> Age:
    """How old the data are: "Updated 3 hours ago". They are never younger than the end of their day."""
    end = datetime.combine(build.last_day + timedelta(days=1), time(), UTC)
    updated = end if read_at is None else min(read_at, end)
    hours = max(int((now - updated).total_seconds() // 3600), 0)
    if build.is_simulated:
        return Age(format.day(build.last_day), False)
    ago = "less than an hour" if hours == 0 else format.count(hours, "hour") if hours < 48 else f"{hours // 24} days"
    return Age(f"Updated {ago} ago", hours >= _OLD_HOURS)


def footnote(
    build: Build,
    coverage: pl.DataFrame,
    lens: str | None = None,
    missing_days: int = 0,
    thinning: Thinning | None = None,
) -> str:
    """Day, coverage, gaps, days left out, lens and source, as printed under every chart and in every exported one."""
    label = "Simulated data, not the real Hub. " if build.is_simulated else ""
    gaps = f" {format.count(missing_days, 'day')} without data left blank." if missing_days else ""
    days_shown = f" {_days_shown(thinning)}" if thinning else ""
    attribution = f" Attributed to: {LENSES[lens].lower()}." if lens else ""
    return (
        f"{label}{header(build, coverage)}{gaps}{days_shown}{attribution} "
        "Source: Hugging Face Hub counters, read by Open Model Tracker."
    )


def scope_of(coverage: pl.DataFrame) -> str:
    """The name of the widest scope that was read on the day."""
    if coverage.is_empty():
        return format.UNKNOWN
    scope = str(coverage["scope"][0])
    return SCOPES.get(scope, scope)


def covers_hub(coverage: pl.DataFrame) -> bool:
    """Whether the widest scope that was read on the day is the whole Hub."""
    return coverage.height > 0 and coverage["scope"][0] == "hub"


def covers_labs(coverage: pl.DataFrame) -> bool:
    """Whether only models of registered organisations were read on the day."""
    return coverage.height > 0 and coverage["scope"][0] == "labs"


def _days_shown(thinning: Thinning) -> str:
    period = "each week" if thinning.weeks == 1 else f"every {thinning.weeks} weeks"
    return f"Before {format.day(thinning.since)} only the last known day of {period} is shown."


def _models_read(models: int | None) -> str:
    return "number of models unknown" if models is None else f"{format.count(models, 'model')} read"


def _completeness(is_complete: bool) -> str:
    return "complete" if is_complete else "incomplete"
