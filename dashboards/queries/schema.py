"""What there is to ask for: the tables and columns of the warehouse, in its own words."""

import polars as pl

from dashboards.data.cache import remembered
from dashboards.data.warehouse import Store, rows


@remembered(20)
def columns(store: Store) -> pl.DataFrame:
    """Every column: table, table_comment, column, type, comment; by table, in the order each table has them."""
    sql = """
        select
            t.table_name as "table", t.comment as table_comment,
            c.column_name as "column", lower(c.data_type) as type, c.comment
        from duckdb_tables() as t
        join duckdb_columns() as c using (table_oid, database_oid)
        where t.database_name = 'warehouse' and t.schema_name = 'main'
        order by t.table_name, c.column_index
    """
    return rows(store, sql)
