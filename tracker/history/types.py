"""Options of an import, files of an archive, and the result of an import."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from tracker.domain import Source


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """Options of one `tracker import`."""

    source: Source
    today: date
    since: date | None = None
    until: date | None = None
    is_tracked_only: bool = False
    file: Path | None = None
    date_format: str | None = None
    """How days are written in the file, in strptime's directives."""

    @property
    def first(self) -> date:
        """The first requested day."""
        return self.since or date.min

    @property
    def last(self) -> date:
        """The last requested day, at most today."""
        return min(self.until or self.today, self.today)

    def includes(self, day: date) -> bool:
        """Whether a day is requested."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class ArchiveFile:
    """One file of an archive at one revision: the unit of an import."""

    path: str
    oid: str
    """Identifies its content."""

    revision: str
    size: int
    first: date
    """First day that it may contain."""

    last: date
    """Last day that it may contain."""

    read_at: datetime | None = None
    """Time at which all its counters were read, if known."""

    @property
    def name(self) -> str:
        """Its name in messages."""
        return f"{self.path} of {self.first}" if self.first == self.last else self.path


@dataclass(slots=True)
class ImportResult:
    """Result of one import, for its report."""

    scope: str
    landed: list[date] = field(default_factory=list)
    rows: int = 0
    """Rows in the lake."""

    read: int = 0
    """Rows of the files: landed, duplicates, refused, and left out."""

    outside: int = 0
    """Rows of days that were not requested, are unusable, or had landed."""

    unmatched: int = 0
    unmatched_names: list[str] = field(default_factory=list)
    """Examples of names that match no repository of the lake."""

    unmatched_name_count: int = 0
    untracked_rows: int = 0
    """Unmatched rows skipped because only tracked repositories were requested."""

    duplicates: int = 0
    refused_because: Counter[str] = field(default_factory=Counter)
    refused_examples: dict[str, str] = field(default_factory=dict)
    skipped: list[date] = field(default_factory=list)
    """Days that the archive marks as unusable."""

    partial: list[date] = field(default_factory=list)
    """Days that the archive marks as incomplete."""

    notes: list[str] = field(default_factory=list)
    """Further sentences for the user."""

    rematched: int = 0
    """Rows stored by name by an earlier import that now match a crawled repository."""

    days_before: int = 0
    """Days of this source that had landed before."""
