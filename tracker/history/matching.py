"""Rows of one file of an archive, on disk in DuckDB: judged, matched to repositories, taken out again day by day.

Memory is bounded however large the file: DuckDB keeps within its limit and puts the rest into the work folder.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from tracker.database import arrow, literal, one, rows
from tracker.domain import CRAWL
from tracker.errors import DataError
from tracker.history import queries
from tracker.history.columns import Column
from tracker.history.types import ImportOptions
from tracker.lake.lake import Lake

MEMORY = "768MB"
_COUNTERS = ("downloads_30d", "downloads_all_time", "likes")


@dataclass(frozen=True, slots=True)
class RejectedRows:
    """Rows set aside for one reason."""

    reason: str
    rows: int
    example: str


@dataclass(frozen=True, slots=True)
class Renames:
    """A Parquet file of names that changed, and its two columns."""

    file: Path
    former: str
    latest: str


class Matcher:
    """A DuckDB file in the work folder that holds one file of an archive at a time. A context manager."""

    def __init__(self, folder: Path, lake: Lake) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "scratch.duckdb"
        for left in folder.glob("scratch.duckdb*"):  # by a run that was killed; its log must not be replayed
            left.unlink()
        self._connection = duckdb.connect(str(self._path))
        self._connection.execute(
            f"set timezone = 'UTC'; set memory_limit = '{MEMORY}'; set preserve_insertion_order = false; "
            f"set temp_directory = {literal(str(folder / 'tmp'))}; {queries.MACROS}"
        )
        self._know(lake)

    def __enter__(self) -> "Matcher":
        """Itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close; the file goes with its folder."""
        self._connection.close()
        self._path.unlink(missing_ok=True)

    def rename(self, renames: Renames) -> None:
        """Takes an archive's list of former names."""
        former, latest = _quoted(renames.former), _quoted(renames.latest)
        self._connection.execute(
            f"create or replace table renames as select distinct {former} as former, {latest} as latest "
            f"from read_parquet({literal(str(renames.file))}) where {former} is not null and {latest} is not null"
        )
        self._connection.execute(queries.RENAMED)

    def take_file(self, reader: str, columns: Sequence[Column]) -> None:
        """Rows of a local file; `reader` is the SQL that reads it."""
        shown = {column.meaning: _quoted(column.name) for column in columns}
        chosen = ", ".join(f"{shown.get(name, 'null')} as {name}" for name in ("repo_id", "day", *_COUNTERS))
        self._connection.execute("drop table if exists raw_rows")
        self._connection.execute(
            f"create or replace temp view raw as select {chosen}, null::timestamptz as read_at from {reader}"
        )

    def take_columns(
        self, tables: Iterable[pa.Table], columns: Sequence[Column], day: date, read_at: datetime | None
    ) -> None:
        """Rows of one day as they come, a row group at a time."""
        self._connection.execute("drop view if exists raw")
        self._connection.execute(
            "create or replace table raw_rows "
            "(repo_id varchar, downloads_30d bigint, downloads_all_time bigint, likes bigint)"
        )
        for table in tables:
            held = [column for column in columns if column.name in table.column_names]
            names = ", ".join(column.meaning for column in held)
            shown = ", ".join(f'"{column.name}"' for column in held)
            self._connection.register("taken", table)
            self._connection.execute(f"insert into raw_rows ({names}) select {shown} from taken")
            self._connection.unregister("taken")
        at = f"timestamptz {literal(read_at.isoformat())}" if read_at else "null::timestamptz"
        self._connection.execute(
            f"create or replace temp view raw as select *, date {literal(day.isoformat())} as day, {at} as read_at "
            "from raw_rows"
        )

    def match(self, order: ImportOptions, left_out: Iterable[date], where: str) -> list[RejectedRows]:
        """Judges and matches what was taken, but for days that are not wanted; returns what is refused.

        Raises DataError if the file, named by `where`, is damaged.
        """
        days = ", ".join(f"date {literal(day.isoformat())}" for day in (date.min, *sorted(left_out)))
        limits = {"first": order.first, "last": order.until or date.max, "today": order.today}
        texts = {name: literal(day.isoformat()) for name, day in limits.items()}
        try:
            self._connection.execute(queries.JUDGED.format(left_out=days, **texts))
            self._connection.execute(queries.MATCHED)
            refused = rows(
                self._connection,
                "select problem, count(*), min(coalesce(repo_id, 'a row without name') || coalesce(' on ' || day, '')) "
                "from judged where problem is not null group by problem order by all",
            )
        except (duckdb.InvalidInputException, duckdb.ConversionException) as problem:
            raise DataError(f"{where} cannot be read ({str(problem).splitlines()[0]}).") from problem
        return [RejectedRows(*found) for found in refused]

    def has_new_matches(self) -> bool:
        """Whether a repository is known by now that has or had a name told before as nobody's."""
        query = "select exists (from told_names join known_names on known_names.repo_id = told_names.hub_id[6:])"
        return bool(one(self._connection, query))

    def rematch(self, landed: Path, day: date) -> int:
        """Takes a landed partition; returns how many of its unmatched rows match a repository by now."""
        self._connection.execute(queries.REMATCHED.format(file=literal(str(landed)), day=literal(day.isoformat())))
        return int(one(self._connection, "select count(*) from matched where not is_direct"))

    def days(self) -> list[tuple[date, int, int]]:
        """The days that were taken, each with its rows and how many of them match no repository."""
        query = "select day, count(*), count_if(starts_with(hub_id, 'name:')) from matched group by day order by day"
        return [(day, count, unmatched) for day, count, unmatched in rows(self._connection, query)]

    def of_day(self, day: date, *, with_unmatched: bool) -> pa.Table:
        """The readings of a day, each repository once, by id."""
        return arrow(self._connection, queries.OF_DAY, {"day": day, "with_unmatched": with_unmatched})

    def new_names(self, day: date) -> pa.Table:
        """Names first met on a day that no repository has, as the attributes they are: `hub_id` and `repo_id`."""
        query = (
            "select distinct matched.hub_id, matched.repo_id from matched left join told_names using (hub_id) "
            "where day = $day and starts_with(hub_id, 'name:') and told_names.hub_id is null order by 1"
        )
        found = arrow(self._connection, query, {"day": day})
        self._connection.register("met", found)
        self._connection.execute("insert into told_names select hub_id from met")
        self._connection.unregister("met")
        return found

    def unmatched_names(self) -> tuple[int, list[str]]:
        """How many names match no repository, and the most downloaded of them."""
        found = rows(
            self._connection,
            "select repo_id from matched where starts_with(hub_id, 'name:') group by repo_id "
            "order by max(downloads_30d) desc nulls last, repo_id limit 5",
        )
        count = one(self._connection, "select count(distinct repo_id) from matched where starts_with(hub_id, 'name:')")
        return count, [name for (name,) in found]

    def told(self, files: Sequence[Path]) -> None:
        """Names whose attributes the lake has from this source."""
        self._connection.execute("create or replace table told_names (hub_id varchar)")
        if files:
            self._connection.execute(
                f"insert into told_names select distinct hub_id from read_parquet([{_names(files)}])"
            )

    def _know(self, lake: Lake) -> None:
        """Names that repositories have and had, as our own crawls tell."""
        files = lake.files("models", [manifest for manifest in lake.manifests() if manifest.source == CRAWL])
        if files:
            self._connection.execute(queries.KNOWN.format(files=_names(files)))
        else:
            self._connection.execute(
                "create table known_names "
                "(repo_id varchar, hub_id varchar, created_on date, from_day date, until_day date)"
            )
        self._connection.execute("create table renamed_names as select * from known_names where false")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _names(files: Sequence[Path]) -> str:
    return ", ".join(literal(str(file)) for file in files)
