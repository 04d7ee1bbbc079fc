"""Decide whether a build can update the earlier warehouse or needs a full refresh, and give the reason."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb

from tracker.database import Connection, connect, one, refuse_open_elsewhere, rows
from tracker.domain import CRAWL, Manifest
from tracker.errors import DataError
from tracker.registry.entries import Registry
from tracker.warehouse.day_files import FOLDER as DAYS_FOLDER
from tracker.warehouse.day_files import DayFile, day_files
from tracker.warehouse.inputs import REGISTRY_CHANGES, concerns_repositories, manifest_sha256, registry_rows
from tracker.warehouse.sql_files import EARLIER, FOLDER, NEW, STATE_SCHEMA, Model
from tracker.warehouse.state_files import FOLDER as STATE_FILES_FOLDER
from tracker.warehouse.state_files import CarriedFile, state_files


@dataclass(frozen=True, slots=True)
class Plan:
    """Incremental build or full refresh."""

    since: date | None
    """Last day of the earlier warehouse, to which later days are added; None for a full refresh."""

    message: str
    """The choice and its reason, as one sentence."""

    changed: frozenset[str] | None = None
    """If there is no new day: the tables `registry_*` that differ from those of the earlier warehouse. Tables that read
    none of them are kept. None: every table can change."""

    is_slim: bool = False
    """Whether model_days and model_flows become day files."""


REGISTRY_TABLE = f"{STATE_SCHEMA}.registry_tables"
"""Table of the warehouse with the rows of each table of the registry that it was built from."""

OTHER_LAKE_TABLE = f"{STATE_SCHEMA}.other_lake"
"""Table of a warehouse that was built from another lake than that of the home: its address."""

SLIM_FROM_MODEL_DAYS = 5_000_000
"""Model-days in the lake from which a first build is slim. A single file then has more than 100 MB, which each
incremental build copies; a file of fewer is small enough to be moved alone, and reads one model's history faster."""

STORAGE_VERSION = "v1.2.0"
"""The oldest DuckDB that reads the file. Other programs, such as ibis, often have an older one than this program."""


@dataclass(frozen=True, slots=True)
class EarlierBuild:
    """What an earlier warehouse records about its own build."""

    registry: Mapping[str, str]
    """Table of the registry -> its rows as JSON."""

    sql_version: str
    last_day: date
    crawls: Mapping[str, str]
    """Crawl -> fingerprint of its manifest."""

    day_files: Sequence[DayFile] | None
    """Day files of a slim warehouse; None for a single file."""

    state_files: Sequence[CarriedFile] = ()
    """State files of a slim warehouse."""

    other_lake: str | None = None
    """Address of the lake that it was built from, if that is not the lake of the home."""


class FullRefreshNeededError(Exception):
    """New data changed something that an incremental build cannot update; the message says what."""


def full_refresh(reason: str, is_slim: bool = False) -> Plan:
    """Plan a full refresh for this reason."""
    return Plan(None, f"Full refresh: {reason}.", is_slim=is_slim)


def plan(
    file: Path, manifests: Sequence[Manifest], registry: Registry, *, full: bool, slim: bool | None = None
) -> Plan:
    """Plan a build from the earlier warehouse `file`, if there is one, and everything that has landed.

    `slim` chooses day files (True) or a single file (False); with None the build is like the earlier one, and a first
    build is slim if the lake is large. Raises HomeError if another program has that file open for writing, and
    DataError if the warehouse was built from another lake, of which the home lacks crawls.
    """
    given = "--full was given"
    if not file.exists():
        return _first_build(given if full else "there is no earlier warehouse", file.parent, manifests, slim)
    try:
        with connect(file, read_only=True) as connection:
            earlier = earlier_build(connection)
    except (duckdb.Error, ValueError) as problem:
        if isinstance(problem, duckdb.Error):
            refuse_open_elsewhere(file, problem)
        unreadable = "the earlier warehouse cannot be read, or an incompatible version built it"
        return _first_build(given if full else unreadable, file.parent, manifests, slim)
    if earlier.other_lake and not full:
        _refuse_other_lake(earlier, earlier.other_lake, manifests)
    is_slim = earlier.day_files is not None if slim is None else slim
    reason = given if full else reason_against(earlier, manifests)
    reason = reason or _reason_in_storage(earlier, file.parent, is_slim=is_slim)
    if reason:
        return full_refresh(reason, is_slim)
    current = registry_rows(registry)
    changed = frozenset(name for name, content in current.items() if earlier.registry.get(name) != content)
    message = "Incremental build: "
    if changed:
        message += f"updating what reads the changed registry ({', '.join(sorted(map(_registry_part, changed)))}), "
    days = sorted({str(manifest.day) for manifest in manifests if manifest.day > earlier.last_day})
    if not days:
        if changed and concerns_repositories(earlier.registry, current):
            changed |= {REGISTRY_CHANGES}
        message += f"no new day since {earlier.last_day}."
        return Plan(earlier.last_day, message, changed or None, is_slim)
    new_days = ", ".join(days) if len(days) < 4 else f"{len(days)} days from {days[0]} to {days[-1]}"
    message += f"adding {new_days} to the warehouse of {earlier.last_day}."
    return Plan(earlier.last_day, message, is_slim=is_slim)


def _first_build(reason: str, home: Path, manifests: Sequence[Manifest], slim: bool | None) -> Plan:
    """Plan a full refresh without a usable earlier warehouse: `slim`, else by the size of the lake."""
    if slim is not None:
        return full_refresh(reason, slim)
    if any((home / DAYS_FOLDER).rglob("*.parquet")):
        is_slim, because = True, f"the folder {DAYS_FOLDER} has files of an earlier build"
    else:
        count = sum(manifest.rows_read for manifest in manifests)
        is_slim = count >= SLIM_FROM_MODEL_DAYS
        limit = f"{SLIM_FROM_MODEL_DAYS:,}"
        because = f"the lake has {count:,} model-days, {limit} or more" if is_slim else f"fewer than {limit} model-days"
    kind = f"slim, with the folder {DAYS_FOLDER}" if is_slim else "a single file"
    flag = "--single-file" if is_slim else "--slim"
    planned = full_refresh(reason, is_slim)
    return replace(planned, message=f"{planned.message} The warehouse is {kind}: {because} ({flag} changes this).")


def unchanged_models(ordered: Sequence[Model], changed: Collection[str], needed: Collection[str]) -> frozenset[str]:
    """Names of the models that need no run if no day is new and only the tables `changed` differ.

    They read none of these, even indirectly. Temporary tables run only if another model that runs reads them, or if
    they are `needed`. Views always run, and so do tables of which another model reads the new rows.
    """
    affected = {"run_build", "lake_axis_days", "lake_axis_crawls", *changed}
    for model in ordered:
        read = {name.removeprefix(NEW).removeprefix(EARLIER) for name in model.reads} | model.depends_on
        if read & affected:
            affected.add(model.name)
    temporary = {model.name for model in ordered if model.is_temporary}
    runs = affected | (temporary & {*needed}) | {model.name for model in ordered if model.layer == "views"}
    for model in reversed(ordered):
        if model.name in runs:
            runs |= model.depends_on & temporary
            runs |= {name.removeprefix(NEW) for name in model.reads if name.startswith(NEW)}
    return frozenset(model.name for model in ordered if model.name not in runs)


def sql_version(folder: Path = FOLDER) -> str:
    """Return a fingerprint of the code that, with lake and registry, decides the content of the tables."""
    program = [Path(__file__).with_name(name) for name in ("runner.py", "inputs.py", "day_writer.py", "state_files.py")]
    queries = [path for path in folder.rglob("*.sql") if path.parent.name != "examples"]
    digest = hashlib.sha256(f"{duckdb.__version__} {STORAGE_VERSION}".encode())
    for path in sorted([*queries, folder / "columns.toml", *program]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _registry_part(table: str) -> str:
    return table.removeprefix("registry_").replace("_", " ")


def earlier_build(connection: Connection) -> EarlierBuild:
    """Return what an open warehouse records about its build."""
    [(sql, last_day)] = rows(connection, "select sql_version, (select max(day) from crawls) from build")
    registry = dict(rows(connection, f"select name, content from {REGISTRY_TABLE}"))
    crawls = dict(rows(connection, "select crawl, manifest_sha256 from crawls"))
    schema, table = OTHER_LAKE_TABLE.split(".")
    found = rows(
        connection,
        "select 1 from duckdb_tables() where database_name = current_database() and schema_name = ? and table_name = ?",
        [schema, table],
    )
    lake = str(one(connection, f"select address from {OTHER_LAKE_TABLE}")) if found else None
    return EarlierBuild(registry, sql, last_day, crawls, day_files(connection), state_files(connection), lake)


def _refuse_other_lake(earlier: EarlierBuild, address: str, manifests: Sequence[Manifest]) -> None:
    """Raise DataError if the home lacks crawls of the other lake: a build would lose them, or start from other days."""
    lacking = len(earlier.crawls.keys() - {manifest.crawl for manifest in manifests})
    if lacking:
        raise DataError(
            f"The warehouse was built from the lake {address}, and {lacking} of its {len(earlier.crawls)} crawls are "
            f"not in the lake of this home. Add new days to that lake and run `tracker build --full --engine spark "
            f"--lake {address}`, or give --full alone to build from the lake of this home. Nothing was changed."
        )


def reason_against(earlier: EarlierBuild, manifests: Sequence[Manifest]) -> str | None:
    """Return the first reason in versions and crawls that rules out an incremental build, or None."""
    if earlier.sql_version != sql_version():
        return "the table definitions have changed"
    landed = {manifest.crawl: manifest_sha256(manifest) for manifest in manifests}
    for crawl, fingerprint in sorted(earlier.crawls.items()):
        if crawl not in landed:
            return f"crawl {crawl} is in the earlier warehouse but no longer in the lake"
        if landed[crawl] != fingerprint:
            return f"crawl {crawl} was replaced"
    if reason := _reason_in_imports(earlier, manifests):
        return reason
    for manifest in manifests:
        if manifest.crawl not in earlier.crawls and manifest.day <= earlier.last_day:
            return f"crawl {manifest.crawl} arrived late: the earlier warehouse already ends on {earlier.last_day}"
    return None


def _reason_in_storage(earlier: EarlierBuild, home: Path, *, is_slim: bool) -> str | None:
    """The earlier rows must be stored in the same way, and be complete."""
    if (earlier.day_files is not None) != is_slim:
        kinds = ("a single file", "slim") if is_slim else ("slim", "a single file")
        return f"the earlier warehouse is {kinds[0]}, and this one is {kinds[1]}"
    groups: dict[str, Sequence[DayFile | CarriedFile]] = {
        DAYS_FOLDER: earlier.day_files or (),
        STATE_FILES_FOLDER: earlier.state_files,
    }
    for folder, files in groups.items():
        if missing := [file for file in files if not file.is_in(home)]:
            return f"{len(missing)} of {len(files)} files of the earlier warehouse are missing in {folder}"
    return None


def _reason_in_imports(earlier: EarlierBuild, manifests: Sequence[Manifest]) -> str | None:
    """Imported days change how other days are judged; this is final only before our last crawl."""
    imported = [manifest for manifest in manifests if manifest.source != CRAWL]
    for manifest in imported:
        if manifest.crawl not in earlier.crawls:
            return f"{manifest.crawl} was imported after the earlier build"
    crawled = [manifest.day for manifest in manifests if manifest.source == CRAWL and manifest.crawl in earlier.crawls]
    if imported and max(manifest.day for manifest in imported) >= max(crawled, default=date.min):
        return "some imported days are not before our last crawl"
    return None
