"""The pages of a crawl that has not landed yet, on disk: what makes it resumable.

    runs/2026-08-19-hub/journal.jsonl           one line a page, written after the page itself
    runs/2026-08-19-hub/000001.json

A crawl killed at any moment leaves at most one page a walker without its line; that page is asked for again.
"""

import json
import os
import shutil
import threading
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TextIO

from tracker.domain import Page
from tracker.errors import HomeError
from tracker.hub.client import Response
from tracker.hub.page import PageSummary

JOURNAL = "journal.jsonl"


class Spool:
    """One crawl's folder under `runs/`. Threads may save at the same time."""

    def __init__(self, folder: Path) -> None:
        """Reads what `folder` holds; it is made when something is saved. Raises HomeError if the journal is damaged."""
        self.folder = folder
        self._lock = threading.Lock()
        self._pages: dict[str, list[Page]] = {}
        self.notes: list[dict[str, object]] = []
        for entry in _entries(folder / JOURNAL):
            self._remember(entry)
        self._files = max((_number(page.file) for page in self.pages()), default=0)
        self._journal: TextIO | None = None

    def pages(self, walk: str | None = None) -> list[Page]:
        """Saved pages of one walk in order, or of all walks."""
        with self._lock:
            if walk is not None:
                return list(self._pages.get(walk, []))
            return [page for pages in self._pages.values() for page in pages]

    @property
    def is_simulated(self) -> bool:
        """True if any page came from a simulation."""
        return any(page.is_simulated for page in self.pages())

    def save(self, walk: str, look: PageSummary, answer: Response, next_url: str | None) -> Page:
        """Writes the page, then its line in the journal; returns it."""
        number = len(self.pages(walk))
        with self._lock:
            self._files += 1
            file = f"{self._files:06d}.json"
        page = Page(
            walk=walk,
            number=number,
            url=answer.url,
            next_url=next_url,
            file=file,
            rows=look.rows,
            first_id=look.lowest_id,
            last_id=look.highest_id,
            read_at=answer.read_at,
            attempts=answer.attempts,
            is_simulated=answer.is_simulated,
        )
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / page.file).write_bytes(look.body)
        self._write(asdict(page))
        with self._lock:
            self._pages.setdefault(walk, []).append(page)
        return page

    def note(self, **facts: object) -> None:
        """Keeps facts about the run itself, such as when it started, in the journal."""
        self._write(facts)
        self.notes.append(facts)

    def close(self) -> None:
        """Closes the journal; the pages stay, and a folder without any goes."""
        if self._journal is not None:
            self._journal.close()
        if not self.pages():
            shutil.rmtree(self.folder, ignore_errors=True)

    def _write(self, entry: dict[str, object]) -> None:
        line = json.dumps(entry, default=_as_text)
        with self._lock:
            if self._journal is None:
                self.folder.mkdir(parents=True, exist_ok=True)
                self._journal = (self.folder / JOURNAL).open("a", encoding="utf-8")
            self._journal.write(line + "\n")
            self._journal.flush()

    def _remember(self, entry: dict[str, object]) -> None:
        if "walk" not in entry:
            self.notes.append(entry)
            return
        try:
            entry["read_at"] = datetime.fromisoformat(str(entry["read_at"]))
            page = Page(**entry)  # type: ignore[arg-type]  # written from the same dataclass
        except (KeyError, TypeError, ValueError) as problem:
            raise _damaged(self.folder / JOURNAL, f"a line is damaged ({problem})") from problem
        if not (self.folder / page.file).exists():
            raise _damaged(self.folder / JOURNAL, f"the page {page.file} it tells of is missing")
        self._pages.setdefault(page.walk, []).append(page)


def _entries(journal: Path) -> list[dict[str, object]]:
    """Lines of the journal; a torn last line, left by a crash, is cut off."""
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
        raise _damaged(journal, "a line is damaged (it holds no object)")
    return found


def _damaged(journal: Path, problem: str) -> HomeError:
    return HomeError(f"{journal}: {problem}. Move the folder {journal.parent} away, then crawl again.")


def _number(file: str) -> int:
    """6 for `000006.json.gz`."""
    return int(file.partition(".")[0])


def _as_text(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"{value!r} cannot stand in the journal")
