"""A month of day files as one file, and back: the same values, in a tenth of the bytes.

Ordered by repository and day, an id is written once a month and a counter that stands still once. Both ways go
through the month slice by slice, so that memory does not grow with it.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from math import ceil
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tracker.database import Connection, arrow, literal, rows
from tracker.errors import DataError
from tracker.lake.writer import SCHEMAS, LakeWriter

SLICE_ROWS = 1_000_000
"""Rows of a row group, about."""

_LEVEL = 15
"""Level 9 takes a third of the time and 6% more bytes, level 19 four times the time and no fewer."""

_ORDER = {
    "model_days": "hub_id, day",
    "models": "hub_id, day, fingerprint",
    "edges": "hub_id, day, position, declared_in, parent_ref, relation",
}
_SPLIT = {"model_days": ["downloads_30d", "downloads_all_time", "likes", "trending_score", "read_at"]}
"""Columns whose bytes are written apart, the highest first: of a counter most are the same from day to day."""


def schema(table: str) -> pa.Schema:
    """Columns of a month file: those of the lake and the day."""
    hub_id, *others = SCHEMAS[table]
    return pa.schema([hub_id, pa.field("day", pa.date32()), *others])


def compact(table: str, days: Sequence[Path], target: Path, slice_rows: int = SLICE_ROWS) -> None:
    """Writes day files of one table as one month file. Raises DataError if it does not hold the same values."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection, _writer(table, target) as writer:
        connection.execute("set timezone = 'UTC'")
        names = ", ".join(literal(str(day)) for day in days)
        chosen = ", ".join(schema(table).names)
        bounds = _bounds(days, slice_rows)
        for low, high in zip(bounds, [*bounds[1:], None], strict=True):
            below = "" if high is None else f" and hub_id < {literal(high)}"
            query = (
                f"select {chosen} from read_parquet([{names}], hive_partitioning = true) "
                f"where hub_id >= {literal(low)}{below} order by {_ORDER[table]}"
            )
            writer.write_table(arrow(connection, query).cast(schema(table)))
    prove(table, days, target)


def expand(table: str, month_file: Path, sinks: Mapping[date, LakeWriter]) -> None:
    """Writes the rows of some days of a month file into the sink of each.

    Raises ValueError if it has other columns than `compact` writes, and what Arrow raises if it is no Parquet file.
    """
    with pq.ParquetFile(month_file) as parquet:
        if parquet.schema_arrow.names != schema(table).names:
            raise ValueError("it has other columns")
        for group in range(parquet.num_row_groups):
            found = parquet.read_row_group(group)
            for day, sink in sinks.items():
                of_day = found.filter(pc.equal(found["day"], pa.scalar(day, pa.date32())))
                sink.write(table, of_day.select(SCHEMAS[table].names))


def prove(table: str, days: Sequence[Path], target: Path) -> None:
    """Raises DataError unless a month file holds what the day files do.

    Compared are, day by day, the number of rows and the sum of their hashes over every column.
    """
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        names = ", ".join(literal(str(day)) for day in days)
        before = _sums(connection, table, f"read_parquet([{names}], hive_partitioning = true)")
        after = _sums(connection, table, f"read_parquet({literal(str(target))}, hive_partitioning = false)")
    if before != after:
        differ = sorted(str(day) for day in before.keys() ^ after.keys()) or sorted(
            str(day) for day in before if before[day] != after[day]
        )
        raise DataError(
            f"The month file {target.name} of {table} does not hold what the day files do, on {', '.join(differ[:5])}. "
            "Nothing was published; this is an error of the program."
        )


def _bounds(days: Sequence[Path], slice_rows: int) -> list[str]:
    """The lowest id of each slice; the first is below all."""
    total = sum(pq.read_metadata(day).num_rows for day in days)
    slices = ceil(total / slice_rows)
    largest = max(days, key=lambda day: pq.read_metadata(day).num_rows)
    ids = pq.ParquetFile(largest).read(["hub_id"])["hub_id"].combine_chunks().sort()
    return ["", *sorted({ids[len(ids) * n // slices].as_py() for n in range(1, slices)})]


def _writer(table: str, target: Path) -> pq.ParquetWriter:
    """Ids as what differs from the id before, counters by their bytes, most else by dictionary."""
    split = _SPLIT.get(table, [])
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
