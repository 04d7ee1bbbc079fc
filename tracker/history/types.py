"""What is asked of an import, what an archive offers, and what came of it. Pure."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from tracker.domain import Source


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """An import as it was typed."""

    source: Source
    today: date
    since: date | None = None
    until: date | None = None
    is_tracked_only: bool = False
    file: Path | None = None

    @property
    def first(self) -> date:
        """The first day wanted."""
        return self.since or date.min

    @property
    def last(self) -> date:
        """The last day wanted; never one to come."""
        return min(self.until or self.today, self.today)

    def wants(self, day: date) -> bool:
        """Whether a day is asked for."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class ArchiveFile:
    """One file of an archive as it stood at one revision: what is fetched, or read, at a time."""

    path: str
    oid: str
    """Names its content."""

    revision: str
    size: int
    first: date
    last: date
    """The days it may hold."""

    read_at: datetime | None = None
    """When all its counters were read, if the archive tells."""

    @property
    def name(self) -> str:
        """As people are told of it."""
        return f"{self.path} of {self.first}" if self.first == self.last else self.path


@dataclass(slots=True)
class ImportResult:
    """What an import ended with."""

    scope: str
    landed: list[date] = field(default_factory=list)
    rows: int = 0
    unmatched: int = 0
    unmatched_names: list[str] = field(default_factory=list)
    """A few of the names that no repository of the lake has or had."""

    unmatched_name_count: int = 0
    left_out: int = 0
    """Unmatched rows that were not wanted."""

    duplicates: int = 0
    refused_because: Counter[str] = field(default_factory=Counter)
    refused_examples: dict[str, str] = field(default_factory=dict)
    skipped: list[date] = field(default_factory=list)
    """Days the archive itself says not to use."""

    partial: list[date] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What else is to be told, in sentences."""

    rematched: int = 0
    """Rows landed before under a name that belong to a repository known by now."""

    days_before: int = 0
    """Days of this source that had landed before."""
