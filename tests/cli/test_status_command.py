"""`tracker status` of homes that are empty, filled, unfinished, damaged or have gaps."""

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tracker.cli.status import missing_days, status_lines
from tracker.errors import DataError, HomeError
from tracker.lake.lake import Lake


def test_status_of_an_empty_home_names_the_next_command(tmp_path: Path, tracker: Callable[..., Any]) -> None:
    done = tracker("status", "--home", tmp_path / "none")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        f"Home: {tmp_path}/none",
        "No crawl has landed yet. Run `tracker up`, or `tracker demo` for simulated data.",
        "Lake: 0 files, 0.0 MB",
        "Warehouse: none yet; run `tracker build`",
    ]
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    "command", [("status",), ("report", "--out", "site"), ("build",), ("crawl",), ("sql", "select 1"), ("dashboard",)]
)
def test_file_as_home_is_refused(tmp_path: Path, tracker: Callable[..., Any], command: tuple[str, ...]) -> None:
    file = tmp_path / "tracker.duckdb"
    file.write_bytes(b"kept")
    done = tracker(*command, "--home", file)
    wanted = f"tracker: {file} is a file. Give the folder that holds it with --home or TRACKER_HOME.\n"
    assert (done.code, done.out, done.err) == (12, "", wanted)
    assert file.read_bytes() == b"kept"


def test_status_lists_days_by_scope(filled: Path, tracker: Callable[..., Any]) -> None:
    done = tracker("status", TRACKER_HOME=str(filled))
    lines = done.out.splitlines()
    assert (done.code, done.err) == (0, "")
    assert [re.sub(r"[0-9,]+ s,", "0 s,", line) for line in lines[:4]] == [
        f"Home: {filled}",
        "The data are SIMULATED.",
        "Scope hub: 2 days, 2026-08-18 to 2026-08-19, 12 models on the last",
        "Last crawl: 2026-08-19-hub, 12 models in 2 pages, 0 rows refused, 0 s, ended 2026-08-19 12:00 UTC",
    ]
    assert lines[4].startswith("Lake: ") and lines[5].startswith(f"Warehouse: {filled}/tracker.duckdb, ")
    assert lines[5].endswith(" MB, built 2026-08-19 12:00 UTC, last day 2026-08-19") and len(lines) == 6


def edit_manifest(home: Path, crawl: str, **fields: Any) -> None:
    """Overwrite fields of a crawl's manifest."""
    path = home / "lake" / "crawls" / f"{crawl}.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))


def test_status_lists_gaps_and_partial_days(own: Path) -> None:
    edit_manifest(own, "2026-08-18-hub", day="2026-08-01")
    edit_manifest(own, "2026-08-19-hub", is_complete=False, incomplete_because="it shrank")
    lines = status_lines(Lake(own))
    assert "  17 days missing: 2026-08-02, 2026-08-03, 2026-08-04" in "\n".join(lines)
    assert any(line.endswith("2026-08-11, ...") for line in lines)
    assert "  2026-08-19 is partial and left out of sums: it shrank" in lines


def test_status_names_recorded_listings(own: Path) -> None:
    for day in ("2026-08-18", "2026-08-19"):
        edit_manifest(own, f"{day}-hub", is_simulated=False, endpoint="http://127.0.0.1:8000")
    assert status_lines(Lake(own))[1] == (
        "Scope hub: 2 days, 2026-08-18 to 2026-08-19, 12 models on the last, from recorded listings, a selection"
    )


def test_status_lists_every_problem(own: Path) -> None:
    (own / "runs" / "2026-08-20-labs").mkdir(parents=True)
    lost = own / "lake" / "model_days" / "day=2026-08-19" / "hub.parquet"
    lost.rename(lost.with_name("stray.parquet"))
    (own / "tracker.failed.duckdb").touch()
    lines = status_lines(Lake(own))
    for line in (
        f"Unfinished: {own}/runs/2026-08-20-labs; run the same crawl again to resume it",
        f"{lost} is missing; crawl 2026-08-19-hub wrote it with 12 rows",
        f"{lost.with_name('stray.parquet')} belongs to no crawl; it is ignored",
        f"A build failed its checks; its warehouse is in {own}/tracker.failed.duckdb",
    ):
        assert line in lines


def test_status_lists_failed_checks(own: Path) -> None:
    with duckdb.connect(str(own / "tracker.duckdb")) as connection:
        connection.execute("insert into check_findings values ('a__b', 'A holds.', 'warn', 1200, 'x 1')")
    assert "  warn: a__b: 1,200 rows break: A holds." in status_lines(Lake(own))


def test_status_of_a_damaged_manifest_exits_with_13(own: Path, tracker: Callable[..., Any]) -> None:
    path = own / "lake" / "crawls" / "2026-08-19-hub.json"
    path.write_text("{")
    done = tracker("status", "--home", own)
    assert (done.code, done.out) == (13, "")
    assert done.err.startswith(f"tracker: {path} is damaged or not a manifest of this program")
    with pytest.raises(HomeError):
        status_lines(Lake(own))


@pytest.mark.parametrize("made", ["create table other (a int)", "create table build (built_at timestamp)"])
def test_status_of_a_foreign_database_is_an_error(own: Path, made: str) -> None:
    (own / "tracker.duckdb").unlink()
    with duckdb.connect(str(own / "tracker.duckdb")) as connection:
        connection.execute(made)
    with pytest.raises(DataError, match=r"built by another version .*Run `tracker build` to rebuild it"):
        status_lines(Lake(own))


@pytest.mark.parametrize(
    ("days", "missing"),
    [
        ([], []),
        (["2026-08-19"], []),
        (["2026-08-19", "2026-08-20"], []),
        (["2026-09-01", "2026-08-30"], ["2026-08-31"]),
        (["2026-02-27", "2026-03-02", "2026-03-02"], ["2026-02-28", "2026-03-01"]),
    ],
)
def test_missing_days_are_between_first_and_last(days: list[str], missing: list[str]) -> None:
    assert missing_days([date.fromisoformat(day) for day in days]) == [date.fromisoformat(day) for day in missing]
