"""Pages of an unfinished crawl on disk, from which it can be resumed.

    runs/2026-08-19-hub/journal.jsonl           one line per page, written after the page itself
    runs/2026-08-19-hub/000001.json.zst

A killed crawl leaves at most one page per walk without its line. That page is downloaded again.
"""

import json
import os
import shutil
import threading
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TextIO

import pyarrow as pa

from tracker.domain import Page
from tracker.errors import DataError, HomeError
from tracker.hub.client import Response
from tracker.hub.page import PageSummary

JOURNAL = "journal.jsonl"
SLICE_PAGES = 40
SLICE_BYTES = 2**28
"""A slice has fewer pages if they are long."""

_PACKED = ".zst"
_PACKING = pa.Codec("zstd", compression_level=1)


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A page read back from its file."""

    file: Path
    read_at: datetime
    body: bytes
    """JSON text."""


class Spool:
    """One crawl's folder under `runs/`. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        """Read the journal of `folder`, which need not exist yet. Raises HomeError if the journal is damaged."""
        self.folder = folder
        self._lock = threading.Lock()
        self._pages: dict[str, list[Page]] = {}
        self.notes: list[dict[str, object]] = []
        for entry in _entries(folder / JOURNAL):
            self._add(entry)
        self._files = max((_number(page.file) for page in self.pages()), default=0)
        self._journal: TextIO | None = None

    def pages(self, walk: str | None = None) -> list[Page]:
        """Return the saved pages of one walk in order, or of all walks."""
        with self._lock:
            if walk is not None:
                return list(self._pages.get(walk, []))
            return [page for pages in self._pages.values() for page in pages]

    @property
    def is_simulated(self) -> bool:
        """True if any page came from a simulation."""
        return any(page.is_simulated for page in self.pages())

    def save(self, walk: str, summary: PageSummary, response: Response, next_url: str | None) -> Page:
        """Write the page, then its line in the journal."""
        number = len(self.pages(walk))
        with self._lock:
            self._files += 1
            file = f"{self._files:06d}.json{_PACKED}"
        page = Page(
            walk=walk,
            number=number,
            url=response.url,
            next_url=next_url,
            file=file,
            rows=summary.rows,
            first_id=summary.lowest_id,
            last_id=summary.highest_id,
            read_at=response.read_at,
            attempts=response.attempts,
            is_simulated=response.is_simulated,
        )
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / page.file).write_bytes(_PACKING.compress(summary.body, asbytes=True))
        self._write(asdict(page))
        with self._lock:
            self._pages.setdefault(walk, []).append(page)
        return page

    def note(self, **facts: object) -> None:
        """Add facts about the run to the journal, such as its start time."""
        self._write(facts)
        self.notes.append(facts)

    def close(self) -> None:
        """Close the journal. Delete the folder if it has no pages."""
        if self._journal is not None:
            self._journal.close()
        if not self.pages():
            shutil.rmtree(self.folder, ignore_errors=True)

    def _write(self, entry: dict[str, object]) -> None:
        line = json.dumps(entry, default=_json_text)
        with self._lock:
            if self._journal is None:
                self.folder.mkdir(parents=True, exist_ok=True)
                self._journal = (self.folder / JOURNAL).open("a", encoding="utf-8")
            self._journal.write(line + "\n")
            self._journal.flush()

    def _add(self, entry: dict[str, object]) -> None:
        if "walk" not in entry:
            self.notes.append(entry)
            return
        try:
            entry["read_at"] = datetime.fromisoformat(str(entry["read_at"]))
            page = Page(**entry)  # type: ignore[arg-type]  # written from the same dataclass
        except (KeyError, TypeError, ValueError) as problem:
            raise _damaged(self.folder / JOURNAL, f"a line is damaged ({problem})") from problem
        if not (self.folder / page.file).exists():
            raise _damaged(self.folder / JOURNAL, f"its page {page.file} is missing")
        self._pages.setdefault(page.walk, []).append(page)


def slices(folder: Path, pages: Iterable[Page]) -> Iterator[list[SavedPage]]:
    """Read pages a few at a time. Raises DataError if a file is damaged."""
    few: list[SavedPage] = []
    few_bytes = 0
    for page in pages:
        saved = _read(folder, page)
        if few and (len(few) == SLICE_PAGES or few_bytes + len(saved.body) > SLICE_BYTES):
            yield few
            few, few_bytes = [], 0
        few.append(saved)
        few_bytes += len(saved.body)
    if few:
        yield few


def _read(folder: Path, page: Page) -> SavedPage:
    file = folder / page.file
    if file.suffix != _PACKED:  # saved by a version that did not pack pages
        return SavedPage(file, page.read_at, file.read_bytes())
    try:
        with pa.input_stream(file, compression="zstd") as packed:
            return SavedPage(file, page.read_at, packed.read())
    except OSError as problem:
        raise damaged_page(file, problem) from problem


def damaged_page(file: Path, problem: Exception) -> DataError:
    """An error that says which page is damaged and how to go on."""
    return DataError(f"The page {file} is damaged ({problem}). Move {file.parent} away, then crawl again.")


def _entries(journal: Path) -> list[dict[str, object]]:
    """Lines of the journal. An incomplete last line, left by a crash, is removed from the file."""
    if not journal.exists():
        return []
    whole, newline, torn = journal.read_bytes().rpartition(b"\n")
    if torn:
        os.truncate(journal, len(whole) + len(newline))
    try:
        found = [json.loads(line) for line in whole.split(b"\n") if line]
    except ValueError as problem:
        raise _damaged(journal, f"a line is damaged ({problem})") from problem
    if not all(isinstance(entry, dict) for entry in found):
        raise _damaged(journal, "a line is damaged (it is not an object)")
    return found


def _damaged(journal: Path, problem: str) -> HomeError:
    return HomeError(f"{journal}: {problem}. Move the folder {journal.parent} away, then crawl again.")


def _number(file: str) -> int:
    """6 for `000006.json.zst`."""
    return int(file.partition(".")[0])


def _json_text(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"{value!r} cannot be written to the journal")
