"""Public schema: names, comments, and SQL that other engines accept."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support.database import in_memory
from tests.support.spark import CHEAP, needs_spark
from tracker.database import Connection, literal, one, rows
from tracker.engines import session, translation
from tracker.engines.session import start_session
from tracker.engines.translation import recursion, spark_type, translate
from tracker.warehouse.build import run
from tracker.warehouse.sql_files import FOLDER

SQL_FILES = sorted(FOLDER.rglob("*.sql"))
CONTRACT = {
    "models": """
        hub_id repo_id author created_at released_on last_modified first_seen last_seen is_listed gated is_disabled
        pipeline_tag library_name license params_total params_active params_source size_bucket is_gguf publisher_lab
        publisher_origin publisher_role layer counted_layer is_by_maker task_class family generation
        """,
    "model_days": "hub_id day downloads_30d downloads_all_time likes trending_score read_at source",
    "edges": "child_id parent_id parent_ref relation resolved_by is_used not_used_because",
    "adoption_days": """
        day lens origin lab family layer counted_layer is_by_maker task_class size_bucket models downloads
        downloads_7d_mean downloads_30d downloads_all_time likes
        """,
    "origins": "code name region",
    "labs": "lab name origin is_contested evidence",
    "organizations": "handle lab origin role since until is_contested evidence",
    "families": "family name lab evidence",
    "generations": "family generation pattern released_on",
    "events": "event_date kind title origin family evidence",
    "crawls": "crawl day scope is_complete incomplete_because models refused refused_because requests seconds",
    "coverage_days": "day scope state models",
    "build": "built_at program_version registry_version last_day is_simulated",
}
"""Public table -> columns that it must have."""


@pytest.fixture(scope="module")
def empty(ordered_models: Any, make_small: Any) -> Iterator[Connection]:
    """A warehouse with all public tables, without rows."""
    with in_memory() as connection:
        make_small(connection)
        run(connection, ordered_models)
        yield connection


@pytest.mark.parametrize("table", CONTRACT)
def test_contract_columns_exist(empty: Connection, table: str) -> None:
    found = {name for (name,) in rows(empty, "select column_name from duckdb_columns() where table_name = ?", [table])}
    assert set(CONTRACT[table].split()) - found == set()


PUBLIC = """
    not temporary and not internal and database_name = current_database() and schema_name in ('main', 'steps')
"""


RELATIONS = f"""
    select schema_name, table_name as name, comment from duckdb_tables() where {PUBLIC}
    union all
    select schema_name, view_name, comment from duckdb_views() where {PUBLIC}
"""


def test_tables_and_columns_have_comments(empty: Connection) -> None:
    assert rows(empty, f"select name from ({RELATIONS}) where comment is null") == []
    columns = "select table_name, column_name from duckdb_columns() where not internal and comment is null"
    public = f"select (schema_name, name) from ({RELATIONS})"
    assert rows(empty, f"{columns} and (schema_name, table_name) in ({public})") == []


def test_public_tables_are_named_after_their_files(empty: Connection) -> None:
    """Tables of folders called `steps` are in the schema of that name, so that `show tables` lists what people want."""
    found = set(rows(empty, f"select schema_name, name from ({RELATIONS})"))
    paths = [path for layer in ("marts", "views") for path in (FOLDER / layer).rglob("*.sql")]
    assert found == {("steps" if path.parent.name == "steps" else "main", path.stem) for path in paths}


def test_instants_have_no_time_zone(empty: Connection) -> None:
    """A client in another zone would otherwise see other dates."""
    kinds = rows(empty, "select distinct data_type from duckdb_columns() where not internal")
    assert ("TIMESTAMP",) in kinds
    assert [kind for (kind,) in kinds if kind.startswith("TIME") and kind != "TIMESTAMP"] == []


def test_column_names_are_snake_case(empty: Connection) -> None:
    invalid = "select column_name from duckdb_columns() where not internal and not regexp_full_match(column_name, ?)"
    assert rows(empty, invalid, ["[a-z][a-z0-9_]*"]) == []


def test_fractions_are_rounded_before_casts(empty: Connection) -> None:
    """A cast to a whole number rounds in DuckDB and truncates in Spark."""
    names = re.findall(r"\bearlier_\w+", "\n".join(path.read_text(encoding="utf-8") for path in SQL_FILES))
    for name in sorted({name for name in names}):
        empty.execute(f"create or replace temp view {name} as from {name.removeprefix('earlier_')}")
    empty.execute("pragma disable_optimizer")  # it would replace selects over empty tables
    plans = {path.stem: _plan(empty, path.read_text(encoding="utf-8")) for path in SQL_FILES}
    assert _unrounded(_plan(empty, "select 1.5::double::bigint, round(1.5)::bigint")) == ["DOUBLE"]
    assert {name: found for name, plan in plans.items() if (found := _unrounded(plan))} == {}


def _plan(connection: Connection, query: str) -> Any:
    plan = json.loads(one(connection, f"select json_serialize_plan({literal(query)})"))
    assert not plan["error"], plan
    return plan["plans"]


def _unrounded(node: Any) -> list[str]:
    """The types of fractions that a plan casts to whole numbers without a function that rounds."""
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else []
    found = [kind for child in children for kind in _unrounded(child)]
    if not isinstance(node, dict) or node.get("type") != "OPERATOR_CAST":
        return found
    [source] = node["children"]
    kind, path = source.get("return_type", {}), source.get("qname", {}).get("path", [""])
    is_fraction = kind.get("id") in ("DOUBLE", "FLOAT") or bool((kind.get("type_info") or {}).get("scale"))
    if (
        node["return_type"]["id"] in ("BIGINT", "INTEGER")
        and is_fraction
        and path[-1] not in ("round", "floor", "ceil")
    ):
        found.append(kind["id"])
    return found


@needs_spark
@pytest.mark.timeout(900)
def test_spark_accepts_every_file(empty: Connection, pytestconfig: pytest.Config) -> None:
    """Spark analyses each select, and each part of a recursive one, over empty tables of the right types.

    That takes half a minute, so it is left out where the same files have passed before.
    """
    version = _version([*SQL_FILES, Path(__file__), Path(translation.__file__), Path(session.__file__)])
    if pytestconfig.cache and pytestconfig.cache.get("spark/accepted", None) == version:
        pytest.skip("Spark has accepted these files before")
    spark = start_session("local[1]", CHEAP)
    try:
        types = _types(empty)
        for table, columns in types.items():
            _create_empty(spark, table, {name: spark_type(kind) for name, kind in columns.items()})
        problems = {path.stem: _problem(spark, path, types) for path in SQL_FILES}
    finally:
        spark.stop()
    assert len(problems) > 150
    assert {name: problem for name, problem in problems.items() if problem} == {}
    if pytestconfig.cache:
        pytestconfig.cache.set("spark/accepted", version)


def _version(paths: Sequence[Path]) -> str:
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()


def _types(empty: Connection) -> dict[str, dict[str, str]]:
    """Tables and views -> column -> type of DuckDB, also under the names for earlier and new rows."""
    types: dict[str, dict[str, str]] = {}
    query = "select table_name, column_name, data_type from duckdb_columns() where not internal order by column_index"
    for table, column, kind in rows(empty, query):
        types.setdefault(table, {})[column] = kind
    names = {
        name for path in SQL_FILES for name in re.findall(r"\b(?:earlier|new)_\w+", path.read_text(encoding="utf-8"))
    }
    return types | {name: types[table] for name in names if (table := name.split("_", 1)[1]) in types}


def _create_empty(spark: Any, table: str, columns: Mapping[str, str]) -> None:
    """Create a view without rows. Through Java, as a select for each of some 300 views costs ten seconds."""
    java = spark.sparkContext._jvm
    schema = java.org.apache.spark.sql.types.StructType.fromDDL(", ".join(f"{n} {kind}" for n, kind in columns.items()))
    spark._jsparkSession.createDataFrame(java.java.util.ArrayList(), schema).createOrReplaceTempView(table)


def _problem(spark: Any, path: Path, types: Mapping[str, Mapping[str, str]]) -> str | None:
    """Return why Spark refuses a file, or which of its columns have another kind than in DuckDB."""
    query = path.read_text(encoding="utf-8")
    try:
        if recursive := recursion(query, "reached", "frontier"):
            start = spark.sql(translate(recursive.start)).schema
            for name in ("reached", "frontier"):
                _create_empty(spark, name, {column.name: column.dataType.simpleString() for column in start})
            if len(spark.sql(translate(recursive.step)).schema) != len(start):
                return "the step of the recursion has other columns than its start"
        found = spark.sql(translate(recursive.result if recursive else query)).schema
    except Exception as problem:
        return str(problem).splitlines()[0]
    if path.stem not in types or path.parent.name == "views":  # DuckDB's views have types of their own
        return None
    columns = {column.name: _kind(column.dataType.simpleString()) for column in found}
    expected = {name: _kind(spark_type(kind)) for name, kind in types[path.stem].items()}
    return None if columns == expected else f"columns {columns} instead of {expected}"


def _kind(spark_name: str) -> str:
    """Return what a type holds: widths of whole numbers and decimals differ between engines."""
    is_whole = spark_name in ("tinyint", "smallint", "int", "bigint") or spark_name.endswith(",0)")
    return "whole number" if is_whole else spark_name.split("(")[0]
