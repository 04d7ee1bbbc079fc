"""Check the rows of an archive file and match them to repositories, in a temporary DuckDB file.

Memory is bounded for files of any size: above `MEMORY_LIMIT` DuckDB spills to the work folder.
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
from tracker.history.columns import Column
from tracker.history.types import ImportOptions
from tracker.lake.lake import Lake

MEMORY_LIMIT = "768MB"
_COUNTERS = ("downloads_30d", "downloads_all_time", "likes")

_MACROS = """
create or replace temp macro not_whole(v) as v is not null
    and (try_cast(v as bigint) is null or try_cast(v as double) != try_cast(v as bigint)::double);
"""

# One row per name and repository. A name belongs to a repository until another one is first crawled under it.
_KNOWN_NAMES = """
create or replace table known_names as
with crawled as (
    select hub_id, repo_id, min(day) as first_day, min(created_at)::date as created_on
    from read_parquet([{files}], hive_partitioning = true)
    group by hub_id, repo_id
)
select
    repo_id,
    hub_id,
    created_on,
    case when row_number() over names = 1 then date '0001-01-01' else first_day end as from_day,
    coalesce(lead(first_day) over names - 1, date '9999-12-31') as until_day
from crawled
window names as (partition by repo_id order by first_day, hub_id)
"""

_NO_KNOWN_NAMES = """
create table known_names (repo_id varchar, hub_id varchar, created_on date, from_day date, until_day date)
"""

# Former names, each with the repository at the end of its chain of renames.
_RENAMED_NAMES = """
create or replace table renamed_names as
with recursive chain as (
    select former, latest, 1 as steps from renames where former != latest
    union
    select chain.former, renames.latest, chain.steps + 1
    from chain join renames on renames.former = chain.latest
    where renames.latest != chain.former and chain.steps < 10
)
select chain.former as repo_id, known.hub_id, known.created_on, known.from_day, known.until_day
from chain join known_names as known on known.repo_id = chain.latest
qualify row_number() over (partition by chain.former, known.from_day order by chain.steps desc, known.hub_id) = 1
"""

# Typed rows of the requested days; `problem` is the reason to reject a row, or null.
_CHECKED = """
create or replace temp view checked as
select
    repo_id,
    try_cast(day as date) as day,
    try_cast(downloads_30d as bigint) as downloads_30d,
    try_cast(downloads_all_time as bigint) as downloads_all_time,
    try_cast(likes as bigint) as likes,
    read_at,
    case
        when repo_id is null or not regexp_full_match(repo_id, '[\\w.-]+(/[\\w.-]+)?') then 'no repository name'
        when try_cast(day as date) is null then 'no valid day'
        when try_cast(day as date) > date {today} then 'the day is in the future'
        when not_whole(downloads_30d) then 'downloads_30d is not a whole number'
        when not_whole(downloads_all_time) then 'downloads_all_time is not a whole number'
        when not_whole(likes) then 'likes is not a whole number'
        when least(try_cast(downloads_30d as bigint), try_cast(downloads_all_time as bigint), try_cast(likes as bigint))
            < 0 then 'a counter is negative'
        when coalesce(downloads_30d, downloads_all_time, likes) is null then 'no counter'
    end as problem
from raw
where coalesce(try_cast(day as date) between date {first} and date {last}, true)
    and coalesce(try_cast(day as date) not in ({excluded}), true)
"""

# A repository created after the day is not a match: another one had its name then.
_MATCHED = """
create or replace table matched as
select
    checked.repo_id,
    coalesce(direct.hub_id, renamed.hub_id, 'name:' || checked.repo_id) as hub_id,
    direct.hub_id is not null as is_direct,
    checked.day,
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
where checked.problem is null
"""

# Landed rows take precedence over rows that match now (`is_direct`): both may belong to one repository.
_REMATCHED = """
create or replace table matched as
select
    landed.hub_id as repo_id,
    coalesce(direct.hub_id, landed.hub_id) as hub_id,
    direct.hub_id is null as is_direct,
    date {day} as day,
    landed.downloads_30d,
    landed.downloads_all_time,
    landed.likes,
    landed.read_at
from read_parquet({file}) as landed
left join known_names as direct
    on starts_with(landed.hub_id, 'name:') and direct.repo_id = landed.hub_id[6:]
    and date {day} between direct.from_day and direct.until_day
    and date {day} >= coalesce(direct.created_on, date {day})
"""

_ROWS_OF_DAY = """
select hub_id, downloads_30d, downloads_all_time, likes, null::double as trending_score, read_at
from matched
where day = $day and ($with_unmatched or not starts_with(hub_id, 'name:'))
qualify row_number() over (
    partition by hub_id order by is_direct desc, downloads_all_time desc nulls last, downloads_30d desc, repo_id
) = 1
order by hub_id
"""


@dataclass(frozen=True, slots=True)
class RejectedRows:
    """Rows rejected for one reason."""

    reason: str
    rows: int
    example: str


@dataclass(frozen=True, slots=True)
class Renames:
    """A Parquet file of renamed repositories, and the names of its two columns."""

    file: Path
    former: str
    latest: str


class Matcher:
    """Matches one archive file at a time, in a DuckDB file in the work folder. Use it as a context manager."""

    def __init__(self, folder: Path, lake: Lake) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "matching.duckdb"
        for leftover in folder.glob(f"{self._path.name}*"):  # of a killed run; DuckDB must not replay its log
            leftover.unlink()
        self._connection = duckdb.connect(str(self._path))
        self._connection.execute(
            f"set timezone = 'UTC'; set memory_limit = '{MEMORY_LIMIT}'; set preserve_insertion_order = false; "
            f"set temp_directory = {literal(str(folder / 'tmp'))}; {_MACROS}"
        )
        self._load_known_names(lake)

    def __enter__(self) -> "Matcher":
        """Return the matcher."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close and delete the DuckDB file."""
        self._connection.close()
        self._path.unlink(missing_ok=True)

    def load_renames(self, renames: Renames) -> None:
        """Load an archive's list of renamed repositories."""
        former, latest = _quoted(renames.former), _quoted(renames.latest)
        self._connection.execute(
            f"create or replace table renames as select distinct {former} as former, {latest} as latest "
            f"from read_parquet({literal(str(renames.file))}) where {former} is not null and {latest} is not null"
        )
        self._connection.execute(_RENAMED_NAMES)

    def load_file(self, reader: str, columns: Sequence[Column]) -> None:
        """Load the rows of a local file; `reader` is the SQL table function that reads it."""
        available = {column.meaning: _quoted(column.name) for column in columns}
        selected = ", ".join(f"{available.get(name, 'null')} as {name}" for name in ("repo_id", "day", *_COUNTERS))
        self._connection.execute("drop table if exists raw_rows")
        self._connection.execute(
            f"create or replace temp view raw as select {selected}, null::timestamptz as read_at from {reader}"
        )

    def load_day(
        self, tables: Iterable[pa.Table], columns: Sequence[Column], day: date, read_at: datetime | None
    ) -> None:
        """Load the rows of one day, a table (row group) at a time."""
        self._connection.execute("drop view if exists raw")
        self._connection.execute(
            "create or replace table raw_rows "
            "(repo_id varchar, downloads_30d bigint, downloads_all_time bigint, likes bigint)"
        )
        for table in tables:
            available = [column for column in columns if column.name in table.column_names]
            targets = ", ".join(column.meaning for column in available)
            sources = ", ".join(_quoted(column.name) for column in available)
            self._connection.register("row_group", table)
            self._connection.execute(f"insert into raw_rows ({targets}) select {sources} from row_group")
            self._connection.unregister("row_group")
        at = f"timestamptz {literal(read_at.isoformat())}" if read_at else "null::timestamptz"
        self._connection.execute(
            f"create or replace temp view raw as select *, date {literal(day.isoformat())} as day, {at} as read_at "
            "from raw_rows"
        )

    def match(self, options: ImportOptions, excluded: Iterable[date], where: str) -> list[RejectedRows]:
        """Check and match the loaded rows of the requested days, without `excluded` days; return the rejected rows.

        Raises DataError, which names the file as `where`, if the file is damaged.
        """
        days = ", ".join(f"date {literal(day.isoformat())}" for day in (date.min, *sorted(excluded)))
        limits = {"first": options.first, "last": options.until or date.max, "today": options.today}
        texts = {name: literal(day.isoformat()) for name, day in limits.items()}
        try:
            self._connection.execute(_CHECKED.format(excluded=days, **texts))
            self._connection.execute(_MATCHED)
            rejected = rows(
                self._connection,
                "select problem, count(*), min(coalesce(repo_id, 'a row without name') || coalesce(' on ' || day, '')) "
                "from checked where problem is not null group by problem order by all",
            )
        except (duckdb.InvalidInputException, duckdb.ConversionException) as problem:
            raise DataError(f"{where} cannot be read ({str(problem).splitlines()[0]}).") from problem
        return [RejectedRows(*row) for row in rejected]

    def has_new_matches(self) -> bool:
        """Whether a landed name without a repository belongs to one that was crawled since."""
        query = "select exists (from landed_names join known_names on known_names.repo_id = landed_names.hub_id[6:])"
        return bool(one(self._connection, query))

    def rematch(self, partition: Path, day: date) -> int:
        """Match a landed partition again; return how many of its unmatched rows now match a repository."""
        self._connection.execute(_REMATCHED.format(file=literal(str(partition)), day=literal(day.isoformat())))
        return int(one(self._connection, "select count(*) from matched where not is_direct"))

    def days(self) -> list[tuple[date, int, int]]:
        """Return each matched day with its number of rows and of rows that match no repository."""
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
                f"insert into landed_names select distinct hub_id from read_parquet([{_path_list(files)}])"
            )

    def _load_known_names(self, lake: Lake) -> None:
        """Load the present and former names of all crawled repositories."""
        files = lake.files("models", [manifest for manifest in lake.manifests() if manifest.source == CRAWL])
        self._connection.execute(_KNOWN_NAMES.format(files=_path_list(files)) if files else _NO_KNOWN_NAMES)
        self._connection.execute("create table renamed_names as select * from known_names where false")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _path_list(files: Sequence[Path]) -> str:
    return ", ".join(literal(str(file)) for file in files)
