"""Provide what the SQL files read: the lake as views `lake_*`, the registry as `registry_*`, and `run_build`."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa

from tracker.database import Connection, literal
from tracker.domain import CRAWL, Manifest
from tracker.lake import axis_days
from tracker.lake.axis_days import AxisManifest
from tracker.lake.lake import Lake
from tracker.lake.writer import SCHEMAS
from tracker.registry.entries import Registry
from tracker.registry.tables import tables
from tracker.version import VERSION

REGISTRY_CHANGES = "registry_changes"
"""Table of the entries of the registry that have changed since the earlier build."""

_SQL_TYPES: dict[pa.DataType, str] = {
    pa.string(): "varchar",
    pa.int32(): "integer",
    pa.int64(): "bigint",
    pa.float64(): "double",
    pa.bool_(): "boolean",
    pa.date32(): "date",
    pa.timestamp("ms", "UTC"): "timestamp",
    pa.timestamp("us", "UTC"): "timestamp",
    pa.list_(pa.string()): "varchar[]",
}
_LAKE_COLUMNS = {
    table: {field.name: _SQL_TYPES[field.type] for field in schema if field.name != "fingerprint"}
    for table, schema in SCHEMAS.items()
}
"""Table -> column -> SQL type. Fingerprints are for crawls only.

Instants are UTC without a time zone: their dates are UTC days in every client, whatever the zone of its machine.
"""

_CRAWLS = pa.schema(
    [
        *((name, pa.string()) for name in ("crawl", "scope", "source", "endpoint")),
        ("day", pa.date32()),
        *((name, pa.timestamp("us")) for name in ("started_at", "ended_at")),
        ("seconds", pa.float64()),
        *((name, pa.int64()) for name in ("requests", "pages", "rows_read", "models", "duplicates", "refused")),
        ("refused_because", pa.string()),
        *((name, pa.int64()) for name in ("new_models", "changed_models")),
        *((name, pa.bool_()) for name in ("is_complete", "is_simulated")),
        *((name, pa.string()) for name in ("incomplete_because", "program_version", "registry_version")),
        ("manifest_sha256", pa.string()),
    ]
)


_AXIS_COLUMNS = {field.name: _SQL_TYPES[field.type] for field in axis_days.SCHEMA}
_AXIS_CRAWLS = pa.schema(
    [
        *((name, pa.string()) for name in ("axis", "title", "unit", "licence", "licence_url", "attribution")),
        *((name, pa.date32()) for name in ("day", "first_day", "last_day")),
    ]
)


def create_axis_inputs(connection: Connection, lake: Lake, landed: Sequence[AxisManifest]) -> None:
    """Create the view `lake_axis_days` of all readings of other rulers, and the table `lake_axis_crawls`.

    Every build reads all of them: they are few, and a newer reading may replace days of an older one.
    """
    names = ", ".join(literal(str(file)) for file in axis_days.files(lake, landed))
    chosen = ", ".join(_utc(name, kind) for name, kind in _AXIS_COLUMNS.items())
    empty = ", ".join(f"null::{kind} as {name}" for name, kind in _AXIS_COLUMNS.items())
    files = f"select {chosen} from read_parquet([{names}], hive_partitioning = false)"
    _create_view(connection, "lake_axis_days", files if names else f"select {empty} where false")
    crawls = [asdict(manifest) for manifest in landed]
    create_table(connection, "lake_axis_crawls", pa.Table.from_pylist(crawls, schema=_AXIS_CRAWLS))


def _utc(name: str, kind: str) -> str:
    return f"timezone('UTC', {name}) as {name}" if kind == "timestamp" else name


def create_lake_views(
    connection: Connection,
    lake: Lake,
    manifests: Sequence[Manifest],
    since: date | None = None,
    readings: Sequence[AxisManifest] = (),
) -> None:
    """Create the views `lake_*` of the files that the manifests name, and a table `lake_crawls` of the manifests.

    With `since`, the build is incremental: `lake_old_days` holds the readings up to that day, read from the attached
    database `earlier`, and `lake_new_days` and `lake_new_models` hold what landed later. Without it everything is new.
    `lake_model_days` is always the union of old and new days. `readings` are those of other rulers.
    """
    imported = {manifest.scope: manifest.source for manifest in manifests if manifest.source != CRAWL}
    new = [manifest for manifest in manifests if since is None or manifest.day > since]
    for table in ("models", "edges"):
        query = _lake_query(_LAKE_COLUMNS[table], lake.files(table, list(manifests)), imported)
        _create_view(connection, f"lake_{table}", query)
    models = _lake_query(_LAKE_COLUMNS["models"], lake.files("models", new), imported)
    _create_view(connection, "lake_new_models", models if since else "select * from lake_models")
    files = _lake_query(_LAKE_COLUMNS["model_days"], lake.files("model_days", new), imported)
    if since is None:
        _create_view(connection, "lake_model_days", files)
        _create_view(connection, "lake_new_days", "select * from lake_model_days")
        _create_view(connection, "lake_old_days", "select * from lake_model_days where false")
    else:
        _create_view(connection, "lake_new_days", files)
        _create_view(connection, "lake_old_days", _EARLIER_DAYS)
        _create_view(
            connection, "lake_model_days", "select * from lake_old_days union all by name select * from lake_new_days"
        )
    create_axis_inputs(connection, lake, readings)
    crawls = [
        asdict(manifest)
        | {"refused_because": json.dumps(manifest.refused_because), "manifest_sha256": manifest_sha256(manifest)}
        for manifest in manifests
    ]
    create_table(connection, "lake_crawls", pa.Table.from_pylist(crawls, schema=_CRAWLS))


_EARLIER_DAYS = f"""
select {", ".join(_LAKE_COLUMNS["model_days"])}, day, scope, day::varchar || '-' || scope as crawl, source
from earlier.main.model_days
"""


def manifest_sha256(manifest: Manifest) -> str:
    """Return a fingerprint of a manifest, without the bytes of its files, which can differ between two homes."""
    content = asdict(manifest)
    content["files"] = [(file.path, file.rows) for file in manifest.files]
    return hashlib.sha256(json.dumps(content, default=str).encode()).hexdigest()


_CONCERNING: Mapping[str, tuple[str, ...]] = {
    "organizations": ("handle", "lab", "origin", "role", "until", "evidence"),
    "labs": ("lab", "origin"),
    "family_patterns": ("lab", "family", "pattern"),
    "name_patterns": ("initials", "family", "lab", "pattern"),
    "generations": ("lab", "family", "generation", "released_on", "pattern"),
    "releases": ("repo_id", "released_on"),
    "parameters": ("repo_id", "params_total", "params_active"),
    "bases": ("repo_id", "parent_ref", "relation"),
    "tasks": ("pipeline_tag", "task_class", "modality"),
    "libraries": ("library_name", "task_class"),
    "architectures": ("architecture", "family", "lab"),
}
"""Table of the registry -> its columns that decide how a repository is classified. By the first they are found."""

_CHANGES = pa.schema([(name, pa.string()) for name in ("kind", "key", "pattern")])


def create_registry_tables(
    connection: Connection,
    registry: Registry,
    now: datetime,
    sql_version: str = "",
    earlier: Mapping[str, str] | None = None,
) -> None:
    """Create the tables `registry_*`, and `run_build` with one row about this build.

    `registry_changes` has the entries that differ from those of the `earlier` build, given as `registry_rows` returns
    them; it is empty without one.
    """
    for name, table in tables(registry).items():
        create_table(connection, f"registry_{name}", table)
    changes = _registry_changes(earlier, registry_rows(registry)) if earlier else []
    create_table(connection, REGISTRY_CHANGES, pa.Table.from_pylist(changes, schema=_CHANGES))
    run = {
        "built_at": now,
        "program_version": VERSION,
        "registry_version": registry.version,
        "sql_version": sql_version,
    }
    schema = pa.schema([("built_at", pa.timestamp("us")), *((name, pa.string()) for name in list(run)[1:])])
    create_table(connection, "run_build", pa.Table.from_pylist([run], schema=schema))


def registry_rows(registry: Registry) -> dict[str, str]:
    """Return the name of each table `registry_*` with its rows as JSON."""
    return {
        f"registry_{name}": json.dumps(table.to_pylist(), default=str, ensure_ascii=False)
        for name, table in tables(registry).items()
    }


def concerns_repositories(earlier: Mapping[str, str], current: Mapping[str, str]) -> bool:
    """Return whether a change of the registry can change how a repository is classified."""
    return bool(_registry_changes(earlier, current))


def _registry_changes(earlier: Mapping[str, str], current: Mapping[str, str]) -> list[dict[str, str | None]]:
    """Return the key and pattern of each entry that only one of two registries has."""
    changes = set[tuple[str, str, str | None]]()
    for kind, columns in _CONCERNING.items():
        before, now = (
            {tuple(row[column] for column in columns) for row in json.loads(of.get(f"registry_{kind}", "[]"))}
            for of in (earlier, current)
        )
        changes |= {(kind, row[0], row[-1] if columns[-1] == "pattern" else None) for row in before ^ now}
    return [dict(zip(_CHANGES.names, change, strict=True)) for change in changes if change[1] is not None]


def create_table(connection: Connection, name: str, table: pa.Table) -> None:
    """Copy an Arrow table into the temporary table `name`."""
    connection.register("arrow_table", table)
    connection.execute(f"create temp table {name} as from arrow_table")
    connection.unregister("arrow_table")


def _create_view(connection: Connection, name: str, query: str) -> None:
    connection.execute(f"create temp view {name} as {query}")


def _lake_query(columns: dict[str, str], files: list[Path], imported: Mapping[str, str]) -> str:
    """Return a select over these files; day, scope and crawl come from their paths. `imported`: scope -> source."""
    if not files:
        types = {**columns, "day": "date", "scope": "varchar", "crawl": "varchar", "source": "varchar"}
        return "select " + ", ".join(f"null::{kind} as {name}" for name, kind in types.items()) + " where false"
    names = ", ".join(literal(str(file)) for file in files)
    chosen = ", ".join(_utc(name, kind) for name, kind in columns.items())
    cases = "".join(f" when {literal(scope)} then {literal(source)}" for scope, source in sorted(imported.items()))
    source = f"case scope{cases} else '{CRAWL}' end" if cases else f"'{CRAWL}'"
    return (
        f"select {chosen}, day, scope, day::varchar || '-' || scope as crawl, {source} as source from ("
        f"select *, regexp_extract(filename, '([^/\\\\]+)\\.parquet$', 1) as scope "
        f"from read_parquet([{names}], hive_partitioning = true, filename = true))"
    )
