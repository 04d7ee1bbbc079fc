"""The process that runs one untrusted query: `python -m tracker.sql.process WAREHOUSE LIMITS`, started by console.py.

The query comes on stdin. The rows leave on stdout as an Arrow stream, an error on stderr with its exit code.

There are two barriers. The first is DuckDB's (query.py): no file system once the warehouse is open, one connection,
locked settings. The second is the operating system's, because text and list functions of DuckDB obey neither its memory
limit nor an interrupt: `select length(repeat('x', 3_000_000_000))` took 5.8 GB and 37 s with limits of 512 MB and 1 s.
Once the warehouse is open, this process can open no file or socket, use no more than its memory limit, and ends by
itself if its parent has ended. Where the system has no such limits (memory on macOS, all on Windows), DuckDB's barrier
and the parent's time limit remain.

Only duckdb and pyarrow are imported, so that the process starts in about a third of a second.
"""

import json
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import duckdb
import pyarrow as pa

from tracker.database import Connection
from tracker.errors import TrackerError, UsageError
from tracker.sql.query import open_warehouse, reading_statement, usage_errors

if sys.platform != "win32":
    import resource


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one query."""

    rows: int = 10_000
    """Rows of the result; more are cut off."""

    seconds: float = 10.0
    """From the start of the process to the result."""

    memory_mb: int = 512
    """In addition to the roughly 100 MB of an idle process. DuckDB gets three quarters of it."""

    threads: int = 1
    result_mb: int = 64
    """Size of the result as Arrow columns."""


_NUMBERS = {"tinyint", "smallint", "integer", "bigint", "utinyint", "usmallint", "uinteger", "ubigint", "hugeint"}
_OTHERS = {"float", "double", "decimal", "boolean", "varchar", "date"}
_TIMES = {"timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns", "timestamp with time zone"}
_PLAIN = _NUMBERS | _OTHERS | _TIMES
"""Types that all data frames and file formats support. Values of other types are sent as text."""

_BATCH_ROWS = 1000
_MAX_ERROR_CHARS = 2000
_MB = 2**20


def main() -> None:
    """Run the query on stdin within the limits of the command line (JSON)."""
    warehouse, limits = Path(sys.argv[1]), Limits(**json.loads(sys.argv[2]))
    query = sys.stdin.buffer.read().decode()
    try:
        with open_warehouse(warehouse, duckdb_settings(limits)) as connection:
            limit_this_process(limits)
            sys.stdout.buffer.write(run_limited(connection, query, limits))
    except TrackerError as problem:
        sys.stderr.buffer.write(str(problem)[:_MAX_ERROR_CHARS].encode("utf-8", "replace"))
        sys.exit(problem.exit_code)


def limit_this_process(limits: Limits) -> None:
    """Give up, for the rest of this process, every resource that a query does not need."""
    if sys.platform == "win32":
        return
    signal.alarm(ceil(limits.seconds) + 1)
    if sys.platform == "linux":
        limit = _private_bytes() + limits.memory_mb * _MB
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    for kind in (resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
        resource.setrlimit(kind, (0, 0))


def duckdb_settings(limits: Limits) -> dict[str, str]:
    """Return the limits as settings of DuckDB."""
    return {
        "threads": str(limits.threads),
        "memory_limit": f"{limits.memory_mb * 3 // 4}MiB",
        "temp_directory": "",
    }


def run_limited(connection: Connection, query: str, limits: Limits) -> pa.Buffer:
    """Return the rows of one read-only statement as an Arrow stream: at most one row more than the limit.

    Raises UsageError for other statements, for SQL that fails, and beyond a limit.
    """
    try:
        with usage_errors():
            return _stream(_with_plain_types(reading_statement(connection, query)), limits)
    except UsageError as refusal:
        if not isinstance(refusal.__cause__, duckdb.OutOfMemoryException):
            raise
    except MemoryError:
        pass
    raise UsageError(
        f"This query needs more than its limit of {limits.memory_mb} MB of memory. "
        "Select fewer rows or columns, or group them."
    )


def _with_plain_types(relation: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """Make column names unique, and cast types that are not plain to text."""
    names = relation.columns
    if len(set(names)) == len(names) and all(kind.id in _PLAIN for kind in relation.types):
        return relation  # unchanged, so that errors of DuckDB refer to lines of the query
    columns = []
    for place, (name, kind) in enumerate(zip(unique_names(names), relation.types, strict=True), start=1):
        quoted = name.replace('"', '""')
        columns.append(f'#{place}{"" if kind.id in _PLAIN else "::varchar"} as "{quoted}"')
    return relation.project(", ".join(columns))


def unique_names(names: Sequence[str]) -> Iterator[str]:
    """Number repeated names: `a, a` becomes `a, a_2`, or the first number that is free."""
    taken: set[str] = set()
    for name in names:
        free, number = name, 1
        while free in taken or (number > 1 and free in names):
            number += 1
            free = f"{name}_{number}"
        taken.add(free)
        yield free


def _stream(relation: duckdb.DuckDBPyRelation, limits: Limits) -> pa.Buffer:
    """Return at most one row more than the limit, so that the parent knows whether there are more."""
    rows_left = limits.rows + 1
    sink = pa.BufferOutputStream()
    batches = relation.to_arrow_reader(_BATCH_ROWS)
    with pa.ipc.new_stream(sink, batches.schema) as stream:
        for batch in _batches(batches):
            stream.write_batch(batch.slice(0, rows_left))
            rows_left -= batch.num_rows
            if sink.tell() > limits.result_mb * _MB:
                raise UsageError(
                    f"The result is larger than {limits.result_mb} MB. Select fewer rows or columns, or group them."
                )
            if rows_left <= 0:
                break
    return sink.getvalue()


def _batches(reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    try:
        yield from reader
    except OSError as problem:  # Arrow passes on errors that DuckDB raises between rows
        text = str(problem)
        raise (duckdb.OutOfMemoryException if text.startswith("Out of Memory") else duckdb.Error)(text) from problem


def _private_bytes() -> int:
    pages = Path("/proc/self/statm").read_text().split()[5]
    return int(pages) * resource.getpagesize()


if __name__ == "__main__":
    main()
