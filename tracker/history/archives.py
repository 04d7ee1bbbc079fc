"""The three archives: where they are, which of their files contain the requested days, and how a file is loaded."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Protocol

from tracker.domain import Source
from tracker.errors import DataError
from tracker.history.columns import SERIES, SNAPSHOT, local_schema, present
from tracker.history.columns import renames as known_renames
from tracker.history.known_names import Renames
from tracker.history.ledger import EarlierImports
from tracker.history.matching import Matcher
from tracker.history.reading_time import reading_time
from tracker.history.types import ArchiveFile, ImportOptions
from tracker.hub.datasets import Commit, DatasetClient, NotFound, StoredFile

MODEL_PULSE = "modelpulse/model-pulse-data"
HUB_WEEKLY = "hfmlsoc/hub_weekly_snapshots"
HUB_STATS = "cfahlgren1/hub-stats"
_MONTH = re.compile(r"series/(20\d\d)-(0[1-9]|1[0-2])\.parquet")
_FOLDER = re.compile(r"models/(\d{4}-\d\d-\d\d)/models\.parquet")
_OVERWRITTEN = "models.parquet"
_EARLIEST, _LATEST = -1, 8
"""A weekly folder was read so many days after the date of its name."""

_OLDEST_UPLOAD = timedelta(days=3)
"""A daily upload whose newest change is older repeats an earlier one."""


@dataclass(slots=True)
class Selection:
    """The files of an archive that contain requested days."""

    files: Iterable[ArchiveFile] = ()
    """In the order of import. May check each file only when it is reached; then it can raise DataError and HubError."""

    count: int = 0
    """Their number, at most."""

    announcement: str = ""
    """Sentence: what will be read."""

    skipped: list[date] = field(default_factory=list)
    """Days that the archive marks as unusable."""

    partial: list[date] = field(default_factory=list)
    """Days that the archive marks as incomplete."""

    renames: Renames | None = None
    notes: list[str] = field(default_factory=list)


Report = Callable[[str], None]


class Archive(Protocol):
    """One kind of archive."""

    repo_id: str

    def select(
        self,
        options: ImportOptions,
        client: DatasetClient,
        revision: str,
        folder: Path,
        earlier: EarlierImports,
        report: Report,
    ) -> Selection:
        """Return the needed files with requested days. Their columns are checked first; raises DataError.

        `report` gets what takes long before the first day lands.
        """

    def load(self, piece: ArchiveFile, client: DatasetClient, matcher: Matcher, folder: Path) -> None:
        """Load the rows of one file into the matcher."""


class ModelPulse:
    """Daily counters, one file a month, with a list of renames and of unusable and incomplete days."""

    repo_id = MODEL_PULSE

    def select(
        self,
        options: ImportOptions,
        client: DatasetClient,
        revision: str,
        folder: Path,
        earlier: EarlierImports,
        report: Report,
    ) -> Selection:
        """Return the months that overlap the requested days."""
        pieces = []
        for file in client.files("series", revision):
            if month := _MONTH.fullmatch(file.path):
                first = date(int(month[1]), int(month[2]), 1)
                last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
                if first <= options.last and last >= options.first:
                    pieces.append(ArchiveFile(file.path, file.oid, revision, file.size, first, last))
        if not pieces:
            return Selection()
        meta = _metadata(client.download("meta.json", revision, folder))
        unusable = [day for day in meta.unusable if options.includes(day)]
        pieces = [
            piece
            for piece in sorted(pieces, key=lambda piece: piece.first)
            if earlier.is_needed(piece, unusable, meta.listed)
        ]
        if not pieces:
            return Selection()
        for piece in pieces:
            schema = client.footer(piece.path, revision, piece.size).schema.to_arrow_schema()
            present(schema, SERIES, f"{self.repo_id}, {piece.path}", piece.last)
        renames = client.download("renames.parquet", revision, folder)
        where = f"{self.repo_id}, renames.parquet"
        names = tuple(column.name for column in known_renames(local_schema(renames, where), where))
        partial = [day for day in meta.partial if options.includes(day)]
        return _selection(self.repo_id, pieces, unusable, partial, Renames(renames, *names))

    def load(self, piece: ArchiveFile, client: DatasetClient, matcher: Matcher, folder: Path) -> None:
        """Download the whole month: nearly all its row groups and columns are needed."""
        file = client.download(piece.path, piece.revision, folder)
        where = f"{self.repo_id}, {piece.path}"
        columns = present(local_schema(file, where), SERIES, where, piece.last)
        matcher.load_parquet(file, columns)


class HubWeekly:
    """A full listing a week, each in a folder, whose name is about when it was read.

    Folders were committed in bulk and rewritten later, and the listing in a folder is up to a week younger than its
    name, so the content says when it was read.
    """

    repo_id = HUB_WEEKLY

    def select(
        self,
        options: ImportOptions,
        client: DatasetClient,
        revision: str,
        folder: Path,
        earlier: EarlierImports,
        report: Report,
    ) -> Selection:
        """Return the folders read on a requested day; of several of one day, the folder with the latest date."""
        by_day: dict[date, ArchiveFile] = {}
        notes: list[str] = []
        folders = _folders(client.files("models", revision), options)
        times = _times(self.repo_id, [file for file, _ in folders], revision, client, earlier, report)
        for file, week in folders:
            at = times[file.oid]
            if at is None or not _EARLIEST <= (at.date() - week).days <= _LATEST:
                content = f"its content is of {at.date()}" if at else "nothing in it says when it was read"
                notes.append(f"{file.path} was skipped: {content}.")
                continue
            if at.date() in by_day:
                other = by_day[at.date()]
                same = "has the same content" if other.oid == file.oid else "was read on the same day"
                notes.append(f"{other.path} was skipped: {file.path} {same}.")
            by_day[at.date()] = _whole_day(file.path, file.oid, revision, file.size, at)
        pieces = [by_day[day] for day in sorted(by_day) if options.includes(day) and earlier.is_needed(by_day[day])]
        return _selection(self.repo_id, pieces, notes=notes)

    def load(self, piece: ArchiveFile, client: DatasetClient, matcher: Matcher, folder: Path) -> None:
        """Download only the needed columns."""
        _load_snapshot(piece, client, matcher)


class HubStats:
    """One file that is overwritten every day. Its history is in the revisions that the Hub still has."""

    repo_id = HUB_STATS

    def select(
        self,
        options: ImportOptions,
        client: DatasetClient,
        revision: str,
        folder: Path,
        earlier: EarlierImports,
        report: Report,
    ) -> Selection:
        """Return the last revision of each requested day, newest first, until one no longer exists.

        Each is checked when it is reached, so that days land while others are still to be checked.
        """
        report(f"Listing the commits of {self.repo_id}.")
        changes: dict[date, Commit] = {}
        for change in client.commits():
            day = change.at.date()
            if _OVERWRITTEN in change.title and options.includes(day):
                changes.setdefault(day, change)
        needed = [
            change
            for change in changes.values()
            if earlier.is_needed(_whole_day(_OVERWRITTEN, change.oid, change.oid, 0, change.at))
        ]
        selection = Selection(
            count=len(needed),
            announcement=f"Reading {len(needed)} revisions of {self.repo_id}, newest first. Each is checked when it is "
            "reached.",
        )
        selection.files = self._checked(needed, client, selection.notes)
        return selection

    def _checked(self, changes: Sequence[Commit], client: DatasetClient, notes: list[str]) -> Iterator[ArchiveFile]:
        for change in changes:
            day = change.at.date()
            try:
                file = client.file(_OVERWRITTEN, change.oid)
                at = _checked_time(f"{self.repo_id}, {file.path} of {day}", file, change.oid, client)
            except NotFound:
                notes.append(f"{self.repo_id} no longer has its revision of {day} or earlier ones.")
                return
            if at is not None and at < change.at - _OLDEST_UPLOAD:
                notes.append(f"The revision of {day} was skipped: its content is of {at.date()}.")
                continue
            yield _whole_day(_OVERWRITTEN, change.oid, change.oid, file.size, change.at)

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


def _selection(
    repo_id: str,
    pieces: Sequence[ArchiveFile],
    skipped: Sequence[date] = (),
    partial: Sequence[date] = (),
    renames: Renames | None = None,
    notes: Sequence[str] = (),
) -> Selection:
    megabytes = sum(piece.size for piece in pieces) / 1e6
    announcement = f"Reading {len(pieces)} files of {repo_id} (at most {megabytes:,.1f} MB to download)."
    return Selection(pieces, len(pieces), announcement, list(skipped), list(partial), renames, list(notes))


def _folders(files: Sequence[StoredFile], options: ImportOptions) -> list[tuple[StoredFile, date]]:
    """The weekly folders that may be of a requested day, with the dates of their names, oldest first."""
    found = []
    for file in sorted(files, key=lambda file: file.path):
        match = _FOLDER.fullmatch(file.path)
        week = _iso_day(match[1]) if match else None
        if week and (options.first - week).days <= _LATEST and (options.last - week).days >= _EARLIEST:
            found.append((file, week))
    return found


def _iso_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _times(
    repo_id: str,
    files: Sequence[StoredFile],
    revision: str,
    client: DatasetClient,
    earlier: EarlierImports,
    report: Report,
) -> dict[str, datetime | None]:
    """When each content was read, by its id. The footer of a content that landed before is not downloaded again."""
    times: dict[str, datetime | None] = {}
    for file in files:
        day = earlier.day_of(file.oid)
        if day is not None and day in earlier.finished:
            times[file.oid] = datetime.combine(day, time(), tzinfo=UTC)
    unknown = {file.oid: file for file in files if file.oid not in times}
    if unknown:
        report(f"Reading when {len(unknown)} listings of {repo_id} were made, from their footers.")
    return times | {
        oid: _checked_time(f"{repo_id}, {file.path}", file, revision, client) for oid, file in unknown.items()
    }


def _checked_time(where: str, file: StoredFile, revision: str, client: DatasetClient) -> datetime | None:
    """When a listing was read. Raises DataError if it has not the columns of a listing, NotFound."""
    footer = client.footer(file.path, revision, file.size)
    at = reading_time(footer)
    present(footer.schema.to_arrow_schema(), SNAPSHOT, where, at.date() if at else date.max)
    return at


def _load_snapshot(piece: ArchiveFile, client: DatasetClient, matcher: Matcher) -> None:
    tables = client.columns(piece.path, piece.revision, piece.size, [column.name for column in SNAPSHOT])
    matcher.load_day(tables, SNAPSHOT, piece.first, piece.read_at)


@dataclass(frozen=True, slots=True)
class _Metadata:
    unusable: list[date]
    partial: list[date]
    listed: list[date]


def _metadata(meta: Path) -> _Metadata:
    """The days in the metadata of model-pulse; all but the unusable ones may be missing. Raises DataError."""
    where = f"{MODEL_PULSE}, meta.json"
    try:
        content = json.loads(meta.read_text(encoding="utf-8"))
        return _Metadata(_days(content["skip_days"]), _days(content.get("partial", [])), _days(content.get("days", [])))
    except KeyError as problem:
        raise DataError(
            f"{where} has no {problem}: its layout has changed. Nothing of it was imported. Update the tracker."
        ) from problem
    except (ValueError, TypeError, AttributeError, RecursionError) as problem:
        raise DataError(
            f"{where} cannot be read ({problem}). Nothing of it was imported. Update the tracker."
        ) from problem


def _days(entries: Sequence[str | dict[str, str]] | dict[str, object]) -> list[date]:
    """Days from a list of them, a list of objects with a `day`, or an object by day."""
    days = (entry["day"] if isinstance(entry, dict) else entry for entry in entries)
    return sorted(date.fromisoformat(day[:10]) for day in days)
