"""SQL typed by a stranger: it can read one warehouse and nothing else, within bounds, and cannot harm this process.

Each query is answered by a process of its own, which bounded.py bounds and explains, and which is killed at its
time limit. It costs about a third of a second per query. It also keeps out of this process's way: DuckDB shares one
instance among all connections to a file, so that a sealed connection beside the dashboard's own would be refused for
its other settings, or would go on reading a file that a new build has replaced. A new process opens what is there.

What a stranger does get to see besides the warehouse: DuckDB's version and settings, and the path of the warehouse
(`duckdb_databases()`), with which nothing can be done. The process is given no environment, so there is no token, user
or home folder in it to be seen.
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

from tracker.errors import DataError, TrackerError, UsageError
from tracker.sql.bounded import Limits

AT_ONCE = 2
"""Queries of one program that may run at a time, so that their memory is bounded too."""

LONGEST_QUERY = 50_000
"""Characters."""

_PROGRAM = str(Path(__file__).parents[2])
_TURNS = threading.BoundedSemaphore(AT_ONCE)
_SECONDS_FOR_A_TURN = 0.5
_USUAL = Limits()
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answered:
    """The rows of one query."""

    frame: pl.DataFrame
    """Numbers, texts, dates and times (UTC); values of any other type are the text that DuckDB writes for them."""

    is_cut: bool
    """True if there were more rows than the limit lets through."""

    seconds: float


def ask(warehouse: Path, query: str, limits: Limits = _USUAL) -> Answered:
    """What one reading statement gives.

    Raises UsageError, with a sentence for whoever typed it, for anything else, for SQL that does not run, beyond a
    limit, and while too many others ask. Raises DataError if there is no warehouse or it cannot be read.
    """
    if len(query) > LONGEST_QUERY:
        raise UsageError(f"This text is longer than {LONGEST_QUERY:,} characters.")
    if not warehouse.exists():
        raise DataError("There is no warehouse yet. Run `tracker build` after a crawl, or `tracker demo`.")
    began = time.perf_counter()
    with _turn():
        rows = _rows(_ended(warehouse, query, limits), limits)
    frame = _frame(rows.slice(0, limits.rows))
    return Answered(frame, rows.num_rows > limits.rows, time.perf_counter() - began)


@contextmanager
def _turn() -> Iterator[None]:
    if not _TURNS.acquire(timeout=_SECONDS_FOR_A_TURN):
        raise UsageError(f"{AT_ONCE} other queries are running, and no more may at a time. Try again in a moment.")
    try:
        yield
    finally:
        _TURNS.release()


def _ended(warehouse: Path, query: str, limits: Limits) -> subprocess.CompletedProcess[bytes]:
    """The process that answered or refused. It is killed with its time over, or with this call interrupted."""
    order = [str(warehouse.resolve()), json.dumps(asdict(limits))]
    try:
        return subprocess.run(
            [sys.executable, "-P", "-m", "tracker.sql.bounded", *order],
            input=query.encode("utf-8", "replace"),
            capture_output=True,
            env=_environment(),
            timeout=limits.seconds,
        )
    except subprocess.TimeoutExpired:
        # From None: the original would show the command, and with it a path.
        raise UsageError(
            f"This query was stopped: it took longer than {limits.seconds:g} seconds. Ask for less, or group earlier."
        ) from None


def _environment() -> dict[str, str]:
    """Where the program's modules lie, whose clock to use, and what Windows cannot start a process without."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    modules = os.pathsep.join(filter(None, (_PROGRAM, *sys.path)))
    return {**kept, "PYTHONPATH": modules, "TZ": "UTC"}


def _rows(ended: subprocess.CompletedProcess[bytes], limits: Limits) -> pa.Table:
    said = ended.stderr.decode("utf-8", "replace")
    if ended.returncode == 0:
        return pa.ipc.open_stream(ended.stdout).read_all()
    if ended.returncode == UsageError.exit_code:
        raise UsageError(said)
    _LOG.error("a query ended with code %s: %s", ended.returncode, said)
    if ended.returncode == DataError.exit_code:
        raise DataError("The warehouse cannot be read. Run `tracker build` to make it anew.")
    if ended.returncode < 0:
        raise UsageError(
            f"The system ended this query (signal {-ended.returncode}): it needed more than the {limits.memory_mb} MB "
            f"of memory and {limits.seconds:g} seconds it may use."
        )
    raise TrackerError("This query could not be run; the log of the program says why.")


def _frame(rows: pa.Table) -> pl.DataFrame:
    """As a frame. Raises UsageError for days outside Python's calendar, which no page and no file could show."""
    frame = pl.DataFrame(rows)
    days = frame.select((cs.date() | cs.datetime()).cast(pl.Date).is_between(date.min, date.max).all())
    odd = [name for name in days.columns if not days[name].item()]
    if odd:
        raise UsageError(f"Days outside the years 1 to 9999 cannot be shown; cast {', '.join(odd)} to varchar.")
    return frame
