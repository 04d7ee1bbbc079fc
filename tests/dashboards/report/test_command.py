"""The folder of a report is written whole or not at all, and other files are never removed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dashboards.report import command
from tracker.errors import DataError, UsageError

FILES = {"index.html": b"one", "data/a.csv": b"two"}


def contents(out: Path) -> dict[str, bytes]:
    """Path within the folder -> content."""
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def ignore_progress(line: str) -> None:
    pass


@pytest.mark.parametrize("exists", [False, True], ids=["new", "empty"])
def test_new_or_empty_folder_is_filled(tmp_path: Path, exists: bool) -> None:
    out = tmp_path / "a" / "site"
    if exists:
        out.mkdir(parents=True)
    command.write(out, FILES)
    assert {name: content for name, content in contents(out).items() if name != command.CONTENTS} == FILES


def test_earlier_report_is_replaced_whole(tmp_path: Path) -> None:
    out = tmp_path / "site"
    command.write(out, {"gone.html": b"", **FILES})
    command.write(out, FILES)
    assert set(contents(out)) == {*FILES, command.CONTENTS}
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("name", ["notes.txt", ".git/config", "data/b.csv"])
def test_foreign_files_are_never_removed(tmp_path: Path, name: str) -> None:
    out = tmp_path / "site"
    command.write(out, FILES)
    (out / name).parent.mkdir(exist_ok=True)
    (out / name).write_text("mine")
    before = contents(out)
    with pytest.raises(UsageError, match=f"the folder holds {name}, which is not part of an earlier report. Nothing"):
        command.write(out, {"index.html": b"new"})
    assert contents(out) == before


@pytest.mark.parametrize("listing", ["", "[]", '{"files": 1}', "\x00"])
def test_unreadable_contents_make_every_file_foreign(tmp_path: Path, listing: str) -> None:
    (tmp_path / command.CONTENTS).write_text(listing)
    with pytest.raises(UsageError, match=r"the folder holds report\.json"):
        command.write(tmp_path, FILES)


def test_file_as_target_is_refused(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("mine")
    with pytest.raises(UsageError, match="this is a file; name a folder"):
        command.write(tmp_path / "site", FILES)


def test_failed_write_leaves_the_earlier_report(tmp_path: Path) -> None:
    out = tmp_path / "site"
    command.write(out, FILES)
    before = contents(out)
    with pytest.raises(UsageError, match="Nothing was changed"):
        command.write(out, {"index.html": b"new", "a" * 300: b""})
    assert contents(out) == before
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("address", ["example.org", "https://", "ftp://example.org/", "https://example.org/?page=1"])
def test_base_url_must_be_a_web_address(tmp_path: Path, address: str) -> None:
    with pytest.raises(UsageError, match="give the address of the site, such as https://example"):
        command.run(tmp_path, tmp_path / "site", address, ignore_progress)
    assert not (tmp_path / "site").exists()


def test_missing_warehouse_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"There is no warehouse yet .* `tracker up` reads the Hub"):
        command.run(tmp_path / "nothing", tmp_path / "site", None, ignore_progress)


def test_old_warehouse_says_to_rebuild(home: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="Run `tracker build`"):
        command.run(home, tmp_path / "site", None, ignore_progress)
    assert not (tmp_path / "site").exists()


def test_empty_warehouse_says_what_to_run(write_warehouse: Callable[..., Path], tmp_path: Path) -> None:
    write_warehouse(tmp_path, "delete from build")
    with pytest.raises(DataError, match="The warehouse is empty: no day has been crawled"):
        command.run(tmp_path, tmp_path / "site", None, ignore_progress)
