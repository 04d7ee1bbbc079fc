"""Day files: `model_days`, `model_flows` and `root_days` as Parquet in the folder `days`, next to a slim warehouse.

A slim warehouse has views of these names over its day files, and lists the files in `state.day_files`. The name of a
file ends with a hash of its content, so a file never changes, and builds share the files of months that did not change.

An id of a repository has 24 characters that hardly compress: half of the bytes of a month. So day files have numbers in
place of ids, and the table `state.repository_ids` of the warehouse has the ids. A build adds to it and never changes a
number, except in a full refresh.

The views find the files in the folder of the variable `tracker_home`, else where the warehouse was built. Every reader
of this program sets the variable, so a home can be moved or copied.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from tracker.database import Connection, literal, one, rows

TABLES = ("model_days", "model_flows")
STEPS = ("root_days",)
"""Tables of the schema `steps` that are stored likewise. Each build writes them again; no later build reads them."""

NEEDED_BY = ("model_days", "model_flows", "model_history", "models_now")
"""Public tables and views that read day files. `steps.root_days` does too."""

FOLDER = "days"
HOME_VARIABLE = "tracker_home"
CACHE_METADATA = "set global parquet_metadata_cache = true"
"""Statement after which an instance reads the metadata of a day file only once: files never change."""

NEEDS_FOLDER = (
    f"Its rows are in the folder {FOLDER} next to this file; if they are not found, "
    f"set variable {HOME_VARIABLE} = 'path of the folder that holds both'."
)
"""Sentence for the comments of these views."""

MISSING = (
    f"{', '.join(NEEDED_BY[:-1])} and {NEEDED_BY[-1]} need the folder {FOLDER} next to the warehouse, and files of "
    "that folder are missing. Copy the whole folder from where the warehouse was built, or run `tracker build`. "
    "`tracker build --single-file` makes a warehouse without that folder. The other tables can be read."
)
IDS = "state.repository_ids"
"""Table of a slim warehouse with the number of each id."""

_CATALOG = "day_files"


@dataclass(frozen=True, slots=True)
class DayFile:
    """Rows of one table and month. A month can have several files; their rows differ."""

    table: str
    month: date
    """Its first day."""

    file: str
    """Path relative to the home, with `/`."""

    rows: int
    bytes: int

    def is_in(self, home: Path) -> bool:
        """Return whether the home has the file, judged by its size."""
        path = home / self.file
        return path.is_file() and path.stat().st_size == self.bytes


def day_files(connection: Connection, database: str | None = None) -> list[DayFile] | None:
    """Return the day files that a warehouse reads; None if it is a single file."""
    name = database or one(connection, "select current_database()")
    found = "select count(*) from duckdb_tables() where database_name = ? and table_name = ?"
    if not one(connection, found, [name, _CATALOG]):
        return None
    catalog = '"{}"'.format(name.replace('"', '""')) + f".state.{_CATALOG}"
    return [DayFile(*row) for row in rows(connection, f"select * from {catalog} order by all")]


def save_day_files(connection: Connection, files: Sequence[DayFile]) -> None:
    """Create the table `state.day_files`."""
    connection.execute(
        f"create or replace table state.{_CATALOG} "
        "(table_name varchar, month date, file varchar, rows bigint, bytes bigint)"
    )
    for file in files:
        values = [file.table, file.month, file.file, file.rows, file.bytes]
        connection.execute(f"insert into state.{_CATALOG} values (?, ?, ?, ?, ?)", values)
    about = f"A file in the folder {FOLDER}, next to this file, that {' or '.join((*TABLES, *STEPS))} reads."
    connection.execute(f"comment on table state.{_CATALOG} is {literal(about)}")


def set_home(connection: Connection, home: Path | str) -> None:
    """Set where the views of a slim warehouse find their files. A variable belongs to one connection or cursor."""
    connection.execute(f"set variable {HOME_VARIABLE} = {literal(str(home))}")


def allow_only(home: Path) -> str:
    """Return the statements after which an instance can read the day files of a home and no other file."""
    return f"set allowed_directories = [{literal(f'{home}/{FOLDER}/')}]; set enable_external_access = false"


def is_missing_file(problem: Exception) -> bool:
    """Return whether DuckDB failed because a day file is missing."""
    text = str(problem)
    places = (f"/{FOLDER}/{table}/" for table in (*TABLES, *STEPS))
    return isinstance(problem, duckdb.IOException) and any(place in text for place in places)


def view_sql(files: Sequence[DayFile], home: Path) -> str:
    """Return the select of a view over some day files of a table, with ids in place of their numbers."""
    if files[0].table in STEPS:
        return numbered_sql(files, home)
    return (
        f"select ids.hub_id, numbered.* exclude (id) from ({numbered_sql(files, home)}) as numbered "
        f"join {IDS} as ids using (id)"
    )


def numbered_sql(files: Sequence[DayFile], home: Path) -> str:
    """Return a select of the rows of some day files, as they are stored."""
    folder = f"coalesce(getvariable('{HOME_VARIABLE}'), {literal(str(home))})"
    paths = ", ".join(f"{folder} || {literal(f'/{file.file}')}" for file in files)
    return f"select * from read_parquet([{paths}], hive_partitioning = false)"
