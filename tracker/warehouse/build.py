"""Build `tracker.duckdb` from lake and registry: write a new file, check it, then swap it in."""

import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

import duckdb

from tracker.database import Connection, connect, literal, one, rows
from tracker.domain import Manifest
from tracker.errors import DataError, UsageError
from tracker.lake import axis_days
from tracker.lake.lake import Lake, locked
from tracker.registry.entries import Registry
from tracker.warehouse.day_files import DayFile, day_files, save_day_files, set_home
from tracker.warehouse.day_writer import DayWriter, remove_unused
from tracker.warehouse.increment import (
    OTHER_LAKE_TABLE,
    REGISTRY_TABLE,
    STORAGE_VERSION,
    FullRefreshNeededError,
    Plan,
    full_refresh,
    plan,
    sql_version,
    unchanged_models,
)
from tracker.warehouse.inputs import create_lake_views, create_registry_tables, registry_rows
from tracker.warehouse.runner import run
from tracker.warehouse.sql_files import Check, ColumnComments, Model, checks, models
from tracker.warehouse.state_files import (
    CarriedFile,
    InternalTables,
    remove_unused_state,
    save_state_files,
    state_files,
)

FILE = "tracker.duckdb"
STATE_FILE = "tracker.state.duckdb"
"""The state of a dataset (`tracker pull --state`): a build starts from it instead of the warehouse, and removes it."""

FAILED = "tracker.failed.duckdb"
_NEW_FILE = f"{FILE}.new"
_SPILL_FOLDER = "tmp"
_DEFAULT_MEMORY = "60%"
_SMALL_LAKE_ROWS = 1_000_000
"""Smaller lakes are built with one thread: starting a second one takes longer than each query."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A check that found rows."""

    check: Check
    rows: int
    examples: tuple[str, ...]
    """The first few offending rows, as text."""


@dataclass(frozen=True, slots=True)
class BuildResult:
    """Outcome of a build."""

    path: Path
    days: int
    models: int
    findings: tuple[Finding, ...]
    unlisted_files: tuple[Path, ...]
    """Files in the lake that no manifest lists; they were ignored."""

    day_files: tuple[DayFile, ...] = ()
    """What a slim warehouse reads besides its file."""

    state_files: tuple[CarriedFile, ...] = ()
    """What the next build reads besides them."""

    @property
    def has_failed(self) -> bool:
        """True if a check of severity `fail` found rows; the earlier warehouse then stays in place."""
        return any(finding.check.fails for finding in self.findings)


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """Options of a build."""

    full: bool = False
    """Rebuild every table, even if an incremental build is possible."""

    memory: str | None = None
    """DuckDB's memory limit, such as '4GB' or '60%'; the rest is spilled to disk in the home."""

    slim: bool | None = None
    """Store model_days and model_flows as day files next to the warehouse (True), or all in one file (False). None: as
    the earlier build did; a first build is slim if the lake is large."""

    engine: "Engine | None" = None
    """Computes the tables of a full refresh in place of DuckDB, which then reads, checks and stores them."""


class Engine(Protocol):
    """Computes the tables of a full refresh elsewhere."""

    def lake(self, home: Path) -> Lake:
        """Return the lake that it reads: that of the home, or another one."""
        ...

    def compute(
        self,
        connection: Connection,
        lake: Lake,
        manifests: Sequence[Manifest],
        ordered: Sequence[Model],
        wanted: Collection[str],
        on_step: Callable[[str], None],
    ) -> Sequence[Model]:
        """Return models that read the results: those of the tables in the file and of those in `wanted`."""
        ...


@dataclass(frozen=True, slots=True)
class _Inputs:
    lake: Lake
    manifests: Sequence[Manifest]
    registry: Registry
    now: datetime
    memory: str
    on_step: Callable[[str], None]
    engine: Engine | None = None


def build(
    lake: Lake,
    registry: Registry,
    now: datetime,
    on_step: Callable[[str], None] = lambda step: None,
    options: BuildOptions | None = None,
    on_plan: Callable[[str], None] = lambda message: None,
) -> BuildResult:
    """Build the warehouse of a home: incrementally if that is safe, else with a full refresh.

    `on_step` receives the name of each table before it is built, `on_plan` the kind of build and its reason. Readers
    of the earlier file are never blocked and never see a partial build. Raises HomeError if the lake is damaged or
    another build is running, DataError if an SQL file is invalid or the lake is empty.
    """
    options = options or BuildOptions()
    with locked(lake.home, "build"):
        lake = options.engine.lake(lake.home) if options.engine else lake
        manifests = lake.manifests()
        inputs = _Inputs(lake, manifests, registry, now, options.memory or _DEFAULT_MEMORY, on_step, options.engine)
        with lake.explain_damage(manifests):
            earlier = earlier_file(lake.home)
            chosen = plan(earlier, manifests, registry, full=options.full, slim=options.slim)
            _refuse_unusable(lake, manifests)
            if earlier.name == STATE_FILE:  # it lacks the tables that could be kept
                chosen = replace(chosen, changed=None)
            try:
                result = _run_plan(inputs, chosen, on_plan)
            except Exception:
                _remove_leftovers(lake.home)  # on a full disk, others get the room back
                raise
        (lake.home / _NEW_FILE).replace(lake.home / (FAILED if result.has_failed else FILE))
        if not result.has_failed:
            for passed in (FAILED, STATE_FILE):
                (lake.home / passed).unlink(missing_ok=True)
            remove_unused(lake.home, result.day_files, now)
            remove_unused_state(lake.home, result.state_files)
        return result


def _run_plan(inputs: _Inputs, chosen: Plan, on_plan: Callable[[str], None]) -> BuildResult:
    """Write the new file as planned; fall back to a full refresh if the incremental build fails."""
    on_plan(chosen.message)
    if chosen.since:
        try:
            return _write(inputs, chosen.since, chosen.changed, is_slim=chosen.is_slim)
        except FullRefreshNeededError as problem:
            reason = str(problem)
        except (duckdb.Error, DataError, OSError) as problem:
            reason = f"the incremental build failed ({problem})"
        chosen = full_refresh(reason, chosen.is_slim)
        on_plan(chosen.message)
    inputs.lake.require_history("a full refresh reads all days")
    return _write(inputs, None, is_slim=chosen.is_slim)


def _write(
    inputs: _Inputs, since: date | None, changed: Collection[str] | None = None, *, is_slim: bool
) -> BuildResult:
    """Write and check the new file: from nothing, or from a copy of the warehouse up to `since`.

    With `changed`, tables of the registry, no day is new, and the tables of the copy that read none of them are kept.
    """
    home, new_file = inputs.lake.home, inputs.lake.home / _NEW_FILE
    _remove_leftovers(home)
    if since:
        shutil.copyfile(earlier_file(home), new_file)
    with connect(new_file, config={"storage_compatibility_version": STORAGE_VERSION}) as connection:
        is_small = _configure(connection, inputs)
        earlier_registry = _attach_earlier(connection, home) if since else None
        set_home(connection, home.resolve())
        scratch, earlier_days = home / _SPILL_FOLDER, day_files(connection) or ()
        writer = DayWriter(connection, home, scratch, earlier_days) if is_slim else None
        internal = InternalTables(connection, home, state_files(connection)) if is_slim else None
        create_lake_views(connection, inputs.lake, inputs.manifests, since, axis_days.manifests(inputs.lake))
        create_registry_tables(connection, inputs.registry, inputs.now, sql_version(), earlier_registry)
        all_checks = checks(connection)
        read_by_checks = frozenset().union(*(check.reads for check in all_checks))
        ordered: Sequence[Model] = models(connection)
        if inputs.engine and not since:
            reads = (connection, inputs.lake, inputs.manifests)
            ordered = inputs.engine.compute(*reads, ordered, read_by_checks, inputs.on_step)
        unchanged = unchanged_models(ordered, changed, read_by_checks) if changed else frozenset()
        if internal:
            ordered = internal.open(ordered, since, unchanged, None if is_small else scratch)
        run(connection, ordered, inputs.on_step, read_by_checks, since, unchanged, writer)
        _save_registry(connection, inputs.registry)
        _save_other_lake(connection, inputs.lake)
        findings = tuple(_findings(connection, all_checks))
        _save_findings(connection, findings)
        days = one(connection, "select count(distinct day) from model_days")
        count = one(connection, "select count(*) from models")
        written = _save_files(connection, writer, internal) if writer and internal else ((), ())
        connection.execute("set fsync_mode = 'STANDARD'; checkpoint")
    shutil.rmtree(home / _SPILL_FOLDER, ignore_errors=True)
    unlisted = tuple(inputs.lake.unlisted_files(list(inputs.manifests)))
    return BuildResult(home / FILE, days, count, findings, unlisted, *written)


def _save_files(
    connection: Connection, writer: DayWriter, internal: InternalTables
) -> tuple[tuple[DayFile, ...], tuple[CarriedFile, ...]]:
    """Write the state files, and list all files next to a slim warehouse."""
    days, state = tuple(writer.files), tuple(internal.save())
    save_day_files(connection, days)
    save_state_files(connection, state)
    return days, state


def _attach_earlier(connection: Connection, home: Path) -> dict[str, str]:
    """Attach the earlier warehouse as `earlier`; return the rows of the registry that it was built from."""
    connection.execute(f"attach {literal(str(earlier_file(home)))} as earlier (read_only)")
    return dict(rows(connection, f"select name, content from earlier.{REGISTRY_TABLE}"))


def _configure(connection: Connection, inputs: _Inputs) -> bool:
    """Set the resources of a build; return whether the lake is small."""
    connection.execute("set preserve_insertion_order = false")
    connection.execute("set fsync_mode = 'NONE'")  # the next build removes what a crash leaves of this file
    connection.execute(f"set temp_directory = {literal(str(inputs.lake.home / _SPILL_FOLDER))}")
    try:
        connection.execute(f"set memory_limit = {literal(inputs.memory)}")
    except duckdb.Error as problem:
        raise UsageError(f"--memory {inputs.memory} is not a size. Give one such as 4GB or 50%.") from problem
    is_small = sum(manifest.rows_read for manifest in inputs.manifests) < _SMALL_LAKE_ROWS
    if is_small:
        connection.execute("set threads = 1")
    return is_small


def earlier_file(home: Path) -> Path:
    """Return the file to which the next build adds days, whether it exists or not."""
    return home / STATE_FILE if (home / STATE_FILE).exists() else home / FILE


def _remove_leftovers(home: Path) -> None:
    """Remove the files of a killed or failed build. Its write-ahead log would else be replayed into the new file."""
    for leftover in (home / _NEW_FILE, home / f"{_NEW_FILE}.wal"):
        leftover.unlink(missing_ok=True)
    shutil.rmtree(home / _SPILL_FOLDER, ignore_errors=True)


def _refuse_unusable(lake: Lake, manifests: list[Manifest]) -> None:
    if not manifests:
        raise DataError(
            f"There is nothing to build from in {lake.home.resolve()}: no crawl has landed. "
            "Run `tracker crawl` first, or `tracker demo` to see the program with simulated data."
        )
    lake.check_files(manifests)


def _findings(connection: Connection, all_checks: Iterable[Check]) -> Iterator[Finding]:
    for check in all_checks:
        found = one(connection, f"select count(*) from ({check.sql})")
        if found:
            names = [name for name, *_ in rows(connection, f"describe {check.sql}")]
            examples = rows(connection, f"select * from ({check.sql}) order by all desc limit 5")
            yield Finding(
                check, found, tuple(", ".join(f"{n} {v}" for n, v in zip(names, row, strict=True)) for row in examples)
            )


def _save_registry(connection: Connection, registry: Registry) -> None:
    """Save the rows by which the next build knows what has changed."""
    connection.execute(f"create or replace table {REGISTRY_TABLE} (name varchar, content varchar)")
    connection.executemany(f"insert into {REGISTRY_TABLE} values (?, ?)", list(registry_rows(registry).items()))


def _save_other_lake(connection: Connection, lake: Lake) -> None:
    """Save which other lake the warehouse was built from. The home cannot always add days to it."""
    connection.execute(f"drop table if exists {OTHER_LAKE_TABLE}")
    if not lake.is_of_home:
        connection.execute(f"create table {OTHER_LAKE_TABLE} as select {literal(lake.address)} as address")


def _save_findings(connection: Connection, findings: Sequence[Finding]) -> None:
    """Create the public table `check_findings`."""
    connection.execute(
        "create table check_findings "
        "(check_name varchar, claim varchar, severity varchar, rows bigint, example varchar)"
    )
    for finding in findings:
        severity = "fail" if finding.check.fails else "warn"
        values = [finding.check.name, finding.check.claim, severity, finding.rows, finding.examples[0]]
        connection.execute("insert into check_findings values (?, ?, ?, ?, ?)", values)
    about = "A check that found rows in this build. An empty table means that all checks passed."
    ColumnComments.load().apply(connection, "check_findings", about)
