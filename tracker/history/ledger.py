"""The record of imported archive files and days, so that an import does not download them again."""

import json
from datetime import date
from pathlib import Path

from tracker.domain import Source
from tracker.errors import HomeError
from tracker.history.types import ArchiveFile, ImportOptions
from tracker.lake.lake import Lake


class Ledger:
    """The record of one source in `lake/imports/<source>.json`: file -> content id -> ranges of days."""

    def __init__(self, lake: Lake, name: str) -> None:
        self._path = lake.folder / "imports" / f"{name}.json"
        self._entries: dict[str, dict[str, list[list[str | bool]]]] = {}
        if self._path.exists():
            try:
                self._entries = dict(json.loads(self._path.read_text(encoding="utf-8")))
            except (ValueError, TypeError) as problem:
                raise HomeError(
                    f"{self._path} is damaged. Delete it; the next import then reads every file again."
                ) from problem

    def has(self, file: ArchiveFile, options: ImportOptions) -> bool:
        """Whether all requested days of this content were imported before."""
        first, last = _range(file, options)
        for since, until, is_tracked_only in self._entries.get(file.path, {}).get(file.oid, []):
            is_covered = str(since) <= first and last <= str(until)
            if is_covered and (options.is_tracked_only or not is_tracked_only):
                return True
        return False

    def add(self, file: ArchiveFile, options: ImportOptions) -> None:
        """Record that all requested days of a file have landed."""
        ranges = self._entries.setdefault(file.path, {}).setdefault(file.oid, [])
        ranges.append([*_range(file, options), options.is_tracked_only])
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


def _range(file: ArchiveFile, options: ImportOptions) -> tuple[str, str]:
    first: date = max(file.first, options.first)
    return first.isoformat(), min(file.last, options.last).isoformat()
