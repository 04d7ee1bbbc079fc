"""Lake and registry to `tracker.duckdb`: a new file, built from warehouse/*.sql, checked, and only then swapped in."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from tracker.domain import Manifest
from tracker.duck import Connection, one, rows
from tracker.errors import DataError, HomeError
from tracker.lake import Lake, locked
from tracker.registry.entries import Registry
from tracker.sources import show_lake, show_registry
from tracker.sqlfiles import Check, Model, Words, checks, models
from tracker.sqltext import literal

FILE = "tracker.duckdb"
FAILED = "tracker.failed.duckdb"

BIG_TABLE_ROWS = 5_000_000


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


def build(lake: Lake, registry: Registry, now: datetime, on_step: Callable[[str], None] = lambda step: None) -> Built:
    """Builds the warehouse of a home. `on_step` hears the name of each table before it is made.

    Readers of the old file are never blocked and never see half a build. Raises HomeError if the lake is damaged or a
    build is running, DataError if a file of warehouse/ is wrong or there is nothing to build from.
    """
    with locked(lake.home, "build"):
        manifests = lake.manifests()
        _refuse_unusable(lake, manifests)
        beside = lake.home / f"{FILE}.new"
        beside.unlink(missing_ok=True)
        try:
            built = _built(beside, lake, manifests, registry, now, on_step)
        except (duckdb.Error, DataError):
            _refuse(_altered(lake, manifests))
            raise
        beside.replace(lake.home / (FAILED if built.has_failed else FILE))
        if not built.has_failed:
            (lake.home / FAILED).unlink(missing_ok=True)
        return built


def _built(
    path: Path,
    lake: Lake,
    manifests: Sequence[Manifest],
    registry: Registry,
    now: datetime,
    on_step: Callable[[str], None],
) -> Built:
    """A whole warehouse in the new file `path`, checked."""
    with duckdb.connect(str(path)) as connection:
        connection.execute("set timezone = 'UTC'; set preserve_insertion_order = false")
        connection.execute(f"set temp_directory = {literal(str(lake.home / 'tmp'))}")
        show_lake(connection, lake, manifests)
        show_registry(connection, registry, now)
        claims = checks(connection)
        run(connection, models(connection), on_step, kept=frozenset().union(*(check.reads for check in claims)))
        findings = tuple(_findings(connection, claims))
        _keep(connection, findings)
        days = one(connection, "select count(distinct day) from model_days")
        count = one(connection, "select count(*) from models")
    return Built(lake.home / FILE, days, count, findings, tuple(lake.strangers(list(manifests))))


def _refuse_unusable(lake: Lake, manifests: Sequence[Manifest]) -> None:
    if not manifests:
        raise DataError(
            f"There is nothing to build from in {lake.home.resolve()}: no crawl has landed. "
            "Run `tracker crawl` first, or `tracker demo` to see the program with simulated data."
        )
    _refuse(lake.damages(list(manifests)))


def _altered(lake: Lake, manifests: Sequence[Manifest]) -> list[str]:
    """A sentence for each file whose bytes are not those that landed; reads the whole lake, so only after a failure."""
    said = []
    for manifest in manifests:
        for file in manifest.files:
            with (lake.folder / file.path).open("rb") as content:
                if hashlib.file_digest(content, "sha256").hexdigest() != file.sha256:
                    said.append(f"{lake.folder / file.path} is not as crawl {manifest.crawl} wrote it")
    return said


def _refuse(damages: Sequence[str]) -> None:
    if damages:
        raise HomeError(
            "\n".join(damages)
            + "\nThe warehouse in place was left as it is. Restore these files (`tracker pull` or a backup), "
            "or crawl that day again with --force."
        )


def run(
    connection: Connection,
    ordered: Sequence[Model],
    on_step: Callable[[str], None] = lambda step: None,
    kept: Collection[str] | None = None,
) -> None:
    """Makes every model's view or table, in the given order, holds it to its grain, and comments the public ones.

    Given `kept`, a core table is dropped once no later model reads it, unless it is one of those. Raises DataError
    naming the SQL file that fails, breaks its grain, or has a column without a comment.
    """
    words = Words.load()
    last_reader = {name: model.name for model in ordered for name in model.reads}
    core = {model.name for model in ordered if model.layer == "core"}
    for model in ordered:
        on_step(model.name)
        kind = {"staging": "temp view", "core": "temp table", "marts": "table"}[model.layer]
        try:
            connection.execute(f"create {kind} {model.name} as {model.sql}")
        except duckdb.Error as problem:
            raise DataError(f"warehouse/{model.layer}/{model.name}.sql: {problem}") from problem
        if model.layer != "staging":
            _hold_to_grain(connection, model)
        if model.layer == "marts":
            words.comment(connection, model.name, model.about)
        if kept is not None:
            for name in sorted(model.reads & core - set(kept)):
                if last_reader[name] == model.name:
                    connection.execute(f"drop table {name}")


def _hold_to_grain(connection: Connection, model: Model) -> None:
    """Raises DataError if a row of the grain occurs twice; of a big table, one repository in sixteen is looked at."""
    grain = ", ".join(model.grain)
    rows_held = one(connection, f"select count(*) from {model.name}")
    some = "where hash(hub_id) % 16 = 0" if rows_held > BIG_TABLE_ROWS and "hub_id" in model.grain else ""
    twice = one(
        connection, f"select count(*) from (select 1 from {model.name} {some} group by {grain} having count(*) > 1)"
    )
    if twice:
        raise DataError(
            f"warehouse/{model.layer}/{model.name}.sql promises one row per ({grain}), but {twice} of them have several"
        )


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
