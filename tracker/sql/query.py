"""SQL over a warehouse that can read it and nothing else: no writes, no files, no network, no settings."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from tracker.database import Connection
from tracker.errors import DataError, UsageError

_SEALED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,
    "lock_configuration": True,
}


@contextmanager
def opened(warehouse: Path, bounds: Mapping[str, str] | None = None) -> Iterator[Connection]:
    """A connection that only reads.

    Given `bounds` (DuckDB settings such as memory_limit), it is for strangers: it also loses the file system once the
    file is open, so that the file cannot be read as a file and no sort can spill to disk.

    Raises DataError if there is no warehouse, if DuckDB cannot read it, or, while it is used, if it lacks what this
    version of the program looks for.
    """
    if not warehouse.exists():
        raise DataError(
            f"There is no warehouse at {warehouse.resolve()}. Run `tracker build` after a crawl, "
            "`tracker up` to crawl and build in one go, or `tracker demo --keep` for simulated data."
        )
    try:
        connection = _connected(warehouse, bounds)
    except duckdb.Error as problem:
        raise DataError(
            f"{warehouse.resolve()} cannot be read ({problem}). Run `tracker build` to make it anew."
        ) from problem
    try:
        yield connection
    except (duckdb.CatalogException, duckdb.BinderException) as problem:
        raise DataError(
            f"{warehouse.resolve()} was built by another version of this program, or is no warehouse "
            f"({str(problem).splitlines()[0]}). Run `tracker build` to make it anew."
        ) from problem
    finally:
        connection.close()


def answer(connection: Connection, sql: str) -> pa.Table:
    """The rows of one reading statement. Raises UsageError for anything else, and for SQL that does not run."""
    with in_words():
        return reading(connection, sql).to_arrow_table()


def reading(connection: Connection, sql: str) -> duckdb.DuckDBPyRelation:
    """One reading statement, not yet run. Raises UsageError for any other; use it within `in_words`."""
    statements = _statements(connection, sql)
    if not statements:
        raise UsageError("There is no statement in this text. Try: show tables")
    if len(statements) > 1:
        raise UsageError(f"One statement at a time, please; this text holds {len(statements)}.")
    kind = statements[0].type
    if kind == duckdb.StatementType.MULTI:
        raise UsageError(
            "A pivot must name the columns it makes, because it would write their list first. "
            "Try: pivot labs on origin in ('CN', 'US') using count(*)"
        )
    if kind == duckdb.StatementType.EXPLAIN:
        kind = _explained(connection, sql)
    if kind != duckdb.StatementType.SELECT:
        raise UsageError(
            f"SQL here only reads: {kind.name} is refused. The warehouse is rebuilt from the lake by "
            "`tracker build`; to write to a copy, open the file with DuckDB itself."
        )
    return connection.sql(sql)


@contextmanager
def in_words() -> Iterator[None]:
    """What DuckDB says to SQL that it refuses or cannot run, as UsageError."""
    try:
        yield
    except duckdb.PermissionException as problem:
        raise UsageError(
            f"SQL here reads the warehouse and nothing else, no files and no network: {problem}"
        ) from problem
    except duckdb.Error as problem:
        raise UsageError(str(problem)) from problem


def _connected(warehouse: Path, bounds: Mapping[str, str] | None) -> Connection:
    if not bounds:
        return duckdb.connect(str(warehouse), read_only=True, config=dict(_SEALED))
    config = {**_SEALED, **bounds, "lock_configuration": False}
    connection = duckdb.connect(str(warehouse), read_only=True, config=config)
    connection.execute("set disabled_filesystems = 'LocalFileSystem'")
    connection.execute("set lock_configuration = true")
    return connection


def _statements(connection: Connection, sql: str) -> list[duckdb.Statement]:
    try:
        return connection.extract_statements(sql)
    except duckdb.Error as problem:
        raise UsageError(f"This SQL cannot be read: {problem}") from problem


# `explain analyze` runs what it explains, and that may be a copy into a file.
def _explained(connection: Connection, sql: str) -> duckdb.StatementType:
    """The kind of statement that is explained: that of the first tail of the text that is a statement."""
    text = sql.encode()
    places = [place for place, kind in duckdb.tokenize(sql) if kind != duckdb.token_type.comment]
    for place in places[1:]:
        try:
            found = connection.extract_statements(text[place:].decode())
        except duckdb.Error:
            continue
        if len(found) == 1:
            return found[0].type
    return duckdb.StatementType.EXPLAIN
