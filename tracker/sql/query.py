"""Open a warehouse and run SQL that can only read it: no writes, files, network or settings."""

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from tracker.database import Connection, Values, connect, one, refuse_open_elsewhere
from tracker.errors import DataError, UsageError
from tracker.sql.open_files import OPEN_FILES, open_day_files
from tracker.warehouse.day_files import CACHE_METADATA, MISSING, allow_only, is_missing_file, set_home

_SEALED: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,
}
STEPS = "steps"
"""Schema of the tables that are only steps to other tables."""

TABLES = """
select name
from (
    select table_name as name from duckdb_tables() where schema_name = 'main' and database_name = current_database()
    union all
    select view_name from duckdb_views()
    where schema_name = 'main' and not internal and database_name = current_database()
)
order by name
"""
"""What `show tables` answers: the public tables and views, without steps."""

COLUMNS = """
select column_name, data_type as column_type, comment
from duckdb_columns()
where database_name = current_database() and table_name = '{name}'
    and ('{schema}' in ('', schema_name)) and schema_name in ('main', 'steps')
order by schema_name, column_index
"""
"""What `describe TABLE` answers: columns with their comments."""

_NO_FILES = "set disabled_filesystems = 'LocalFileSystem'"
_LOCK = "set lock_configuration = true"


@contextmanager
def open_warehouse(warehouse: Path, settings: Mapping[str, str] | None = None) -> Iterator[Connection]:
    """Open a connection that can only read.

    With `settings` (DuckDB settings such as memory_limit) the connection is for untrusted queries: DuckDB also loses
    its file system once the warehouse is open, so queries cannot read it as a file or spill to disk.

    Raises HomeError if another program has it open for writing. Raises DataError if there is no warehouse, if DuckDB
    cannot read it, or if a query of this program fails because another version built the warehouse.
    """
    if not warehouse.exists():
        raise DataError(
            f"There is no warehouse at {warehouse.resolve()}. Run `tracker build` after a crawl, "
            "`tracker up` to crawl and build in one go, or `tracker demo --keep` for simulated data."
        )
    try:
        connection = _connect(warehouse, settings)
        show_steps(connection)
    except duckdb.Error as problem:
        refuse_open_elsewhere(warehouse, problem)
        raise DataError(
            f"{warehouse.resolve()} cannot be read ({problem}). Run `tracker build` to rebuild it."
        ) from problem
    try:
        yield connection
    except (duckdb.CatalogException, duckdb.BinderException) as problem:
        raise DataError(
            f"{warehouse.resolve()} was built by another version of this program, or is not a warehouse "
            f"({str(problem).splitlines()[0]}). Run `tracker build` to rebuild it."
        ) from problem
    except duckdb.IOException as problem:
        if is_missing_file(problem):
            raise DataError(MISSING) from problem
        raise
    finally:
        connection.close()


def show_steps(connection: Connection, database: str = "") -> None:
    """Let a connection find the tables of the schema `steps` by their names alone, as those of `main`."""
    schemas = "select count(*) from duckdb_schemas() where schema_name = ? and database_name = "
    values = [STEPS, database] if database else [STEPS]
    if one(connection, schemas + ("?" if database else "current_database()"), values):
        prefix = f"{database}." if database else ""
        connection.execute(f"set search_path = '{prefix}main,{prefix}{STEPS}'")


def run_statement(
    connection: Connection, sql: str, as_text: Collection[str] = (), parameters: Values = None
) -> pa.Table:
    """Return the rows of one read-only statement. Raises UsageError for other statements and for SQL that fails.

    Columns whose type contains one of the names `as_text`, such as INTERVAL, come as text. `parameters` are the values
    of `?` or `$name`.
    """
    with usage_errors():
        relation = reading_statement(connection, sql, parameters)
        is_text = [any(name in str(kind) for name in as_text) for kind in relation.types]
        if any(is_text):  # else unchanged, so that errors refer to lines of the query
            columns = (
                f'#{place}{"::varchar" if is_cast else ""} as "{name.replace(chr(34), chr(34) * 2)}"'
                for place, (name, is_cast) in enumerate(zip(relation.columns, is_text, strict=True), start=1)
            )
            relation = relation.project(", ".join(columns))
        return relation.to_arrow_table()


def reading_statement(connection: Connection, sql: str, parameters: Values = None) -> duckdb.DuckDBPyRelation:
    """Return one read-only statement, not yet run. Raises UsageError for others. Use it within `usage_errors`."""
    statements = _statements(connection, sql)
    if len(statements) == 1:
        sql = _with_comments(connection, sql)
    if not statements:
        raise UsageError("This text has no statement. Try: show tables")
    if len(statements) > 1:
        raise UsageError(f"One statement at a time: this text has {len(statements)}.")
    kind = statements[0].type
    if kind == duckdb.StatementType.MULTI:
        raise UsageError(
            "A pivot must name its columns, because otherwise DuckDB has to write first. "
            "Try: pivot labs on origin in ('CN', 'US') using count(*)"
        )
    if kind == duckdb.StatementType.EXPLAIN:
        kind = _explained_kind(connection, sql)
    if kind != duckdb.StatementType.SELECT:
        raise UsageError(
            f"SQL here only reads: {kind.name} is refused. The warehouse is rebuilt from the lake by "
            "`tracker build`; to write to a copy, open the file with DuckDB itself."
        )
    return connection.sql(sql, params=parameters) if parameters else connection.sql(sql)


@contextmanager
def usage_errors() -> Iterator[None]:
    """Raise errors of DuckDB as UsageError."""
    try:
        yield
    except duckdb.PermissionException as problem:
        raise UsageError(f"SQL here can only read the warehouse, no files and no network: {problem}") from problem
    except duckdb.Error as problem:
        if is_missing_file(problem):
            raise DataError(MISSING) from problem
        raise UsageError(str(problem)) from problem


# DuckDB's own answers list the tables of `steps` too, and have no comments.
def _with_comments(connection: Connection, sql: str) -> str:
    """Return `show tables` and `describe TABLE` as queries over the catalog, and any other text unchanged."""
    if re.fullmatch(r"\s*show\s+tables\s*;?\s*", sql, re.IGNORECASE):
        return TABLES
    asked = re.fullmatch(r'\s*(?:describe|desc|show)\s+"?(?:(main|steps)\.)?(\w+)"?\s*;?\s*', sql, re.IGNORECASE)
    if asked is None:
        return sql
    schema, name = asked[1] or "", asked[2].lower()
    known = f"select count(*) from duckdb_columns() where table_name = '{name}' and schema_name in ('main', '{STEPS}')"
    return COLUMNS.format(schema=schema.lower(), name=name) if one(connection, known) else sql


def _connect(warehouse: Path, settings: Mapping[str, str] | None) -> Connection:
    home: Path | str = warehouse.resolve().parent

    def seal(connection: Connection) -> None:
        connection.execute(CACHE_METADATA)
        if settings:
            open_day_files(connection, Path(home))
            connection.execute(_NO_FILES)
        else:
            connection.execute(allow_only(Path(home)))
        connection.execute(_LOCK)

    connection = connect(warehouse, read_only=True, config={**_SEALED, **(settings or {})}, seal=seal)
    set_home(connection, OPEN_FILES if settings else home)
    return connection


def _statements(connection: Connection, sql: str) -> list[duckdb.Statement]:
    try:
        return connection.extract_statements(sql)
    except duckdb.Error as problem:
        raise UsageError(f"This SQL cannot be parsed: {problem}") from problem


# `explain analyze` runs the statement it explains, which may write a file.
def _explained_kind(connection: Connection, sql: str) -> duckdb.StatementType:
    """Return the kind of the explained statement: the first part of the text after EXPLAIN that is a statement."""
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
