"""SQL over a warehouse that can read it and nothing else: no writes, no files, no network, no settings."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from tracker.duck import Connection
from tracker.errors import DataError, UsageError

_READING = {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN}
_SEALED = {
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "lock_configuration": True,
}


@contextmanager
def opened(warehouse: Path) -> Iterator[Connection]:
    """A connection that only reads.

    Raises DataError if there is no warehouse, if DuckDB cannot read it, or, while it is used, if it lacks what this
    version of the program looks for.
    """
    if not warehouse.exists():
        raise DataError(
            f"There is no warehouse at {warehouse.resolve()}. Run `tracker build` after a crawl, "
            "`tracker up` to crawl and build in one go, or `tracker demo --keep` for simulated data."
        )
    try:
        connection = duckdb.connect(str(warehouse), read_only=True, config=dict(_SEALED))
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
    try:
        statements = connection.extract_statements(sql)
    except duckdb.Error as problem:
        raise UsageError(f"This SQL cannot be read: {problem}") from problem
    if not statements:
        raise UsageError("There is no statement in this text. Try: show tables")
    if len(statements) > 1:
        raise UsageError(f"One statement at a time, please; this text holds {len(statements)}.")
    [statement] = statements
    if statement.type not in _READING:
        raise UsageError(
            f"`tracker sql` only reads: {statement.type.name} is refused. The warehouse is rebuilt from the lake by "
            "`tracker build`; to write to a copy, open the file with DuckDB itself."
        )
    try:
        return connection.sql(sql).to_arrow_table()
    except duckdb.PermissionException as problem:
        raise UsageError(
            f"`tracker sql` reads the warehouse and nothing else, no files and no network: {problem}"
        ) from problem
    except duckdb.Error as problem:
        raise UsageError(str(problem)) from problem
