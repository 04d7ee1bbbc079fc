"""Recorded listings of the Hub, served again: a folder of `YYYY-MM-DD.jsonl.gz`, one row of the API a line."""

import gzip
import json
import zlib
from collections.abc import Iterator, Sequence
from datetime import date
from operator import itemgetter
from pathlib import Path

from tracker.demo.catalog import Listing, Row
from tracker.errors import SettingsError

SUFFIX = ".jsonl.gz"
DAYS_IN_MEMORY = 4


class Replay:
    """A catalog over a folder of recorded days.

    A day is read when it is first asked for. The latest few stay in memory; a day that
    was dropped meanwhile is read again and is then another object with equal rows.
    """

    def __init__(self, folder: Path) -> None:
        """Find the recorded days in `folder`; no file is read yet.

        Raises SettingsError when the folder does not exist or holds no `YYYY-MM-DD.jsonl.gz`.
        """
        self._files = _recorded_days(folder)
        self._listings: dict[date, Listing] = {}

    @property
    def is_simulated(self) -> bool:
        """False: the rows were recorded from the real Hub."""
        return False

    @property
    def days(self) -> Sequence[date]:
        """The recorded days, ascending."""
        return list(self._files)

    def listing(self, day: date) -> Listing:
        """The rows of `day` as recorded, ordered by `_id`; no renames are known.

        Raises SettingsError for a day without a file, and for a line that is no row.
        """
        if day not in self._files:
            raise SettingsError(f"no recording of {day}; the recorded days are {_span(self.days)}")
        if day not in self._listings:
            if len(self._listings) >= DAYS_IN_MEMORY:
                del self._listings[next(iter(self._listings))]
            self._listings[day] = Listing(rows=sorted(_rows(self._files[day]), key=itemgetter("_id")))
        return self._listings[day]


def _recorded_days(folder: Path) -> dict[date, Path]:
    if not folder.is_dir():
        raise SettingsError(f"{folder}: no such folder; name one that holds recorded days (YYYY-MM-DD{SUFFIX})")
    days = {_day(path): path for path in sorted(folder.glob(f"*{SUFFIX}"))}
    if not days:
        raise SettingsError(f"{folder}: no recorded days in it; expected files named YYYY-MM-DD{SUFFIX}")
    return days


def _day(path: Path) -> date:
    try:
        return date.fromisoformat(path.name.removesuffix(SUFFIX))
    except ValueError:
        raise SettingsError(f"{path}: the name is not a day; rename it to YYYY-MM-DD{SUFFIX}") from None


def _rows(path: Path) -> Iterator[Row]:
    number = 0
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                yield _row(line, where=f"{path}:{number}")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}:{number + 1}: cannot be read ({error}); record or copy the file again") from error


def _row(line: str, where: str) -> Row:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise SettingsError(f"{where}: not JSON ({error}); each line holds one row of the Hub's listing") from None
    if not isinstance(row, dict) or not isinstance(row.get("_id"), str) or not isinstance(row.get("id"), str):
        raise SettingsError(f"{where}: not a row of the Hub's listing, which has at least the texts `_id` and `id`")
    return row


def _span(days: Sequence[date]) -> str:
    return f"{days[0]} to {days[-1]}"
