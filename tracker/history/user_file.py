"""The user's own CSV or Parquet file: `id`, `day`, and any of the counters."""

import gzip
import hashlib
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from tracker.database import literal, rows
from tracker.errors import DataError, UsageError
from tracker.history.columns import Column, local_schema, refuse_other_kind
from tracker.history.matching import Matcher
from tracker.history.types import ArchiveFile

_NEEDED = (Column("id", "repo_id", "text"), Column("day", "day", "day"))
_COUNTERS = tuple(Column(name, name, "number") for name in ("downloads_30d", "downloads_all_time", "likes"))
_CSV = (".csv", ".csv.gz", ".tsv", ".tsv.gz")


@dataclass(frozen=True, slots=True)
class UserFile:
    """A file that has the required columns."""

    path: Path
    reader: str
    """SQL that reads it."""

    columns: tuple[Column, ...]
    ignored: tuple[str, ...]
    """Names of columns that are not used."""

    @property
    def scope(self) -> str:
        """Scope of its days in the lake. A later file with the same name replaces them."""
        stem = self.path.name.split(".")[0].lower()
        return "file-" + (re.sub(r"[^a-z0-9_]+", "-", stem).strip("-") or "unnamed")

    def archive_file(self) -> ArchiveFile:
        """Return the file as an archive of one file."""
        with self.path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        return ArchiveFile(self.path.name, digest, digest[:12], self.path.stat().st_size, date.min, date.max)

    def load(self, matcher: Matcher) -> None:
        """Load its rows into the matcher."""
        matcher.load_file(self.reader, self.columns)

    def column_note(self) -> str:
        """Return a sentence about its columns for the report."""
        used = ", ".join(column.name for column in self.columns)
        ignored = f"; not used: {', '.join(self.ignored)}" if self.ignored else ""
        return f"Columns used of {self.path.name}: {used}{ignored}."


def user_file(path: Path | None) -> UserFile:
    """The file at `path`. Raises UsageError if there is none or it is of no known kind, DataError for columns."""
    if path is None:
        raise UsageError("tracker import file needs the path of a CSV or Parquet file: tracker import file FILE")
    if not path.is_file():
        raise UsageError(f"{path}: no such file")
    name = path.name.lower()
    if name.endswith(".parquet"):
        reader = f"read_parquet({literal(str(path))})"
    elif name.endswith(_CSV):
        reader = (
            f"read_csv({literal(str(path))}, header = true, all_varchar = true, delim = '{_delimiter(path)}', "
            "quote = '\"', escape = '\"')"
        )
    else:
        raise UsageError(f"{path}: only .csv, .tsv (also .gz) and .parquet are read")
    try:
        with duckdb.connect() as connection:
            names = [str(column) for column, *_ in rows(connection, f"describe select * from {reader}")]
    except duckdb.Error as problem:
        raise DataError(f"{path} cannot be read ({str(problem).splitlines()[0]})") from problem
    used, ignored = _used(path, names)
    if name.endswith(".parquet"):
        schema = local_schema(path, str(path))
        for column in used:
            refuse_other_kind(schema.field(column.name).type, column, str(path))
    return UserFile(path, reader, used, ignored)


def _delimiter(path: Path) -> str:
    """The delimiter in the first line. DuckDB would guess it from rows that may be broken."""
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8-sig") as lines:
            first = lines.readline()
    except (OSError, EOFError, UnicodeDecodeError) as problem:
        raise DataError(f"{path} cannot be read ({problem})") from problem
    return max(",;\t|", key=first.count)


def _used(path: Path, names: list[str]) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    """Match `names` to our columns, ignoring case; return the columns used and the other names."""
    by_lower = {name.strip().lower(): name for name in names}
    for column in _NEEDED:
        if column.name not in by_lower:
            raise DataError(f"{path} has no column {column.name!r} (it has {', '.join(names)}). Nothing was imported.")
    counters = [column for column in _COUNTERS if column.name in by_lower]
    if not counters:
        wanted = ", ".join(column.name for column in _COUNTERS)
        raise DataError(f"{path} has none of the columns {wanted} (it has {', '.join(names)}). Nothing was imported.")
    used = tuple(Column(by_lower[column.name], column.meaning, column.kind) for column in (*_NEEDED, *counters))
    return used, tuple(name for name in names if name not in {column.name for column in used})
