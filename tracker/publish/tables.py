"""The public tables of the warehouse as Parquet files; what the dataset has already is not written again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tracker.database import Connection, rows
from tracker.domain import Manifest
from tracker.errors import DataError
from tracker.publish.layout import BY_MONTH, MARTS, mart_path
from tracker.sql.query import opened
from tracker.warehouse.inputs import manifest_sha256

_BATCH_ROWS = 500_000


@dataclass(frozen=True, slots=True)
class Part:
    """A mart, or a month of one, as `latest.json` tells of it."""

    rows: int
    sum: str
    """Of the hashes of all rows: equal ones hold the same."""


def export(
    warehouse: Path, manifests: Sequence[Manifest], known: Mapping[str, Part], folder: Path
) -> tuple[dict[str, Part], dict[str, Path]]:
    """What the marts hold by path in the dataset, and the files in `folder` of those that `known` tells otherwise.

    Raises DataError if the warehouse was not built of these crawls.
    """
    parts: dict[str, Part] = {}
    written: dict[str, Path] = {}
    with opened(warehouse) as connection:
        refuse_stale(connection, warehouse, manifests)
        for table in MARTS:
            names = [name for (name, *_) in rows(connection, f"describe main.{table}")]
            for month, count, total in _sums(connection, table, names):
                path = mart_path(table, month)
                parts[path] = Part(count, str(total))
                if known.get(path) != parts[path]:
                    written[path] = folder / path
                    _write(connection, f"select * from {table} {_where(month)} order by all", written[path])
    return parts, written


def refuse_stale(connection: Connection, warehouse: Path, manifests: Sequence[Manifest]) -> None:
    """Raises DataError if the warehouse holds other crawls than these."""
    built = dict(rows(connection, "select crawl, manifest_sha256 from crawls"))
    if built != {manifest.crawl: manifest_sha256(manifest) for manifest in manifests}:
        raise DataError(
            f"{warehouse} was not built of what the lake holds now. Run `tracker build`, or publish the lake alone "
            "with --no-marts."
        )


def _sums(connection: Connection, table: str, names: Sequence[str]) -> list[tuple[str | None, int, int]]:
    """Month (None for the whole table), rows and sum of their hashes."""
    month = "strftime(day, '%Y-%m')" if table in BY_MONTH else "null"
    told = f"count(*), coalesce(sum(hash({', '.join(names)})::hugeint), 0)"
    grouped = "group by 1 order by 1" if table in BY_MONTH else ""
    found: list[tuple[str | None, int, int]] = rows(connection, f"select {month}, {told} from {table} {grouped}")
    return found


def _where(month: str | None) -> str:
    return "" if month is None else f"where strftime(day, '%Y-%m') = '{month}'"


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
