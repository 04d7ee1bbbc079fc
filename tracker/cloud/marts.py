"""The public tables of the warehouse as Parquet files, ordered, so that what has not changed gives the same bytes."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tracker.cloud.places import BY_MONTH, MARTS, mart_path
from tracker.domain import Manifest
from tracker.duck import Connection, rows
from tracker.errors import DataError
from tracker.query import opened
from tracker.sources import manifest_sum

_BATCH_ROWS = 500_000


def export(warehouse: Path, manifests: Sequence[Manifest], folder: Path) -> dict[str, Path]:
    """Path in the dataset -> file in `folder`. Raises DataError if the warehouse was not built of these crawls."""
    with opened(warehouse) as connection:
        refuse_stale(connection, warehouse, manifests)
        written: dict[str, Path] = {}
        for table in MARTS:
            for month, query in _queries(connection, table):
                path = mart_path(table, month)
                written[path] = folder / path
                _write(connection, query, written[path])
        return written


def refuse_stale(connection: Connection, warehouse: Path, manifests: Sequence[Manifest]) -> None:
    """Raises DataError if the warehouse holds other crawls than these."""
    built = dict(rows(connection, "select crawl, manifest_sha256 from crawls"))
    if built != {manifest.crawl: manifest_sum(manifest) for manifest in manifests}:
        raise DataError(
            f"{warehouse} was not built of what the lake holds now. Run `tracker build`, or publish the lake alone "
            "with --no-marts."
        )


def _queries(connection: Connection, table: str) -> list[tuple[str | None, str]]:
    if table not in BY_MONTH:
        return [(None, f"select * from {table} order by all")]
    months = rows(connection, f"select distinct strftime(day, '%Y-%m') from {table} order by 1")
    return [
        (month, f"select * from {table} where strftime(day, '%Y-%m') = '{month}' order by all") for (month,) in months
    ]


def _write(connection: Connection, query: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    reader: pa.RecordBatchReader = connection.sql(query).to_arrow_reader(_BATCH_ROWS)
    schema = pa.schema([_in_utc(field) for field in reader.schema])
    with pq.ParquetWriter(target, schema, compression="zstd", compression_level=9) as writer:
        for batch in reader:
            writer.write_batch(batch.cast(schema))


def _in_utc(field: pa.Field) -> pa.Field:
    """A time under the name of no machine's own zone."""
    is_zoned = pa.types.is_timestamp(field.type) and field.type.tz is not None
    return field.with_type(pa.timestamp(field.type.unit, "UTC")) if is_zoned else field
