"""Run an untrusted query in a separate process, so that it can only read one warehouse, within limits.

process.py is that process and explains its limits. It is killed at its time limit and costs about a third of a second
per query. A separate process also avoids a conflict: DuckDB shares one instance among all connections to a file, so a
sealed connection would clash with the settings of the dashboard's connection, or read an outdated file.

Besides the warehouse, a query can see DuckDB's version and settings and the path of the warehouse
(`duckdb_databases()`). The process gets no environment variables, so it has no token, user name or home folder.
"""

import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import polars as pl
import polars.selectors as cs
import pyarrow as pa

from tracker.errors import DataError, HomeError, TrackerError, UsageError
from tracker.sql.process import Limits
from tracker.warehouse.day_files import MISSING

MAX_CONCURRENT = 2
"""Queries of one program that may run at the same time; it also limits their total memory."""

MAX_QUERY_CHARS = 50_000

_PROGRAM = str(Path(__file__).parents[2])
_SLOTS = threading.BoundedSemaphore(MAX_CONCURRENT)
_SLOT_WAIT_SECONDS = 0.5
_DEFAULT_LIMITS = Limits()
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class QueryResult:
    """The rows of one query."""

    frame: pl.DataFrame
    """Numbers, text, dates and times (UTC). Values of other types come as text."""

    is_cut: bool
    """True if there were more rows than the limit."""

    seconds: float


def run_query(warehouse: Path, query: str, limits: Limits = _DEFAULT_LIMITS) -> QueryResult:
    """Run one read-only statement.

    Raises:
        UsageError: any other statement, SQL that fails, a limit, or too many queries at the same time. The message is
            for the author of the query.
        DataError: there is no warehouse, or it cannot be read.
    """
    if len(query) > MAX_QUERY_CHARS:
        raise UsageError(f"This query is longer than {MAX_QUERY_CHARS:,} characters.")
    if not warehouse.exists():
        raise DataError("There is no warehouse yet. Run `tracker build` after a crawl, or `tracker demo`.")
    started = time.perf_counter()
    with _slot():
        rows = _rows(_run_process(warehouse, query, limits), limits)
    frame = _frame(rows.slice(0, limits.rows))
    return QueryResult(frame, rows.num_rows > limits.rows, time.perf_counter() - started)


@contextmanager
def _slot() -> Iterator[None]:
    if not _SLOTS.acquire(timeout=_SLOT_WAIT_SECONDS):
        raise UsageError(f"{MAX_CONCURRENT} other queries are running, which is the limit. Try again in a moment.")
    try:
        yield
    finally:
        _SLOTS.release()


def _run_process(warehouse: Path, query: str, limits: Limits) -> subprocess.CompletedProcess[bytes]:
    """Run the process to its end. It is killed at its time limit or if this call is interrupted."""
    arguments = [str(warehouse.resolve()), json.dumps(asdict(limits))]
    try:
        return subprocess.run(
            [sys.executable, "-P", "-m", "tracker.sql.process", *arguments],
            input=query.encode("utf-8", "replace"),
            capture_output=True,
            env=_environment(),
            timeout=limits.seconds,
        )
    except subprocess.TimeoutExpired:
        # From None, because the original error shows the command and with it a path.
        raise UsageError(
            f"This query was stopped: it took longer than {limits.seconds:g} seconds. Select less, or group earlier."
        ) from None


def _environment() -> dict[str, str]:
    """Return the module path, UTC as time zone, and the variable that Windows needs to start a process."""
    required = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    modules = os.pathsep.join(filter(None, (_PROGRAM, *sys.path)))
    return {**required, "PYTHONPATH": modules, "TZ": "UTC"}


def _rows(process: subprocess.CompletedProcess[bytes], limits: Limits) -> pa.Table:
    message = process.stderr.decode("utf-8", "replace")
    if process.returncode == 0:
        return pa.ipc.open_stream(process.stdout).read_all()
    if process.returncode == UsageError.exit_code:
        raise UsageError(message)
    if message == MISSING:
        raise DataError(MISSING)
    _LOG.error("a query ended with code %s: %s", process.returncode, message)
    if process.returncode == DataError.exit_code:
        raise DataError("The warehouse cannot be read. Run `tracker build` to rebuild it.")
    if process.returncode == HomeError.exit_code:
        raise HomeError("The warehouse is open for writing in another program. Close it there, then try again.")
    if process.returncode < 0:
        raise UsageError(
            f"The system stopped this query (signal {-process.returncode}): it needed more than its limits of "
            f"{limits.memory_mb} MB of memory and {limits.seconds:g} seconds."
        )
    raise TrackerError("This query could not be run. The log of the program has the reason.")


def _frame(rows: pa.Table) -> pl.DataFrame:
    """Return the rows as a data frame. Raises UsageError for days outside of Python's calendar."""
    frame = pl.DataFrame(rows)
    days = frame.select((cs.date() | cs.datetime()).cast(pl.Date).is_between(date.min, date.max).all())
    outside = [name for name in days.columns if not days[name].item()]
    if outside:
        raise UsageError(f"Days outside the years 1 to 9999 cannot be shown; cast {', '.join(outside)} to varchar.")
    return frame
