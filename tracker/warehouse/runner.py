"""Run the SQL files of the warehouse in order: create every table, or update it with the days that are new."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date

import duckdb

from tracker.database import Connection, literal, one, rows
from tracker.errors import DataError, is_disk_problem
from tracker.warehouse.day_files import NEEDS_FOLDER, STEPS, TABLES
from tracker.warehouse.day_writer import DayWriter
from tracker.warehouse.increment import FullRefreshNeededError
from tracker.warehouse.sql_files import (
    EARLIER,
    NEW,
    STATE_SCHEMA,
    STEPS_SCHEMA,
    ColumnComments,
    Model,
    Strategy,
)

BIG_TABLE_ROWS = 500_000
"""Larger tables have their grain checked on one in 16 of their keys."""

_KINDS = {"marts": "table", "views": "view"}
"""Layers that users see, and what their files become."""

_KEYS_TO_SAMPLE = ("hub_id", "child_id", "repository_key", "root_key")


def run(
    connection: Connection,
    ordered: Sequence[Model],
    on_step: Callable[[str], None] = lambda step: None,
    keep: Collection[str] | None = None,
    since: date | None = None,
    unchanged: Collection[str] = (),
    days: DayWriter | None = None,
) -> None:
    """Build the view or table of each model in the given order, check its grain, and comment public tables.

    With `since`, the build is incremental: the connection's file is a copy of the warehouse up to that day, and the
    earlier warehouse is also attached as `earlier`. The models in `unchanged` are not run: the copy has their tables
    already. With `keep`, each core table is dropped after its last reader, except those named. With `days`, the
    warehouse is slim, and `days` writes the rows of `model_days`, `model_flows` and `root_days`. Raises DataError
    naming the SQL file that fails, violates its grain, or has a column without a comment, and FullRefreshNeededError if
    the new days cannot be added.
    """
    comments = ColumnComments.load()
    running = [model for model in ordered if model.name not in unchanged]
    last_reader = {name: model.name for model in running for name in model.depends_on}
    temporary = {model.name for model in running if model.layer == "core" and model.is_temporary}
    for schema in (STATE_SCHEMA, STEPS_SCHEMA):
        connection.execute(f"create schema if not exists {schema}")
    connection.execute(f"set search_path = 'main,{STEPS_SCHEMA}'")
    places = {model.name: model.earlier_table for model in ordered}
    if since:
        kept = {model.name for model in ordered if model.is_updated_in_place} | {*unchanged}
        _drop_tables_to_rebuild(connection, kept)
    for model in ordered:
        if model.name in unchanged:
            _show(connection, model, since)
            continue
        on_step(model.name)
        _run_model(connection, model, places, since, days)
        _comment(connection, comments, model, is_slim=days is not None)
        if keep is not None:
            unread = (name for name in model.depends_on & temporary - set(keep) if last_reader[name] == model.name)
            for name in sorted(unread):
                connection.execute(f"drop table {name}")


def _run_model(
    connection: Connection, model: Model, places: Mapping[str, str], since: date | None, days: DayWriter | None
) -> None:
    try:
        _create_earlier_views(connection, model, places, since)
        _build(connection, model, since, days)
    except duckdb.Error as problem:
        if is_disk_problem(problem):
            raise
        raise DataError(f"{model.path}: {problem}") from problem
    _check_grain(connection, model, since)


def _comment(connection: Connection, comments: ColumnComments, model: Model, *, is_slim: bool) -> None:
    """Comment a public table or view. In a slim warehouse, those that read day files say that they need the folder."""
    if kind := _KINDS.get(model.layer):
        is_stored_apart = is_slim and model.name in (*TABLES, *STEPS)
        kind = "view" if is_stored_apart else kind
        needs_folder = is_stored_apart or (is_slim and kind == "view" and not model.reads.isdisjoint(TABLES))
        about = f"{model.about} {NEEDS_FOLDER}" if needs_folder else model.about
        comments.apply(connection, model.name, about, model.schema, kind)


def _drop_tables_to_rebuild(connection: Connection, kept: Collection[str]) -> None:
    """Drop the views and the public tables of the copied file, except those that are kept or updated in place."""
    own = f"database_name = current_database() and schema_name in ('main', '{STEPS_SCHEMA}') and not temporary"
    views = f"select schema_name, view_name from duckdb_views() where {own} and not internal"
    for schema, name in rows(connection, views):
        if name not in TABLES and name not in kept:
            connection.execute(f"drop view {schema}.{name}")
    for schema, name in rows(connection, f"select schema_name, table_name from duckdb_tables() where {own}"):
        if name not in kept:
            connection.execute(f"drop table {schema}.{name}")


def _create_earlier_views(connection: Connection, model: Model, places: Mapping[str, str], since: date | None) -> None:
    """Create the views `earlier_*` that a model reads. In a full refresh they have the columns but no rows."""
    for name, columns in model.earlier.items():
        if since:
            query = f"select * from {places[name]}"
        elif columns:
            typed = (column.strip().split(" ", 1) for column in columns.split(", "))
            query = f"select {', '.join(f'null::{kind} as {column}' for column, kind in typed)} where false"
        else:
            query = f"select * from {name} where false"
        connection.execute(f"create or replace temp view {EARLIER}{name} as {query}")


def _build(connection: Connection, model: Model, since: date | None, days: DayWriter | None) -> None:
    """Create the view or table of one model."""
    if model.layer == "staging":
        connection.execute(f"create temp view {model.name} as {model.sql}")
    elif model.layer == "views":
        connection.execute(f"create or replace view {model.schema}.{model.name} as {model.sql}")
    elif model.layer == "core" and not model.is_state:
        connection.execute(f"create temp table {model.name} as {model.sql}")
        _raise_if_full_refresh_needed(connection, model)
    elif days and model.name in TABLES:
        _write_day_files(connection, model, since, days)
    elif days and model.name in STEPS:
        days.write_step(model.name, model.sql)
    else:
        _build_permanent(connection, model, since)


def _build_permanent(connection: Connection, model: Model, since: date | None) -> None:
    """Create or update a table in the file. A state table also gets a view, so that others read it by its name."""
    table = model.table
    incremental = model.incremental
    strategy = incremental.strategy if incremental else None
    if strategy is Strategy.APPEND and "hub_id" in model.grain:
        _append_by_month(connection, model, table, since)
    elif since and strategy is Strategy.APPEND:
        days = f"day > {literal(str(since))}::date"
        connection.execute(f"insert into {table} by name select * from ({model.sql}) where {days}")
    elif since and incremental and strategy is Strategy.DELETE_INSERT:
        connection.execute(f"create temp table {NEW}{model.name} as {model.sql}")
        to_delete = f"select hub_id from {incremental.delete_table}"
        connection.execute(f"delete from {table} where {model.grain[0]} in ({to_delete})")
        connection.execute(f"insert into {table} by name select * from {NEW}{model.name}")
    else:
        connection.execute(f"create or replace table {table} as {model.sql}")
    if since and model.is_updated_in_place and {"hub_id", "day"} <= set(model.grain):
        _sort_finished_month(connection, table, since)
    if incremental and incremental.columns:
        _check_columns(connection, model, table, incremental.columns)
    if model.is_state:
        connection.execute(f"comment on table {table} is {literal(model.about)}")
    _show(connection, model, since)


def _show(connection: Connection, model: Model, since: date | None) -> None:
    """Create the temporary views by which other models read a table of the file, and its new rows."""
    table = model.table
    if model.is_state:
        connection.execute(f"create temp view {model.name} as select * from {table}")
    if not since and model.incremental and model.incremental.strategy is Strategy.DELETE_INSERT:
        connection.execute(f"create temp view {NEW}{model.name} as select * from {table}")


def _write_day_files(connection: Connection, model: Model, since: date | None, days: DayWriter) -> None:
    """Write the new rows of a table of a slim warehouse, and create its view."""
    incremental = model.incremental
    strategy = incremental.strategy if incremental else None
    if strategy is Strategy.APPEND:
        days.append(model.name, model.sql, since)
    elif since and incremental:
        days.replace_repositories(model.name, model.sql, incremental.delete_table, since)
    else:
        days.write_all(model.name, model.sql)
    if incremental and incremental.columns:
        _check_columns(connection, model, f"main.{model.name}", incremental.columns)
    _show(connection, model, since)


def _append_by_month(connection: Connection, model: Model, table: str, since: date | None) -> None:
    """Insert the rows of later days month by month, each month sorted by repository.

    The history of one repository is then a contiguous part of each month, and sorting never needs more memory than
    one month takes.
    """
    later = f"day > {literal(str(since))}::date" if since else "true"
    if not since:
        connection.execute(f"create or replace table {table} as select * from ({model.sql}) where false")
    months = f"select distinct date_trunc('month', day)::date from ({model.sql}) where {later} order by all"
    for (month,) in rows(connection, months):
        within = f"{later} and day >= date '{month}' and day < date '{month}' + interval 1 month"
        connection.execute(
            f"insert into {table} by name select * from ({model.sql}) where {within} order by hub_id, day"
        )


def _sort_finished_month(connection: Connection, table: str, since: date) -> None:
    """Sort the month of `since` by repository once the table has days of a later month."""
    first_day = since.replace(day=1)
    if not one(connection, f"select date_trunc('month', max(day)) > date '{first_day}' from {table}"):
        return
    month = f"date_trunc('month', day) = date '{first_day}'"
    connection.execute(f"create temp table finished_month as select * from {table} where {month}")
    connection.execute(f"delete from {table} where {month}")
    connection.execute(f"insert into {table} by name select * from finished_month order by hub_id, day")
    connection.execute("drop table finished_month")


def _raise_if_full_refresh_needed(connection: Connection, model: Model) -> None:
    if model.incremental and model.incremental.strategy is Strategy.FULL_REFRESH:
        found = one(connection, f"select count(*) from {model.name}")
        if found:
            raise FullRefreshNeededError(f"{model.about.rstrip('.')}: {found:,}")


def _check_columns(connection: Connection, model: Model, table: str, declared: str) -> None:
    """Raise DataError if the table does not have the columns that its header declares for the next build."""
    actual = ", ".join(f"{name} {kind.lower()}" for name, kind, *_ in rows(connection, f"describe {table}"))
    if actual != declared:
        raise DataError(f"{model.path} declares the columns ({declared}), but returns ({actual})")


def _check_grain(connection: Connection, model: Model, since: date | None) -> None:
    """Raise DataError if the new rows contain a key twice. Big tables are checked on a sample of their keys.

    Views are not checked: that would run them.
    """
    if model.layer in ("staging", "views"):
        return
    table, new_rows = model.name, "true"
    if since and model.incremental and model.is_updated_in_place:
        if model.incremental.strategy is Strategy.APPEND:
            new_rows = f"day > {literal(str(since))}::date"
        else:
            table = f"{NEW}{table}"
    key = next((column for column in _KEYS_TO_SAMPLE if column in model.grain), None)
    row_count = one(connection, f"select count(*) from {table} where {new_rows}") if key else 0
    sample = f"hash({key}) % 16 = 0" if row_count > BIG_TABLE_ROWS else "true"
    grain = ", ".join(model.grain)
    duplicates = one(
        connection,
        f"select count(*) from "
        f"(select 1 from {table} where {new_rows} and {sample} group by {grain} having count(*) > 1)",
    )
    if duplicates:
        raise DataError(f"{model.path} declares one row per ({grain}), but {duplicates} keys have several rows")
