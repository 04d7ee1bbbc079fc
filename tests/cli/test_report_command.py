"""`tracker report` on the command line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

MISTAKES = [
    (["--base-url", "example.org"], "tracker: --base-url example.org: give the address of the site"),
    (
        ["--base-url", "https://example.org/?page=1"],
        "give the address of the site, such as https://example.org/models/",
    ),
]


def test_report_is_written_and_its_path_printed(tracker: Callable[..., Any], filled: Path, tmp_path: Path) -> None:
    done = tracker("report", "--out", tmp_path / "site", "--home", filled)
    assert (done.code, done.out) == (0, f"{tmp_path / 'site' / 'index.html'}\n")
    assert (tmp_path / "site" / "index.html").is_file()
    progress = done.err.splitlines()
    assert progress[0] == "downloads-by-publisher" and progress[-1].endswith("MB")
    assert "Traceback" not in done.err and "WARNING" not in done.err


def test_folder_with_foreign_files_exits_with_2(tracker: Callable[..., Any], filled: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    done = tracker("report", "--out", tmp_path, "--home", filled)
    assert done.code == 2 and "which is not part of an earlier report. Nothing was changed" in done.err
