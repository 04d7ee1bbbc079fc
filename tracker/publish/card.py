"""The dataset card and `latest.json`: content, meaning of the columns, and example queries."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from importlib.resources import files
from pathlib import Path

from tracker.database import Connection, rows
from tracker.domain import CRAWL, Manifest, Source
from tracker.lake.axis_days import AxisManifest
from tracker.lake.lake import TABLES
from tracker.publish.layout import BY_MONTH, MARTS, mart_path
from tracker.publish.months import schema
from tracker.publish.tables import TableFile
from tracker.sql.query import open_warehouse
from tracker.warehouse.sql_files import ColumnComments

_LAKE_TABLES = {
    "model_days": "Counters as read, one row per repository and day.",
    "models": "Attributes as read. A repository has a row on days when it is new or has changed.",
    "edges": "Declared links to base models as read, on days when the repository is new or has changed.",
}
_LAKE_ONLY_COLUMNS = {
    "safetensors_total": "Parameters counted by the Hub in safetensors files.",
    "gguf_total": "Parameters counted by the Hub in a GGUF file.",
    "tags": "Tags of the model card, except base models and licence.",
    "fingerprint": "Hash of the attributes. Unchanged attributes are not stored again.",
    "parent_hub_id": "Key of the base model, if the Hub links it.",
    "position": "Position of the base model in the declaration, from 1.",
}
_LICENCES: dict[str, str] = {Source.HUB_WEEKLY: "odbl"}
"""Licences of archives that differ from this project's."""


def latest(warehouse: Path, manifests: Sequence[Manifest], table_files: Mapping[str, TableFile]) -> bytes:
    """Return `latest.json`: days by scope, versions, and the files of each table with their rows."""
    with open_warehouse(warehouse) as connection:
        query = (
            "select strftime(built_at, '%Y-%m-%dT%H:%M:%SZ'), "
            "program_version, registry_version, last_day::varchar, is_simulated from build"
        )
        [(built_at, program, registry, last_day, is_simulated)] = rows(connection, query)
    content = {
        "last_day": last_day,
        "is_simulated": is_simulated,
        "built_at": built_at,
        "program_version": program,
        "registry_version": registry,
        "scopes": {scope: _days(found) for scope, found in _by_scope(manifests).items()},
        "files": {path: asdict(part) for path, part in sorted(table_files.items())},
    }
    return (json.dumps(content, indent=1) + "\n").encode()


def table_files_in(text: str) -> dict[str, TableFile]:
    """Return the files listed in `latest.json`; none if another version of the program wrote it."""
    try:
        return {path: TableFile(**content) for path, content in json.loads(text)["files"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def card(
    warehouse: Path,
    repo_id: str,
    manifests: Sequence[Manifest],
    paths: Collection[str],
    readings: Sequence[AxisManifest] = (),
) -> bytes:
    """Return the dataset's README, which lists the files at `paths` and credits the `readings` of other rulers."""
    template = (files("tracker.publish") / "card.md").read_text(encoding="utf-8")
    with open_warehouse(warehouse) as connection:
        described = [_mart(connection, table) for table in MARTS]
    is_simulated = any(manifest.is_simulated for manifest in manifests)
    values = {
        "head": "\n".join(_head(manifests, paths)),
        "simulated": "**These data are SIMULATED. They say nothing about the Hub.**\n\n" if is_simulated else "",
        "scopes": "\n".join(_scopes(manifests)),
        "marts": "\n\n".join(described),
        "lake": "\n\n".join(_lake(table) for table in TABLES),
        "licences": " ".join([_licences(manifests), *_credits(readings)]),
        "repo": repo_id,
    }
    for name, value in values.items():
        template = template.replace(f"{{{{{name}}}}}", value)
    return template.encode()


def _head(manifests: Sequence[Manifest], paths: Collection[str]) -> Iterator[str]:
    """What the Hub reads: licences, and the tables its viewer shows."""
    licences = sorted({"apache-2.0", *(_LICENCES[source] for source in _sources(manifests) & _LICENCES.keys())})
    yield "license:"
    yield from (f"- {licence}" for licence in licences)
    yield "pretty_name: Adoption of open-weight models"
    yield "tags:\n- open-weights\n- adoption\n- downloads\n- lineage"
    yield "configs:"
    tables = {table: f"marts/{table}/*.parquet" if table in BY_MONTH else mart_path(table) for table in MARTS}
    for table in TABLES:
        tables[f"lake_{table}"] = f"lake/{table}/month=*/*.parquet"
        tables[f"lake_{table}_open_month"] = f"lake/{table}/day=*/*.parquet"
    for name, pattern in tables.items():
        if any(path.startswith(pattern.partition("*")[0]) for path in paths):
            yield f"- config_name: {name}\n  data_files: {pattern}"
            if name == MARTS[0]:
                yield "  default: true"


def _scopes(manifests: Sequence[Manifest]) -> Iterator[str]:
    yield "| scope | source | first day | last day | days |"
    yield "|---|---|---|---|---|"
    for scope, found in _by_scope(manifests).items():
        span = _days(found)
        yield f"| {scope} | {found[0].source} | {span['first']} | {span['last']} | {span['days']:,} |"


def _mart(connection: Connection, table: str) -> str:
    comment = "select comment from duckdb_tables() where table_name = $1 union all select comment from duckdb_views() "
    [(about,)] = rows(connection, f"{comment} where view_name = $1 and not internal", [table])
    columns = rows(
        connection,
        "select column_name, data_type, comment from duckdb_columns() where table_name = ? order by column_index",
        [table],
    )
    return _table(table, about, [(name, kind.lower(), words) for name, kind, words in columns])


def _lake(table: str) -> str:
    words = {**ColumnComments.load().columns, **_LAKE_ONLY_COLUMNS}
    columns = [(field.name, str(field.type), words[field.name]) for field in schema(table)]
    return _table(f"lake/{table}", _LAKE_TABLES[table], columns)


def _table(name: str, about: str, columns: Sequence[tuple[str, str, str]]) -> str:
    lines = [f"### {name}", "", about, "", "| column | type | meaning |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| `{column}` | {kind} | {words} |" for column, kind, words in columns)])


def _licences(manifests: Sequence[Manifest]) -> str:
    imported = sorted(_sources(manifests) - {CRAWL})
    if not imported:
        return "All readings are from this tracker."
    return (
        f"Imported: {', '.join(imported)}. Days of hub-weekly are under ODbL, those of model-pulse and hub-stats "
        "under Apache-2.0."
    )


def _credits(readings: Sequence[AxisManifest]) -> Iterator[str]:
    """Yield a sentence per ruler: what is in lake/axis_days, its licence and its credit line."""
    for _, reading in sorted({reading.axis: reading for reading in readings}.items()):
        credited = reading.attribution.rstrip(".")
        yield f"{reading.title} in lake/axis_days: {reading.licence} ({reading.licence_url}). {credited}."


def _sources(manifests: Sequence[Manifest]) -> set[str]:
    return {manifest.source for manifest in manifests}


def _by_scope(manifests: Sequence[Manifest]) -> dict[str, list[Manifest]]:
    found: dict[str, list[Manifest]] = {}
    for manifest in sorted(manifests, key=lambda manifest: (manifest.scope, manifest.day)):
        found.setdefault(manifest.scope, []).append(manifest)
    return found


def _days(manifests: Sequence[Manifest]) -> dict[str, date | int | str]:
    return {"first": str(manifests[0].day), "last": str(manifests[-1].day), "days": len(manifests)}
