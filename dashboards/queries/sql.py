"""The SQL page: the result of a reader's query, example queries, and the tables and columns of the warehouse."""

from dataclasses import replace
from pathlib import Path

import polars as pl

from dashboards.data.cache import cached
from dashboards.data.warehouse import Store, rows
from tracker.sql.console import QueryResult, run_query
from tracker.sql.process import Limits
from tracker.warehouse.sql_files import Example
from tracker.warehouse.sql_files import examples as example_files

LIMITS = Limits(result_mb=16)
"""Ten results are cached, so each is limited to this size."""


def limit_memory(megabytes: int) -> None:
    """Set what a query may take besides an idle process."""
    global LIMITS
    LIMITS = replace(LIMITS, memory_mb=megabytes)


def result(store: Store, query: str) -> QueryResult:
    """The result of one read-only statement; raises TrackerError where it is refused, fails or exceeds a limit."""
    return QueryResult(*_result(store, query))


@cached(10)
def _result(store: Store, query: str) -> tuple[pl.DataFrame, bool, float]:
    answered = run_query(Path(store.path), query, LIMITS)
    return answered.frame, answered.is_cut, answered.seconds


@cached(1)
def examples() -> dict[str, str]:
    """Title of an example -> its SQL."""
    found: list[Example] = example_files()
    return {example.title: example.sql for example in found}


@cached(20)
def warehouse_columns(store: Store) -> pl.DataFrame:
    """Every column: table, table_comment, column, type, comment; by table, in the order each table has them.

    Tables that are only steps to others come last, as `steps.NAME`.
    """
    sql = """
        with relations as (
            select database_name, schema_name, table_name, comment from duckdb_tables()
            union all
            select database_name, schema_name, view_name, comment from duckdb_views() where not internal
        )
        select
            case when t.schema_name = 'main' then t.table_name else t.schema_name || '.' || t.table_name end as "table",
            t.comment as table_comment, c.column_name as "column", lower(c.data_type) as type, c.comment
        from relations as t
        join duckdb_columns() as c using (database_name, schema_name, table_name)
        where t.database_name = 'warehouse' and t.schema_name in ('main', 'steps')
        order by t.schema_name, t.table_name, c.column_index
    """
    return rows(store, sql)
