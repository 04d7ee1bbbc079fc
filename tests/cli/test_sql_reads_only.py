"""`tracker sql` reads the warehouse and nothing else: every attempt to reach beyond it is refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from tests.support.slow import first_of
from tracker.errors import DataError, UsageError
from tracker.sql.query import open_warehouse, run_statement
from tracker.warehouse.build import FILE

WRITING = [
    ("insert into build select * from build", "INSERT"),
    ("update models set license = 'x'", "UPDATE"),
    ("delete from models", "DELETE"),
    ("truncate models", "DELETE"),
    ("merge into build using build as b on true when matched then delete", "MERGE_INTO"),
    ("create table t (a int)", "CREATE"),
    ("create temp table t (a int)", "CREATE"),
    ("create view v as select 1", "CREATE"),
    ("create macro m() as 1", "CREATE"),
    ("create secret s (type s3)", "CREATE"),
    ("drop table models", "DROP"),
    ("alter table models add column x int", "ALTER"),
    ("comment on table models is 'x'", "ALTER"),
    ("attach '{there}/x.duckdb' as x", "ATTACH"),
    ("detach tracker", "DETACH"),
    ("use memory", "SET"),
    ("copy models to '{there}/x.csv'", "COPY"),
    ("copy (select 1) to '{there}/x.parquet'", "COPY"),
    ("copy models from '/etc/passwd'", "COPY"),
    ("export database '{there}'", "EXPORT"),
    ("import database '{there}'", "PRAGMA"),
    ("install httpfs", "LOAD"),
    ("load httpfs", "LOAD"),
    ("set memory_limit = '1GB'", "SET"),
    ("set enable_external_access = true", "SET"),
    ("reset memory_limit", "SET"),
    ("set variable x = 1", "SET"),
    ("pragma database_list", "PRAGMA"),
    ("call pragma_version()", "CALL"),
    ("checkpoint", "CALL"),
    ("vacuum", "VACUUM"),
    ("begin", "TRANSACTION"),
    ("prepare p as select 1", "PREPARE"),
    ("execute p", "EXECUTE"),
    ("explain analyze delete from models", "DELETE"),
    ("explain analyze copy models to '{there}/x.csv'", "COPY"),
    ("explain (format json, analyze) copy (select 1) to '{there}/x.csv'", "COPY"),
    ("explain /* ä */ analyze -- select\n prepare p as select 1", "PREPARE"),
    ("explain analyze create temp table t as select 1", "CREATE"),
    ("pivot models on layer using count(*)", "A pivot must name its columns"),
    ("explain pivot models on layer using count(*)", "A pivot must name its columns"),
]


@pytest.fixture(params=[False, True], ids=["plain", "after a comment"])
def disguised(request: pytest.FixtureRequest) -> Callable[[str], str]:
    return lambda sql: f"/* select */ -- 1\n  {sql} ;" if request.param else sql


@pytest.mark.parametrize(("sql", "message"), first_of(WRITING, 20), ids=[sql[:30] for sql, _ in WRITING])
def test_statements_that_do_not_read_are_refused_by_name(
    filled: Path, tmp_path: Path, disguised: Callable[[str], str], sql: str, message: str
) -> None:
    before = (filled / FILE).read_bytes()
    with open_warehouse(filled / FILE) as connection, pytest.raises(UsageError, match=message):
        run_statement(connection, disguised(sql.format(there=tmp_path)))
    assert (filled / FILE).read_bytes() == before
    assert list(tmp_path.iterdir()) == []


FILES = [
    "select * from read_csv('{file}')",
    "select * from read_csv_auto('{file}')",
    "select * from read_text('{file}')",
    "select * from read_blob('{file}')",
    "select * from read_json('{file}')",
    "select * from read_parquet('{file}')",
    "select * from parquet_metadata('{file}')",
    "select * from read_duckdb('{file}')",
    "select * from sniff_csv('{file}')",
    "select * from glob('{file}')",
    "select * from glob('/etc/*')",
    "select * from read_csv(['{file}'])",
    "select * from read_parquet('https://huggingface.co/x.parquet')",
    "select * from read_csv('hf://datasets/a/b.csv')",
    "select * from read_csv('s3://a/b.csv')",
    "from '{file}.parquet'",
    "from '{file}.csv'",
    "with x as (select * from read_csv('{file}')) select * from x",
    "select (select count(*) from read_text('{file}'))",
    "select * from query('select * from read_text(''{file}'')')",
    "explain analyze select * from read_text('{file}')",
    "describe select * from read_csv('{file}')",
    "select * from duckdb_secrets()",
]


@pytest.mark.parametrize("sql", first_of(FILES, 10), ids=[sql[:45] for sql in FILES])
def test_files_and_urls_cannot_be_read(filled: Path, tmp_path: Path, sql: str) -> None:
    for suffix in ("", ".csv", ".parquet"):
        (tmp_path / f"file{suffix}").write_text("a,b\n1,2\n")
    with (
        open_warehouse(filled / FILE) as connection,
        pytest.raises(UsageError, match="can only read the warehouse, no files and no network"),
    ):
        run_statement(connection, sql.format(file=tmp_path / "file"))


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("select * from '/etc/passwd'", "Table with name /etc/passwd does not exist"),
        ("select * from query_table('/etc/passwd')", "Table with name /etc/passwd does not exist"),
        ("select getenv('HOME')", "getenv does not exist"),
        (
            "from enable_logging('QueryLog', storage := 'file', storage_path := '/nowhere')",
            "configuration has been locked",
        ),
        ("select 1; select 2", "One statement at a time: this text has 2"),
        ("select 1; drop table models", "One statement at a time: this text has 2"),
        ("select * from query('drop table models')", "Expected a single SELECT statement"),
        ("", "no statement"),
        (" ; ", "no statement"),
        ("-- nothing", "no statement"),
        ("selec 1", 'cannot be parsed: Parser Error: syntax error at or near "selec"'),
        ("select nosuch from models", 'column "nosuch" not found'),
        ("select * from nosuch", "Table with name nosuch does not exist"),
        ("select 'a'::int", "Could not convert string 'a'"),
        ("select error('own words')", "own words"),
    ],
)
def test_invalid_sql_is_refused_with_a_reason(filled: Path, sql: str, message: str) -> None:
    with open_warehouse(filled / FILE) as connection, pytest.raises(UsageError, match=message):
        run_statement(connection, sql)


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("select repo_id from models order by hub_id limit 2", [["Qwen/Qwen3-8B"], ["google/gemma-3-4b-it"]]),
        ("from build select last_day::varchar", [["2026-08-19"]]),
        ("with x as (select 1 as a) select a from x;", [[1]]),
        ("select count(*) > 20 from (describe models)", [[True]]),
        ("select count(*) > 10 from (show tables)", [[True]]),
        ("values (1), (null)", [[1], [None]]),
        ("pivot (select 1 as a) on a in (1, 2) using count(*)", [[1, 0]]),
        (
            "select comment like 'Family of models%' from duckdb_columns() "
            "where table_name = 'models' and column_name = 'family'",
            [[True]],
        ),
    ],
)
def test_read_only_statements_return_rows(filled: Path, sql: str, rows: list[list[Any]]) -> None:
    with open_warehouse(filled / FILE) as connection:
        assert [list(row.values()) for row in run_statement(connection, sql).to_pylist()] == rows


@pytest.mark.parametrize(
    "sql",
    [
        "explain select 1",
        "explain analyze select 1",
        "explain (format json, analyze) from models",
        "explain (select 1) union (select 2)",
        "explain /* ä */ analyze with x as (select 1) from x",
        "explain show tables",
    ],
)
def test_explain_shows_the_plan(filled: Path, sql: str) -> None:
    with open_warehouse(filled / FILE) as connection:
        assert run_statement(connection, sql).column_names == ["explain_key", "explain_value"]


SEAL = {
    **{"enable_external_access": "false", "lock_configuration": "true", "python_enable_replacements": "false"},
    **{"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"},
}
"""Settings that overlap: queries blocked by one are also blocked by another, so their values are checked."""


def test_each_connection_setting_is_sealed(filled: Path) -> None:
    with open_warehouse(filled / FILE) as connection:
        assert dict(connection.execute("select name, value from duckdb_settings()").fetchall()).items() >= SEAL.items()


def test_python_variables_are_not_tables(filled: Path) -> None:
    some_rows = pa.table({"secret": [1]})
    with (
        open_warehouse(filled / FILE) as connection,
        pytest.raises(duckdb.CatalogException, match="some_rows does not exist"),
    ):
        connection.sql(f"from some_rows limit {some_rows.num_rows}")


def test_missing_or_foreign_warehouse_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no warehouse at .*Run `tracker build`.*`tracker demo --keep`"):
        open_warehouse(tmp_path / FILE).__enter__()
    (tmp_path / FILE).write_text("not a database, but long enough to be looked at" * 100)
    with pytest.raises(DataError, match=r"tracker.duckdb cannot be read .*Run `tracker build` to rebuild it"):
        open_warehouse(tmp_path / FILE).__enter__()
