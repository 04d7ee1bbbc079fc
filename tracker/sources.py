"""What warehouse/*.sql reads: the lake as views `lake_*`, the registry as tables `registry_*`, and `run_build`."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from tracker.domain import Manifest
from tracker.duck import Connection
from tracker.lake import Lake
from tracker.registry.entries import Registry
from tracker.registry.tables import tables
from tracker.sqltext import literal
from tracker.version import VERSION

_LAKE_COLUMNS = {
    "model_days": {
        "hub_id": "varchar",
        "downloads_30d": "bigint",
        "downloads_all_time": "bigint",
        "likes": "bigint",
        "trending_score": "double",
        "read_at": "timestamptz",
    },
    "models": {
        "hub_id": "varchar",
        "repo_id": "varchar",
        "created_at": "timestamptz",
        "last_modified": "timestamptz",
        "gated": "varchar",
        "is_disabled": "boolean",
        "pipeline_tag": "varchar",
        "library_name": "varchar",
        "license": "varchar",
        "safetensors_total": "bigint",
        "gguf_total": "bigint",
        "tags": "varchar[]",
    },
    "edges": {
        "hub_id": "varchar",
        "parent_hub_id": "varchar",
        "parent_ref": "varchar",
        "relation": "varchar",
        "declared_in": "varchar",
        "position": "integer",
    },
}

_CRAWLS = pa.schema(
    [
        *((name, pa.string()) for name in ("crawl", "scope", "source", "endpoint")),
        ("day", pa.date32()),
        *((name, pa.timestamp("us", "UTC")) for name in ("started_at", "ended_at")),
        ("seconds", pa.float64()),
        *((name, pa.int64()) for name in ("requests", "pages", "rows_read", "models", "duplicates", "refused")),
        ("refused_because", pa.string()),
        *((name, pa.int64()) for name in ("new_models", "changed_models")),
        *((name, pa.bool_()) for name in ("is_complete", "is_simulated")),
        *((name, pa.string()) for name in ("incomplete_because", "program_version", "registry_version")),
    ]
)


def show_lake(connection: Connection, lake: Lake, manifests: Sequence[Manifest]) -> None:
    """Views of the files that these manifests name, and the manifests themselves as `lake_crawls`."""
    for table, columns in _LAKE_COLUMNS.items():
        connection.execute(
            f"create temp view lake_{table} as {_lake_query(columns, lake.files(table, list(manifests)))}"
        )
    crawls = [asdict(manifest) | {"refused_because": json.dumps(manifest.refused_because)} for manifest in manifests]
    take(connection, "lake_crawls", pa.Table.from_pylist(crawls, schema=_CRAWLS))


def show_registry(connection: Connection, registry: Registry, now: datetime) -> None:
    """The registry's tables, and one row about this build."""
    for name, table in tables(registry).items():
        take(connection, f"registry_{name}", table)
    run = {"built_at": now, "program_version": VERSION, "registry_version": registry.version}
    take(connection, "run_build", pa.Table.from_pylist([run]))


def take(connection: Connection, name: str, table: pa.Table) -> None:
    """Copies an Arrow table into the connection's temporary table `name`."""
    connection.register("taken", table)
    connection.execute(f"create temp table {name} as from taken")
    connection.unregister("taken")


def _lake_query(columns: dict[str, str], files: list[Path]) -> str:
    """A select over these files, with the crawl a file belongs to read from its path."""
    if not files:
        kinds = {**columns, "day": "date", "scope": "varchar", "crawl": "varchar", "source": "varchar"}
        return "select " + ", ".join(f"null::{kind} as {name}" for name, kind in kinds.items()) + " where false"
    names = ", ".join(literal(str(file)) for file in files)
    chosen = ", ".join(columns)
    return (
        f"select {chosen}, day, scope, day::varchar || '-' || scope as crawl, 'crawl' as source from ("
        f"select *, regexp_extract(filename, '([^/\\\\]+)\\.parquet$', 1) as scope "
        f"from read_parquet([{names}], hive_partitioning = true, filename = true))"
    )
