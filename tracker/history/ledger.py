"""The record of imported archive files and days, so that an import does not download them again."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tracker.domain import Source
from tracker.errors import HomeError
from tracker.history.types import ArchiveFile, ImportOptions
from tracker.lake.lake import Lake


class Ledger:
    """The record of one source in `lake/imports/<source>.json`: file -> content id -> ranges of days.

    A range is first day, last day, whether only tracked repositories landed, and the days that were left out.
    """

    def __init__(self, lake: Lake, name: str) -> None:
        self._path = lake.folder / "imports" / f"{name}.json"
        self._entries: dict[str, dict[str, list[list[Any]]]] = {}
        if self._path.exists():
            try:
                self._entries = dict(json.loads(self._path.read_text(encoding="utf-8")))
            except (ValueError, TypeError) as problem:
                raise HomeError(
                    f"{self._path} is damaged. Delete it; the next import then reads every file again."
                ) from problem

    def has(self, file: ArchiveFile, options: ImportOptions, unusable: Collection[date] = ()) -> bool:
        """Whether all requested days of this content were imported before.

        `unusable`: days that are left out now. Days that were left out then and are not now were not imported.
        """
        return any(skipped <= {str(day) for day in unusable} for skipped in self._covering(file, options))

    def has_exactly(self, file: ArchiveFile, options: ImportOptions) -> bool:
        """Whether the record says which days were left out. Earlier versions did not write it down."""
        return any(True for _ in self._covering(file, options, is_exact=True))

    def day_of(self, oid: str) -> date | None:
        """Return the day of a content that has one day. Earlier versions recorded the day of its commit: not used."""
        for contents in self._entries.values():
            for since, until, _, *skipped in contents.get(oid, []):
                if since == until and skipped:
                    return date.fromisoformat(str(since))
        return None

    def add(self, file: ArchiveFile, options: ImportOptions, unusable: Collection[date] = ()) -> None:
        """Record that all requested days of a file have landed, without the unusable ones."""
        ranges = self._entries.setdefault(file.path, {}).setdefault(file.oid, [])
        first, last = _range(file, options)
        skipped = [str(day) for day in sorted(unusable) if first <= str(day) <= last]
        ranges.append([first, last, options.is_tracked_only, skipped])
        self._save()

    def replace(self, file: ArchiveFile, options: ImportOptions) -> None:
        """Record this content as the only one: days of an earlier one were replaced."""
        kept = self._entries.get(file.path, {}).get(file.oid, [])
        self._entries = {file.path: {file.oid: kept}}
        self.add(file, options)

    @property
    def owner(self) -> Path | None:
        """The whole path of a user's file; None if a version that recorded the name alone imported it."""
        return next((Path(path) for path in self._entries if Path(path).is_absolute()), None)

    @classmethod
    def of_files(cls, lake: Lake) -> "dict[str, Ledger]":
        """Return the ledgers of all user files by scope."""
        paths = sorted((lake.folder / "imports").glob(f"{Source.FILE}-*.json"))
        return {path.stem: cls(lake, path.stem) for path in paths}

    def _covering(self, file: ArchiveFile, options: ImportOptions, *, is_exact: bool = False) -> Iterator[set[str]]:
        """Yield the days that were left out of each earlier import that has all requested days."""
        first, last = _range(file, options)
        for since, until, is_tracked_only, *skipped in self._entries.get(file.path, {}).get(file.oid, []):
            is_covered = str(since) <= first and last <= str(until)
            if is_covered and (options.is_tracked_only or not is_tracked_only) and (skipped or not is_exact):
                yield set(*skipped)

    def _save(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._path.with_suffix(".json.new")
        temporary.write_text(json.dumps(self._entries, indent=1) + "\n", encoding="utf-8")
        temporary.replace(self._path)

    @staticmethod
    def remove(lake: Lake, name: str) -> None:
        """Delete the record of a source; `file` deletes those of all user files."""
        for path in (lake.folder / "imports").glob(f"{name}*.json"):
            Path(path).unlink()


@dataclass(frozen=True, slots=True)
class EarlierImports:
    """What is known of the files of an archive from earlier imports."""

    ledger: Ledger
    options: ImportOptions
    finished: Collection[date]
    """Days that need no further import."""

    def is_needed(self, file: ArchiveFile, unusable: Collection[date] = (), listed: Collection[date] = ()) -> bool:
        """Whether a file may have requested days that are not in the lake.

        `unusable`: days that the archive marks so; one that no longer is needs the file again. `listed`: all days of
        the archive, for files that an earlier version recorded without their unusable days.
        """
        if file.first == file.last and file.first in self.finished:
            return False
        if not self.ledger.has(file, self.options, {*unusable, *self.finished}):
            return True
        if self.ledger.has_exactly(file, self.options):
            return False
        days = {day for day in listed if file.first <= day <= file.last and self.options.includes(day)}
        return bool(days - {*unusable, *self.finished})

    def day_of(self, oid: str) -> date | None:
        """Return the day of a content that has one day, if it was imported before."""
        return self.ledger.day_of(oid)


def _range(file: ArchiveFile, options: ImportOptions) -> tuple[str, str]:
    first: date = max(file.first, options.first)
    return first.isoformat(), min(file.last, options.last).isoformat()
