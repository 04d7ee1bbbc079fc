"""Compare the public tables of two warehouses: columns, and rows to the last bit of a float."""

from collections.abc import Sequence
from pathlib import Path

from tests.support.database import in_memory
from tracker.database import Connection, rows

_TABLES = """
select case schema_name when 'main' then table_name else schema_name || '.' || table_name end as name
from (
    select database_name, schema_name, table_name from duckdb_tables()
    union all
    select database_name, schema_name, view_name from duckdb_views() where not internal
)
where database_name = ? and schema_name in ('main', 'steps')
order by name
"""


def differences(one: Path, other: Path, *ignored: str) -> dict[str, list[object]]:
    """Return public table -> up to three rows or columns that only one of the two has.

    Columns in `ignored`, as `table.column`, are left out, as is the moment of the build.
    """
    with in_memory() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"attach '{one}' as one (read_only); attach '{other}' as other (read_only)")
        tables = [rows(connection, _TABLES, [name]) for name in ("one", "other")]
        if tables[0] != tables[1]:
            return {"tables": [*({*tables[0]} ^ {*tables[1]})]}
        found = {name: _table_differences(connection, name, ["build.built_at", *ignored]) for (name,) in tables[0]}
    return {name: rows for name, rows in found.items() if rows}


def _table_differences(connection: Connection, table: str, ignored: Sequence[str]) -> list[object]:
    columns = [rows(connection, f"describe {_in(name, table)}") for name in ("one", "other")]
    if columns[0] != columns[1]:
        return [*columns]
    left_out = [name.removeprefix(f"{table}.") for name in ignored if name.startswith(f"{table}.")]
    selected = f"* exclude ({', '.join(left_out)})" if left_out else "*"
    one, other = (f"select {selected} from {_in(name, table)}" for name in ("one", "other"))
    only_one = f"(select 'one' as side, * from ({one} except all {other}) limit 3)"
    only_other = f"(select 'other' as side, * from ({other} except all {one}) limit 3)"
    return [*rows(connection, f"{only_one} union all {only_other}")]


def _in(database: str, table: str) -> str:
    """Qualified name of a table, whose name contains its schema if that is not main."""
    return f"{database}.{table}" if "." in table else f"{database}.main.{table}"
