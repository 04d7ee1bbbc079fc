"""Compact a month of day files into one file, and expand it again: the same values in a tenth of the bytes.

Sorted by repository and day, each id and each unchanged counter is stored once per month. Both directions work slice by
slice, so memory does not grow with the month.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from math import ceil
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tracker.database import Connection, arrow, connect, literal, rows
from tracker.errors import DataError
from tracker.lake.writer import SCHEMAS, LakeWriter

SLICE_ROWS = 1_000_000
"""Approximate rows of a row group."""

_LEVEL = 15
"""Level 9 takes a third of the time for 6% more bytes; level 19 takes four times the time for the same size."""

_ORDER = {
    "model_days": "hub_id, day",
    "models": "hub_id, day, fingerprint",
    "edges": "hub_id, day, position, declared_in, parent_ref, relation",
}
_BYTE_STREAM_SPLIT = {"model_days": ["downloads_30d", "downloads_all_time", "likes", "trending_score", "read_at"]}
"""Columns stored byte by byte: most bytes of a counter are the same from day to day, so they compress well."""


def schema(table: str) -> pa.Schema:
    """Return the columns of a month file: those of the lake, and the day."""
    hub_id, *others = SCHEMAS[table]
    return pa.schema([hub_id, pa.field("day", pa.date32()), *others])


def compact(table: str, days: Sequence[Path], target: Path, slice_rows: int = SLICE_ROWS) -> None:
    """Write the day files of one table as one month file. Raises DataError if the values differ afterwards."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with connect() as connection, _writer(table, target) as writer:
        names = ", ".join(literal(str(day)) for day in days)
        columns = ", ".join(schema(table).names)
        bounds = _bounds(days, slice_rows)
        for low, high in zip(bounds, [*bounds[1:], None], strict=True):
            below = "" if high is None else f" and hub_id < {literal(high)}"
            query = (
                f"select {columns} from read_parquet([{names}], hive_partitioning = true) "
                f"where hub_id >= {literal(low)}{below} order by {_ORDER[table]}"
            )
            writer.write_table(arrow(connection, query).cast(schema(table)))
    verify(table, days, target)


def expand(table: str, month_file: Path, sinks: Mapping[date, LakeWriter]) -> None:
    """Write the rows of some days of a month file into one sink per day.

    Raises ValueError if it has other columns than `compact` writes, and ArrowException if it is not a Parquet file.
    """
    with pq.ParquetFile(month_file) as parquet:
        if parquet.schema_arrow.names != schema(table).names:
            raise ValueError("it has other columns")
        for group in range(parquet.num_row_groups):
            found = parquet.read_row_group(group)
            for day, sink in sinks.items():
                of_day = found.filter(pc.equal(found["day"], pa.scalar(day, pa.date32())))
                sink.write(table, of_day.select(SCHEMAS[table].names))


def verify(table: str, days: Sequence[Path], target: Path) -> None:
    """Raise DataError if a month file and its day files differ in rows or in the sum of row hashes of any day."""
    with connect() as connection:
        names = ", ".join(literal(str(day)) for day in days)
        before = _sums(connection, table, f"read_parquet([{names}], hive_partitioning = true)")
        after = _sums(connection, table, f"read_parquet({literal(str(target))}, hive_partitioning = false)")
    if before != after:
        differ = sorted(str(day) for day in before.keys() ^ after.keys()) or sorted(
            str(day) for day in before if before[day] != after[day]
        )
        raise DataError(
            f"The month file {target.name} of {table} differs from its day files on {', '.join(differ[:5])}. "
            "Nothing was published. This is a bug of the program; please report it."
        )


def _bounds(days: Sequence[Path], slice_rows: int) -> list[str]:
    """Return the lowest id of each slice. The first is the empty text."""
    total = sum(pq.read_metadata(day).num_rows for day in days)
    slices = ceil(total / slice_rows)
    largest = max(days, key=lambda day: pq.read_metadata(day).num_rows)
    ids = pq.ParquetFile(largest).read(["hub_id"])["hub_id"].combine_chunks().sort()
    return ["", *sorted({ids[len(ids) * n // slices].as_py() for n in range(1, slices)})]


def _writer(table: str, target: Path) -> pq.ParquetWriter:
    """Open a writer: ids as differences from the previous id, counters byte by byte, most others by dictionary."""
    split = _BYTE_STREAM_SPLIT.get(table, [])
    names = schema(table).names
    plain = {"hub_id", "fingerprint", *split}
    return pq.ParquetWriter(
        target,
        schema(table),
        compression="zstd",
        compression_level=_LEVEL,
        version="2.6",
        data_page_version="2.0",
        use_dictionary=[name for name in names if name not in plain] + ["tags.list.element"],
        column_encoding={"hub_id": "DELTA_BYTE_ARRAY", **dict.fromkeys(split, "BYTE_STREAM_SPLIT")},
        write_statistics=["hub_id", "day"],
    )


def _sums(connection: Connection, table: str, source: str) -> dict[date, tuple[int, int]]:
    columns = ", ".join(SCHEMAS[table].names)
    query = f"select day, count(*), sum(hash({columns})::hugeint) from {source} group by day"
    return {day: (count, total) for day, count, total in rows(connection, query)}
