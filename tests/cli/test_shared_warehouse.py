"""The warehouse file beside other programs: older versions of DuckDB, and one that has it open for writing."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tracker.errors import HomeError
from tracker.sql.console import run_query
from tracker.warehouse.build import FILE

HOLDER = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(flush=True); sys.stdin.read()"


@pytest.fixture
def held(own: Path) -> Iterator[Path]:
    """A home whose warehouse another process has open for writing."""
    command = [sys.executable, "-c", HOLDER, str(own / FILE)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stdin is not None
        process.stdout.readline()
        yield own
        process.stdin.close()


@pytest.mark.parametrize("command", [["build"], ["build", "--full"], ["sql", "select 1"]], ids=" ".join)
def test_warehouse_open_for_writing_is_reported_and_stays(
    held: Path, tracker: Callable[..., Any], command: list[str]
) -> None:
    before = (held / FILE).stat()
    done = tracker(*command, "--home", held)
    assert (done.code, done.out) == (13, "")
    assert f"{FILE} is open for writing in python" in done.err and "Close it there" in done.err
    assert ((held / FILE).stat().st_ino, (held / FILE).stat().st_size) == (before.st_ino, before.st_size)


def test_sql_page_says_that_the_warehouse_is_open_elsewhere(held: Path) -> None:
    with pytest.raises(HomeError, match="open for writing in another program"):
        run_query(held / FILE, "select 1")


def test_file_can_be_read_by_duckdb_1_2(filled: Path) -> None:
    with duckdb.connect(str(filled / FILE), read_only=True) as connection:
        [(tags,)] = connection.execute("select tags from duckdb_databases() where path is not null").fetchall()
        comments = "select count(comment), count(*) from duckdb_columns() where schema_name = 'main' and not internal"
        [(commented, columns)] = connection.execute(comments).fetchall()
    assert tags["storage_version"].startswith("v1.2")
    assert commented == columns > 100
