"""Output of `tracker sql` as table, CSV, JSON and Parquet, to a terminal, a pipe or a file."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from tests.support.slow import first_of
from tracker.cli.output import Format, answer, write
from tracker.cli.sql_prompt import prompt
from tracker.errors import UsageError
from tracker.sql.query import open_warehouse, run_statement
from tracker.warehouse.build import FILE

QUERY = "select 12345 as n, null as unknown, 'a,\"b\"' as t, 1.25 as d, [1, 2] as l, true as b, 0.5::double as f"
TABLE = [
    "     n  unknown  t         d  l       b       f",
    "------  -------  -----  ----  ------  ----  ---",
    '12,345  NULL     a,"b"  1.25  [1, 2]  True  0.5',
]


@pytest.mark.parametrize("form", list(Format))
def test_formats_have_the_same_values(filled: Path, tmp_path: Path, form: Format) -> None:
    output = tmp_path / "out"
    with open_warehouse(filled / FILE) as connection:
        write(run_statement(connection, QUERY), form, output)
    if form == Format.TABLE:
        assert output.read_text().splitlines() == TABLE
    elif form == Format.CSV:
        assert list(csv.DictReader(io.StringIO(output.read_text()))) == [
            {"n": "12345", "unknown": "", "t": 'a,"b"', "d": "1.25", "l": "[1, 2]", "b": "true", "f": "0.5"}
        ]
    else:
        rows = json.loads(output.read_text()) if form == Format.JSON else pq.read_table(output).to_pylist()
        [row] = [{**row, "d": float(row["d"])} for row in rows]
        assert row == {"n": 12345, "unknown": None, "t": 'a,"b"', "d": 1.25, "l": [1, 2], "b": True, "f": 0.5}


def test_sums_and_averages_are_numbers_in_json(filled: Path, tmp_path: Path) -> None:
    query = """
        select sum(downloads_30d) as s, avg(likes) as a, 'nan'::double as odd, [1.5] as l, {'k': 2.0} as k, day
        from model_days where day = '2026-08-18' group by day
        """
    with open_warehouse(filled / FILE) as connection:
        write(run_statement(connection, query), Format.JSON, tmp_path / "out")
    [row] = json.loads((tmp_path / "out").read_text(), parse_constant=pytest.fail)
    assert row == {"s": 550, "a": 27 / 11, "odd": None, "l": [1.5], "k": {"k": 2}, "day": "2026-08-18"}


@pytest.mark.parametrize(
    ("form", "query", "expected"),
    [
        (Format.TABLE, "select 1 as a where false", "a\n-\n"),
        (Format.CSV, "select 1 as a where false", '"a"\n'),
        (Format.JSON, "select 1 as a where false", "[]\n"),
        (Format.CSV, "select 1 as a, 2 as a", '"a","a"\n1,2\n'),
        (
            Format.CSV,
            "select '=1+1' as a, '-' as \"@b\", '+'::enum('+') as c, -1 as d, null::varchar as e, ['='] as f",
            """"a","'@b","c","d","e","f"\n"'=1+1","'-","'+",-1,,"[""=""]"\n""",
        ),
        (Format.JSON, "select '=1+1' as a", '[{"a": "=1+1"}]\n'),
        (Format.TABLE, "select 1 as a, 2 as a", "a  a\n-  -\n1  2\n"),
        (Format.TABLE, "select chr(27) || '[2J' || chr(155) || '[red]' as a", "a\n----------\n [2J [red]\n"),
        (Format.TABLE, "select 'x\ny' as a, -1234567::bigint as n, 1e9 as f", "a             n              f\n"),
    ],
)
def test_unusual_results_are_shown_in_full(
    filled: Path, tmp_path: Path, form: Format, query: str, expected: str
) -> None:
    with open_warehouse(filled / FILE) as connection:
        write(run_statement(connection, query), form, tmp_path / "out")
    assert (tmp_path / "out").read_text().startswith(expected)


def test_long_table_on_stdout_counts_omitted_rows(filled: Path, capfdbinary: Any) -> None:
    with open_warehouse(filled / FILE) as connection:
        write(run_statement(connection, "select range as n from range(1234)"), Format.TABLE, None)
    lines = capfdbinary.readouterr().out.decode().splitlines()
    assert (len(lines), lines[-2].strip()) == (103, "99")
    assert lines[-1] == "... and 1,134 more rows of 1,234; --format csv gives all"


@pytest.mark.parametrize("name", ["all.csv", "all.JSON", "all.parquet", "all.txt", "all"])
def test_file_has_all_rows_in_the_format_of_its_suffix(
    filled: Path, tracker: Callable[..., Any], tmp_path: Path, name: str
) -> None:
    file = tmp_path / name
    done = tracker("sql", "select range as n from range(1234)", "--output", file, "--home", filled)
    assert (done.code, done.out, done.err) == (0, "", "")
    match file.suffix.lower():
        case ".csv":
            found = duckdb.read_csv(str(file)).fetchall()
        case ".json":
            found = [(row["n"],) for row in json.loads(file.read_text())]
        case ".parquet":
            found = duckdb.read_parquet(str(file)).fetchall()
        case _:
            found = [(int(line.replace(",", "")),) for line in file.read_text().splitlines()[2:]]
    assert found == [(number,) for number in range(1234)]


def test_format_option_outranks_the_suffix(filled: Path, tracker: Callable[..., Any], tmp_path: Path) -> None:
    file = tmp_path / "all.csv"
    assert tracker("sql", "select 1 as a", "--format", "json", "--output", file, "--home", filled).code == 0
    assert json.loads(file.read_text()) == [{"a": 1}]


def test_failed_query_leaves_the_earlier_file(filled: Path, tracker: Callable[..., Any], tmp_path: Path) -> None:
    file = tmp_path / "out.json"
    file.write_text("earlier")
    assert tracker("sql", "select 1 as a, 2 as a", "--output", file, "--home", filled).code == 2
    assert (file.read_text(), list(tmp_path.glob(".out*"))) == ("earlier", [])


ODD_VALUES = """
select 'infinity'::date as d, '-infinity'::timestamp as t, 'infinity'::timestamptz as z, '290000-01-01'::date as far,
    '\\x00\\xFF'::blob as blob, '101'::bit as bit, interval '1 day 2 hours' as i, ['infinity'::date] as l,
    {'i': interval 1 day} as s, '44-03-15 (BC)'::date as bc, '10:30:00'::time as clock
"""
AS_TEXT = {
    "d": "infinity",
    "t": "-infinity",
    "z": "infinity",
    "far": "290000-01-01",
    "blob": "\\x00\\xFF",
    "bit": "101",
    "i": "1 day 02:00:00",
    "l": "[infinity]",
    "s": "{'i': 1 day}",
    "bc": "0044-03-15 (BC)",
    "clock": "10:30:00",
}


@pytest.mark.parametrize("form", list(Format))
def test_values_outside_of_other_calendars_and_types_are_written(filled: Path, tmp_path: Path, form: Format) -> None:
    file = tmp_path / f"out.{form}"
    with open_warehouse(filled / FILE) as connection:
        answer(connection, ODD_VALUES, form, file)
    if form == Format.PARQUET:
        columns = ", ".join(f"{name}::varchar" for name in AS_TEXT if name not in ("z", "blob"))
        [row] = duckdb.sql(f"select {columns} from '{file}'").fetchall()
        assert row == tuple(text for name, text in AS_TEXT.items() if name not in ("z", "blob"))
        assert duckdb.sql(f"select isinf(z), blob from '{file}'").fetchall() == [(True, b"\x00\xff")]
        return
    if form == Format.TABLE:
        assert all(text in file.read_text() for text in AS_TEXT.values())
    elif form == Format.JSON:
        assert json.loads(file.read_text()) == [AS_TEXT]
    else:
        [found] = csv.DictReader(io.StringIO(file.read_text()))
        assert {**found, "clock": found["clock"][:8], "t": found["t"].lstrip("'")} == AS_TEXT


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("1765012.5", "1,765,012.5"),
        ("1765012345.678", "1,765,012,345.7"),
        ("0.123456789", "0.123457"),
        ("1234.5678", "1,234.57"),
        ("-0.5", "-0.5"),
        ("1e300", "1e+300"),
        ("1e-9", "1e-09"),
        ("'inf'", "inf"),
        ("'nan'", "nan"),
        ("0", "0"),
    ],
)
def test_numbers_are_not_shortened_to_exponents(filled: Path, tmp_path: Path, value: str, shown: str) -> None:
    with open_warehouse(filled / FILE) as connection:
        answer(connection, f"select {value}::double as n", Format.TABLE, tmp_path / "out")
    assert (tmp_path / "out").read_text().splitlines()[-1].strip() == shown


@pytest.mark.parametrize(
    ("form", "query", "message"),
    [
        (Format.JSON, "select 1 as a, 2 as a", "--format json: two columns are called a"),
        (Format.PARQUET, "select 1 as a, 2 as a", "--format parquet: two columns are called a"),
    ],
)
def test_unsupported_values_of_a_format_are_refused(
    filled: Path, tmp_path: Path, form: Format, query: str, message: str
) -> None:
    with open_warehouse(filled / FILE) as connection, pytest.raises(UsageError, match=message):
        write(run_statement(connection, query), form, tmp_path / "out")


class Typing(io.StringIO):
    """Input typed at a terminal."""

    def isatty(self) -> bool:
        return True


def test_piped_statements_run_one_by_one(filled: Path, capfdbinary: Any) -> None:
    with open_warehouse(filled / FILE) as connection:
        prompt(connection, io.StringIO("select 1 as a;\nselect\n  2 as b;\n\nselect 3 as c"))
    assert capfdbinary.readouterr().out == b"a\n-\n1\nb\n-\n2\nc\n-\n3\n"


def test_pipe_stops_at_the_first_failed_statement(filled: Path, capfdbinary: Any) -> None:
    with open_warehouse(filled / FILE) as connection, pytest.raises(UsageError, match="selec"):
        prompt(connection, io.StringIO("select 1 as a;\nselec;\nselect 3 as c;"))
    assert capfdbinary.readouterr().out == b"a\n-\n1\n"


def test_prompt_continues_after_a_failed_statement(
    filled: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = iter(["selec;", "select 1", "as a;"])
    asked: list[str] = []

    def reply(mark: str) -> str:
        asked.append(mark)
        try:
            return next(typed)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr("builtins.input", reply)
    with open_warehouse(filled / FILE) as connection:
        prompt(connection, Typing())
    message = capfd.readouterr()
    assert asked == ["sql> ", "sql> ", "...> ", "sql> "]
    assert "The warehouse can be read and nothing else" in message.out and message.out.endswith("a\n-\n1\n")
    assert 'syntax error at or near "selec"' in message.err


@pytest.mark.parametrize("form", first_of(["csv", "json"]))
def test_rows_give_a_job_no_commands(
    filled: Path, tmp_path: Path, tracker_process: Callable[..., Any], form: str
) -> None:
    query = "select 'x' || chr(10) || '::error::forged' as text"
    for workflow, has_command in (("true", False), ("false", form == "csv")):
        done = tracker_process("sql", query, "--format", form, "--home", filled, GITHUB_ACTIONS=workflow)
        assert done.code == 0 and "error::forged" in done.out
        assert any(line.startswith("::") for line in done.out.splitlines()) is has_command
    file = tmp_path / f"rows.{form}"
    tracker_process("sql", query, "--output", file, "--home", filled, GITHUB_ACTIONS="true")
    assert "::error::forged" in file.read_text()


def test_results_go_to_stdout_or_a_file(filled: Path, tracker: Callable[..., Any]) -> None:
    done = tracker("sql", "select count(*) as models, null as nothing from models", "--home", filled)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == ["models  nothing", "------  -------", "    12  NULL"]
    file = filled.parent / "out.parquet"
    done = tracker("sql", "from models", "--format", "parquet", "--output", file, TRACKER_HOME=str(filled))
    assert (done.code, done.out, done.err, len(duckdb.read_parquet(str(file)))) == (0, "", "", 12)


REFUSED = [
    (["drop table models"], "tracker: SQL here only reads: DROP is refused."),
    (["selec 1"], 'tracker: This SQL cannot be parsed: Parser Error: syntax error at or near "selec"'),
    (["select 1", "--format", "xml"], "tracker: --format xml: choose one of table, csv, json, parquet"),
    (
        ["select 1", "--output", "all.xlsx"],
        "tracker: --output all.xlsx: .xlsx names no format; add --format with one of",
    ),
    (["select 1", "--output", "no/such/folder"], "tracker: --output no/such/folder: No such file or directory"),
    ([], "tracker: SQL here only reads: DELETE is refused."),
]


@pytest.mark.parametrize(("arguments", "message"), REFUSED)
def test_sql_errors_exit_with_2_and_a_reason_on_stderr(
    filled: Path, tracker: Callable[..., Any], arguments: list[str], message: str
) -> None:
    done = tracker("sql", *arguments, "--home", filled, stdin="delete from models;")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(message) and "Traceback" not in done.err


def test_missing_warehouse_is_an_error(tmp_path: Path, tracker: Callable[..., Any]) -> None:
    done = tracker("sql", "select 1", "--home", tmp_path / "none")
    assert (done.code, done.out) == (11, "")
    assert "Run `tracker build` after a crawl" in done.err


def test_query_may_begin_with_a_comment(filled: Path, tracker: Callable[..., Any]) -> None:
    done = tracker("sql", "-- how many?\nselect count(*) as models from models", "--format", "csv", "--home", filled)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[0].strip('"') == "models"
