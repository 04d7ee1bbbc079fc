"""Compute the tables of a full refresh on Spark. The build then reads the results."""

import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from tracker.database import Connection, connect, literal, rows
from tracker.domain import CRAWL, Manifest
from tracker.engines.lake import StoredLake, escaped, fetch, refuse_empty
from tracker.engines.session import start_session
from tracker.errors import DataError
from tracker.lake.lake import Lake
from tracker.registry.entries import Registry
from tracker.warehouse.inputs import create_lake_views, create_registry_tables
from tracker.warehouse.runner import run
from tracker.warehouse.sql_files import EARLIER, NEW, Model

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType

_REACHED, _FRONTIER = "reached_so_far", "reached_last"
_LAKE_TABLES = {"lake_models": "models", "lake_edges": "edges", "lake_model_days": "model_days"}
_COPIED = ("lake_crawls", "lake_axis_crawls", "lake_axis_days", "run_build")
"""Inputs so small that they are copied, as the registry is."""
_SAME_TABLES = {"lake_new_models": "lake_models", "lake_new_days": "lake_model_days"}

Columns = Mapping[str, str]
"""Column -> type in DuckDB."""


def table_types(ordered: Sequence[Model]) -> dict[str, dict[str, str]]:
    """Return all tables, views and inputs with their columns and types, from a build without data."""
    types: dict[str, dict[str, str]] = {}
    with connect() as connection:
        create_lake_views(connection, Lake(Path()), [])
        create_registry_tables(connection, Registry(version=""), datetime(2000, 1, 1, tzinfo=UTC))
        run(connection, ordered)
        query = (
            "select table_name, column_name, data_type from duckdb_columns() where not internal order by column_index"
        )
        for table, column, kind in rows(connection, query):
            types.setdefault(table, {})[column] = kind
    return types


@dataclass(frozen=True)
class Tables:
    """The tables of a build in one Spark session: inputs and results as Parquet in a folder that all workers see."""

    session: "SparkSession"
    folder: Path
    types: Mapping[str, Columns]
    files: dict[str, list[Path]] = field(default_factory=dict)
    """Table -> its folders, one for each round of a recursion."""

    def add_inputs(self, connection: Connection, lake: Lake, manifests: Sequence[Manifest]) -> None:
        """Make the lake's files readable, and copy the registry and the list of crawls."""
        sources = {manifest.scope: manifest.source for manifest in manifests if manifest.source != CRAWL}
        for view, table in _LAKE_TABLES.items():
            files = [f"{lake.address}/{name}" for name in lake.names(table, list(manifests))]
            self._view(view, self._lake(view, files, sources))
        for name in self.types:
            if name.startswith("registry_") or name in _COPIED:
                folder = self.folder / name
                folder.mkdir(parents=True)
                target = literal(str(folder / "rows.parquet"))
                connection.execute(f"copy (select * from {name}) to {target} (format parquet)")
                self._read(name, [folder], _ddl(self.types[name]))
        for name, same in _SAME_TABLES.items():
            self._view(name, self.session.table(same))
        self._view("lake_old_days", self.session.table("lake_model_days").where("false"))

    def compute(self, model: Model, *, is_kept: bool) -> None:
        """Compute one table and write it. A staging model becomes a view, unless it `is_kept`."""
        from tracker.engines.translation import recursion, run_rounds

        self._add_other_names(model)
        recursive = recursion(model.sql, _REACHED, _FRONTIER)
        if model.layer == "staging" and not is_kept:
            self._view(model.name, self._select(model.sql))
        elif recursive is None:
            self._store(model.name, self._select(model.sql))
        else:
            rounds = f"{model.name}_rounds"
            self.files[rounds] = []
            run_rounds(recursive, _REACHED, lambda query: self._add_round(rounds, query))
            self._store(model.name, self._select(recursive.result))

    def _add_other_names(self, model: Model) -> None:
        """Make `new_x` the table x, and `earlier_x` the same without rows: a full refresh has no earlier ones."""
        for name in model.reads:
            if name.startswith(NEW):
                self._view(name, self.session.table(name.removeprefix(NEW)))
            elif name.startswith(EARLIER):
                self.session.sql(empty_query(self.types[name.removeprefix(EARLIER)])).createOrReplaceTempView(name)

    def _add_round(self, rounds: str, query: str) -> int:
        """Append the rows of one round of a recursion; return their number."""
        found = self._select(query)
        if self.files[rounds]:
            first = self.session.table(_REACHED)
            found = found.toDF(*first.columns)
            found = found.select(*(found[part.name].cast(part.dataType) for part in first.schema))
        folder = self.folder / rounds / str(len(self.files[rounds]))
        found.write.parquet(str(folder))
        self.files[rounds].append(folder)
        self._read(_FRONTIER, [folder], found.schema)
        self._read(_REACHED, self.files[rounds], found.schema)
        return sum(pq.read_metadata(file).num_rows for file in folder.glob("*.parquet"))

    def _select(self, query: str) -> "DataFrame":
        from tracker.engines.translation import translate

        return self.session.sql(translate(query))

    def _store(self, name: str, found: "DataFrame") -> None:
        folder = self.folder / name
        self._typed(name, found).write.parquet(str(folder))
        self.files[name] = [folder]
        self._read(name, [folder], _ddl(self.types[name]))

    def _read(self, name: str, folders: Sequence[Path], schema: "str | StructType") -> None:
        """Make a view of Parquet files. Spark would start a job to find their columns."""
        paths = [escaped(str(folder)) for folder in folders]
        self.session.read.schema(schema).parquet(*paths).createOrReplaceTempView(name)

    def _view(self, name: str, found: "DataFrame") -> None:
        self._typed(name.removeprefix(NEW), found).createOrReplaceTempView(name)

    def _typed(self, name: str, found: "DataFrame") -> "DataFrame":
        """Give a result the columns and types that DuckDB has for the table."""
        from tracker.engines.translation import spark_type

        return found.select(*(found[column].cast(spark_type(kind)) for column, kind in self.types[name].items()))

    def _lake(self, view: str, files: Sequence[str], sources: Mapping[str, str]) -> "DataFrame":
        """Read files of the lake; day, scope and crawl come from their paths, as in the build of DuckDB."""
        if not files:
            return self.session.sql(empty_query(self.types[view]))
        from pyspark.sql import functions as f

        path = f.col("_metadata.file_path")
        scope = f.regexp_extract(path, r"([^/]+)\.parquet$", 1)
        source = f.lit(CRAWL)
        for name, kind in sorted(sources.items()):
            source = f.when(scope == name, f.lit(kind)).otherwise(source)
        day = f.regexp_extract(path, r"/day=([0-9-]+)/", 1)
        named = {"day": day.cast("date"), "scope": scope, "crawl": f.concat_ws("-", day, scope), "source": source}
        plain = {column: kind for column, kind in self.types[view].items() if column not in named}
        read = self.session.read.schema(_ddl(plain)).parquet(*(escaped(file) for file in files))
        return read.select(*plain, *(value.alias(name) for name, value in named.items()))


def _ddl(columns: Columns) -> str:
    from tracker.engines.translation import spark_type

    return ", ".join(f"{column} {spark_type(kind)}" for column, kind in columns.items())


def empty_query(columns: Columns) -> str:
    """Return a query in Spark's dialect with these columns and no rows."""
    from tracker.engines.translation import spark_type

    casts = (f"cast(null as {spark_type(kind)}) as {column}" for column, kind in columns.items())
    return f"select {', '.join(casts)} where false"


@dataclass(frozen=True, slots=True)
class SparkEngine:
    """Spark in place of DuckDB for the queries of a full refresh."""

    master: str
    """Where Spark runs: `local[*]`, `spark://host:7077`, `yarn` or `k8s://...`."""

    folder: Path
    """Folder for results, which this machine and all workers see under the same path. Emptied afterwards."""

    settings: Mapping[str, str] = field(default_factory=dict)

    other_lake: Path | str | None = None
    """Folder or URI of the lake that it reads, if that is not the lake of the home."""

    @property
    def _results(self) -> Path:
        return self.folder.resolve() / "tables"

    @property
    def _copies(self) -> Path:
        """Small files of a lake that is not in a folder."""
        return self.folder.resolve() / "copied_lake"

    def remove_results(self) -> None:
        """Delete the results, and the folder if nothing else is in it."""
        for folder in (self._results, self._copies):
            shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):
            self.folder.rmdir()

    def lake(self, home: Path) -> Lake:
        """Return the lake that it reads. Raises DataError or HomeError if it cannot be built from.

        Of one that is not in a folder, Spark fetches the manifests and other small files.
        """
        home = home.resolve()
        if self.other_lake is None:
            return Lake(home)
        if isinstance(self.other_lake, Path):
            lake = Lake(home, self.other_lake.resolve())
        else:
            shutil.rmtree(self._copies, ignore_errors=True)
            session = start_session(self.master, self.settings)
            try:
                lake = fetch(session, self.other_lake, home, self._copies)
            finally:
                session.stop()
        refuse_empty(lake)
        return lake

    def compute(
        self,
        connection: Connection,
        lake: Lake,
        manifests: Sequence[Manifest],
        ordered: Sequence[Model],
        wanted: Collection[str],
        on_step: Callable[[str], None],
    ) -> list[Model]:
        """Compute all tables; return the models of those in the file and in `wanted`, which read the results.

        Raises UsageError if Spark does not start, and DataError naming the SQL file that fails.
        """
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        shutil.rmtree(self._results, ignore_errors=True)
        stored = {*wanted} if isinstance(lake, StoredLake) else set[str]()
        tables = Tables(start_session(self.master, self.settings), self._results, table_types(ordered))
        try:
            tables.add_inputs(connection, lake, manifests)
            for model in ordered:
                if model.layer == "views":
                    continue
                on_step(model.name)
                try:
                    tables.compute(model, is_kept=model.name in stored)
                except (PySparkException, Py4JError) as problem:
                    raise DataError(f"{model.path} on Spark: {str(problem).splitlines()[0]}") from problem
        finally:
            tables.session.stop()
        is_kept = {model.name: model.layer != "core" or model.is_state or model.name in wanted for model in ordered}
        return [_landed(model, tables) for model in ordered if is_kept[model.name]]


def _landed(model: Model, tables: Tables) -> Model:
    """Return a model that reads the results of Spark. Views stay queries."""
    if model.name not in tables.files:
        return model
    files = sorted(path for folder in tables.files[model.name] for path in folder.rglob("*.parquet"))
    columns = ", ".join(f"{column}::{kind} as {column}" for column, kind in tables.types[model.name].items())
    query = f"select {columns} from read_parquet([{', '.join(literal(str(file)) for file in files)}])"
    if {"hub_id", "day"} <= set(model.grain) and model.layer != "staging":
        query += " order by date_trunc('month', day), hub_id, day"
    return replace(model, sql=query, reads=frozenset(), earlier={})
