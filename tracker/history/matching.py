"""Check the rows of an archive file and match them to repositories, in a temporary DuckDB file.

Memory is bounded for files of any size: above `MEMORY_LIMIT` DuckDB spills to the work folder.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from tracker.database import arrow, connect, literal, one, rows
from tracker.domain import Source
from tracker.errors import DataError, is_disk_problem
from tracker.history import known_names, values
from tracker.history.columns import Column
from tracker.history.known_names import Renames, path_list, quoted
from tracker.history.types import ImportOptions
from tracker.history.values import printable
from tracker.lake.lake import Lake

MEMORY_LIMIT = "768MB"
NO_COUNTER = "no counter: give downloads_30d, downloads_all_time or likes"

# Typed rows of the requested days; `problem` is the reason to reject a row, or null, and `shown` the rejected value.
_CHECKED = """
create or replace temp view checked as
select
    position,
    {name} as repo_id,
    {moment} as moment,
    ({moment})::date as day,
    {downloads_30d} as downloads_30d,
    {downloads_all_time} as downloads_all_time,
    {likes} as likes,
    read_at,
    case {problems} end as problem,
    case {shown} end as shown
from raw
where coalesce(({moment})::date between date {first} and date {last}, true)
    and coalesce(({moment})::date not in ({excluded}), true)
"""

# A repository created after the day is not a match: another one had its name then.
# `preference` decides between names of one repository on one day, before time and position do.
_MATCHED = """
create or replace table matched as
select
    checked.repo_id,
    coalesce(direct.hub_id, renamed.hub_id, folded.hub_id, 'name:' || checked.repo_id) as hub_id,
    case
        when direct.hub_id is not null then 0
        when renamed.hub_id is not null then 2
        when folded.hub_id is not null then {preference_of_case}
        else 0
    end as preference,
    checked.day,
    checked.moment,
    checked.position,
    checked.downloads_30d,
    checked.downloads_all_time,
    checked.likes,
    checked.read_at
from checked
left join known_names as direct
    on direct.repo_id = checked.repo_id and checked.day between direct.from_day and direct.until_day
    and checked.day >= coalesce(direct.created_on, checked.day)
left join renamed_names as renamed
    on renamed.repo_id = checked.repo_id and checked.day between renamed.from_day and renamed.until_day
    and checked.day >= coalesce(renamed.created_on, checked.day)
left join folded_names as folded
    on folded.folded = lower(checked.repo_id) and checked.day between folded.from_day and folded.until_day
    and checked.day >= coalesce(folded.created_on, checked.day)
where checked.problem is null
"""

# Landed rows take precedence over rows that match now: both may belong to one repository.
_REMATCHED = """
create or replace table matched as
select
    landed.hub_id as repo_id,
    coalesce(direct.hub_id, folded.hub_id, landed.hub_id) as hub_id,
    case when direct.hub_id is not null then 1 when folded.hub_id is not null then 2 else 0 end as preference,
    date {day} as day,
    null::timestamp as moment,
    0 as position,
    landed.downloads_30d,
    landed.downloads_all_time,
    landed.likes,
    landed.read_at
from read_parquet({file}) as landed
left join known_names as direct
    on starts_with(landed.hub_id, 'name:') and direct.repo_id = landed.hub_id[6:]
    and date {day} between direct.from_day and direct.until_day
    and date {day} >= coalesce(direct.created_on, date {day})
left join folded_names as folded
    on starts_with(landed.hub_id, 'name:') and folded.folded = lower(landed.hub_id[6:])
    and date {day} between folded.from_day and folded.until_day
    and date {day} >= coalesce(folded.created_on, date {day})
"""

# Of several readings of a repository on a day the first is kept, whatever its counters.
_ROWS_OF_DAY = """
select hub_id, downloads_30d, downloads_all_time, likes, null::double as trending_score, read_at
from matched
where day = $day and ($with_unmatched or not starts_with(hub_id, 'name:'))
qualify row_number() over (partition by hub_id order by preference, moment nulls last, position, repo_id) = 1
order by hub_id
"""

_REJECTED = """
select
    problem,
    count(*),
    min(position),
    coalesce(arg_min(repo_id, position), ''),
    coalesce(arg_min(shown, position), '')
from checked
where problem is not null
group by problem
order by problem
"""


@dataclass(frozen=True, slots=True)
class RejectedRows:
    """Rows rejected for one reason, and the first of them."""

    reason: str
    rows: int
    position: int
    name: str
    value: str

    def example(self, where: str | None = None) -> str:
        """Return where the first row is (`row 7`, counted from 1), its repository, and the rejected value."""
        name, value = (printable(text) for text in (self.name, self.value))
        shown = f"{value!r}" if value else "nothing"
        return f"{where or f'row {self.position}'}: {name or 'no name'}: {shown}"


@dataclass(frozen=True, slots=True)
class CheckedRows:
    """What became of the rows of one file before the days are landed."""

    read: int
    matched: int
    rejected: tuple[RejectedRows, ...]

    @property
    def refused(self) -> int:
        """Rows that were rejected."""
        return sum(group.rows for group in self.rejected)

    @property
    def outside(self) -> int:
        """Rows of days that are not requested, excluded, or landed earlier."""
        return self.read - self.matched - self.refused


class Matcher:
    """Matches one archive file at a time, in a DuckDB file in the work folder. Use it as a context manager."""

    def __init__(self, folder: Path, lake: Lake) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "matching.duckdb"
        for leftover in folder.glob(f"{self._path.name}*"):  # of a killed run; DuckDB must not replay its log
            leftover.unlink()
        self._connection = connect(self._path)
        self._connection.execute(
            f"set memory_limit = '{MEMORY_LIMIT}'; set preserve_insertion_order = false; "
            f"set temp_directory = {literal(str(folder / 'tmp'))}"
        )
        known_names.load_known_names(self._connection, lake)

    def __enter__(self) -> "Matcher":
        """Return the matcher."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close and delete the DuckDB file."""
        self._connection.close()
        self._path.unlink(missing_ok=True)

    def load_renames(self, renames: Renames) -> None:
        """Load an archive's list of renamed repositories."""
        known_names.load_renames(self._connection, renames)

    def load_parquet(self, file: Path, columns: Sequence[Column]) -> None:
        """Load the rows of a local Parquet file."""
        self._drop_rows()
        selected = ", ".join(f"{quoted(column.name)} as {column.meaning}" for column in columns)
        reader = f"read_parquet({literal(str(file))}, file_row_number = true)"
        self._create_view(f"(select {selected}, file_row_number + 1 as position from {reader})")

    def load_rows(self, reader: str) -> None:
        """Load the rows of a local file. `reader` is SQL with our columns and `position`, in the order of the file."""
        self._drop_rows()
        self._connection.execute("set preserve_insertion_order = true")
        self._connection.execute(f"create table raw_rows as from {reader}")
        self._connection.execute("set preserve_insertion_order = false")
        self._create_view("raw_rows")

    def load_day(
        self, tables: Iterable[pa.Table], columns: Sequence[Column], day: date, read_at: datetime | None
    ) -> None:
        """Load the rows of one day, a table (row group) at a time."""
        self._drop_rows()
        loaded = 0
        for table in tables:
            available = [column for column in columns if column.name in table.column_names]
            sources = ", ".join(f"{quoted(column.name)} as {column.meaning}" for column in available)
            positions = pa.array(np.arange(loaded + 1, loaded + table.num_rows + 1))
            self._connection.register("row_group", table.append_column("position of the row", positions))
            query = f'select {sources}, "position of the row" as position from row_group'
            self._connection.execute(f"insert into raw_rows {query}" if loaded else f"create table raw_rows as {query}")
            self._connection.unregister("row_group")
            loaded += table.num_rows
        if not loaded:
            self._connection.execute("create table raw_rows (repo_id varchar, position bigint)")
        self._create_view("raw_rows", day, read_at)

    def match(self, options: ImportOptions, excluded: Iterable[date], where: str) -> CheckedRows:
        """Check and match the loaded rows of the requested days, without `excluded` days.

        Raises DataError, which names the file as `where`, if the file is damaged.
        """
        days = ", ".join(f"date {literal(day.isoformat())}" for day in (date.min, *sorted(excluded)))
        limits = {"first": options.first, "last": options.until or date.max}
        texts = {name: literal(day.isoformat()) for name, day in limits.items()}
        preference = 0 if options.source is Source.FILE else 1
        try:
            self._connection.execute(_CHECKED.format(excluded=days, **texts, **self._parsed(options)))
            self._connection.execute(_MATCHED.format(preference_of_case=preference))
            rejected = tuple(RejectedRows(*row) for row in rows(self._connection, _REJECTED))
            read = int(one(self._connection, "select count(*) from raw"))
        except duckdb.Error as problem:
            if is_disk_problem(problem):
                raise
            raise DataError(f"{where} cannot be read ({str(problem).splitlines()[0]}).") from problem
        return CheckedRows(read, int(one(self._connection, "select count(*) from matched")), rejected)

    def _parsed(self, options: ImportOptions) -> dict[str, str]:
        """Return the SQL of the values and problems of a loaded file, by the types that its columns have."""
        types = {str(name): str(kind) for name, kind, *_ in rows(self._connection, "describe raw")}
        name = values.parsed_name("repo_id")
        day = values.parsed_day("day", types["day"], options.today, options.date_format)
        counters = {name: values.parsed_counter(name, types[name]) for name in values.COUNTERS}
        columns = (name, day, *counters.values())
        problems = [(test, reason, column.shown) for column in columns for test, reason in column.problems]
        has_counter = ", ".join(counter.value for counter in counters.values())
        problems.append((f"coalesce({has_counter}) is null", NO_COUNTER, "''"))
        return {
            "name": name.value,
            "moment": day.value,
            **{name: counter.value for name, counter in counters.items()},
            "problems": " ".join(f"when {test} then {literal(reason)}" for test, reason, _ in problems),
            "shown": " ".join(f"when {test} then {shown}" for test, _, shown in problems),
        }

    def _drop_rows(self) -> None:
        self._connection.execute("drop view if exists raw; drop table if exists raw_rows")

    def _create_view(self, reader: str, day: date | None = None, read_at: datetime | None = None) -> None:
        """Create the view `raw` of the loaded rows; columns that the file does not have are null."""
        present = {str(name) for name, *_ in rows(self._connection, f"describe select * from {reader}")}
        others = [f"null::bigint as {name}" for name in values.COUNTERS if name not in present]
        at = f"timestamptz {literal(read_at.isoformat())}" if read_at else "null::timestamptz"
        others += [f"{at} as read_at"] + ([f"date {literal(day.isoformat())} as day"] if day else [])
        self._connection.execute(f"create temp view raw as select *, {', '.join(others)} from {reader}")

    def has_new_matches(self) -> bool:
        """Whether a landed name without a repository belongs to one that was crawled since."""
        query = (
            "select exists (from landed_names join known_names on known_names.repo_id = landed_names.hub_id[6:]) "
            "or exists (from landed_names join folded_names on folded = lower(landed_names.hub_id[6:]))"
        )
        return bool(one(self._connection, query))

    def rematch(self, partition: Path, day: date) -> int:
        """Match a landed partition again; return how many of its unmatched rows now match a repository."""
        self._connection.execute(_REMATCHED.format(file=literal(str(partition)), day=literal(day.isoformat())))
        return int(one(self._connection, "select count(*) from matched where preference > 0"))

    def days(self) -> list[tuple[date, int, int]]:
        """Return each matched day with its rows and those that match no repository, repeated readings included."""
        query = "select day, count(*), count_if(starts_with(hub_id, 'name:')) from matched group by day order by day"
        return [(day, count, unmatched) for day, count, unmatched in rows(self._connection, query)]

    def rows_of(self, day: date, *, with_unmatched: bool) -> pa.Table:
        """Return the rows of a day in the lake's layout, one per repository, by id."""
        return arrow(self._connection, _ROWS_OF_DAY, {"day": day, "with_unmatched": with_unmatched})

    def new_names(self, day: date) -> pa.Table:
        """Return the unmatched names that first occur on a day: `hub_id` and `repo_id`."""
        query = (
            "select distinct matched.hub_id, matched.repo_id from matched left join landed_names using (hub_id) "
            "where day = $day and starts_with(hub_id, 'name:') and landed_names.hub_id is null order by 1"
        )
        names = arrow(self._connection, query, {"day": day})
        self._connection.register("new_names", names)
        self._connection.execute("insert into landed_names select hub_id from new_names")
        self._connection.unregister("new_names")
        return names

    def unmatched_names(self) -> tuple[int, list[str]]:
        """Return how many names match no repository, and the five most downloaded of them."""
        examples = rows(
            self._connection,
            "select repo_id from matched where starts_with(hub_id, 'name:') group by repo_id "
            "order by max(downloads_30d) desc nulls last, repo_id limit 5",
        )
        count = one(self._connection, "select count(distinct repo_id) from matched where starts_with(hub_id, 'name:')")
        return count, [name for (name,) in examples]

    def load_landed_names(self, files: Sequence[Path]) -> None:
        """Load the unmatched names that this source has already written to the lake, from its `models` files."""
        self._connection.execute("create or replace table landed_names (hub_id varchar)")
        if files:
            self._connection.execute(
                f"insert into landed_names select distinct hub_id from read_parquet([{path_list(files)}])"
            )
