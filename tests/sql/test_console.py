"""Untrusted SQL: every way out of the warehouse is refused, every limit applies, and the program keeps running."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from json import dumps
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dashboards.data import warehouse as store
from tests.support.examples import examples
from tests.support.slow import first_of, slow
from tests.support.tiny_warehouse import write
from tracker.errors import DataError, UsageError
from tracker.sql import console
from tracker.sql.console import QueryResult, run_query
from tracker.sql.process import Limits, duckdb_settings, run_limited, unique_names
from tracker.sql.query import open_warehouse, run_statement

ROOT = Path(__file__).parents[2]
IS_LINUX = sys.platform == "linux"
ENDLESS = "select sleep_ms(600_000)"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny warehouse; read only."""
    return write(tmp_path_factory.mktemp("console") / "tracker.duckdb")


READ_ONLY = "can only read the warehouse, no files and no network"

WAYS_OUT = [
    ("select * from read_blob('{warehouse}')", READ_ONLY),
    ("copy models to '{there}/x.csv'", "COPY is refused"),
    ("selec 1", 'syntax error at or near "selec"'),
    ("select '\0'; select", "cannot be parsed"),
]


@pytest.mark.parametrize(("sql", "message"), WAYS_OUT, ids=[sql[:30].replace("\0", "") for sql, _ in WAYS_OUT])
def test_way_out_is_refused(warehouse: Path, tmp_path: Path, sql: str, message: str) -> None:
    for kind in ("csv", "parquet"):
        (tmp_path / f"file.{kind}").write_text("a,b\n1,2\n")
    before, found = warehouse.read_bytes(), sorted(tmp_path.iterdir())
    with pytest.raises(UsageError, match=message) as refused:
        run_query(warehouse, sql.format(file=tmp_path / "file", there=tmp_path, warehouse=warehouse))
    assert "Traceback" not in str(refused.value)
    assert (warehouse.read_bytes(), sorted(tmp_path.iterdir())) == (before, found)
    assert list(warehouse.parent.iterdir()) == [warehouse]


# Statements that the sealed connection refuses, without starting a process.
SEALED = [
    ("select * from read_csv('{file}.csv')", READ_ONLY),
    ("select * from read_parquet('{file}.parquet')", READ_ONLY),
    ("select * from glob('{there}/*')", READ_ONLY),
    ("select * from read_csv('https://huggingface.co/x.csv')", READ_ONLY),
    ("explain analyze copy models to '{there}/x.csv'", "COPY is refused"),
    ("attach '{there}/x.duckdb' as x", "ATTACH is refused"),
    ("install httpfs", "LOAD is refused"),
    ("load httpfs", "LOAD is refused"),
    ("pragma database_list", "PRAGMA is refused"),
    ("set memory_limit = '100GB'", "SET is refused"),
    ("select getenv('HOME')", "getenv does not exist"),
    ("update models set license = 'x'", "UPDATE is refused"),
    ("select 1; drop table models", "One statement at a time"),
    ("", "has no statement"),
    *((f"from {name}('{{file}}')", READ_ONLY) for name in (
        "read_csv_auto", "sniff_csv", "read_text", "read_blob", "read_json", "read_json_auto", "read_json_objects",
        "read_ndjson", "parquet_metadata", "parquet_schema", "parquet_file_metadata", "parquet_kv_metadata",
        "parquet_full_metadata", "parquet_page_index", "read_duckdb",
    )),
    ("from read_text('{warehouse}.wal')", READ_ONLY),
    ("from read_text('{warehouse}.tmp/x')", READ_ONLY),
    ("from glob('{warehouse}*')", READ_ONLY),
    ("from read_text(['/etc/passwd'])", READ_ONLY),
    ("from read_text('/proc/self/environ')", READ_ONLY),
    ("from read_text('/dev/stdin')", READ_ONLY),
    ("from '{file}.csv'", READ_ONLY),
    ("from '{file}.parquet'", READ_ONLY),
    ("from 's3://bucket/x.csv'", READ_ONLY),
    ("from 'hf://datasets/a/b.csv'", READ_ONLY),
    ("from read_csv('http://127.0.0.1/x.csv')", READ_ONLY),
    ("from query('from read_text(''/etc/passwd'')')", READ_ONLY),
    ("from json_execute_serialized_sql(json_serialize_sql('from read_text(''/etc/passwd'')'))", READ_ONLY),
    ("describe from read_csv('{file}.csv')", READ_ONLY),
    ("summarize from read_csv('{file}.csv')", READ_ONLY),
    ("explain from read_csv('{file}.csv')", READ_ONLY),
    ("with recursive r as (from read_text('{file}') union all from r) from r", READ_ONLY),
    ("from duckdb_extensions()", READ_ONLY),
    ("from query_table('/etc/passwd')", "does not exist"),
    ("from 'file:///etc/passwd'", "does not exist"),
    ("from enable_logging('QueryLog', storage := 'file', storage_path := '{there}')", "configuration has been locked"),
    ("from enable_profiling('json', save_location := '{there}/x')", "configuration has been locked"),
    ("from add_grammar_extension('x')", "configuration has been locked"),
    ("explain analyze set threads = 8", "SET is refused"),
    ("explain analyze create table memory.t as select 1", "CREATE is refused"),
    ("from arrow_scan(0, 0, 0)", "No function matches"),
    ("from pandas_scan(0::pointer)", "pointer does not exist"),
    ("from python_map_function((select 1))", "requires a callable"),
    ("set variable x = 1", "SET is refused"),
    ("prepare p as select 1", "PREPARE is refused"),
    ("use memory", "SET is refused"),
    ("call pragma_version()", "CALL is refused"),
    ("pivot models on layer using count(*)", "A pivot must name its columns"),
    ("select ?", "Values were not provided"),
    ("with x as (insert into labs default values returning 1) from x", "read-only mode"),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "message"), first_of(SEALED, 12), ids=[sql[:40] for sql, _ in SEALED])
def test_sealed_connection_refuses(warehouse: Path, tmp_path: Path, sql: str, message: str) -> None:
    for suffix in ("", ".csv", ".parquet"):
        (tmp_path / f"file{suffix}").write_text("a,b\n1,2\n")
    found = sorted(tmp_path.iterdir())
    with open_warehouse(warehouse, duckdb_settings(Limits())) as connection, pytest.raises(UsageError, match=message):
        run_statement(connection, sql.format(file=tmp_path / "file", there=tmp_path, warehouse=warehouse))
    assert sorted(tmp_path.iterdir()) == found


@pytest.mark.slow
def test_duckdb_settings_follow_the_limits(warehouse: Path) -> None:
    query = "select name, value from duckdb_settings() where name in ('threads', 'memory_limit', 'temp_directory')"
    limits = {"threads": "2", "memory_limit": "96.0 MiB", "temp_directory": ""}
    assert dict(run_query(warehouse, query, Limits(threads=2, memory_mb=128)).frame.rows()) == limits
    assert dict(run_query(warehouse, query).frame.rows()) == {**limits, "threads": "1", "memory_limit": "384.0 MiB"}


WORDS = (
    "select from models labs where group by all order limit 1 0 -1 'a' * count ( ) , . ; union explain analyze copy to "
    "set pragma drop with x as pivot on using unnest [ ] { } : $a ? null date not in values table describe -- /* \" '"
)
ALMOST_SQL = st.lists(st.sampled_from(WORDS.split(" ")), max_size=12).map(" ".join)


@settings(deadline=None, max_examples=examples(100))
@given(st.text() | ALMOST_SQL)
def test_any_text_returns_rows_or_usage_error(warehouse: Path, text: str) -> None:
    with open_warehouse(warehouse, duckdb_settings(Limits())) as connection:
        try:
            run_statement(connection, text)
        except UsageError as refused:
            assert str(refused)


OVER = [
    (ENDLESS, {}, "0.5 seconds"),
    ("select repeat('x', 10_000) from range(1000)", {"result_mb": 1, "seconds": 20}, "larger than 1 MB"),
    ("select error(repeat('x', 100_000))", {"seconds": 20}, "x{1000}"),
    ("with recursive r as (select 1 as n union all select n + 1 from r) select count(*) from r", {}, "0.5 seconds"),
    ("select count(*) from range(100_000) as a(x), range(100_000) as b(y) where (x + y) % 7 = 3", {}, "0.5 seconds"),
    ("select 1 " * 10_000, {"seconds": 20}, "longer than 50,000 characters"),
    ("select '2026-08-19'::date, 'infinity'::timestamp as at", {"seconds": 20}, "cast at to varchar"),
]


@pytest.mark.parametrize(("sql", "limits", "message"), first_of(OVER, 3), ids=[sql[:40] for sql, *_ in OVER])
def test_exceeded_limit_is_named(warehouse: Path, sql: str, limits: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message) as refused:
        run_query(warehouse, sql, replace(Limits(seconds=0.5), **limits))
    assert len(str(refused.value)) <= 2000


MEMORY_HOGS = [
    "select length(repeat('x', 3_000_000_000))",  # not counted by DuckDB's own limit
    "select array_agg(i) from range(1_000_000_000) as t(i)",  # counted by it
]
MORE_MEMORY_HOGS = [
    "select len(range(1_000_000_000))",
    "select printf('%2000000000d', 1)",
    "select repeat('x', 10_000_000) from range(1000)",
    "select string_agg(i::varchar) from range(1_000_000_000) as t(i)",
    "select range as i from range(100_000_000) order by hash(i)",
    "select count(distinct hash(i)) from range(100_000_000) as t(i)",
]

RUN_IN_A_PROGRAM = """
import sys, resource
from pathlib import Path
from tracker.sql.console import run_query, Limits
from tracker.errors import UsageError
for query in sys.argv[2:]:
    try:
        print("rows", run_query(Path(sys.argv[1]), query, Limits(seconds=60, memory_mb=64)).frame)
    except UsageError as error:
        print(error)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


@pytest.mark.skipif(not IS_LINUX, reason="other systems cannot limit the memory of a process")
@pytest.mark.parametrize("queries", first_of([MEMORY_HOGS, MORE_MEMORY_HOGS]))
@pytest.mark.slow
def test_memory_is_limited_even_if_duckdb_does_not_count_it(warehouse: Path, queries: list[str]) -> None:
    command = [sys.executable, "-c", RUN_IN_A_PROGRAM, str(warehouse), *queries]
    *messages, peak_mb = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.splitlines()
    assert len(messages) == len(queries)
    assert {message.partition(".")[0] for message in messages} == {
        "This query needs more than its limit of 64 MB of memory"
    }
    assert int(peak_mb) < 64 + 150


def rows_here(warehouse: Path, sql: str, limits: Limits) -> pl.DataFrame:
    """Run a query as the process of the console does, but in this one."""
    with open_warehouse(warehouse, duckdb_settings(limits)) as connection:
        return pl.DataFrame(pa.ipc.open_stream(run_limited(connection, sql, limits)).read_all())


@pytest.mark.parametrize(("rows", "limit"), [(0, 1), (1, 1), (2, 1), (1000, 1000), (1001, 1000), (5000, 4321)])
def test_process_returns_one_row_more_than_the_limit(warehouse: Path, rows: int, limit: int) -> None:
    frame = rows_here(warehouse, f"select range as n from range({rows})", Limits(rows=limit))
    assert frame["n"].to_list() == list(range(min(rows, limit + 1)))


@pytest.mark.parametrize(("rows", "is_cut"), first_of([(1_000_000_000_000, True), (1000, False)]))
def test_rows_beyond_the_limit_are_cut(warehouse: Path, rows: int, is_cut: bool) -> None:
    result = run_query(warehouse, f"select range as n from range({rows})", Limits(rows=1000))
    assert (result.frame["n"].to_list(), result.is_cut) == (list(range(1000)), is_cut)
    assert result.seconds > 0


def test_each_type_comes_as_number_time_or_text(warehouse: Path) -> None:
    frame = run_query(
        warehouse,
        """
        select true as b, 1::tinyint as i, 2**40::ubigint as f, 170141183460469::hugeint as h, 1.50::decimal(9, 2) as e,
            'ü€' as t, date '0001-01-01' as d, timestamp '2026-08-19 12:00:00' as s,
            timestamptz '2026-08-19 12:00:00+02' as z, null as n, interval 1 day as "i""#v", time '12:30' as ti,
            [1, null] as l, {'a': 'b'} as st, map {'k': 1} as m, '101'::bit as bi, '\\x00a'::blob as bl,
            'x'::enum('x', 'y') as en, union_value(u := 7) as un, '{"a": 1}'::json as j,
            '00000000-0000-0000-0000-000000000001'::uuid as id, 340282366920938463463374607431768211455::uhugeint as uh,
            'POINT (1 2)'::geometry as g, 12345678901234567890123::bignum as big
        """,
    ).frame
    at = datetime(2026, 8, 19, 12)
    plain: list[Any] = [True, 1, 2.0**40, Decimal(170141183460469), Decimal("1.50"), "ü€", date(1, 1, 1), at]
    plain += [at.replace(hour=10, tzinfo=UTC), None]
    texts = ["1 day", "12:30:00", "[1, NULL]", "{'a': b}", "{k=1}", "101", "\\x00a", "x", "7", '{"a": 1}']
    texts += ["00000000-0000-0000-0000-000000000001", str(2**128 - 1), "POINT (1 2)", "12345678901234567890123"]
    assert list(frame.row(0)) == plain + texts
    assert frame.dtypes[len(plain) :] == [pl.String] * len(texts)
    assert 'i"#v' in frame.columns


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("select repo_id from models order by hub_id limit 1", [("Qwen/Qwen3-8B",)]),
        ("from origins where code = 'CN'", [("CN", "China", "China", 1, "Chinese")]),
        ("select 1 as a, 2 as a, [3] as a", [(1, 2, "[3]")]),
        ("pivot models on layer in ('release', 'other') using count(*) group by family order by 1", None),
        ("explain analyze from models", None),
        ("describe models", None),
        ("summarize models", None),
        ("show tables", None),
        ("select count(*) from (from labs as a, labs as b)", [(9,)]),
        ("with recursive r as (select 1 as n union all select n + 1 from r where n < 3) select sum(n)::int from r",
            [(6,)]),
        ("-- a comment\nselect 'it''s; fine' as x;", [("it's; fine",)]),
    ],
)  # fmt: skip
def test_reading_statement_returns_rows(warehouse: Path, sql: str, rows: list[tuple[Any, ...]] | None) -> None:
    frame = rows_here(warehouse, sql, Limits())
    assert frame.height > 0
    assert rows is None or frame.rows() == rows


@given(st.lists(st.sampled_from(["a", "a_2", "a_3", "b", "b_2"]), max_size=8))
@example(["a", "a", "a_2"])
def test_unique_names_keeps_names_without_a_duplicate(names: Sequence[str]) -> None:
    unique = list(unique_names(names))
    assert len(set(unique)) == len(names)
    assert all(new == old for new, old in zip(unique, names, strict=True) if names.count(old) == 1)


def test_invalid_unicode_in_a_query_is_replaced(warehouse: Path) -> None:
    assert run_query(warehouse, "select '\ud800'").frame.rows() == [("?",)]


def test_concurrent_queries_are_limited(warehouse: Path) -> None:
    messages: list[str] = []

    def wait() -> None:
        with pytest.raises(UsageError) as refused:
            run_query(warehouse, ENDLESS, Limits(seconds=2))
        messages.append(str(refused.value))

    threads = [threading.Thread(target=wait) for _ in range(console.MAX_CONCURRENT + 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum("other queries are running" in message for message in messages) == 2
    assert sum("longer than 2 seconds" in message for message in messages) == console.MAX_CONCURRENT
    assert run_query(warehouse, "select 1").frame.rows() == [(1,)]


@pytest.mark.slow
def test_concurrent_queries_do_not_mix(warehouse: Path) -> None:
    results: dict[int, QueryResult] = {}

    def one(number: int) -> None:
        results[number] = run_query(warehouse, f"select {number} from range({number})")

    threads = [threading.Thread(target=one, args=(number,)) for number in range(1, console.MAX_CONCURRENT + 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {number: found.frame.rows() for number, found in results.items()} == {
        number: [(number,)] * number for number in range(1, console.MAX_CONCURRENT + 1)
    }


@pytest.mark.slow
def test_next_query_reads_a_new_build(tmp_path: Path) -> None:
    count = "select count(*) as n from models"
    path = write(tmp_path / "tracker.duckdb")
    old = store.Store(str(path), "old")
    assert store.rows(old, count)["n"].to_list() == run_query(path, count).frame["n"].to_list() == [6]
    write(tmp_path / "build" / "new.duckdb", "delete from models where hub_id = 'h6'").replace(path)
    new = store.Store(str(path), "new")
    assert run_query(path, count).frame["n"].to_list() == store.rows(new, count)["n"].to_list() == [5]
    assert store.rows(old, count)["n"].to_list() == [6]


def test_missing_or_broken_warehouse_hides_its_path(tmp_path: Path) -> None:
    for content in (None, "no database, but long enough to be looked at" * 100):
        if content:
            (tmp_path / "tracker.duckdb").write_text(content)
        with pytest.raises(DataError, match="Run `tracker build`") as problem:
            run_query(tmp_path / "tracker.duckdb", "select 1")
        assert str(tmp_path) not in str(problem.value)


def test_process_gets_no_environment(warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    frame = run_query(warehouse, "select string_agg(value, ' ') as settings from duckdb_settings()").frame
    assert "somebody" not in frame["settings"].item() and "hf_secret" not in frame["settings"].item()
    assert run_query(warehouse, "select current_setting('timezone') as zone").frame["zone"].item() == "UTC"


# The barrier of the operating system without that of DuckDB.
LIMITED = "from tracker.sql.process import *\nimport socket\nlimit_this_process(Limits(memory_mb=64))\n"


@pytest.mark.skipif(not IS_LINUX, reason="other systems limit less")
@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("open('/etc/passwd')", "Too many open files"),
        slow("open('x', 'w')", "Too many open files"),
        ("socket.socket()", "Too many open files"),
        ("bytearray(200_000_000)", "MemoryError"),
        slow("import os; os.write(1, b'fine')", ""),
        slow("assert {resource.getrlimit(k) for k in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE)} == {(0, 0)}", ""),
    ],
)
def test_limited_process_opens_no_file_and_uses_little_memory(tmp_path: Path, code: str, error: str) -> None:
    environment = {"PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])}
    command = [sys.executable, "-c", LIMITED + code]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment)
    assert (error in ended.stderr, ended.returncode != 0) == (True, bool(error))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no alarm")
def test_query_ends_if_its_parent_is_gone(warehouse: Path) -> None:
    command = [sys.executable, "-m", "tracker.sql.process", str(warehouse), dumps(asdict(Limits(seconds=0.5)))]
    ended = subprocess.run(command, input=ENDLESS.encode(), capture_output=True, cwd=ROOT, timeout=30)
    assert ended.returncode == -signal.SIGALRM


def test_columns_that_come_as_text_keep_their_names(warehouse: Path) -> None:
    names = ('i"#v', "a b", "n")
    quoted = [name.replace('"', '""') for name in names]
    sql = f'select interval 1 day as "{quoted[0]}", 1 as "{quoted[1]}", [interval 2 day] as "{quoted[2]}"'
    with open_warehouse(warehouse) as connection:
        found = run_statement(connection, sql, ["INTERVAL"])
    assert found.to_pylist() == [dict(zip(names, ("1 day", 1, "[2 days]"), strict=True))]
