"""Small warehouses from rows written as text, and the expected rows next to them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.support.database import in_memory
from tracker.database import Connection, rows
from tracker.domain import Manifest
from tracker.lake.lake import Lake
from tracker.registry.entries import Registry
from tracker.warehouse.build import run
from tracker.warehouse.inputs import create_lake_views, create_registry_tables, create_table
from tracker.warehouse.sql_files import Model, models

NOW = datetime(2026, 8, 21, 6, tzinfo=UTC)
DAY = "2026-08-19"
EMPTY_REGISTRY = Registry(version="tests")

DEFAULTS: Mapping[str, Mapping[str, str]] = {
    "lake_models": {"day": DAY},
    "lake_model_days": {"day": DAY, "scope": "hub", "source": "crawl"},
    "lake_edges": {"day": DAY, "position": "0"},
    "lake_crawls": {"day": DAY, "scope": "hub", "source": "crawl", "is_complete": "true", "is_simulated": "false"},
    "lake_axis_days": {
        "axis": "openrouter",
        "entity_kind": "model",
        "metric": "tokens",
        "is_cumulative": "false",
        "precision": "exact",
        "read_at": f"{DAY} 12:00:00",
    },
    "registry_axis_aliases": {"axis": "openrouter", "is_undisclosed": "false", "evidence": "its name"},
    "registry_organizations": {"role": "lab", "evidence": "its page", "is_contested": "false"},
}
"""Values of columns that a text leaves out. The crawl of a row is named by its day and scope."""


def cells(text: str) -> list[dict[str, str | None]]:
    """Parse a table written as text: columns between `|`, names on the first line, `-` for NULL."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    names, *rest = lines
    return [
        {name: None if cell == "-" else cell for name, cell in zip(names, line, strict=True)} for line in rest if line
    ]


class SmallWarehouse:
    """A warehouse whose sources contain only the rows that a test adds."""

    def __init__(self, connection: Connection, ordered: Sequence[Model]) -> None:
        self.connection, self.ordered = connection, ordered
        connection.execute("set timezone = 'UTC'")
        create_lake_views(connection, Lake(Path()), [])
        create_registry_tables(connection, EMPTY_REGISTRY, NOW)
        for table in ("lake_models", "lake_model_days", "lake_edges", "lake_axis_days"):
            schema = connection.sql(f"from {table}").to_arrow_table().schema
            connection.execute(f"drop view {table}")
            create_table(connection, table, schema.empty_table())

    def fill(self, table: str, rows_of_text: Sequence[Mapping[str, str | None]]) -> None:
        """Add rows of text values; DuckDB converts them to the column's type."""
        for given in rows_of_text:
            row = {**DEFAULTS.get(table, {}), **given}
            if table in ("lake_model_days", "lake_crawls"):
                row = {"crawl": f"{row['day']}-{row['scope']}", **row}
            names, marks = ", ".join(row), ", ".join("?" * len(row))
            self.connection.execute(f"insert into {table} ({names}) values ({marks})", list(row.values()))

    def make(self, *names: str) -> None:
        """Build some tables and their dependencies."""
        needed, pending = set(), list(names)
        by_name = {model.name: model for model in self.ordered}
        while pending:
            required = pending.pop()
            if required in by_name and required not in needed:
                needed.add(required)
                pending += by_name[required].depends_on
        run(self.connection, [model for model in self.ordered if model.name in needed])

    def text(self, name: str, columns: Sequence[str]) -> list[tuple[str | None, ...]]:
        """Return these columns of a table as text, sorted."""
        chosen = ", ".join(f"{column}::varchar" for column in columns)
        return sorted(rows(self.connection, f"select {chosen} from {name}"), key=repr)


@pytest.fixture(scope="session")
def ordered_models() -> list[Model]:
    with in_memory() as connection:
        return models(connection)


@pytest.fixture
def small(ordered_models: list[Model]) -> Iterator[SmallWarehouse]:
    with in_memory() as connection:
        yield SmallWarehouse(connection, ordered_models)


@pytest.fixture
def becomes(small: SmallWarehouse) -> Callable[..., None]:
    """Assert that a table has the rows of a text, given its sources as texts; other columns are ignored."""

    def becomes(name: str, expected: str, **sources: str) -> None:
        for table, text in sources.items():
            small.fill(table, cells(text))
        small.make(name)
        rows = cells(expected)
        assert small.text(name, list(rows[0])) == sorted((tuple(row.values()) for row in rows), key=repr)

    return becomes


@pytest.fixture(scope="session")
def read_cells() -> Callable[[str], list[dict[str, str | None]]]:
    return cells


@pytest.fixture(scope="session")
def make_small(ordered_models: list[Model]) -> Callable[[Connection], SmallWarehouse]:
    return lambda connection: SmallWarehouse(connection, ordered_models)


_UTC = pa.timestamp("us", "UTC")
MODEL_DAYS = pa.schema(
    [
        ("hub_id", pa.string()),
        *((name, pa.int64()) for name in ("downloads_30d", "downloads_all_time", "likes")),
        ("trending_score", pa.float64()),
        ("read_at", _UTC),
    ]
)
MODELS = pa.schema(
    [
        *((name, pa.string()) for name in ("hub_id", "repo_id")),
        *((name, _UTC) for name in ("created_at", "last_modified")),
        ("gated", pa.string()),
        ("is_disabled", pa.bool_()),
        *((name, pa.string()) for name in ("pipeline_tag", "library_name", "license")),
        *((name, pa.int64()) for name in ("safetensors_total", "gguf_total")),
        ("tags", pa.list_(pa.string())),
    ]
)
EDGES = pa.schema(
    [
        *((name, pa.string()) for name in ("hub_id", "parent_hub_id", "parent_ref", "relation", "declared_in")),
        ("position", pa.int32()),
    ]
)


def land(
    lake: Lake,
    day: date,
    readings: Sequence[Mapping[str, Any]],
    attributes: Sequence[Mapping[str, Any]] = (),
    scope: str = "hub",
    links: Sequence[Mapping[str, Any]] = (),
    **manifest_fields: Any,
) -> Manifest:
    """Land one crawl with rows of model_days, models and edges; further arguments replace fields of the manifest."""
    written, row_counts = {}, {}
    tables = (("model_days", readings, MODEL_DAYS), ("models", attributes, MODELS), ("edges", links, EDGES))
    for table, table_rows, schema in tables:
        if table_rows:
            source, target = lake.home / f"{table}.written", lake.partition_path(table, day, scope)
            lake.home.mkdir(exist_ok=True)
            pq.write_table(pa.Table.from_pylist([dict(row) for row in table_rows], schema=schema), source)
            written[target], row_counts[target] = source, len(table_rows)
    defaults: dict[str, Any] = {
        **{"crawl": f"{day}-{scope}", "day": day, "scope": scope, "families": (), "source": "crawl"},
        **{"endpoint": "http://hub", "started_at": NOW, "ended_at": NOW, "seconds": 1.0, "requests": 1, "pages": 1},
        **{"rows_read": len(readings), "models": len(readings), "duplicates": 0, "refused": 0, "refused_because": {}},
        **{"refused_examples": (), "new_models": len(attributes), "changed_models": 0, "is_complete": True},
        **{"incomplete_because": None, "is_simulated": False, "program_version": "0", "registry_version": "0"},
    }
    manifest = Manifest(**(defaults | manifest_fields), files=lake.add_files(written, row_counts))
    lake.save_manifest(manifest)
    return manifest


@pytest.fixture
def land_crawl(lake: Lake) -> Callable[..., Manifest]:
    return lambda day, readings, attributes=(), **more: land(lake, day, readings, attributes, **more)
