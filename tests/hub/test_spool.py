"""Pages on disk, and what a crash leaves of them."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tracker.domain import Page
from tracker.errors import DataError, HomeError
from tracker.hub.client import Response
from tracker.hub.page import PageSummary
from tracker.hub.spool import JOURNAL, Spool, slices

ID = "66000000" + "0" * 16


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "runs" / "2026-08-19-hub"


@pytest.fixture
def open_spool(folder: Path) -> Iterator[Callable[[], Spool]]:
    """Opens the folder's spool as a new run would; all are closed at the end."""
    opened: list[Spool] = []

    def open_spool() -> Spool:
        opened.append(Spool(folder))
        return opened[-1]

    yield open_spool
    for spool in opened:
        spool.close()


def save(spool: Spool, walk: str, body: bytes = b"[]", *, simulated: bool = True) -> Page:
    answer = Response("http://hub/a", None, body, "", datetime(2026, 8, 19, 12, tzinfo=UTC), simulated, False, 2)
    return spool.save(walk, PageSummary(body, 3, ID, ID), answer, "http://hub/b")


def body(folder: Path, page: Page) -> bytes:
    """What was saved as the page."""
    [[saved]] = slices(folder, [page])
    return saved.body


def test_page_comes_back_as_it_was_saved(open_spool: Callable[[], Spool], folder: Path) -> None:
    saved = save(open_spool(), "oldest-first", b"packed bytes")
    again = open_spool()
    assert again.pages("oldest-first") == [saved]
    assert body(folder, saved) == b"packed bytes"
    assert saved.file == "000001.json.zst"
    assert (saved.rows, saved.attempts, saved.next_url) == (3, 2, "http://hub/b")


def test_walks_are_separate_and_in_order(open_spool: Callable[[], Spool]) -> None:
    spool = open_spool()
    for walk in ("up", "down", "up"):
        save(spool, walk)
    again = open_spool()
    assert [page.number for page in again.pages("up")] == [0, 1]
    assert [page.number for page in again.pages("down")] == [0]
    assert again.pages("sideways") == []
    assert len(again.pages()) == len({page.file for page in again.pages()}) == 3


def test_notes_and_the_mark_of_a_simulation_outlive_the_run(open_spool: Callable[[], Spool]) -> None:
    spool = open_spool()
    spool.note(run_started_at=datetime(2026, 8, 19, 12, tzinfo=UTC))
    assert not spool.is_simulated
    save(spool, "up", simulated=False)
    assert not open_spool().is_simulated
    save(spool, "up")
    again = open_spool()
    assert again.is_simulated
    assert again.notes == [{"run_started_at": "2026-08-19T12:00:00+00:00"}]


@pytest.mark.parametrize("kept", [1, 20, 200, -1])
def test_page_of_a_torn_last_line_is_saved_again(open_spool: Callable[[], Spool], folder: Path, kept: int) -> None:
    spool = open_spool()
    first = save(spool, "up", b"first")
    save(spool, "up", b"torn")
    journal = folder / JOURNAL
    whole, torn = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(whole + torn[:kept])
    again = open_spool()
    assert again.pages() == [first]
    second = save(again, "up", b"second")
    assert open_spool().pages("up") == [first, second]
    assert body(folder, first) == b"first"
    assert body(folder, second) == b"second"


def test_torn_only_line_leaves_an_empty_spool(open_spool: Callable[[], Spool], folder: Path) -> None:
    save(open_spool(), "up")
    (folder / JOURNAL).write_bytes((folder / JOURNAL).read_bytes()[:-5])
    again = open_spool()
    assert again.pages() == []
    assert open_spool().pages() == [] and save(again, "up").number == 0


def test_page_without_its_line_is_overwritten(open_spool: Callable[[], Spool], folder: Path) -> None:
    save(open_spool(), "up", b"first")
    (folder / "000002.json.zst").write_bytes(b"orphan")
    second = save(open_spool(), "up", b"second")
    assert second.file == "000002.json.zst"
    assert body(folder, second) == b"second"


def test_page_whose_neighbour_was_lost_keeps_its_file(open_spool: Callable[[], Spool], folder: Path) -> None:
    """Two walkers save at once: the second page's line may reach the journal where the first's does not."""
    spool = open_spool()
    first, _, third = save(spool, "up", b"1"), save(spool, "up", b"2"), save(spool, "down", b"3")
    journal = folder / JOURNAL
    lines = journal.read_text().splitlines(keepends=True)
    journal.write_text(lines[0] + lines[2])
    again = open_spool()
    fourth = save(again, "up", b"4")
    assert len({page.file for page in (first, third, fourth)}) == 3
    assert [body(folder, page) for page in (first, third, fourth)] == [b"1", b"3", b"4"]


LINE = {"walk": "up", "number": 0}
DAMAGES = [
    "nonsense",
    "{",
    "7",
    "null",
    "[]",
    '"walk"',
    json.dumps(LINE),
    '{"walk":"up","read_at":"yesterday"}',
    "\x00",
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_line_is_named_with_what_to_do(open_spool: Callable[[], Spool], folder: Path, damage: str) -> None:
    spool = open_spool()
    save(spool, "up")
    journal = folder / JOURNAL
    journal.write_text(damage + "\n" + journal.read_text())
    before = journal.read_bytes()
    with pytest.raises(HomeError, match=r"Move the folder .* away, then crawl again") as caught:
        open_spool()
    assert str(journal) in str(caught.value) and caught.value.exit_code == 13
    assert journal.read_bytes() == before


def test_bytes_that_are_no_text_are_named_too(open_spool: Callable[[], Spool], folder: Path) -> None:
    save(open_spool(), "up")
    (folder / JOURNAL).write_bytes(b"\xff\xfe\n" + (folder / JOURNAL).read_bytes())
    with pytest.raises(HomeError, match="damaged"):
        open_spool()


def test_missing_page_is_named(open_spool: Callable[[], Spool], folder: Path) -> None:
    page = save(open_spool(), "up")
    (folder / page.file).unlink()
    with pytest.raises(HomeError, match=page.file):
        open_spool()


def test_can_be_closed_and_opened_again(folder: Path) -> None:
    with closing(Spool(folder)) as spool:
        save(spool, "up")
    with closing(Spool(folder)) as spool:
        assert len(spool.pages()) == 1


def test_pages_are_packed(open_spool: Callable[[], Spool], folder: Path) -> None:
    rows = json.dumps([{"_id": f"{number:024x}", "createdAt": "2026-08-19T12:00:00.000Z"} for number in range(1000)])
    page = save(open_spool(), "up", rows.encode())
    assert (folder / page.file).stat().st_size < len(rows) / 4
    assert body(folder, page) == rows.encode()


def test_page_that_was_saved_unpacked_is_read(open_spool: Callable[[], Spool], folder: Path) -> None:
    page = save(open_spool(), "up")
    (folder / page.file).unlink()
    (folder / "000001.json").write_bytes(b"[1]")
    (folder / JOURNAL).write_text((folder / JOURNAL).read_text().replace(page.file, "000001.json"))
    [old] = open_spool().pages()
    assert body(folder, old) == b"[1]"


@pytest.mark.parametrize("damage", [b"not packed", b"(\xb5/\xfd"])
def test_damaged_page_is_named(open_spool: Callable[[], Spool], folder: Path, damage: bytes) -> None:
    page = save(open_spool(), "up", b'[{"_id": 1}]')
    (folder / page.file).write_bytes(damage)
    with pytest.raises(DataError, match=rf"{page.file} is damaged .*Move .* away, then crawl again"):
        body(folder, page)
