"""Time, memory and bytes of `tracker report`, on the marts of a home and on larger ones made from them.

uv run python -m tests.benchmarks.report HOME [--models 3300000] [--times 3] [--years 10]

The marts of HOME are copied without the readings, flows and groups that the report does not read. A second copy has
`--models` models; its tables by group, day and month have `--times` as many rows and are repeated for `--years` years.
The rows per day on the first and last day of HOME are printed first: groups come from the registry, so their number
grows much more slowly than the number of models.
"""

import argparse
import multiprocessing
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.fresh import cost, table

if TYPE_CHECKING:
    from tracker.database import Connection

_LEFT_OUT = ("model_days", "model_flows", "group_days", "crossover_blocks", "crossover_gaps", "latest_counts")
_BY_GROUP = {"adoption_days": "day", "family_days": "day", "origin_days": "day", "derivatives_months": "month"}
_BY_DAY = (*_BY_GROUP, "concentration_days", "concentration_means", "coverage_days", "quality_events")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("--models", type=int, default=3_300_000)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--years", type=int, default=0, help="make it so many years long; 0 leaves it as it is")
    options = parser.parse_args()
    warehouse = options.home / "tracker.duckdb"
    with tempfile.TemporaryDirectory() as folder:
        plain, large = Path(folder, "plain"), Path(folder, "large")
        # In a separate process, because a process inherits the peak memory of its parent.
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as other:
            grown = other.submit(_growth, warehouse).result()
            counts = [other.submit(_copy, warehouse, plain).result(), other.submit(_copy, warehouse, large).result()]
            enlarged = (large / "tracker.duckdb", options.models, options.times, options.years)
            counts[1] = other.submit(_enlarge, *enlarged).result()
        homes = zip(("as it is", "enlarged"), (plain, large), counts, strict=True)
        lines = [_measured(*home) for home in homes]
    print(table("rows of a day", ["table", "first day", "last day"], grown))
    print(table("tracker report", ["marts", "rows", "wall seconds", "CPU seconds", "peak MiB", "MB written"], lines))


def _growth(warehouse: Path) -> list[list[str]]:
    import duckdb

    from tracker.sql.query import show_steps

    with duckdb.connect(str(warehouse), read_only=True) as connection:
        show_steps(connection)
        whole = "select min(day), max(day) from coverage_days where models is not null"
        [ends] = connection.execute(whole).fetchall()
        models = "select max(models) from coverage_days where day = $1"
        queries = {"models": models} | {
            name: f"select count(*) from {name} where day = $1" for name in _BY_GROUP if name != "derivatives_months"
        }
        return [
            [name, *(f"{connection.execute(query, [day]).fetchall()[0][0]:,}" for day in ends)]
            for name, query in queries.items()
        ]


def _copy(warehouse: Path, home: Path) -> int:
    """Copy the tables that the report reads; return row counts of those that could grow."""
    import duckdb

    home.mkdir()
    with duckdb.connect(str(home / "tracker.duckdb")) as connection:
        connection.execute(f"attach '{warehouse}' as whole (read_only)")
        found = connection.execute(
            "select schema_name, table_name from duckdb_tables() "
            "where database_name = 'whole' and schema_name in ('main', 'steps')"
        ).fetchall()
        for schema, name in found:
            nothing = " limit 0" if name in _LEFT_OUT else ""
            connection.execute(f"create table {name} as from whole.{schema}.{name}{nothing}")
        return _rows(connection)


def _enlarge(warehouse: Path, models: int, times: int, years: int) -> int:
    """Multiply models and groups, and repeat all days before the first."""
    import duckdb

    with duckdb.connect(str(warehouse)) as connection:
        [(count,)] = connection.execute("select count(*) from models").fetchall()
        more = (
            "select * exclude (n) replace (hub_id || n::varchar as hub_id) from models, range(1, $1) as r(n) limit $2"
        )
        connection.execute(f"insert into models by name {more}", [models // count + 2, models - count])
        for name in _BY_GROUP:
            connection.execute(f"insert into {name} select {name}.* from {name}, range(1, {times})")
        [(days,)] = connection.execute("select max(day) - min(day) + 1 from concentration_days").fetchall()
        for name in _BY_DAY if years else ():
            column = _BY_GROUP.get(name, "day")
            earlier = f"({column} - {days} * n::integer)::date as {column}"
            again = f"select * exclude (n) replace ({earlier}) from {name}, range(1, $1) as r(n)"
            connection.execute(f"insert into {name} by name {again}", [years * 365 // days + 1])
        return _rows(connection)


def _rows(connection: "Connection") -> int:
    return sum(connection.execute(f"select count(*) from {name}").fetchall()[0][0] for name in (*_BY_DAY, "models"))


def _measured(name: str, home: Path, rows: int) -> list[str]:
    site = home / "site"
    took = cost("-m", "tracker", "report", "--home", str(home), "--out", str(site))
    written = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
    figures = (f"{took.wall_seconds:.1f}", f"{took.cpu_seconds:.1f}", f"{took.peak_mib:.0f}", f"{written / 1e6:.2f}")
    return [name, f"{rows:,}", *figures]


if __name__ == "__main__":
    main()
