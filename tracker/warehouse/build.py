"""Lake and registry to `tracker.duckdb`: a new file, built from warehouse/*.sql, checked, and only then swapped in."""

import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from tracker.database import Connection, literal, one, rows
from tracker.domain import Manifest
from tracker.errors import DataError, UsageError
from tracker.lake.lake import Lake, locked
from tracker.registry.entries import Registry
from tracker.warehouse.increment import NotCarried, Plan, anew, plan, sql_version
from tracker.warehouse.inputs import show_lake, show_registry
from tracker.warehouse.runner import run
from tracker.warehouse.sql_files import Check, Words, checks, models

FILE = "tracker.duckdb"
FAILED = "tracker.failed.duckdb"
_BESIDE = f"{FILE}.new"
_SPILL = "tmp"


@dataclass(frozen=True, slots=True)
class Finding:
    """A check that found rows."""

    check: Check
    rows: int
    examples: tuple[str, ...]
    """The first few offending rows, in words."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build ended with."""

    path: Path
    days: int
    models: int
    findings: tuple[Finding, ...]
    strangers: tuple[Path, ...]
    """Files in the lake that no manifest names; they were not read."""

    @property
    def has_failed(self) -> bool:
        """True if a check of severity `fail` found rows; the old warehouse is then still in place."""
        return any(finding.check.fails for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a build is wanted."""

    full: bool = False
    """Everything anew, whatever is there."""

    memory: str | None = None
    """DuckDB's limit, such as '4GB' or '60%'; what is beyond goes to the home's disk."""


MEMORY = "60%"
_FEW_ROWS = 1_000_000
"""Of a smaller lake each table is made sooner than a second thread has begun."""


@dataclass(frozen=True, slots=True)
class _Task:
    """What a build is made from."""

    lake: Lake
    manifests: Sequence[Manifest]
    registry: Registry
    now: datetime
    memory: str
    on_step: Callable[[str], None]


def build(
    lake: Lake,
    registry: Registry,
    now: datetime,
    on_step: Callable[[str], None] = lambda step: None,
    wishes: Wishes | None = None,
    on_plan: Callable[[str], None] = lambda said: None,
) -> Built:
    """Builds the warehouse of a home: from the one before it and what has landed since, if that is safe, else anew.

    `on_step` hears the name of each table before it is made, `on_plan` which way is gone and why. Readers of the old
    file are never blocked and never see half a build. Raises HomeError if the lake is damaged or a build is running,
    DataError if a file of warehouse/ is wrong or there is nothing to build from.
    """
    with locked(lake.home, "build"):
        manifests = lake.manifests()
        _refuse_unusable(lake, manifests)
        wishes = wishes or Wishes()
        task = _Task(lake, manifests, registry, now, wishes.memory or MEMORY, on_step)
        with lake.naming_damage(manifests):
            built = _built(task, plan(lake.home / FILE, manifests, registry, full=wishes.full), on_plan)
        (lake.home / _BESIDE).replace(lake.home / (FAILED if built.has_failed else FILE))
        if not built.has_failed:
            (lake.home / FAILED).unlink(missing_ok=True)
        return built


def _built(task: _Task, way: Plan, on_plan: Callable[[str], None]) -> Built:
    """A whole warehouse in the new file, by the way planned; anew if that way turns out to be closed."""
    on_plan(way.said)
    if way.since:
        try:
            return _made(task, way.since)
        except NotCarried as problem:
            on_plan(anew(str(problem)).said)
        except (duckdb.Error, DataError, OSError) as problem:
            on_plan(anew(f"the earlier warehouse could not be added to ({problem})").said)
    return _made(task, None)


def _made(task: _Task, since: date | None) -> Built:
    """The new file: empty at first, or a copy of the warehouse that reaches to `since`; filled and checked."""
    lake, beside = task.lake, task.lake.home / _BESIDE
    _clear(lake.home)
    if since:
        shutil.copyfile(lake.home / FILE, beside)
    with duckdb.connect(str(beside)) as connection:
        connection.execute("set timezone = 'UTC'; set preserve_insertion_order = false")
        connection.execute("set fsync_mode = 'NONE'")  # what a fallen machine leaves here is cleared by the next build
        connection.execute(f"set temp_directory = {literal(str(lake.home / _SPILL))}")
        _limit(connection, task.memory)
        if sum(manifest.rows_read for manifest in task.manifests) < _FEW_ROWS:
            connection.execute("set threads = 1")
        if since:
            connection.execute(f"attach {literal(str(lake.home / FILE))} as earlier (read_only)")
        show_lake(connection, lake, task.manifests, since)
        show_registry(connection, task.registry, task.now, sql_version())
        claims = checks(connection)
        read = frozenset().union(*(check.reads for check in claims))
        run(connection, models(connection), task.on_step, kept=read, since=since)
        findings = tuple(_findings(connection, claims))
        _keep(connection, findings)
        days = one(connection, "select count(distinct day) from model_days")
        count = one(connection, "select count(*) from models")
        connection.execute("set fsync_mode = 'STANDARD'; checkpoint")
    return Built(lake.home / FILE, days, count, findings, tuple(lake.strangers(list(task.manifests))))


def _clear(home: Path) -> None:
    """Removes what a build that was killed has left: its file, the log to it that fits no other, what it spilled."""
    for left in (home / _BESIDE, home / f"{_BESIDE}.wal"):
        left.unlink(missing_ok=True)
    shutil.rmtree(home / _SPILL, ignore_errors=True)


def _limit(connection: Connection, memory: str) -> None:
    try:
        connection.execute(f"set memory_limit = {literal(memory)}")
    except duckdb.Error as problem:
        raise UsageError(f"--memory {memory}: say how much, as in 4GB or 50%") from problem


def _refuse_unusable(lake: Lake, manifests: list[Manifest]) -> None:
    if not manifests:
        raise DataError(
            f"There is nothing to build from in {lake.home.resolve()}: no crawl has landed. "
            "Run `tracker crawl` first, or `tracker demo` to see the program with simulated data."
        )
    lake.refuse_damage(manifests)


def _keep(connection: Connection, findings: Sequence[Finding]) -> None:
    """The public table `check_findings`: what the checks found in this build."""
    connection.execute(
        "create table check_findings "
        "(check_name varchar, claim varchar, severity varchar, rows bigint, example varchar)"
    )
    for finding in findings:
        severity = "fail" if finding.check.fails else "warn"
        values = [finding.check.name, finding.check.claim, severity, finding.rows, finding.examples[0]]
        connection.execute("insert into check_findings values (?, ?, ?, ?, ?)", values)
    Words.load().comment(
        connection, "check_findings", "A check of this build that found rows; no row means that all claims hold."
    )


def _findings(connection: Connection, all_checks: Iterable[Check]) -> Iterable[Finding]:
    for check in all_checks:
        found = one(connection, f"select count(*) from ({check.sql})")
        if found:
            names = [name for name, *_ in rows(connection, f"describe {check.sql}")]
            examples = rows(connection, f"select * from ({check.sql}) limit 5")
            yield Finding(
                check, found, tuple(", ".join(f"{n} {v}" for n, v in zip(names, row, strict=True)) for row in examples)
            )
