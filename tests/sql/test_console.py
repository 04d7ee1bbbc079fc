"""A stranger's SQL: every way out is tried and refused, every limit is met, and the program around it goes on."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from json import dumps
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.data import warehouse as store
from tests.support.examples import examples
from tests.support.tiny_warehouse import write
from tracker.errors import DataError, UsageError
from tracker.sql import console
from tracker.sql.bounded import Limits, bounds, told_apart
from tracker.sql.console import Answered, ask
from tracker.sql.query import answer, opened

ROOT = Path(__file__).parents[2]
IS_LINUX = sys.platform == "linux"
FOR_EVER = "select sleep_ms(600_000)"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny warehouse that tests only read."""
    return write(tmp_path_factory.mktemp("console") / "tracker.duckdb")


NOTHING_ELSE = "reads the warehouse and nothing else, no files and no network"

WAYS_OUT = [
    ("select * from read_csv('{file}.csv')", NOTHING_ELSE),
    ("select * from read_parquet('{file}.parquet')", NOTHING_ELSE),
    ("select * from glob('{there}/*')", NOTHING_ELSE),
    ("select * from read_blob('{warehouse}')", NOTHING_ELSE),
    ("select * from read_csv('https://huggingface.co/x.csv')", NOTHING_ELSE),
    ("copy models to '{there}/x.csv'", "COPY is refused"),
    ("explain analyze copy models to '{there}/x.csv'", "COPY is refused"),
    ("attach '{there}/x.duckdb' as x", "ATTACH is refused"),
    ("install httpfs", "LOAD is refused"),
    ("load httpfs", "LOAD is refused"),
    ("pragma database_list", "PRAGMA is refused"),
    ("set memory_limit = '100GB'", "SET is refused"),
    ("select getenv('HOME')", "getenv does not exist"),
    ("update models set license = 'x'", "UPDATE is refused"),
    ("select 1; drop table models", "One statement at a time"),
    ("selec 1", 'syntax error at or near "selec"'),
    ("select '\0'; select", "cannot be read"),
    ("", "no statement"),
]


@pytest.mark.parametrize(("sql", "said"), WAYS_OUT, ids=[sql[:30].replace("\0", "") for sql, _ in WAYS_OUT])
def test_a_way_out_is_refused_in_a_sentence(warehouse: Path, tmp_path: Path, sql: str, said: str) -> None:
    for kind in ("csv", "parquet"):
        (tmp_path / f"file.{kind}").write_text("a,b\n1,2\n")
    before, found = warehouse.read_bytes(), sorted(tmp_path.iterdir())
    with pytest.raises(UsageError, match=said) as refused:
        ask(warehouse, sql.format(file=tmp_path / "file", there=tmp_path, warehouse=warehouse))
    assert "Traceback" not in str(refused.value)
    assert (warehouse.read_bytes(), sorted(tmp_path.iterdir())) == (before, found)
    assert list(warehouse.parent.iterdir()) == [warehouse]


# What DuckDB itself refuses, asked of its own sealed connection: the same one, without the cost of a process.
SIDE_DOORS = [
    *((f"from {name}('{{file}}')", NOTHING_ELSE) for name in (
        "read_csv_auto", "sniff_csv", "read_text", "read_blob", "read_json", "read_json_auto", "read_json_objects",
        "read_ndjson", "parquet_metadata", "parquet_schema", "parquet_file_metadata", "parquet_kv_metadata",
        "parquet_full_metadata", "parquet_page_index", "read_duckdb",
    )),
    ("from read_text('{warehouse}.wal')", NOTHING_ELSE),
    ("from read_text('{warehouse}.tmp/x')", NOTHING_ELSE),
    ("from glob('{warehouse}*')", NOTHING_ELSE),
    ("from read_text(['/etc/passwd'])", NOTHING_ELSE),
    ("from read_text('/proc/self/environ')", NOTHING_ELSE),
    ("from read_text('/dev/stdin')", NOTHING_ELSE),
    ("from '{file}.csv'", NOTHING_ELSE),
    ("from '{file}.parquet'", NOTHING_ELSE),
    ("from 's3://bucket/x.csv'", NOTHING_ELSE),
    ("from 'hf://datasets/a/b.csv'", NOTHING_ELSE),
    ("from read_csv('http://127.0.0.1/x.csv')", NOTHING_ELSE),
    ("from query('from read_text(''/etc/passwd'')')", NOTHING_ELSE),
    ("from json_execute_serialized_sql(json_serialize_sql('from read_text(''/etc/passwd'')'))", NOTHING_ELSE),
    ("describe from read_csv('{file}.csv')", NOTHING_ELSE),
    ("summarize from read_csv('{file}.csv')", NOTHING_ELSE),
    ("explain from read_csv('{file}.csv')", NOTHING_ELSE),
    ("with recursive r as (from read_text('{file}') union all from r) from r", NOTHING_ELSE),
    ("from duckdb_extensions()", NOTHING_ELSE),
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
    ("pivot models on layer using count(*)", "A pivot must name the columns it makes"),
    ("select ?", "Values were not provided"),
    ("with x as (insert into labs default values returning 1) from x", "read-only mode"),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "said"), SIDE_DOORS, ids=[sql[:40] for sql, _ in SIDE_DOORS])
def test_a_side_door_is_shut(warehouse: Path, tmp_path: Path, sql: str, said: str) -> None:
    for suffix in ("", ".csv", ".parquet"):
        (tmp_path / f"file{suffix}").write_text("a,b\n1,2\n")
    found = sorted(tmp_path.iterdir())
    with opened(warehouse, bounds(Limits())) as connection, pytest.raises(UsageError, match=said):
        answer(connection, sql.format(file=tmp_path / "file", there=tmp_path, warehouse=warehouse))
    assert sorted(tmp_path.iterdir()) == found


def test_a_stranger_s_settings_are_those_of_the_limits(warehouse: Path) -> None:
    asked = "select name, value from duckdb_settings() where name in ('threads', 'memory_limit', 'temp_directory')"
    limits = {"threads": "2", "memory_limit": "96.0 MiB", "temp_directory": ""}
    assert dict(ask(warehouse, asked, Limits(threads=2, memory_mb=128)).frame.rows()) == limits
    assert dict(ask(warehouse, asked).frame.rows()) == {**limits, "threads": "1", "memory_limit": "384.0 MiB"}


WORDS = (
    "select from models labs where group by all order limit 1 0 -1 'a' * count ( ) , . ; union explain analyze copy to "
    "set pragma drop with x as pivot on using unnest [ ] { } : $a ? null date not in values table describe -- /* \" '"
)
ALMOST_SQL = st.lists(st.sampled_from(WORDS.split(" ")), max_size=12).map(" ".join)


@settings(deadline=None, max_examples=examples(100))
@given(st.text() | ALMOST_SQL)
def test_any_text_is_answered_or_refused_and_nothing_else_happens(warehouse: Path, text: str) -> None:
    with opened(warehouse, bounds(Limits())) as connection:
        try:
            answer(connection, text)
        except UsageError as refused:
            assert str(refused)


OVER = [
    ("with recursive r as (select 1 as n union all select n + 1 from r) select count(*) from r", {}, "0.5 seconds"),
    ("select count(*) from range(100_000) as a(x), range(100_000) as b(y) where (x + y) % 7 = 3", {}, "0.5 seconds"),
    (FOR_EVER, {}, "0.5 seconds"),
    ("select repeat('x', 10_000) from range(1000)", {"answer_mb": 1, "seconds": 20}, "larger than 1 MB"),
    ("select error(repeat('x', 100_000))", {"seconds": 20}, "x{1000}"),
    ("select 1 " * 10_000, {"seconds": 20}, "longer than 50,000 characters"),
    ("select '2026-08-19'::date, 'infinity'::timestamp as at", {"seconds": 20}, "cast at to varchar"),
]


@pytest.mark.parametrize(("sql", "limits", "said"), OVER, ids=[sql[:40] for sql, *_ in OVER])
def test_beyond_a_limit_a_sentence_says_which(warehouse: Path, sql: str, limits: dict[str, Any], said: str) -> None:
    began = time.monotonic()
    with pytest.raises(UsageError, match=said) as refused:
        ask(warehouse, sql, replace(Limits(seconds=0.5), **limits))
    assert len(str(refused.value)) <= 2000
    assert time.monotonic() - began < 15


HUNGRY = [
    "select length(repeat('x', 3_000_000_000))",  # DuckDB's own limit does not see these
    "select len(range(1_000_000_000))",
    "select printf('%2000000000d', 1)",
    "select repeat('x', 10_000_000) from range(1000)",
    "select array_agg(i) from range(1_000_000_000) as t(i)",  # and these it does
    "select string_agg(i::varchar) from range(1_000_000_000) as t(i)",
    "select range as i from range(100_000_000) order by hash(i)",
    "select count(distinct hash(i)) from range(100_000_000) as t(i)",
]

ASKED_IN_A_PROGRAM = """
import sys, resource
from pathlib import Path
from tracker.sql.console import ask, Limits
from tracker.errors import UsageError
for query in sys.argv[2:]:
    try:
        print("answered", ask(Path(sys.argv[1]), query, Limits(seconds=60, memory_mb=64)).frame)
    except UsageError as refused:
        print(refused)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


@pytest.mark.skipif(not IS_LINUX, reason="other systems do not bound the memory of a process")
def test_memory_is_bounded_even_where_duckdb_does_not_count_it(warehouse: Path) -> None:
    command = [sys.executable, "-c", ASKED_IN_A_PROGRAM, str(warehouse), *HUNGRY]
    *said, most_mb = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout.splitlines()
    assert len(said) == len(HUNGRY)
    assert {sentence.partition(".")[0] for sentence in said} == {
        "This query needs more than the 64 MB of memory it may use"
    }
    assert int(most_mb) < 64 + 150


@pytest.mark.parametrize(
    ("there_are", "limit", "height", "is_cut"),
    [
        (0, 1, 0, False),
        (1, 1, 1, False),
        (2, 1, 1, True),
        (1000, 1000, 1000, False),
        (1001, 1000, 1000, True),
        (5000, 4321, 4321, True),
        (1_000_000_000_000, 10_000, 10_000, True),
    ],
)
def test_rows_beyond_the_limit_are_cut_and_never_made(
    warehouse: Path, there_are: int, limit: int, height: int, is_cut: bool
) -> None:
    answered = ask(warehouse, f"select range as n from range({there_are})", Limits(rows=limit))
    assert (answered.frame["n"].to_list(), answered.is_cut) == (list(range(height)), is_cut)
    assert 0 < answered.seconds < 10


def test_one_column_of_every_type_comes_as_a_number_a_time_or_text(warehouse: Path) -> None:
    frame = ask(
        warehouse,
        """
        select true as b, 1::tinyint as i, 2**40::ubigint as f, 170141183460469::hugeint as h, 1.50::decimal(9, 2) as e,
            'ü€' as t, date '0001-01-01' as d, timestamp '2026-08-19 12:00:00' as s,
            timestamptz '2026-08-19 12:00:00+02' as z, null as n, interval 1 day as iv, time '12:30' as ti,
            [1, null] as l, {'a': 'b'} as st, map {'k': 1} as m, '101'::bit as bi, '\\x00a'::blob as bl,
            'x'::enum('x', 'y') as en, union_value(u := 7) as un, '{"a": 1}'::json as j,
            '00000000-0000-0000-0000-000000000001'::uuid as id, 340282366920938463463374607431768211455::uhugeint as uh,
            'POINT (1 2)'::geometry as g, 12345678901234567890123::bignum as big
        """,
    ).frame
    at = datetime(2026, 8, 19, 12)
    kept: list[Any] = [True, 1, 2.0**40, Decimal(170141183460469), Decimal("1.50"), "ü€", date(1, 1, 1), at]
    kept += [at.replace(hour=10, tzinfo=UTC), None]
    texts = ["1 day", "12:30:00", "[1, NULL]", "{'a': b}", "{k=1}", "101", "\\x00a", "x", "7", '{"a": 1}']
    texts += ["00000000-0000-0000-0000-000000000001", str(2**128 - 1), "POINT (1 2)", "12345678901234567890123"]
    assert list(frame.row(0)) == kept + texts
    assert frame.dtypes[len(kept) :] == [pl.String] * len(texts)


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("select repo_id from models order by hub_id limit 1", [("Qwen/Qwen3-8B",)]),
        ("from origins where code = 'CN'", [("CN", "China", "China")]),
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
        ("select '\ud800'", [("?",)]),
    ],
)  # fmt: skip
def test_reading_is_answered(warehouse: Path, sql: str, rows: list[tuple[Any, ...]] | None) -> None:
    frame = ask(warehouse, sql).frame
    assert frame.height > 0
    assert rows is None or frame.rows() == rows


@given(st.lists(st.sampled_from(["a", "a_2", "a_3", "b", "b_2"]), max_size=8))
def test_names_are_told_apart_and_a_name_that_was_alone_is_kept(names: Sequence[str]) -> None:
    apart = list(told_apart(names))
    assert len(set(apart)) == len(names)
    assert all(new == old for new, old in zip(apart, names, strict=True) if names.count(old) == 1)


def test_no_more_than_a_few_queries_run_at_a_time_and_their_turns_come_free(warehouse: Path) -> None:
    said: list[str] = []

    def wait() -> None:
        with pytest.raises(UsageError) as refused:
            ask(warehouse, FOR_EVER, Limits(seconds=2))
        said.append(str(refused.value))

    threads = [threading.Thread(target=wait) for _ in range(console.AT_ONCE + 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum("other queries are running" in sentence for sentence in said) == 2
    assert sum("longer than 2 seconds" in sentence for sentence in said) == console.AT_ONCE
    assert ask(warehouse, "select 1").frame.rows() == [(1,)]


def test_queries_at_the_same_time_do_not_mix(warehouse: Path) -> None:
    answers: dict[int, Answered] = {}

    def one(number: int) -> None:
        answers[number] = ask(warehouse, f"select {number} from range({number})")

    threads = [threading.Thread(target=one, args=(number,)) for number in range(1, console.AT_ONCE + 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {number: found.frame.rows() for number, found in answers.items()} == {
        number: [(number,)] * number for number in range(1, console.AT_ONCE + 1)
    }


def test_the_next_query_sees_a_new_build_beside_the_dashboard_that_reads_the_same_file(tmp_path: Path) -> None:
    count = "select count(*) as n from models"
    path = write(tmp_path / "tracker.duckdb")
    old = store.Store(str(path), "old")
    assert store.rows(old, count)["n"].to_list() == ask(path, count).frame["n"].to_list() == [6]
    write(tmp_path / "beside" / "new.duckdb", "delete from models where hub_id = 'h6'").replace(path)
    new = store.Store(str(path), "new")
    assert ask(path, count).frame["n"].to_list() == store.rows(new, count)["n"].to_list() == [5]
    assert store.rows(old, count)["n"].to_list() == [6]


def test_a_missing_or_broken_warehouse_is_told_without_its_path(tmp_path: Path) -> None:
    for content in (None, "no database, but long enough to be looked at" * 100):
        if content:
            (tmp_path / "tracker.duckdb").write_text(content)
        with pytest.raises(DataError, match="Run `tracker build`") as problem:
            ask(tmp_path / "tracker.duckdb", "select 1")
        assert str(tmp_path) not in str(problem.value)


def test_nothing_of_the_environment_is_handed_on(warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    frame = ask(warehouse, "select string_agg(value, ' ') as settings from duckdb_settings()").frame
    assert "somebody" not in frame["settings"].item() and "hf_secret" not in frame["settings"].item()
    assert ask(warehouse, "select current_setting('timezone') as zone").frame["zone"].item() == "UTC"


# The second wall, without the first: what a process that has bounded itself can still do.
BOUNDED = "from tracker.sql.bounded import *\nimport socket\nbound_this_process(Limits(memory_mb=64))\n"


@pytest.mark.skipif(not IS_LINUX, reason="other systems bound less")
@pytest.mark.parametrize(
    ("doing", "fails_with"),
    [
        ("open('/etc/passwd')", "Too many open files"),
        ("open('x', 'w')", "Too many open files"),
        ("socket.socket()", "Too many open files"),
        ("bytearray(200_000_000)", "MemoryError"),
        ("import os; os.write(1, b'fine')", ""),
        ("assert {resource.getrlimit(one) for one in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE)} == {(0, 0)}", ""),
    ],
)
def test_a_bounded_process_can_open_nothing_and_hold_little(tmp_path: Path, doing: str, fails_with: str) -> None:
    environment = {"PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])}
    command = [sys.executable, "-c", BOUNDED + doing]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment)
    assert (fails_with in ended.stderr, ended.returncode != 0) == (True, bool(fails_with))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="there is no alarm")
def test_a_query_whose_program_is_gone_ends_by_itself(warehouse: Path) -> None:
    command = [sys.executable, "-m", "tracker.sql.bounded", str(warehouse), dumps(asdict(Limits(seconds=0.5)))]
    ended = subprocess.run(command, input=FOR_EVER.encode(), capture_output=True, cwd=ROOT, timeout=30)
    assert ended.returncode == -signal.SIGALRM
