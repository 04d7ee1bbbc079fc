"""The three archives: where they are, which of their files hold what is wanted, and how a file is taken in."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Protocol

from tracker.database import literal
from tracker.domain import Source
from tracker.errors import DataError
from tracker.history.columns import SERIES, SNAPSHOT, local_schema, present
from tracker.history.columns import renames as known_renames
from tracker.history.matching import Matcher, Renames
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
    """What an archive has of the days wanted."""

    pieces: list[ArchiveFile] = field(default_factory=list)
    """In the order in which they are to be taken in."""

    skipped: list[date] = field(default_factory=list)
    """Days the archive says not to use."""

    partial: list[date] = field(default_factory=list)
    renames: Renames | None = None
    notes: list[str] = field(default_factory=list)


IsNeeded = Callable[[ArchiveFile], bool]


class Archive(Protocol):
    """One kind of archive."""

    repo_id: str

    def offer(
        self, order: ImportOptions, upstream: DatasetClient, revision: str, folder: Path, is_needed: IsNeeded
    ) -> Selection:
        """The files that hold wanted days, their columns checked before any is taken in. Raises DataError."""

    def take(self, piece: ArchiveFile, upstream: DatasetClient, scratch: Matcher, folder: Path) -> None:
        """Puts the rows of one file into the scratch file."""


class ModelPulse:
    """Daily counters, a file a month; with names that changed, and days it says not to use."""

    repo_id = MODEL_PULSE

    def offer(
        self, order: ImportOptions, upstream: DatasetClient, revision: str, folder: Path, is_needed: IsNeeded
    ) -> Selection:
        """The months that overlap the days wanted."""
        pieces = []
        for file in upstream.files("series", revision):
            if month := _MONTH.fullmatch(file.path):
                first = date(int(month[1]), int(month[2]), 1)
                last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
                if first <= order.last and last >= order.first:
                    pieces.append(ArchiveFile(file.path, file.oid, revision, file.size, first, last))
        pieces = [piece for piece in sorted(pieces, key=lambda piece: piece.first) if is_needed(piece)]
        if not pieces:
            return Selection()
        for piece in pieces:
            schema = upstream.schema(piece.path, revision, piece.size)
            present(schema, SERIES, f"{self.repo_id}, {piece.path}", piece.last)
        skipped, partial = _judgement(upstream.download("meta.json", revision, folder))
        renames = upstream.download("renames.parquet", revision, folder)
        where = f"{self.repo_id}, renames.parquet"
        names = tuple(column.name for column in known_renames(local_schema(renames, where), where))
        wanted = [[day for day in days if order.wants(day)] for days in (skipped, partial)]
        return Selection(pieces, wanted[0], wanted[1], Renames(renames, *names))

    def take(self, piece: ArchiveFile, upstream: DatasetClient, scratch: Matcher, folder: Path) -> None:
        """Fetches the month whole: every row group and nearly every column of it is needed."""
        file = upstream.download(piece.path, piece.revision, folder)
        where = f"{self.repo_id}, {piece.path}"
        columns = present(local_schema(file, where), SERIES, where, piece.last)
        scratch.take_file(f"read_parquet({literal(str(file))})", columns)


class HubWeekly:
    """A whole listing a week, each in a folder; the commit that wrote it tells when it was read."""

    repo_id = HUB_WEEKLY

    def offer(
        self, order: ImportOptions, upstream: DatasetClient, revision: str, folder: Path, is_needed: IsNeeded
    ) -> Selection:
        """The folders committed on a day wanted; of several committed on one day the one with the latest date."""
        by_day: dict[date, ArchiveFile] = {}
        notes = []
        for file in sorted(upstream.files("models", revision, dated=True), key=lambda file: file.path):
            if _FOLDER.fullmatch(file.path) is None or file.committed_at is None:
                continue
            at = file.committed_at.astimezone(UTC)
            if order.wants(at.date()):
                if at.date() in by_day:
                    notes.append(f"{by_day[at.date()].path} is left out: {file.path} was committed on the same day.")
                by_day[at.date()] = _whole_day(file.path, file.oid, revision, file.size, at)
        pieces = [by_day[day] for day in sorted(by_day) if is_needed(by_day[day])]
        for piece in pieces:
            _check_snapshot(self.repo_id, piece, upstream)
        return Selection(pieces, notes=notes)

    def take(self, piece: ArchiveFile, upstream: DatasetClient, scratch: Matcher, folder: Path) -> None:
        """Reads the needed columns alone."""
        _take_snapshot(piece, upstream, scratch)


class HubStats:
    """One file that is overwritten every day: its revisions are the history, as far back as they are kept."""

    repo_id = HUB_STATS

    def offer(
        self, order: ImportOptions, upstream: DatasetClient, revision: str, folder: Path, is_needed: IsNeeded
    ) -> Selection:
        """The last revision of each day wanted, newest first, up to the first that is gone."""
        offer = Selection()
        seen: set[date] = set()
        for change in upstream.commits():
            day = change.at.date()
            if _OVERWRITTEN not in change.title or day in seen or not order.wants(day):
                continue
            seen.add(day)
            if not is_needed(_whole_day(_OVERWRITTEN, change.oid, change.oid, 0, change.at)):
                continue
            try:
                file = upstream.file(_OVERWRITTEN, change.oid)
                piece = _whole_day(_OVERWRITTEN, change.oid, change.oid, file.size, change.at)
                _check_snapshot(self.repo_id, piece, upstream)
            except NotFound:
                offer.notes.append(f"The history of {self.repo_id} ends here: what it was on {day} is gone.")
                break
            offer.pieces.append(piece)
        return offer

    def take(self, piece: ArchiveFile, upstream: DatasetClient, scratch: Matcher, folder: Path) -> None:
        """Reads the needed columns alone."""
        _take_snapshot(piece, upstream, scratch)


ARCHIVES: dict[Source, Archive] = {
    Source.MODEL_PULSE: ModelPulse(),
    Source.HUB_WEEKLY: HubWeekly(),
    Source.HUB_STATS: HubStats(),
}


def _whole_day(path: str, oid: str, revision: str, size: int, at: datetime) -> ArchiveFile:
    return ArchiveFile(path, oid, revision, size, at.date(), at.date(), at)


def _check_snapshot(repo_id: str, piece: ArchiveFile, upstream: DatasetClient) -> None:
    schema = upstream.schema(piece.path, piece.revision, piece.size)
    present(schema, SNAPSHOT, f"{repo_id}, {piece.name}", piece.last)


def _take_snapshot(piece: ArchiveFile, upstream: DatasetClient, scratch: Matcher) -> None:
    tables = upstream.columns(piece.path, piece.revision, piece.size, [column.name for column in SNAPSHOT])
    scratch.take_columns(tables, SNAPSHOT, piece.first, piece.read_at)


def _judgement(meta: Path) -> tuple[list[date], list[date]]:
    """The days that model-pulse says not to use, and those it has in part."""
    where = f"{MODEL_PULSE}, meta.json"
    try:
        told = json.loads(meta.read_text(encoding="utf-8"))
        found = [_days(told[name]) for name in ("skip_days", "partial")]
    except KeyError as problem:
        raise DataError(f"{where} has no {problem}. Its layout has changed; nothing of it was imported.") from problem
    except (ValueError, TypeError) as problem:
        raise DataError(f"{where} cannot be read ({problem}). Nothing of it was imported.") from problem
    return found[0], found[1]


def _days(told: Sequence[str | dict[str, str]] | dict[str, object]) -> list[date]:
    """Days from a list of them, a list of objects with a `day`, or an object by day."""
    days = (entry["day"] if isinstance(entry, dict) else entry for entry in told)
    return sorted(date.fromisoformat(day[:10]) for day in days)
