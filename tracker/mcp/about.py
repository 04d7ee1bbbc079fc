"""What the numbers of an answer count, and where they come from."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from threading import Lock
from typing import Any

import polars as pl

from tracker.api.citation import SCOPES, source
from tracker.api.tracker import Tracker
from tracker.database import Connection, arrow
from tracker.mcp.results import About
from tracker.sql.query import open_warehouse
from tracker.warehouse.build import FILE
from tracker.warehouse.documents import read_glossary

ATTRIBUTIONS = {
    "publisher": "publisher: a model counts for the organisation that published it. Accounts outside the registry are "
    "unaffiliated.",
    "root": "root (base model): a model counts for the makers of the base models it descends from, by weight.",
}
"""Lens -> what it means. Each counts every download once."""

_NO_ATTRIBUTION = "none: these are not sums by publisher or base model."

_MODELS = {"encoder": "encoders", "all": "models of all kinds"}
_TERMS = {
    "downloads": "Daily downloads",
    "downloads_30d": "30-day downloads",
    "downloads_all_time": "All-time downloads",
    "likes": "Likes",
}
_SIMULATED = "SIMULATED DATA: invented counters of real model names. Say so wherever you use these numbers."
_RECORDED = "These are recorded listings, a selection of the Hub: shares are of that selection."

_COVERAGE = """
select
    build.*, coverage.models, coverage.refused, coverage.is_complete,
    case when crawls.is_recorded then 'recorded' else coverage.scope end as scope,
    exists (select day from series_days where is_cut) as is_cut,
    (select downloads_known_share from lineage_coverage_days where day = build.last_day) as roots_known
from build
left join coverage_days as coverage on coverage.day = build.last_day and coverage.models is not null
left join crawls on crawls.day = coverage.day and crawls.scope = coverage.scope
order by coverage.models desc nulls last, coverage.scope
limit 1
"""

_ONE_AT_A_TIME = Lock()
"""Connections to one file share an instance, so a second one would read the file that a build has just replaced."""


@dataclass(frozen=True, slots=True)
class Warehouse:
    """The newest warehouse of a home, open for one request."""

    connection: Connection
    tracker: Tracker
    build: Mapping[str, Any]
    """The row of the table `build`, with the coverage of its last day."""

    def rows(self, sql: str, values: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Return the rows of a query of this program."""
        return self.tracker.run(sql, values or {}).to_dicts()

    def about(self, definition: str, counted: str, lens: str | None = None, notes: Sequence[str] = ()) -> About:
        """Describe numbers: their definition, what is counted, and the attribution where they are sums by one."""
        build = self.build
        scope = SCOPES.get(build["scope"], build["scope"] or "unknown")
        warnings = [_SIMULATED] if build["is_simulated"] else [_RECORDED] if build["scope"] == "recorded" else []
        return About(
            definition=definition, counted=counted, attribution=ATTRIBUTIONS[lens] if lens else _NO_ATTRIBUTION,
            scope=scope, coverage=self._coverage(lens), last_day=build["last_day"], is_simulated=build["is_simulated"],
            citation=source(
                build["program_version"], build["registry_version"], build["last_day"], scope, counted, lens,
                is_simulated=build["is_simulated"],
            ),
            notes=[*warnings, *notes],
        )  # fmt: skip

    def said(self, finding: str) -> str:
        """Return a finding that says of special data what they are, because it may be quoted alone."""
        if self.build["is_simulated"]:
            return f"Simulated data. {finding}"
        return f"Recorded listings, a selection of the Hub. {finding}" if self.build["scope"] == "recorded" else finding

    def _coverage(self, lens: str | None) -> str:
        build = self.build
        if build["models"] is None:
            return f"The coverage of {build['last_day']} is unknown."
        complete = {True: "complete", False: "incomplete", None: "completeness unknown"}[build["is_complete"]]
        parts = [f"{build['models']:,} models read on {build['last_day']}", complete]
        parts += [f"{build['refused']:,} rows refused"] if build["refused"] else []
        if lens == "root" and build["roots_known"] is not None:
            parts.append(f"base models known for {build['roots_known']:.2%} of downloads")
        cut = "; days with more are cut to the registered organisations" if build["is_cut"] else ""
        return f"{', '.join(parts)}{cut}."


@contextmanager
def opened(home: Path) -> Iterator[Warehouse]:
    """Open the newest warehouse of a home. Raises DataError, with the command to run, if there is none."""
    path = home / FILE
    with _ONE_AT_A_TIME, open_warehouse(path) as connection:
        run = partial(_run, connection)
        [build] = run(_COVERAGE, {}).to_dicts()
        yield Warehouse(connection, Tracker(path, run, checks_names=True), build)


def models_name(models: str) -> str:
    """Return the name of a task class, in any case, within a sentence."""
    return _MODELS.get(models.lower(), f"{models.lower()} models")


@lru_cache
def meaning(metric: str) -> str:
    """Return what a metric counts, in the words of the glossary."""
    terms = {term.term: term.meaning for term in read_glossary().terms}
    if metric == "models":
        return "Models listed at each reading, however small or little used."
    if metric == "likes":
        return terms["Likes"]
    mean = "Centred 7-day mean of daily downloads. " if metric == "downloads_7d_mean" else ""
    return f"{mean}{terms[_TERMS.get(metric, 'Daily downloads')]} Download: {terms['Download']} GGUF: {terms['GGUF']}"


def _run(connection: Connection, sql: str, values: Mapping[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(arrow(connection, sql, values or None))
