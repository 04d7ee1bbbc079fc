"""State files: internal tables that the next build of a slim warehouse reads, as Parquet in the folder `state`.

While a slim warehouse is built, its internal tables are in a database of their own, so `tracker.duckdb` never has their
bytes. The name of a state file ends with a hash of its content, so a file never changes, and it is what
`tracker publish` sends.

Like day files, they have numbers in place of ids. One file has the ids.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb

from tracker.database import Connection, literal, one, rows
from tracker.lake.lake import sha256_and_size, sync
from tracker.warehouse.day_files import IDS
from tracker.warehouse.sql_files import STATE_SCHEMA, Model

FOLDER = "state"
_CATALOG = "table_files"
_DATABASE = "internal"
_DATABASE_FILE = "internal.duckdb"
_EARLIER_IDS = f"earlier.{IDS}"
_ID_COLUMNS = ("hub_id", "root_id", "child_id", "parent_id", "base_id")
_IDS_COLUMNS = (("id", "INTEGER"), ("hub_id", "VARCHAR"))

_NOT_IN_PARQUET = ("HUGEINT", "UHUGEINT")
"""Types that DuckDB would write to Parquet as doubles; they are written as text."""


@dataclass(frozen=True, slots=True)
class CarriedTable:
    """Content of one carried table."""

    name: str
    """With its schema, such as `state.core_usable_days`."""

    columns: tuple[tuple[str, str], ...]
    """Names and types of DuckDB."""

    rows: int
    content: str
    """Sum of the hashes of all rows, and the numbering of ids: equal sums mean equal content, in one version of DuckDB.
    Empty for a table that is
    a state file of its warehouse: its checksum is known."""

    numbered: tuple[str, ...] = ()
    """Columns that have the numbers of ids in the file."""


@dataclass(frozen=True, slots=True)
class CarriedFile:
    """A carried table and its Parquet file."""

    table: CarriedTable
    bytes: int
    sha256: str

    @property
    def path(self) -> str:
        """Path relative to the home, and in a dataset."""
        return f"{FOLDER}/{self.table.name}.{self.sha256[:16]}.parquet"

    def is_in(self, home: Path) -> bool:
        """Return whether the home has the file, judged by its size."""
        path = home / self.path
        return path.is_file() and path.stat().st_size == self.bytes


def read_sql(table: CarriedTable, file: Path, ids: str = "") -> str:
    """Return a select of the rows of a table from its file. The table `ids` has the ids by their numbers."""
    columns = ", ".join(
        f"of_{name}.hub_id as {name}" if name in table.numbered else f"stored.{name}::{kind} as {name}"
        for name, kind in table.columns
    )
    joins = "".join(f" left join {ids} as of_{name} on of_{name}.id = stored.{name}" for name in table.numbered)
    return f"select {columns} from read_parquet({literal(str(file))}) as stored{joins}"


def write(
    connection: Connection, table: CarriedTable, source: str, order: Sequence[str], target: Path, ids: str = ""
) -> CarriedTable:
    """Write a table as Parquet, its rows in the order of their key; return what its file has.

    Columns of ids are numbered by the table `ids`, unless one of them has an id that is not of a repository.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    numbered = tuple(name for name, kind in table.columns if ids and name in _ID_COLUMNS and kind == "VARCHAR")
    try:
        _copy(connection, replace(table, numbered=numbered), source, order, target, ids)
    except duckdb.InvalidInputException:
        numbered = ()
        _copy(connection, table, source, order, target, ids)
    return replace(table, numbered=numbered)


def _copy(
    connection: Connection, table: CarriedTable, source: str, order: Sequence[str], target: Path, ids: str
) -> None:
    joins = "".join(f" left join {ids} as of_{name} on of_{name}.hub_id = source.{name}" for name in table.numbered)
    written = ", ".join(f"{_written(table, *column)} as {column[0]}" for column in table.columns)
    keys = ", ".join(str([name for name, _ in table.columns].index(name) + 1) for name in order)
    connection.execute(
        f"copy (select {written} from {source} as source{joins} order by {keys}) to {literal(str(target))} "
        "(format parquet, compression zstd, parquet_version v2)"
    )


def _written(table: CarriedTable, name: str, kind: str) -> str:
    if name in table.numbered:
        return f"coalesce(of_{name}.id, case when source.{name} is not null then error(source.{name})::integer end)"
    return f"source.{name}::varchar" if kind in _NOT_IN_PARQUET else f"source.{name}"


def state_files(connection: Connection) -> list[CarriedFile]:
    """Return the state files of the warehouse that is open; none if its internal tables are in the file itself."""
    found = "select count(*) from duckdb_tables() where database_name = current_database() and table_name = ?"
    if not one(connection, found, [_CATALOG]):
        return []
    query = f"select table_name, columns, rows, numbered, bytes, sha256 from {STATE_SCHEMA}.{_CATALOG} order by all"
    files = []
    for name, columns, count, numbered, size, sha256 in rows(connection, query):
        named = tuple((column, kind) for column, kind in json.loads(columns))
        files.append(CarriedFile(CarriedTable(name, named, count, "", tuple(numbered)), size, sha256))
    return files


def save_state_files(connection: Connection, files: Sequence[CarriedFile]) -> None:
    """Create the table `state.table_files`."""
    catalog = f"{STATE_SCHEMA}.{_CATALOG}"
    connection.execute(
        f"create or replace table {catalog} "
        "(table_name varchar, columns varchar, rows bigint, numbered varchar[], bytes bigint, sha256 varchar)"
    )
    for file in files:
        table = file.table
        values = [table.name, json.dumps(table.columns), table.rows, [*table.numbered], file.bytes, file.sha256]
        connection.execute(f"insert into {catalog} values (?, ?, ?, ?, ?, ?)", values)
    about = f"A file in the folder {FOLDER}, next to this file, that the next build reads."
    connection.execute(f"comment on table {catalog} is {literal(about)}")


class InternalTables:
    """The internal tables of the slim warehouse that is being built."""

    def __init__(self, connection: Connection, home: Path, earlier: Sequence[CarriedFile]) -> None:
        self._connection, self._home = connection, home.resolve()
        self._earlier = {file.table.name: file for file in earlier}
        self._ordered: list[Model] = []
        self._kept: Collection[str] = ()
        for leftover in (home / FOLDER).glob("*.new"):
            leftover.unlink()

    def open(
        self, ordered: Sequence[Model], since: date | None, unchanged: Collection[str], folder: Path | None
    ) -> list[Model]:
        """Create their database, in memory or as a file in `folder`; return the models, which then belong to it.

        With `since`, it has what the incremental build needs of the earlier one. Tables that are updated in place are
        copied. Those in `unchanged` are views of their state files.
        """
        place = ":memory:" if folder is None else str(folder / _DATABASE_FILE)
        if folder:
            folder.mkdir(exist_ok=True)
        execute = self._connection.execute
        for name, at in ((_DATABASE, place), (f"earlier_{_DATABASE}", ":memory:")):
            execute(f"attach {literal(at)} as {name}")
            execute(f"create schema {name}.{STATE_SCHEMA}")
        self._kept = unchanged
        self._ordered = [replace(model, database=_DATABASE) if model.is_state else model for model in ordered]
        for model in self._internal if since else ():
            file = self._earlier[f"{model.schema}.{model.name}"]
            query = read_sql(file.table, self._home / file.path, _EARLIER_IDS)
            execute(f"create view {model.earlier_table} as {query}")
            if model.name in unchanged:
                execute(f"create view {model.table} as from {model.earlier_table}")
            elif model.is_updated_in_place:
                execute(f"create table {model.table} as from {model.earlier_table}")
        return self._ordered

    @property
    def _internal(self) -> list[Model]:
        return [model for model in self._ordered if model.is_state]

    def save(self) -> list[CarriedFile]:
        """Write the tables that can have changed, and return the files of all."""
        self._connection.execute("set preserve_insertion_order = true")
        ids = self._write(CarriedTable(IDS, _IDS_COLUMNS, 0, ""), IDS, ("id",))
        kept = self._kept if ids == self._earlier.get(IDS) else ()
        files = [
            self._earlier[f"{model.schema}.{model.name}"] if model.name in kept else self._write_model(model)
            for model in self._internal
        ]
        return [ids, *files]

    def _write_model(self, model: Model) -> CarriedFile:
        columns = tuple((name, kind) for name, kind, *_ in rows(self._connection, f"describe {model.table}"))
        table = CarriedTable(f"{model.schema}.{model.name}", columns, 0, "")
        return self._write(table, model.table, model.grain, IDS)

    def _write(self, table: CarriedTable, source: str, order: Sequence[str], ids: str = "") -> CarriedFile:
        """Write a table; give its file a name, unless the earlier build has written the same content."""
        table = replace(table, rows=one(self._connection, f"select count(*) from {source}"))
        temporary = self._home / FOLDER / f"{table.name}.new"
        table = write(self._connection, table, source, order, temporary, ids)
        sha256, size = sha256_and_size(temporary)
        file = CarriedFile(table, size, sha256)
        if file.is_in(self._home):
            temporary.unlink()
        else:
            sync(temporary)
            temporary.replace(self._home / file.path)
        return file


def remove_unused_state(home: Path, used: Sequence[CarriedFile]) -> None:
    """Delete the state files that the next build does not read. Nothing else reads any."""
    names = {file.path for file in used}
    for path in (home / FOLDER).glob("*.parquet"):
        if path.relative_to(home).as_posix() not in names:
            path.unlink()
