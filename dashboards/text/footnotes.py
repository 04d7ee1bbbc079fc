"""Where the figures stand: day, coverage, scope, source. Said on every page and under every chart. Pure."""

import polars as pl

from dashboards.charts.thinning import Thinning
from dashboards.data import format
from dashboards.data.warehouse import Build
from dashboards.text.terms import SCOPES


def header(build: Build, coverage: pl.DataFrame) -> str:
    """The line at the top of every page: day, coverage and scope."""
    day = f"As of {format.day(build.last_day)}"
    if coverage.is_empty():
        return f"{day}. Nothing is recorded about the coverage of this day."
    widest = coverage.row(0, named=True)
    refused = widest["refused"]
    parts = [
        _models_read(widest["models"]),
        "coverage unknown" if widest["is_complete"] is None else _completeness(widest["is_complete"]),
        *([f"{format.count(refused, 'row')} set aside"] if refused else []),
    ]
    return f"{day}. {', '.join(parts)}. Scope: {scope_of(coverage)}."


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
    shown = f" {_shown(thinning)}" if thinning else ""
    counted = f" Lens: {lens}." if lens else ""
    return (
        f"{label}{header(build, coverage)}{gaps}{shown}{counted} "
        "Source: counters of the Hugging Face Hub, read by Open Model Tracker."
    )


def scope_of(coverage: pl.DataFrame) -> str:
    """The widest scope that was read of the day, in words."""
    if coverage.is_empty():
        return format.UNKNOWN
    scope = str(coverage["scope"][0])
    return SCOPES.get(scope, scope)


def _shown(thinning: Thinning) -> str:
    every = "each week" if thinning.weeks == 1 else f"every {thinning.weeks} weeks"
    return f"Before {format.day(thinning.since)} the last known day of {every} is shown, from then on every day."


def _models_read(models: int | None) -> str:
    return "number of models unknown" if models is None else f"{format.count(models, 'model')} read"


def _completeness(is_complete: bool) -> str:
    return "complete" if is_complete else "incomplete"
