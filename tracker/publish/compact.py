"""`marts.duckdb`: the tables that pages read, in one DuckDB file of a dataset.

It has all public tables and views with their comments, and the steps that pages read, but not what only the next build
reads. Of `model_days` and `model_flows` it has the newest days, at most `MOST_READINGS` readings, and in `model_days`
also the days that the last one is compared with; its table `compact` says since when. Two files of the same tables
differ in their bytes, so a sum of all rows, comments and definitions decides whether a dataset has them already.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from tracker.database import Connection, connect, literal, one, rows
from tracker.lake.lake import sync
from tracker.publish.layout import MARTS_NOTE, READ_STEPS
from tracker.warehouse.day_files import NEEDS_FOLDER, STEPS, TABLES, set_home
from tracker.warehouse.increment import STORAGE_VERSION
from tracker.warehouse.sql_files import STEPS_SCHEMA

MOST_MODELS = 500_000
"""Of more repositories, such as the whole Hub, no compact file is made: it would be sent and fetched every day."""

MOST_READINGS = 1_500_000
"""Rows of `model_days` in the file, besides the days that the last one is compared with."""

TABLE = "compact"
"""The table that only a compact file has."""

_COMMENTS = {
    f"table main.{TABLE}": "What this file holds of the history of single repositories. The dataset has all of it.",
    f"column main.{TABLE}.history_since": "First day since which model_days and model_flows have every day that was "
    "read. model_days also has the earlier days that the last one is compared with.",
    f"column main.{TABLE}.readings_left_out": "Rows of model_days that only the dataset has. 0: all are here.",
}

_COMPARED = """
with latest as (
    select task_class, segment, day
    from panel_days
    where day > (select max(day) from panel_days) - 7
),
compared as (
    select day_before as day from steps.comparison_days where day_before is not null
    union all
    select min(panels.day)
    from latest
    join panel_days as panels
        on panels.task_class = latest.task_class and panels.segment = latest.segment
        and panels.day >= latest.day - 30 and panels.day < latest.day
    group by latest.task_class, latest.day
)
select distinct day from compared
"""
"""The days that pages compare a day of the last week with: about 30 days before, see dashboards/queries."""


@dataclass(frozen=True, slots=True)
class History:
    """The days of `model_days` and `model_flows` that the file holds."""

    since: date
    compared: tuple[date, ...]
    """Earlier days of `model_days` that are kept too."""

    left_out: int
    """Readings that are left out."""

    def condition(self, table: str) -> str:
        """Return which rows of a table the file holds."""
        if not self.left_out or table not in TABLES:
            return "true"
        kept = f"day >= {literal(str(self.since))}::date"
        if table != "model_days" or not self.compared:
            return kept
        return f"({kept} or day in ({', '.join(f'{literal(str(day))}::date' for day in self.compared)}))"


@dataclass(frozen=True, slots=True)
class Compact:
    """What the compact file of a warehouse holds."""

    history: History
    tables: Mapping[str, int]
    """Table with its schema -> rows."""

    views: Mapping[str, str]
    """View -> the statement that creates it."""

    comments: Mapping[str, str]
    """What is commented, such as `column main.models.author` -> its comment."""

    sum: str
    """Equal sums mean equal content, apart from the time of the build."""

    @property
    def rows(self) -> int:
        """All rows."""
        return sum(self.tables.values())


@dataclass(frozen=True, slots=True)
class Note:
    """The compact file that a home has."""

    repo_id: str
    revision: str
    """The revision at which the dataset was last seen to have this file."""

    oid: str
    bytes: int
    last_day: str
    history_since: str | None
    """First day of single models, if the file lacks earlier ones that were read."""

    program_version: str | None
    """Version of the program that built the tables."""


def describe(connection: Connection) -> Compact | None:
    """Return what the compact file of an open warehouse would hold; None if it has too many repositories."""
    if one(connection, "select count(*) from models") > MOST_MODELS:
        return None
    history = _history(connection)
    comments = {**dict(_comments(connection)), **_COMMENTS}
    views = dict(_views(connection))
    tables, digest = dict[str, int](), hashlib.sha256()
    for name in _tables(connection):
        columns = [(column, kind) for column, kind, *_ in rows(connection, f"describe {name}")]
        hashed = ", ".join(column for column, _ in columns if (name, column) != ("main.build", "built_at"))
        where = history.condition(name.removeprefix("main."))
        query = f"select count(*), coalesce(sum(hash({hashed})::hugeint), 0) from {name} where {where}"
        [(tables[name], total)] = rows(connection, query)
        digest.update(f"{name} {columns} {tables[name]} {total}\n".encode())
    for part in (STORAGE_VERSION, history, sorted(views.items()), sorted(comments.items())):
        digest.update(repr(part).encode())
    return Compact(history, tables, views, comments, digest.hexdigest())


def write(warehouse: Path, compact: Compact, target: Path) -> None:
    """Write the compact file of a warehouse. One thread: the order of the rows is that of the warehouse."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with connect(target, config={"storage_compatibility_version": STORAGE_VERSION, "threads": 1}) as connection:
        set_home(connection, warehouse.parent.resolve())
        connection.execute(f"attach {literal(str(warehouse))} as warehouse (read_only)")
        connection.execute(f"create schema {STEPS_SCHEMA}; begin")
        for name in compact.tables:
            where = compact.history.condition(name.removeprefix("main."))
            connection.execute(f"create table {name} as select * from warehouse.{name} where {where}")
        connection.execute(
            f"create table main.{TABLE} as select {literal(str(compact.history.since))}::date as history_since, "
            f"{compact.history.left_out}::bigint as readings_left_out"
        )
        for statement in compact.views.values():
            connection.execute(statement)
        for what, text in compact.comments.items():
            connection.execute(f"comment on {what} is {literal(text)}")
        connection.execute("commit; checkpoint")


def read_note(home: Path) -> Note | None:
    """Return where the tables of a home are from; None if they were not pulled."""
    try:
        return Note(**json.loads((home / MARTS_NOTE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def save_note(note: Note, home: Path) -> None:
    """Write where the tables of a home are from, atomically."""
    temporary = home / f"{MARTS_NOTE}.new"
    temporary.write_text(json.dumps(asdict(note), indent=1) + "\n", encoding="utf-8")
    sync(temporary)
    temporary.replace(home / MARTS_NOTE)


def _tables(connection: Connection) -> list[str]:
    """Return the tables of the file with their schemas; those of a slim warehouse are views there."""
    query = "select table_name from duckdb_tables() where database_name = current_database() and schema_name = 'main'"
    public = {name for (name,) in rows(connection, query)} | {*TABLES}
    return sorted([*(f"main.{name}" for name in public), *(f"{STEPS_SCHEMA}.{name}" for name in _steps(connection))])


def _steps(connection: Connection) -> set[str]:
    """Return the steps that pages or public views read."""
    query = "select table_name from duckdb_tables() where database_name = current_database() and schema_name = ?"
    views = " ".join(statement for _, statement in _views(connection))
    steps = {name for (name,) in rows(connection, query, [STEPS_SCHEMA])} | {*STEPS}
    return {name for name in steps if name in READ_STEPS or re.search(rf"\b{name}\b", views)}


def _views(connection: Connection) -> Iterator[tuple[str, str]]:
    own = "database_name = current_database() and schema_name = 'main' and not internal"
    for name, statement in rows(connection, f"select view_name, sql from duckdb_views() where {own} order by 1"):
        if name not in TABLES:
            yield name, statement


def _comments(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield what is commented and its comment, without the sentence of slim warehouses: here rows are in the file."""
    own, steps = "database_name = current_database() and comment is not null", _steps(connection)
    for kind in ("table", "view"):
        query = f"select schema_name, {kind}_name, comment from duckdb_{kind}s() where {own} order by all"
        for schema, name, text in rows(connection, query):
            if schema == "main" or name in steps:
                stored_as = "table" if name in (*TABLES, *STEPS) else kind
                yield f"{stored_as} {schema}.{name}", text.removesuffix(f" {NEEDS_FOLDER}")
    query = f"select schema_name, table_name, column_name, comment from duckdb_columns() where {own} order by all"
    for schema, table, column, text in rows(connection, query):
        if schema == "main" or table in steps:
            yield f'column {schema}.{table}."{column}"', text


def _history(connection: Connection) -> History:
    """Choose the newest days that fit."""
    days = rows(connection, "select day, count(*) from model_days group by day order by day desc")
    since, kept, total = days[0][0], 0, sum(count for _, count in days)
    for day, count in days:
        if kept and kept + count > MOST_READINGS:
            break
        since, kept = day, kept + count
    compared = {day for (day,) in rows(connection, _COMPARED) if day < since}
    kept += sum(count for day, count in days if day in compared)
    return History(since, tuple(sorted(compared)), total - kept)
