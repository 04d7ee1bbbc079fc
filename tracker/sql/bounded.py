"""One reading statement in a process of its own: `python -m tracker.sql.bounded WAREHOUSE LIMITS`, for console.py.

The query comes on stdin, its rows leave on stdout as an Arrow stream; a refusal leaves on stderr, with the exit code of
its error. Of two walls the first is DuckDB's: the seal of query.py, no file system at all once the warehouse is
open (the file itself cannot be read as a file, nothing spills to disk), one connection, locked settings. The second is
the operating system's, for what DuckDB lets through: functions of text and lists heed neither its memory limit nor an
interrupt (`select length(repeat('x', 3_000_000_000))` took 5.8 GB and 37 s under a limit of 512 MB and 1 s). Once the
warehouse is open this process can open no other file or socket, hold no more memory than its share, and ends by itself
should the one that started it be gone. Where the system has no such limits (memory on macOS, all of it on Windows),
DuckDB's wall and the end of the process at its time limit remain.

Only duckdb and pyarrow are imported here, so that a process is ready in about a third of a second.
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
from tracker.sql.query import in_words, opened, reading

if sys.platform != "win32":
    import resource


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may use."""

    rows: int = 10_000
    """Rows of the answer; what is beyond is cut off."""

    seconds: float = 10.0
    """From the start of its process to the answer."""

    memory_mb: int = 512
    """On top of the hundred or so that the process needs to exist. DuckDB itself gets three quarters."""

    threads: int = 1
    answer_mb: int = 64
    """Size of the answer as Arrow columns."""


_NUMBERS = {"tinyint", "smallint", "integer", "bigint", "utinyint", "usmallint", "uinteger", "ubigint", "hugeint"}
_OTHERS = {"float", "double", "decimal", "boolean", "varchar", "date"}
_TIMES = {"timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns", "timestamp with time zone"}
_PLAIN = _NUMBERS | _OTHERS | _TIMES
"""Types that every frame and file can hold. Values of any other leave as the text that DuckDB writes for them."""

_BATCH_ROWS = 1000
_LONGEST_REFUSAL = 2000
_MB = 2**20


def main() -> None:
    """Answers the query on stdin within the limits of the command line (JSON)."""
    warehouse, limits = Path(sys.argv[1]), Limits(**json.loads(sys.argv[2]))
    query = sys.stdin.buffer.read().decode()
    try:
        with opened(warehouse, bounds(limits)) as connection:
            bound_this_process(limits)
            sys.stdout.buffer.write(_answer(connection, query, limits))
    except TrackerError as problem:
        sys.stderr.buffer.write(str(problem)[:_LONGEST_REFUSAL].encode("utf-8", "replace"))
        sys.exit(problem.exit_code)


def bound_this_process(limits: Limits) -> None:
    """Takes from this process, for good, what answering a query does not need."""
    if sys.platform == "win32":
        return
    signal.alarm(ceil(limits.seconds) + 1)
    if sys.platform == "linux":
        most = _private_bytes() + limits.memory_mb * _MB
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    for nothing_more in (resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
        resource.setrlimit(nothing_more, (0, 0))


def bounds(limits: Limits) -> dict[str, str]:
    """The limits as DuckDB's own settings."""
    return {
        "threads": str(limits.threads),
        "memory_limit": f"{limits.memory_mb * 3 // 4}MiB",
        "temp_directory": "",
    }


def _answer(connection: Connection, query: str, limits: Limits) -> pa.Buffer:
    try:
        with in_words():
            return _stream(_as_plain(reading(connection, query)), limits)
    except UsageError as refusal:
        if not isinstance(refusal.__cause__, duckdb.OutOfMemoryException):
            raise
    except MemoryError:
        pass
    raise UsageError(
        f"This query needs more than the {limits.memory_mb} MB of memory it may use. "
        "Ask for fewer rows or columns, or group them."
    )


def _as_plain(relation: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """The same rows under names that differ, with text where a type is not plain."""
    names = relation.columns
    if len(set(names)) == len(names) and all(kind.id in _PLAIN for kind in relation.types):
        return relation  # as it is, so that DuckDB's errors name the lines of the query itself
    columns = []
    for place, (name, kind) in enumerate(zip(told_apart(names), relation.types, strict=True), start=1):
        quoted = name.replace('"', '""')
        columns.append(f'#{place}{"" if kind.id in _PLAIN else "::varchar"} as "{quoted}"')
    return relation.project(", ".join(columns))


def told_apart(names: Sequence[str]) -> Iterator[str]:
    """The names, none twice: `a, a` becomes `a, a_2`, by the first number that no other column has."""
    taken: set[str] = set()
    for name in names:
        free, number = name, 1
        while free in taken or (number > 1 and free in names):
            number += 1
            free = f"{name}_{number}"
        taken.add(free)
        yield free


def _stream(relation: duckdb.DuckDBPyRelation, limits: Limits) -> pa.Buffer:
    """At most one row more than the limit: whoever asked can tell whether there were more."""
    wanted = limits.rows + 1
    sink = pa.BufferOutputStream()
    batches = relation.to_arrow_reader(_BATCH_ROWS)
    with pa.ipc.new_stream(sink, batches.schema) as stream:
        for batch in _run(batches):
            stream.write_batch(batch.slice(0, wanted))
            wanted -= batch.num_rows
            if sink.tell() > limits.answer_mb * _MB:
                raise UsageError(
                    f"The answer is larger than {limits.answer_mb} MB. Ask for fewer rows or columns, or group them."
                )
            if wanted <= 0:
                break
    return sink.getvalue()


def _run(batches: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    try:
        yield from batches
    except OSError as problem:  # how Arrow passes on what DuckDB says in the middle of the rows
        text = str(problem)
        raise (duckdb.OutOfMemoryException if text.startswith("Out of Memory") else duckdb.Error)(text) from problem


def _private_bytes() -> int:
    pages = Path("/proc/self/statm").read_text().split()[5]
    return int(pages) * resource.getpagesize()


if __name__ == "__main__":
    main()
