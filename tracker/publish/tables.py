"""Export the public tables of the warehouse, except those that the dataset already has: as Parquet, and in one file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tracker.database import Connection, rows
from tracker.domain import Manifest
from tracker.errors import DataError
from tracker.publish import compact
from tracker.publish.layout import BY_MONTH, COMPACT, MARTS, mart_path
from tracker.sql.query import open_warehouse
from tracker.warehouse.inputs import manifest_sha256

_BATCH_ROWS = 500_000


@dataclass(frozen=True, slots=True)
class TableFile:
    """Content of one mart file, of one month of it, or of the compact file, as listed in `latest.json`."""

    rows: int
    sum: str
    """Sum of the hashes of all rows: equal sums mean equal content."""


def export(
    warehouse: Path, manifests: Sequence[Manifest], known: Mapping[str, TableFile], folder: Path
) -> tuple[dict[str, TableFile], dict[str, Path]]:
    """Return the content of all marts by path, and the files written to `folder` where it differs from `known`.

    Too many repositories have no compact file. Raises DataError if the warehouse was not built from these crawls.
    """
    contents: dict[str, TableFile] = {}
    written: dict[str, Path] = {}
    with open_warehouse(warehouse) as connection:
        refuse_stale(connection, warehouse, manifests)
        for table in MARTS:
            names = [name for (name, *_) in rows(connection, f"describe main.{table}")]
            for month, count, total in _sums(connection, table, names):
                path = mart_path(table, month)
                contents[path] = TableFile(count, str(total))
                if known.get(path) != contents[path]:
                    written[path] = folder / path
                    _write(connection, f"select * from {table} {_where(month)} order by all", written[path])
        described = compact.describe(connection)
    if described is not None:
        contents[COMPACT] = TableFile(described.rows, described.sum)
        if known.get(COMPACT) != contents[COMPACT]:
            written[COMPACT] = folder / COMPACT
            compact.write(warehouse, described, written[COMPACT])
    return contents, written


def refuse_stale(connection: Connection, warehouse: Path, manifests: Sequence[Manifest]) -> None:
    """Raise DataError if the warehouse was built from other crawls."""
    built = dict(rows(connection, "select crawl, manifest_sha256 from crawls"))
    if built != {manifest.crawl: manifest_sha256(manifest) for manifest in manifests}:
        raise DataError(
            f"{warehouse} was not built from the crawls that are now in the lake. Run `tracker build`, or publish only "
            "the lake with --no-marts."
        )


def _sums(connection: Connection, table: str, names: Sequence[str]) -> list[tuple[str | None, int, int]]:
    """Return month (None for the whole table), rows and the sum of row hashes."""
    month = "strftime(day, '%Y-%m')" if table in BY_MONTH else "null"
    totals = f"count(*), coalesce(sum(hash({', '.join(names)})::hugeint), 0)"
    grouped = "group by 1 order by 1" if table in BY_MONTH else ""
    found: list[tuple[str | None, int, int]] = rows(connection, f"select {month}, {totals} from {table} {grouped}")
    return found


def _where(month: str | None) -> str:
    return "" if month is None else f"where strftime(day, '%Y-%m') = '{month}'"


def _write(connection: Connection, query: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    reader: pa.RecordBatchReader = connection.sql(query).to_arrow_reader(_BATCH_ROWS)
    with pq.ParquetWriter(target, reader.schema, compression="zstd", compression_level=9) as writer:
        for batch in reader:
            writer.write_batch(batch)
