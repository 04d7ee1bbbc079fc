"""Whether two warehouses hold the same: every public table, every column, every row, to the last bit of a float."""

from pathlib import Path

from tests.support.database import in_memory
from tracker.database import Connection, rows

_TABLES = "select table_name from duckdb_tables() where database_name = ? and schema_name = 'main' order by 1"


def differences(one: Path, other: Path) -> dict[str, list[object]]:
    """Public table -> what only one of the two has of it, up to three rows or columns; when they were built apart."""
    with in_memory() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"attach '{one}' as one (read_only); attach '{other}' as other (read_only)")
        tables = [rows(connection, _TABLES, [name]) for name in ("one", "other")]
        if tables[0] != tables[1]:
            return {"tables": [*({*tables[0]} ^ {*tables[1]})]}
        found = {name: _different(connection, name) for (name,) in tables[0]}
    return {name: rows for name, rows in found.items() if rows}


def _different(connection: Connection, table: str) -> list[object]:
    described = [rows(connection, f"describe {name}.main.{table}") for name in ("one", "other")]
    if described[0] != described[1]:
        return [*described]
    chosen = "* exclude (built_at)" if table == "build" else "*"
    one, other = (f"select {chosen} from {name}.main.{table}" for name in ("one", "other"))
    only = [f"(select 'one' as side, * from ({one} except all {other}) limit 3)"]
    only += [f"(select 'other' as side, * from ({other} except all {one}) limit 3)"]
    return [*rows(connection, " union all ".join(only))]
