"""The folder of a report: whole or not at all, and nothing of others' is touched."""

from pathlib import Path

import pytest

from dashboards.report import folder
from tracker.errors import UsageError

FILES = {"index.html": b"one", "data/a.csv": b"two"}


def held(out: Path) -> dict[str, bytes]:
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


@pytest.mark.parametrize("there", [False, True], ids=["new", "empty"])
def test_a_new_or_an_empty_folder_is_filled(tmp_path: Path, there: bool) -> None:
    out = tmp_path / "a" / "site"
    if there:
        out.mkdir(parents=True)
    folder.write(out, FILES)
    assert {name: content for name, content in held(out).items() if name != folder.CONTENTS} == FILES


def test_an_earlier_report_is_replaced_whole(tmp_path: Path) -> None:
    out = tmp_path / "site"
    folder.write(out, {"gone.html": b"", **FILES})
    folder.write(out, FILES)
    assert set(held(out)) == {*FILES, folder.CONTENTS}
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("name", ["notes.txt", ".git/config", "data/b.csv"])
def test_what_is_not_of_a_report_is_never_removed(tmp_path: Path, name: str) -> None:
    out = tmp_path / "site"
    folder.write(out, FILES)
    (out / name).parent.mkdir(exist_ok=True)
    (out / name).write_text("mine")
    before = held(out)
    with pytest.raises(UsageError, match=f"the folder holds {name}, which is not of an earlier report. Nothing was"):
        folder.write(out, {"index.html": b"new"})
    assert held(out) == before


@pytest.mark.parametrize("contents", ["", "[]", '{"files": 1}', "\x00"])
def test_contents_that_say_nothing_make_every_file_foreign(tmp_path: Path, contents: str) -> None:
    (tmp_path / folder.CONTENTS).write_text(contents)
    with pytest.raises(UsageError, match=r"the folder holds report\.json"):
        folder.write(tmp_path, FILES)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("mine")
    with pytest.raises(UsageError, match="this is a file; name a folder"):
        folder.write(tmp_path / "site", FILES)


def test_a_report_that_cannot_be_written_leaves_the_earlier_one(tmp_path: Path) -> None:
    out = tmp_path / "site"
    folder.write(out, FILES)
    before = held(out)
    with pytest.raises(UsageError, match="Nothing was changed"):
        folder.write(out, {"index.html": b"new", "a" * 300: b""})
    assert held(out) == before
    assert list(tmp_path.iterdir()) == [out]
