"""The user's own CSV or Parquet file: `id`, `day`, and any of the counters."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from tracker.errors import DataError, UsageError
from tracker.history.columns import Column, local_schema, refuse_other_kind
from tracker.history.csv_file import CsvFile, csv_file, csv_problem
from tracker.history.matching import Matcher, RejectedRows
from tracker.history.types import ArchiveFile
from tracker.history.values import printable

_NEEDED = (Column("id", "repo_id", "text"), Column("day", "day", "day"))
_COUNTERS = tuple(Column(name, name, "count") for name in ("downloads_30d", "downloads_all_time", "likes"))
_LISTED = 30
_CSV = (".csv", ".csv.gz", ".tsv", ".tsv.gz")


@dataclass(frozen=True, slots=True)
class UserFile:
    """A file that has the required columns."""

    path: Path
    text: CsvFile | None
    """Its layout; None for Parquet."""

    columns: tuple[Column, ...]
    ignored: tuple[str, ...]
    """Names of columns that are not used."""

    def archive_file(self) -> ArchiveFile:
        """Return the file as an archive of one file."""
        with self.path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        return ArchiveFile(self.path.name, digest, digest[:12], self.path.stat().st_size, date.min, date.max)

    def load(self, matcher: Matcher) -> None:
        """Load its rows into the matcher. Raises DataError, with the line if it is text, where it cannot be read."""
        if self.text is None:
            matcher.load_parquet(self.path, self.columns)
            return
        numbers = {column.meaning: self.text.names.index(column.name) for column in self.columns}
        try:
            matcher.load_rows(self.text.reader(numbers))
        except duckdb.Error as problem:
            raise csv_problem(self.path, problem) from problem

    def example(self, rejected: RejectedRows) -> str:
        """Return where the first of these rows is, and what it holds."""
        if self.text is None:
            return rejected.example()
        return rejected.example(f"line {self.text.line(rejected.position)}")

    def column_note(self) -> str:
        """Return a sentence about its columns for the report."""
        used = ", ".join(column.name for column in self.columns)
        ignored = f"; not used: {_listed(self.ignored)}" if self.ignored else ""
        return f"Columns used of {self.path.name}: {used}{ignored}."


def user_file(path: Path | None, date_format: str | None = None) -> UserFile:
    """The file at `path`. Raises UsageError if there is none or it is of no known kind, DataError for columns."""
    if path is None:
        raise UsageError("tracker import file needs the path of a CSV or Parquet file: tracker import file FILE")
    if not path.is_file():
        raise UsageError(f"{path}: no such file")
    path = path.resolve()
    name = path.name.lower()
    if name.endswith(_CSV):
        text = csv_file(path)
        return UserFile(path, text, *_used(path, text.names))
    if not name.endswith(".parquet"):
        raise UsageError(f"{path}: only .csv, .tsv (also .gz) and .parquet are read")
    schema = local_schema(path, str(path))
    used, ignored = _used(path, schema.names)
    for column in used:
        kind = schema.field(column.name).type
        refuse_other_kind(kind, column, str(path))
        if date_format and column.meaning == "day" and (pa.types.is_date(kind) or pa.types.is_timestamp(kind)):
            raise UsageError(f"--date-format is for days that are text; the column {column.name!r} of {path} is {kind}")
    return UserFile(path, None, used, ignored)


def _used(path: Path, names: Sequence[str]) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    """Match `names` to our columns, ignoring case; return the columns used and the other names."""
    by_lower: dict[str, list[str]] = {}
    for name in names:
        by_lower.setdefault(name.strip().lower(), []).append(name)
    has = f"it has {_listed(names)}"
    for column in _NEEDED:
        if column.name not in by_lower:
            raise DataError(f"{path} has no column {column.name!r} ({has}). Nothing was imported.")
    counters = [column for column in _COUNTERS if column.name in by_lower]
    if not counters:
        wanted = ", ".join(column.name for column in _COUNTERS)
        raise DataError(f"{path} has none of the columns {wanted} ({has}). Nothing was imported.")
    for column in (*_NEEDED, *counters):
        if len(by_lower[column.name]) > 1:
            raise DataError(f"{path} has several columns {column.name!r} ({has}). Rename all but one.")
    used = tuple(Column(by_lower[column.name][0], column.meaning, column.kind) for column in (*_NEEDED, *counters))
    return used, tuple(name for name in names if name not in {column.name for column in used})


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _LISTED:,} more" if len(names) > _LISTED else ""
    return ", ".join(printable(name) for name in names[:_LISTED]) + more
