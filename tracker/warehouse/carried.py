"""Carried tables: what an incremental build reads of the earlier warehouse, besides its day files.

They can be written as Parquet and read again on another machine. The warehouse assembled from them lacks the other
tables until the next build, which makes them.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

from tracker.database import Connection, connect, literal, one, rows
from tracker.warehouse.day_files import IDS, TABLES, DayFile, save_day_files, set_home, view_sql
from tracker.warehouse.increment import REGISTRY_TABLE, STORAGE_VERSION
from tracker.warehouse.sql_files import STATE_SCHEMA, STEPS_SCHEMA, Strategy, models
from tracker.warehouse.state_files import CarriedFile, CarriedTable, read_sql, save_state_files, state_files, write

_RECORDS: dict[str, Sequence[str]] = {"main.crawls": ("crawl",), REGISTRY_TABLE: ("name",)}
"""Tables that tell the next build what the warehouse was built from."""


def carried_names() -> dict[str, Sequence[str]]:
    """Return the carried tables of this version of the program, with the columns that order their rows."""
    with connect() as connection:
        found = {
            f"{model.schema}.{model.name}": model.grain
            for model in models(connection)
            if model.name not in TABLES
            and model.incremental is not None
            and model.incremental.strategy is not Strategy.FULL_REFRESH
        }
    return {**found, **_RECORDS}


class CarriedTables:
    """The carried tables of a warehouse, to be written."""

    def __init__(self, connection: Connection) -> None:
        self._connection, self._order = connection, carried_names()
        self._stored = {file.table.name: file for file in state_files(connection)}

    def __iter__(self) -> Iterator[CarriedTable]:
        """Describe each table that is not a state file already."""
        stored = self._stored
        for name in (name for name in self._order if name not in stored):
            columns = tuple((column, kind) for column, kind, *_ in rows(self._connection, f"describe {name}"))
            names = ", ".join(column for column, _ in columns)
            [(count, total)] = rows(
                self._connection, f"select count(*), coalesce(sum(hash({names})::hugeint), 0) from {name}"
            )
            yield CarriedTable(name, columns, count, f"{total} {stored[IDS].sha256[:16]}")

    def write(self, table: CarriedTable, target: Path) -> CarriedTable:
        """Write a table as Parquet, its rows in the order of their key; return what its file has."""
        return write(self._connection, table, table.name, self._order[table.name], target, IDS)


class Assembly:
    """A warehouse file that is being put together from carried tables and day files."""

    def __init__(self, file: Path, memory: str) -> None:
        for leftover in (file, file.with_name(f"{file.name}.wal")):
            leftover.unlink(missing_ok=True)
        self._home = file.parent.resolve()
        self._connection = connect(file, config={"storage_compatibility_version": STORAGE_VERSION})
        self._connection.execute(f"set memory_limit = {literal(memory)}; set preserve_insertion_order = false")
        set_home(self._connection, self._home)
        for schema in (STATE_SCHEMA, STEPS_SCHEMA):
            self._connection.execute(f"create schema {schema}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._connection.close()

    def add(self, table: CarriedTable, file: Path) -> None:
        """Fill a table from its Parquet file. Raises ValueError if it has other rows than announced."""
        self._connection.execute(f"create table {table.name} as {read_sql(table, file, IDS)}")
        self._check_rows(table, table.name)

    def check(self, file: CarriedFile) -> None:
        """Raise ValueError if a state file of the home has other rows than announced. The file of ids is read first."""
        path = self._home / file.path
        self._check_rows(file.table, f"read_parquet({literal(str(path))})")
        if file.table.name == IDS:
            self._connection.execute(f"create table {IDS} as {read_sql(file.table, path)}")

    def _check_rows(self, table: CarriedTable, source: str) -> None:
        if (count := one(self._connection, f"select count(*) from {source}")) != table.rows:
            raise ValueError(f"{table.name} has {count:,} rows instead of {table.rows:,}")

    def finish(self, sql_version: str, days: Sequence[DayFile], state: Sequence[CarriedFile]) -> None:
        """Add what the next build reads besides these tables: the version of the SQL, day files and state files."""
        connection = self._connection
        connection.execute(f"create table main.build as select {literal(sql_version)} as sql_version")
        save_day_files(connection, days)
        save_state_files(connection, state)
        for table in TABLES:
            files = [file for file in days if file.table == table]
            query = view_sql(files, self._home) if files else _no_rows(connection, table)
            connection.execute(f"create view main.{table} as {query}")
        connection.execute("checkpoint")


def _no_rows(connection: Connection, table: str) -> str:
    """Return a select of no row with the columns that the header of a table declares."""
    [found] = [model for model in models(connection) if model.name == table]
    if found.incremental is None or not found.incremental.columns:
        raise ValueError(f"it has no day file of {table}")
    typed = (column.split(" ", 1) for column in found.incremental.columns.split(", "))
    return f"select {', '.join(f'null::{kind} as {name}' for name, kind in typed)} where false"
