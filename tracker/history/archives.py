"""The three archives: where they are, which of their files contain the requested days, and how a file is loaded."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Protocol

from tracker.domain import Source
from tracker.errors import DataError
from tracker.history.columns import SERIES, SNAPSHOT, local_schema, present
from tracker.history.columns import renames as known_renames
from tracker.history.known_names import Renames
from tracker.history.matching import Matcher
from tracker.history.types import ArchiveFile, ImportOptions
from tracker.hub.datasets import DatasetClient, NotFound

MODEL_PULSE = "modelpulse/model-pulse-data"
HUB_WEEKLY = "hfmlsoc/hub_weekly_snapshots"
HUB_STATS = "cfahlgren1/hub-stats"
_MONTH = re.compile(r"series/(\d{4})-(\d{2})\.parquet")
_FOLDER = re.compile(r"models/(\d{4}-\d{2}-\d{2})/models\.parquet")
_OVERWRITTEN = "models.parquet"


@dataclass(slots=True)
class Selection:
    """The files of an archive that contain requested days."""

    files: list[ArchiveFile] = field(default_factory=list)
    """In the order of import."""

    skipped: list[date] = field(default_factory=list)
    """Days that the archive marks as unusable."""

    partial: list[date] = field(default_factory=list)
    """Days that the archive marks as incomplete."""

    renames: Renames | None = None
    notes: list[str] = field(default_factory=list)


IsNeeded = Callable[[ArchiveFile], bool]


class Archive(Protocol):
    """One kind of archive."""

    repo_id: str

    def select(
        self, options: ImportOptions, client: DatasetClient, revision: str, folder: Path, is_needed: IsNeeded
    ) -> Selection:
        """Return the needed files with requested days. Checks their columns first; raises DataError."""

    def load(self, piece: ArchiveFile, client: DatasetClient, matcher: Matcher, folder: Path) -> None:
        """Load the rows of one file into the matcher."""


class ModelPulse:
    """Daily counters, one file a month, with a list of renames and of unusable and incomplete days."""

    repo_id = MODEL_PULSE

    def select(
        self, options: ImportOptions, client: DatasetClient, revision: str, folder: Path, is_needed: IsNeeded
    ) -> Selection:
        """Return the months that overlap the requested days."""
        pieces = []
        for file in client.files("series", revision):
            if month := _MONTH.fullmatch(file.path):
                first = date(int(month[1]), int(month[2]), 1)
                last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
                if first <= options.last and last >= options.first:
                    pieces.append(ArchiveFile(file.path, file.oid, revision, file.size, first, last))
        pieces = [piece for piece in sorted(pieces, key=lambda piece: piece.first) if is_needed(piece)]
        if not pieces:
            return Selection()
        for piece in pieces:
            schema = client.schema(piece.path, revision, piece.size)
            present(schema, SERIES, f"{self.repo_id}, {piece.path}", piece.last)
        skipped, partial = _marked_days(client.download("meta.json", revision, folder))
        renames = client.download("renames.parquet", revision, folder)
        where = f"{self.repo_id}, renames.parquet"
        names = tuple(column.name for column in known_renames(local_schema(renames, where), where))
        skipped, partial = ([day for day in days if options.includes(day)] for days in (skipped, partial))
        return Selection(pieces, skipped, partial, Renames(renames, *names))

    def load(self, piece: ArchiveFile, client: DatasetClient, matcher: Matcher, folder: Path) -> None:
        """Download the whole month: nearly all its row groups and columns are needed."""
        file = client.download(piece.path, piece.revision, folder)
        where = f"{self.repo_id}, {piece.path}"
        columns = present(local_schema(file, where), SERIES, where, piece.last)
        matcher.load_parquet(file, columns)


class HubWeekly:
    """A full listing a week, each in a folder. The time of its commit is the time of its readings."""

    repo_id = HUB_WEEKLY

    def select(
        self, options: ImportOptions, client: DatasetClient, revision: str, folder: Path, is_needed: IsNeeded
    ) -> Selection:
        """Return the folders committed on a requested day; of several on one day, the folder with the latest date."""
        by_day: dict[date, ArchiveFile] = {}
        notes = []
        for file in sorted(client.files("models", revision, dated=True), key=lambda file: file.path):
            if _FOLDER.fullmatch(file.path) is None or file.committed_at is None:
                continue
            at = file.committed_at.astimezone(UTC)
            if options.includes(at.date()):
                if at.date() in by_day:
                    notes.append(f"{by_day[at.date()].path} was skipped: {file.path} was committed on the same day.")
                by_day[at.date()] = _whole_day(file.path, file.oid, revision, file.size, at)
        pieces = [by_day[day] for day in sorted(by_day) if is_needed(by_day[day])]
        for piece in pieces:
            _check_snapshot(self.repo_id, piece, client)
        return Selection(pieces, notes=notes)

    def load(self, piece: ArchiveFile, client: DatasetClient, matcher: Matcher, folder: Path) -> None:
        """Download only the needed columns."""
        _load_snapshot(piece, client, matcher)


class HubStats:
    """One file that is overwritten every day. Its history is in the revisions that the Hub still has."""

    repo_id = HUB_STATS

    def select(
        self, options: ImportOptions, client: DatasetClient, revision: str, folder: Path, is_needed: IsNeeded
    ) -> Selection:
        """Return the last revision of each requested day, newest first, until one no longer exists."""
        selection = Selection()
        seen: set[date] = set()
        for change in client.commits():
            day = change.at.date()
            if _OVERWRITTEN not in change.title or day in seen or not options.includes(day):
                continue
            seen.add(day)
            if not is_needed(_whole_day(_OVERWRITTEN, change.oid, change.oid, 0, change.at)):
                continue
            try:
                file = client.file(_OVERWRITTEN, change.oid)
                piece = _whole_day(_OVERWRITTEN, change.oid, change.oid, file.size, change.at)
                _check_snapshot(self.repo_id, piece, client)
            except NotFound:
                selection.notes.append(f"{self.repo_id} no longer has its revision of {day} or earlier ones.")
                break
            selection.files.append(piece)
        return selection

    def load(self, piece: ArchiveFile, client: DatasetClient, matcher: Matcher, folder: Path) -> None:
        """Download only the needed columns."""
        _load_snapshot(piece, client, matcher)


ARCHIVES: dict[Source, Archive] = {
    Source.MODEL_PULSE: ModelPulse(),
    Source.HUB_WEEKLY: HubWeekly(),
    Source.HUB_STATS: HubStats(),
}


def _whole_day(path: str, oid: str, revision: str, size: int, at: datetime) -> ArchiveFile:
    return ArchiveFile(path, oid, revision, size, at.date(), at.date(), at)


def _check_snapshot(repo_id: str, piece: ArchiveFile, client: DatasetClient) -> None:
    schema = client.schema(piece.path, piece.revision, piece.size)
    present(schema, SNAPSHOT, f"{repo_id}, {piece.name}", piece.last)


def _load_snapshot(piece: ArchiveFile, client: DatasetClient, matcher: Matcher) -> None:
    tables = client.columns(piece.path, piece.revision, piece.size, [column.name for column in SNAPSHOT])
    matcher.load_day(tables, SNAPSHOT, piece.first, piece.read_at)


def _marked_days(meta: Path) -> tuple[list[date], list[date]]:
    """The unusable and the incomplete days in the metadata of model-pulse. Raises DataError."""
    where = f"{MODEL_PULSE}, meta.json"
    try:
        content = json.loads(meta.read_text(encoding="utf-8"))
        found = [_days(content[name]) for name in ("skip_days", "partial")]
    except KeyError as problem:
        raise DataError(
            f"{where} has no {problem}: its layout has changed. Nothing of it was imported. Update the tracker."
        ) from problem
    except (ValueError, TypeError) as problem:
        raise DataError(
            f"{where} cannot be read ({problem}). Nothing of it was imported. Update the tracker."
        ) from problem
    return found[0], found[1]


def _days(entries: Sequence[str | dict[str, str]] | dict[str, object]) -> list[date]:
    """Days from a list of them, a list of objects with a `day`, or an object by day."""
    days = (entry["day"] if isinstance(entry, dict) else entry for entry in entries)
    return sorted(date.fromisoformat(day[:10]) for day in days)
