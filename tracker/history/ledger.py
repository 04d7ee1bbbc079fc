"""Which files of an archive have been taken in, of which days: what an import does not fetch again."""

import json
from datetime import date
from pathlib import Path

from tracker.errors import HomeError
from tracker.history.types import ArchiveFile, ImportOptions
from tracker.lake.lake import Lake


class Ledger:
    """The notes of one source, in `lake/imports/<source>.json`: file -> content -> ranges of days."""

    def __init__(self, lake: Lake, name: str) -> None:
        self._path = lake.folder / "imports" / f"{name}.json"
        self._held: dict[str, dict[str, list[list[str | bool]]]] = {}
        if self._path.exists():
            try:
                self._held = dict(json.loads(self._path.read_text(encoding="utf-8")))
            except (ValueError, TypeError) as problem:
                raise HomeError(
                    f"{self._path} is damaged. Remove it: the next import then looks at every file again."
                ) from problem

    def has(self, piece: ArchiveFile, order: ImportOptions) -> bool:
        """Whether all that is wanted of this content was taken in before."""
        first, last = _range(piece, order)
        for since, until, is_tracked_only in self._held.get(piece.path, {}).get(piece.oid, []):
            enough = str(since) <= first and last <= str(until)
            if enough and (order.is_tracked_only or not is_tracked_only):
                return True
        return False

    def add(self, piece: ArchiveFile, order: ImportOptions) -> None:
        """Notes that all that is wanted of a file has landed."""
        ranges = self._held.setdefault(piece.path, {}).setdefault(piece.oid, [])
        ranges.append([*_range(piece, order), order.is_tracked_only])
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_suffix(".json.new")
        beside.write_text(json.dumps(self._held, indent=1) + "\n", encoding="utf-8")
        beside.replace(self._path)

    @staticmethod
    def remove(lake: Lake, name: str) -> None:
        """Forgets a source, or for a file's name every file."""
        for path in (lake.folder / "imports").glob(f"{name}*.json"):
            Path(path).unlink()


def _range(piece: ArchiveFile, order: ImportOptions) -> tuple[str, str]:
    first: date = max(piece.first, order.first)
    return first.isoformat(), min(piece.last, order.last).isoformat()
