"""Read the warehouse file, read-only, and say what to run if it cannot be read."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import duckdb
import polars as pl

from dashboards.data.cache import cached
from tracker.database import connect, is_open_elsewhere
from tracker.publish.layout import MARTS_NOTE
from tracker.sql.query import show_steps
from tracker.warehouse.day_files import CACHE_METADATA, MISSING, allow_only, day_files, is_missing_file, set_home

FILE_NAME = "tracker.duckdb"
_NEEDED = ("adoption_days", "build", "coverage_days", "labs", "model_days", "models", "origins")
_TABLES = """
select table_name as name from duckdb_tables() where database_name = 'warehouse'
union all
select view_name from duckdb_views() where database_name = 'warehouse'
"""
_WHAT_TO_RUN = (
    "`tracker demo` shows the product with simulated data and needs no network; "
    "`tracker up` reads the Hub and builds the warehouse."
)

_LIMITS: dict[str, str] = {}
"""Further settings of DuckDB in this process."""

_ANOTHER_VERSION = {
    False: "Run `tracker build` to rebuild it.",
    True: "Use the version that published it, or publish it with this one and run `tracker pull --marts` again.",
}
"""What to do about it, if the tables were pulled and if not."""

_UNREADABLE = {
    False: "Run `tracker build` to rebuild it from the lake.",
    True: "Run `tracker pull --marts` to fetch it again.",
}


@dataclass(frozen=True, slots=True)
class Store:
    """One built warehouse. Equal stores have equal data, so a store is part of every cache key."""

    path: str
    stamp: str
    """Inode, modification time and size of the file; each build has another."""

    threads: int = 2
    """With one thread, sums of fractions are added up in the same order each time, so equal data give equal bytes."""


@dataclass(frozen=True, slots=True)
class Build:
    """The row of the table `build`."""

    built_at: str
    program_version: str | None
    last_day: date
    is_simulated: bool


@dataclass(frozen=True, slots=True)
class NotReady:
    """Why no page can be shown, and what to run (Markdown)."""

    because: str


def limit_memory(most: str) -> None:
    """Limit the memory that DuckDB takes for a warehouse, as in "400MB"; else it takes up to four fifths of all."""
    _LIMITS["memory_limit"] = most


def open_store(home: Path, threads: int = 2) -> tuple[Store, Build] | NotReady:
    """The warehouse of `home` with its build row, or why it cannot be shown."""
    path = home / FILE_NAME
    try:
        stat = path.stat()
    except FileNotFoundError:
        return NotReady(f"There is no warehouse yet in this home ({FILE_NAME} is missing). {_WHAT_TO_RUN}")
    store = Store(str(path.absolute()), f"{stat.st_ino}-{stat.st_mtime_ns}-{stat.st_size}", threads)
    try:
        return _inspect(store)
    except duckdb.Error as error:
        return NotReady(unreadable(error, store))


@cached(4)
def history_since(store: Store) -> date | None:
    """First day of single models in a compact copy of a dataset that lacks earlier days; None if all days are there."""
    if "compact" not in rows(store, _TABLES)["name"]:
        return None
    found = rows(store, "select history_since from compact where readings_left_out > 0")["history_since"].to_list()
    return found[0] if found else None


def unreadable(error: duckdb.Error, store: Store) -> str:
    """What to run if DuckDB cannot read the warehouse, or its tables are not those of this version (Markdown)."""
    # The exception's type is enough for a support request; its text may contain paths.
    kind = type(error).__name__
    if is_open_elsewhere(error):
        return f"{FILE_NAME} is open for writing in another program. Close it there, then load this page again."
    if is_missing_file(error):
        return MISSING
    is_pulled = Path(store.path).with_name(MARTS_NOTE).exists()
    if isinstance(error, duckdb.CatalogException | duckdb.BinderException) and _is_of_another_version(store):
        return f"The warehouse was built by another version of the program. {_ANOTHER_VERSION[is_pulled]}"
    return f"{FILE_NAME} cannot be read ({kind}). {_UNREADABLE[is_pulled]}"


def rows(store: Store, sql: str, parameters: Mapping[str, Any] | None = None) -> pl.DataFrame:
    """The result of one query, with named parameters (`$name`)."""
    with _cursor(store) as cursor:
        relation = cursor.sql(sql, params=dict(parameters)) if parameters else cursor.sql(sql)
        return pl.DataFrame(relation.pl())


# Preparing a cursor takes longer than most queries of a page, so cursors are used again; one that failed is dropped.
@contextmanager
def _cursor(store: Store) -> Iterator[duckdb.DuckDBPyConnection]:
    free = _free_cursors(store)
    try:
        cursor = free.get_nowait()
    except Empty:
        cursor = _instance(store).cursor()
        cursor.execute("use warehouse")
        set_home(cursor, Path(store.path).parent)
        show_steps(cursor, "warehouse")
    try:
        yield cursor
    except BaseException:
        cursor.close()
        raise
    free.put(cursor)


@cached(2)
def _free_cursors(store: Store) -> SimpleQueue[duckdb.DuckDBPyConnection]:
    return SimpleQueue()


def _is_of_another_version(store: Store) -> bool:
    """Whether other code than this program's built the tables. Takes 12 ms, so only after an error."""
    from tracker.warehouse.increment import sql_version  # imports the registry's models, which no page needs

    try:
        return rows(store, "select sql_version from build")["sql_version"].to_list() != [sql_version()]
    except duckdb.Error:
        return True


@cached(4)
def _inspect(store: Store) -> tuple[Store, Build] | NotReady:
    home, tables = Path(store.path).parent, set(rows(store, _TABLES)["name"])
    missing = [name for name in _NEEDED if name not in tables]
    if missing:
        return NotReady(
            f"The warehouse was built by another version of the program: it has no {', '.join(missing)}. "
            f"{_ANOTHER_VERSION[(home / MARTS_NOTE).exists()]}"
        )
    if not all(file.is_in(home) for file in day_files(_instance(store).cursor(), "warehouse") or ()):
        return NotReady(MISSING)
    found = rows(store, "select built_at::varchar as built_at, program_version, last_day, is_simulated from build")
    if found.height != 1 or found["last_day"][0] is None:
        return NotReady(f"The warehouse is empty: no day has been crawled and built yet. {_WHAT_TO_RUN}")
    return store, Build(**found.row(0, named=True))


# An in-memory instance with the file attached: duckdb.connect(path) would return the instance that still reads the
# previous file as long as any connection to it is open.
@cached(2)
def _instance(store: Store) -> duckdb.DuckDBPyConnection:
    connection = connect(config={"threads": store.threads, **_LIMITS})
    quoted = store.path.replace("'", "''")
    connection.execute(f"attach '{quoted}' as warehouse (read_only)")
    connection.execute(CACHE_METADATA)
    connection.execute(allow_only(Path(store.path).parent))
    connection.execute("set lock_configuration = true")
    return connection
