"""Text files of users: encoding, delimiter and header, and where a file is no CSV. DuckDB reads the rows.

DuckDB is given the layout, because it would guess it from rows that may be broken, and then names no line.
"""

import csv
import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import duckdb

from tracker.database import literal
from tracker.errors import DataError

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_SAVE_AS = "Save it as CSV UTF-8 (in a spreadsheet: Save as, then the type CSV UTF-8). Nothing was imported."


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A CSV or TSV file, gzipped or not."""

    path: Path
    delimiter: str
    names: tuple[str, ...]
    """Names of its columns."""

    def reader(self, columns: dict[str, int]) -> str:
        """Return SQL that reads columns by number as text, with `position`, the number of the row."""
        types = ", ".join(f"c{number}: 'varchar'" for number in range(len(self.names)))
        chosen = ", ".join(f"c{number} as {name}" for name, number in columns.items())
        return (
            f"(select {chosen}, row_number() over () as position from read_csv({literal(str(self.path))}, "
            f"auto_detect = false, header = true, columns = {{{types}}}, delim = {literal(self.delimiter)}, "
            "quote = '\"', escape = '\"', strict_mode = true))"
        )

    def line(self, position: int) -> int:
        """Return the line on which a row ends. Empty lines are no rows, and a quoted value can have several lines."""
        with _opened(self.path) as lines, suppress(csv.Error):
            reader = csv.reader(lines, delimiter=self.delimiter)
            rows = 0
            for row in reader:
                rows += bool(row)
                if rows == position + 1:  # the first is the header
                    return reader.line_num
        return position + 1


def csv_file(path: Path) -> CsvFile:
    """Read the layout of a text file from its first line. Raises DataError if it has none, or another encoding."""
    try:
        with _opened(path) as lines:
            first = lines.readline(1_000_000)
    except (OSError, EOFError) as problem:
        raise DataError(f"{path} cannot be read ({problem}). Nothing was imported.") from problem
    if "\0" in first:
        raise DataError(f"{path} is not a CSV in UTF-8 (it may be UTF-16). {_SAVE_AS}")
    if not first.strip():
        raise DataError(f"{path} is empty or begins with an empty line. Nothing was imported.")
    delimiter = max(",;\t|", key=first.count)
    try:
        with _opened(path) as lines:
            return CsvFile(path, delimiter, tuple(next(csv.reader(lines, delimiter=delimiter))))
    except csv.Error as problem:
        raise DataError(f"{path}, line 1: {problem}. Nothing was imported.") from problem


def csv_problem(path: Path, problem: duckdb.Error) -> DataError:
    """Return the error of a text file that DuckDB cannot read, with its line and what to do."""
    text = str(problem).partition("Possible")[0]
    line = re.search(r"CSV Error on Line: (\d+)", text)
    where = f"{path}, line {line[1]}" if line else str(path)
    if "utf-8" in text.lower() or "unicode" in text.lower():
        return DataError(f"{where}: the text is not UTF-8. {_SAVE_AS}")
    if values := re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", text):
        reason = f"{values[2]} values instead of {values[1]}. Put values with the delimiter into double quotes"
    elif "quote" in text:
        reason = 'a quoted value does not end where it should. Write a quote inside of it twice ("")'
    elif "state machine" in text:
        reason = "the quotes or the line ends are not those of one CSV file. Save it as CSV UTF-8 again"
    elif "Maximum line size" in text:
        reason = "it is longer than 2,000,000 bytes, so a quote before it may not be closed"
    else:
        reason = text.splitlines()[0]
    return DataError(f"{where}: {reason}. Nothing was imported.")


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    """Open as UTF-8 text. Raises DataError, also during the body, for another encoding."""
    opened = gzip.open if path.name.lower().endswith(".gz") else open
    try:
        with opened(path, "rb") as content:
            if content.read(2) in _UTF16_MARKS:
                raise DataError(f"{path} is UTF-16 text. {_SAVE_AS}")
        with opened(path, "rt", encoding="utf-8-sig", newline="") as lines:
            yield lines
    except UnicodeDecodeError as problem:
        raise DataError(f"{path}: the text is not UTF-8. {_SAVE_AS}") from problem
