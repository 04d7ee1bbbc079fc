"""The tables of a warehouse made of their selects: each anew, or changed by what has landed since an earlier build."""

from collections.abc import Callable, Collection, Sequence
from datetime import date

import duckdb

from tracker.database import Connection, literal, one, rows
from tracker.errors import DataError, is_of_the_disk
from tracker.warehouse.increment import NotCarried
from tracker.warehouse.sql_files import EARLIER, NEW, How, Model, Words

BIG_TABLE_ROWS = 500_000
_MANY = ("hub_id", "child_id", "repository_key", "root_key")
"""Columns by which a big table is held to its grain in part."""


def run(
    connection: Connection,
    ordered: Sequence[Model],
    on_step: Callable[[str], None] = lambda step: None,
    kept: Collection[str] | None = None,
    since: date | None = None,
) -> None:
    """Makes every model's view or table, in the given order, holds it to its grain, and comments what stays.

    Given `kept`, a core table is dropped once no later model reads it, unless it is one of those. Given `since`, the
    connection's file is a copy of a warehouse of that day, which it also has as `earlier`, and is changed by
    what is new. Raises DataError naming the SQL file that fails, breaks its grain, or has a column without a comment,
    and NotCarried if what is new cannot be added.
    """
    words = Words.load()
    last_reader = {name: model.name for model in ordered for name in model.follows}
    core = {model.name for model in ordered if model.layer == "core" and not model.is_kept}
    connection.execute("create schema if not exists carried")
    if since:
        _clear(connection, {model.name for model in ordered if model.stays})
    for model in ordered:
        on_step(model.name)
        try:
            _show_earlier(connection, model, since)
            _make(connection, model, since)
        except duckdb.Error as problem:
            if is_of_the_disk(problem):
                raise
            raise DataError(f"warehouse/{model.layer}/{model.name}.sql: {problem}") from problem
        _hold_to_grain(connection, model, since)
        if model.layer == "marts":
            words.comment(connection, model.name, model.about)
        if kept is not None:
            for name in sorted(model.follows & core - set(kept)):
                if last_reader[name] == model.name:
                    connection.execute(f"drop table {name}")


def _clear(connection: Connection, staying: Collection[str]) -> None:
    """Drops the public tables of the copy that are made anew."""
    there = "select table_name from duckdb_tables() where database_name = current_database() and schema_name = 'main'"
    for (name,) in rows(connection, f"{there} and not temporary"):
        if name not in staying:
            connection.execute(f"drop table main.{name}")


def _show_earlier(connection: Connection, model: Model, since: date | None) -> None:
    """Views of the earlier rows that a model reads; without rows, but with their columns, if there are none."""
    for name, columns in model.earlier.items():
        if since:
            shown = f"select * from earlier.{'carried' if name.startswith('core_') else 'main'}.{name}"
        elif columns:
            kinds = (column.strip().split(" ", 1) for column in columns.split(", "))
            shown = f"select {', '.join(f'null::{kind} as {column}' for column, kind in kinds)} where false"
        else:
            shown = f"select * from {name} where false"
        connection.execute(f"create or replace temp view {EARLIER}{name} as {shown}")


def _make(connection: Connection, model: Model, since: date | None) -> None:
    """The view or the table of one model."""
    if model.layer == "staging":
        connection.execute(f"create temp view {model.name} as {model.sql}")
    elif model.layer == "core" and not model.is_kept:
        connection.execute(f"create temp table {model.name} as {model.sql}")
        _refuse_if_filled(connection, model)
    else:
        _make_lasting(connection, model, since)


def _make_lasting(connection: Connection, model: Model, since: date | None) -> None:
    """A table in the file: public, or kept for the next build and read as a view of its name by this one."""
    table = f"carried.{model.name}" if model.is_kept else f"main.{model.name}"
    carried = model.carried
    how = carried.how if carried else None
    if how is How.BY_DAY and "hub_id" in model.grain:
        _add_by_month(connection, model, table, since)
    elif since and how is How.BY_DAY:
        days = f"day > {literal(str(since))}::date"
        connection.execute(f"insert into {table} by name select * from ({model.sql}) where {days}")
    elif since and carried and how is How.BUT_FOR:
        connection.execute(f"create temp table {NEW}{model.name} as {model.sql}")
        out = f"select hub_id from {carried.but_for}"
        connection.execute(f"delete from {table} where {model.grain[0]} in ({out})")
        connection.execute(f"insert into {table} by name select * from {NEW}{model.name}")
    else:
        connection.execute(f"create or replace table {table} as {model.sql}")
    if since and model.stays and {"hub_id", "day"} <= set(model.grain):
        _order_month(connection, table, since)
    if how is How.BUT_FOR and not since:
        connection.execute(f"create temp view {NEW}{model.name} as select * from {table}")
    if carried and carried.columns:
        _hold_to_types(connection, model, table, carried.columns)
    if model.is_kept:
        connection.execute(f"create temp view {model.name} as select * from {table}")
        connection.execute(f"comment on table {table} is {literal(model.about)}")


def _add_by_month(connection: Connection, model: Model, table: str, since: date | None) -> None:
    """Rows of later days, month by month, in each of which the days of a repository lie together.

    So the history of one is found by reading a part of each month, and no more than a month is sorted at once.
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


def _order_month(connection: Connection, table: str, since: date) -> None:
    """Puts the days of each repository together in the month of `since`, to which days were added, once it is over."""
    begun = since.replace(day=1)
    if not one(connection, f"select date_trunc('month', max(day)) > date '{begun}' from {table}"):
        return
    month = f"date_trunc('month', day) = date '{begun}'"
    connection.execute(f"create temp table month_over as select * from {table} where {month}")
    connection.execute(f"delete from {table} where {month}")
    connection.execute(f"insert into {table} by name select * from month_over order by hub_id, day")
    connection.execute("drop table month_over")


def _refuse_if_filled(connection: Connection, model: Model) -> None:
    if model.carried and model.carried.how is How.NOT_AT_ALL:
        found = one(connection, f"select count(*) from {model.name}")
        if found:
            raise NotCarried(f"{model.about.rstrip('.')}: {found:,}")


def _hold_to_types(connection: Connection, model: Model, table: str, promised: str) -> None:
    """Raises DataError if a table is not of the columns under which the next build will read it."""
    found = ", ".join(f"{name} {kind.lower()}" for name, kind, *_ in rows(connection, f"describe {table}"))
    if found != promised:
        raise DataError(f"warehouse/{model.layer}/{model.name}.sql promises ({promised}), but has ({found})")


def _hold_to_grain(connection: Connection, model: Model, since: date | None) -> None:
    """Raises DataError if a row of the grain occurs twice among those added; of a big table, some are looked at."""
    if model.layer == "staging":
        return
    table, wanted = model.name, "true"
    if since and model.stays:
        is_by_day = model.carried is not None and model.carried.how is How.BY_DAY
        table, wanted = (table, f"day > {literal(str(since))}::date") if is_by_day else (f"{NEW}{table}", wanted)
    many = next((column for column in _MANY if column in model.grain), None)
    rows_held = one(connection, f"select count(*) from {table} where {wanted}") if many else 0
    some = f"hash({many}) % 16 = 0" if rows_held > BIG_TABLE_ROWS else "true"
    grain = ", ".join(model.grain)
    twice = one(
        connection,
        f"select count(*) from (select 1 from {table} where {wanted} and {some} group by {grain} having count(*) > 1)",
    )
    if twice:
        raise DataError(
            f"warehouse/{model.layer}/{model.name}.sql promises one row per ({grain}), but {twice} of them have several"
        )
