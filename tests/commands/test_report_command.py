"""`tracker report` as a person types it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

MISTAKES = [
    (["--base-url", "example.org"], "tracker: --base-url example.org: give the address of the site"),
    (
        ["--base-url", "https://example.org/?page=1"],
        "give the address of the site, such as https://example.org/models/",
    ),
]


def test_the_report_is_written_and_its_place_printed(tracker: Callable[..., Any], filled: Path, tmp_path: Path) -> None:
    done = tracker("report", "--out", tmp_path / "site", "--home", filled)
    assert (done.code, done.out) == (0, f"{tmp_path / 'site' / 'index.html'}\n")
    assert (tmp_path / "site" / "index.html").is_file()
    said = done.err.splitlines()
    assert said[0] == "downloads-by-publisher" and said[-1].endswith("MB")
    assert "Traceback" not in done.err and "WARNING" not in done.err


@pytest.mark.parametrize(("arguments", "said"), MISTAKES)
def test_an_address_that_is_none_ends_with_2(
    tracker: Callable[..., Any], filled: Path, tmp_path: Path, arguments: list[str], said: str
) -> None:
    done = tracker("report", "--out", tmp_path / "site", "--home", filled, *arguments)
    assert (done.code, done.out) == (2, "") and said in done.err
    assert not (tmp_path / "site").exists()


def test_a_folder_of_others_ends_with_2(tracker: Callable[..., Any], filled: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    done = tracker("report", "--out", tmp_path, "--home", filled)
    assert done.code == 2 and "which is not of an earlier report. Nothing was changed" in done.err


def test_without_a_warehouse_it_says_what_to_run(tracker: Callable[..., Any], tmp_path: Path) -> None:
    done = tracker("report", "--out", tmp_path / "site", "--home", tmp_path / "nothing")
    assert done.code == 11
    assert done.err.startswith("tracker: There is no warehouse yet") and "`tracker up` reads the Hub" in done.err


def test_an_old_warehouse_is_to_be_built_anew(tracker: Callable[..., Any], own: Path, tmp_path: Path) -> None:
    with duckdb.connect(str(own / "tracker.duckdb")) as connection:
        connection.execute("drop table robustness")
    done = tracker("report", "--out", tmp_path / "site", "--home", own)
    assert done.code == 11 and "Run `tracker build` to make it anew from the lake." in done.err
    assert not (tmp_path / "site").exists()
