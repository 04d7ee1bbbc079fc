"""Write the day files of a slim warehouse: those of new days, and those of earlier months that changed."""

import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tracker.database import Connection, literal, rows
from tracker.lake.lake import sha256_and_size, sync
from tracker.warehouse.day_files import FOLDER, IDS, STEPS, TABLES, DayFile, numbered_sql, view_sql
from tracker.warehouse.sql_files import NEW, STEPS_SCHEMA

MAX_FILES = 5
"""Files of a month before they become one. A reader opens each of them."""

KEEP_UNUSED = timedelta(days=2)
"""How long files stay that the warehouse no longer reads. A reader of an earlier build may have it open that long."""

_PAGE_BYTES = 2**17
"""A reader of one model's history decompresses one page of each counter: a month then costs as much CPU time as in
DuckDB's own format. Pages of a megabyte cost half as much again, and save 3% of the bytes."""

_ROW_GROUP = 122_880
"""Rows between which a reader skips by the lowest and highest number. A million would save 2% and double the time of
one model's history; fewer cost as much in comparisons as they save."""

_LEVEL = 9
"""8% fewer bytes than level 3, and no CPU time that can be measured in a build. Level 19 takes 20 times as long."""

SORTED_ROWS = 10_000_000
"""Rows that are sorted at once. A sort that does not fit in memory writes all its rows to disk; a month of the whole
Hub has 100 million. Each range of fewer rows runs the query once more."""

SAMPLED = 1024
"""One repository in so many is counted to find the ranges."""

_UNUSED = "unused.json"
_BY_REPOSITORY = "order by date_trunc('month', day), id, day"


@dataclass(frozen=True, slots=True)
class _Range:
    """Conditions on the numbers of repositories, and on ids: a query can skip other ids before it joins numbers."""

    numbers: str = "true"
    ids: str = "true"

    def of(self, query: str) -> str:
        """Return a select of the rows of a query with ids, with their numbers in place of them."""
        numbered = (
            "select coalesce(ids.id, error(found.hub_id || ' has no number')::integer) as id, found.* exclude (hub_id) "
            f"from (select * from ({query}) where {self.ids}) as found left join {IDS} as ids using (hub_id)"
        )
        return f"select * from ({numbered}) where {self.numbers}"


class DayWriter:
    """The day files of the warehouse that is being built."""

    def __init__(self, connection: Connection, home: Path, scratch: Path, earlier: Sequence[DayFile] = ()) -> None:
        self._connection, self._home, self._scratch = connection, home.resolve(), scratch
        self._files = list(earlier)
        for leftover in (home / FOLDER).rglob("*.new"):
            leftover.unlink()
        schema = IDS.split(".")[0]
        connection.execute(f"create schema if not exists {schema}")
        connection.execute(f"create table if not exists {IDS} (id integer, hub_id varchar)")
        connection.execute(f"comment on table {IDS} is 'The number that the day files have in place of an id.'")

    @property
    def files(self) -> list[DayFile]:
        """The files that the new warehouse reads."""
        return sorted(self._files, key=lambda file: (file.table, file.month, file.file))

    def append(self, table: str, query: str, since: date | None) -> None:
        """Write the rows of days after `since`, and create the view of the table."""
        later = f"day > {literal(str(since))}::date" if since else "true"
        if not since:
            self._forget(table)
        self._number_ids()
        months = f"select distinct date_trunc('month', day)::date from ({query}) where {later} order by all"
        for (month,) in rows(self._connection, months):
            self._write_new(table, f"select * from ({query}) where {later} and {_within(month)}")
        self._finish(table, query, since)

    def write_all(self, table: str, query: str) -> None:
        """Write all rows of a query, and create the view of the table."""
        self._forget(table)
        self._number_ids()
        self._write_new(table, _unsorted(query))
        self._finish(table, query, None)

    def write_step(self, table: str, query: str) -> None:
        """Write all rows of a query, which sorts them by month, and create the view. Equal files are kept."""
        self._forget(table)
        self._write_parts(table, [query])
        self._finish(table, query, None)

    def replace_repositories(self, table: str, query: str, repositories: str, since: date) -> None:
        """Replace the rows of the repositories in one table by those of a query, and create the view.

        A month without a removed row gets a further file. Other months are written again. The rows of the query stay
        in the scratch folder until the end of the build, and have a view of their own.
        """
        self._number_ids()
        ranges, new = self._stage(f"{NEW}{table}", _unsorted(query))
        theirs = f"select id from {IDS} where hub_id in (select hub_id from {repositories})"
        files = self._of(table)
        earlier = f"select * from ({numbered_sql(files, self._home) if files else new}) "
        earlier += f"where id in ({theirs})" if files else "where false"
        changed = self._months_with_removed(earlier, new, ranges, {file.month for file in files})
        for month in sorted(changed):
            old = self._of(table, month)
            kept = f"select * from ({numbered_sql(old, self._home)}) where id not in ({theirs})"
            self._files = [file for file in self._files if file not in old]
            self._write(table, f"{kept} union all by name select * from ({new}) where {_within(month)}")
        other_months = "true" + "".join(f" and not ({_within(month)})" for month in changed)
        self._write(
            table,
            f"select * from ({new}) where {other_months} except select * from ({earlier}) where {other_months}",
            ranges,
        )
        self._finish(table, f"from {NEW}{table}", since)

    def _stage(self, name: str, query: str) -> tuple[Sequence[_Range], str]:
        """Write the rows of a query with numbers as Parquet into the scratch folder, and create a view with ids.

        Return the ranges of the files and a select of their rows. A temporary table of all downloads of the whole Hub
        would take gigabytes.
        """
        folder, ranges = self._scratch / name, self._ranges_of_new(query)
        folder.mkdir(parents=True)
        files = [literal(str(folder / f"{number}.parquet")) for number in range(len(ranges))]
        for one_range, file in zip(ranges, files, strict=True):
            self._connection.execute(f"copy ({one_range.of(query)}) to {file} (format parquet, compression zstd)")
        new = f"select * from read_parquet([{', '.join(files)}], hive_partitioning = false)"
        self._connection.execute(
            f"create temp view {name} as select ids.hub_id, numbered.* exclude (id) "
            f"from ({new}) as numbered join {IDS} as ids using (id)"
        )
        return ranges, new

    def _months_with_removed(self, old: str, new: str, ranges: Sequence[_Range], months: Collection[date]) -> set[date]:
        """Return the months in which the new rows lack some of the old ones."""
        found: set[date] = set()
        for one in ranges:
            removed = f"select * from ({old}) where {one.numbers} except select * from ({new}) where {one.numbers}"
            query = f"select distinct date_trunc('month', day)::date from ({removed})"
            found |= {month for (month,) in rows(self._connection, query)}
            if found.issuperset(months):
                break
        return found

    def _finish(self, table: str, query: str, since: date | None) -> None:
        """Merge the files of months that have many, or that are now over, and create the view."""
        months = sorted({file.month for file in self._files if file.table == table})
        for month in months:
            old = self._of(table, month)
            is_over = since is not None and month == since.replace(day=1) and month < months[-1]
            if len(old) > MAX_FILES or (is_over and len(old) > 1):
                self._files = [file for file in self._files if file not in old]
                self._write(table, numbered_sql(old, self._home))
        files = [file for file in self.files if file.table == table]
        if files:
            view = view_sql(files, self._home)
        else:
            types = rows(self._connection, f"describe {query}")
            view = f"select {', '.join(f'null::{kind} as {name}' for name, kind, *_ in types)} where false"
        schema = STEPS_SCHEMA if table in STEPS else "main"
        self._connection.execute(f"create or replace view {schema}.{table} as {view}")

    def _number_ids(self) -> None:
        """Number the ids that have none yet."""
        self._connection.execute(
            f"insert into {IDS} select (select coalesce(max(id), 0) from {IDS}) + row_number() over (order by hub_id), "
            f"hub_id from core_first_last_seen where hub_id not in (select hub_id from {IDS})"
        )

    def _forget(self, table: str) -> None:
        self._files = [file for file in self._files if file.table != table]

    def _of(self, table: str, month: date | None = None) -> list[DayFile]:
        return [file for file in self.files if file.table == table and month in (None, file.month)]

    def _write_new(self, table: str, query: str) -> None:
        """Write the rows of a query with ids."""
        self._write_parts(table, [f"{one.of(query)} {_BY_REPOSITORY}" for one in self._ranges_of_new(query)])

    def _write(self, table: str, query: str, ranges: Sequence[_Range] = ()) -> None:
        """Write the rows of a query with numbers."""
        if not ranges:
            ranges = self._ranges(f"select id from ({query}) where {_sampled('id')}")
        self._write_parts(table, [f"select * from ({query}) where {one.numbers} {_BY_REPOSITORY}" for one in ranges])

    def _write_parts(self, table: str, queries: Sequence[str]) -> None:
        """Write the rows of queries into one new file per month, in their order.

        If they are sorted by repository, the history of one is a small part of each file.
        """
        folder = self._home / FOLDER / table
        folder.mkdir(parents=True, exist_ok=True)
        writers: dict[date, pq.ParquetWriter] = {}
        counts: dict[date, int] = {}
        try:
            for query in queries:
                for batch in self._connection.sql(query).to_arrow_reader(_ROW_GROUP):
                    for month, of_month in _by_month(batch):
                        if month not in writers:
                            writers[month] = _writer(_temporary(folder, month), batch.schema)
                        writers[month].write_batch(of_month)
                        counts[month] = counts.get(month, 0) + of_month.num_rows
        finally:
            for writer in writers.values():
                writer.close()
        self._files += [self._name(table, month, count) for month, count in counts.items()]

    def _ranges_of_new(self, query: str) -> list[_Range]:
        """Return ranges for a query with ids."""
        sampled = f"select hub_id from ({query}) where {_sampled('hub_id')}"
        return self._ranges(f"select id from ({sampled}) join {IDS} using (hub_id)")

    def _ranges(self, sample: str) -> list[_Range]:
        """Return ranges of repositories with about as many rows as are sorted at once, from a sample of the rows."""
        numbers = [number for (number,) in rows(self._connection, f"{sample} order by id")]
        count = 1 + len(numbers) * SAMPLED // SORTED_ROWS
        first = sorted({numbers[len(numbers) * part // count] for part in range(1, count)} - {*numbers[:1]})
        if not first:
            return [_Range()]
        lows = [f"id >= {number}" for number in first]
        highs = [f"id < {number}" for number in first]
        return [self._range(f"{low} and {high}") for low, high in zip(["true", *lows], [*highs, "true"], strict=True)]

    def _range(self, numbers: str) -> _Range:
        [(low, high)] = rows(self._connection, f"select min(hub_id), max(hub_id) from {IDS} where {numbers}")
        return _Range(numbers, f"hub_id between {literal(low)} and {literal(high)}")

    def _name(self, table: str, month: date, count: int) -> DayFile:
        """Give a finished file its name, unless an earlier build has written the same content."""
        temporary = _temporary(self._home / FOLDER / table, month)
        sha256, size = sha256_and_size(temporary)
        file = DayFile(table, month, f"{FOLDER}/{table}/{month:%Y-%m}.{sha256[:16]}.parquet", count, size)
        if file.is_in(self._home):
            temporary.unlink()
        else:
            sync(temporary)
            temporary.replace(self._home / file.file)
        return file


def remove_unused(home: Path, used: Sequence[DayFile], now: datetime) -> None:
    """Delete the day files that have not been used for two days. `unused.json` records since when."""
    folder = home / FOLDER
    if not folder.is_dir():
        return
    names = {file.file for file in used}
    found = [path for table in (*TABLES, *STEPS) for path in sorted((folder / table).glob("*.parquet"))]
    unused = {path.relative_to(home).as_posix(): path for path in found}
    unused = {name: path for name, path in unused.items() if name not in names}
    known = _unused_since(folder / _UNUSED)
    since = {name: min(known.get(name, now), now) for name in unused}
    for name, moment in list(since.items()):
        if now - moment >= KEEP_UNUSED:
            with suppress(PermissionError):  # on Windows, a reader has it open: the next build tries again
                unused[name].unlink()
                del since[name]
    temporary = folder / f"{_UNUSED}.new"
    temporary.write_text(json.dumps({name: moment.isoformat() for name, moment in since.items()}, indent=1))
    temporary.replace(folder / _UNUSED)


def _unused_since(path: Path) -> dict[str, datetime]:
    try:
        content = json.loads(path.read_text())
        return {name: datetime.fromisoformat(moment) for name, moment in content.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def _unsorted(query: str) -> str:
    """Return a query without its last order by: sorting twice would take twice the memory."""
    return query.rsplit("\norder by ", 1)[0]


def _sampled(column: str) -> str:
    """Return a condition that filters can be pushed down with: `%` could fail, so DuckDB would apply it last."""
    return f"hash({column}) <= {2**64 // SAMPLED - 1}"


def _within(month: date) -> str:
    return f"day >= date '{month}' and day < date '{month}' + interval 1 month"


def _by_month(batch: pa.RecordBatch) -> Iterator[tuple[date, pa.RecordBatch]]:
    """Split a batch into its months, by their first days."""
    months = pc.floor_temporal(batch["day"], unit="month").cast(pa.date32())
    for month in pc.unique(months).to_pylist():
        yield month, batch.filter(pc.equal(months, pa.scalar(month, pa.date32())))


def _temporary(folder: Path, month: date) -> Path:
    return folder / f"{month:%Y-%m}.new"


def _writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """Store counters byte by byte, as most of their bytes are the same from day to day, and the rest by dictionary.

    Sorted numbers of ids are stored as differences: with a dictionary, they would be a third of the bytes.
    """
    counters = [field.name for field in schema if pa.types.is_int64(field.type) or field.name == "downloads"]
    return pq.ParquetWriter(
        path,
        schema,
        compression="zstd",
        compression_level=_LEVEL,
        version="2.6",
        data_page_version="2.0",
        use_dictionary=[name for name in schema.names if name not in {"id", *counters}],
        column_encoding={"id": "DELTA_BINARY_PACKED", **dict.fromkeys(counters, "BYTE_STREAM_SPLIT")},
        write_statistics=["id", "root_id", "day"],
        store_schema=False,
        data_page_size=_PAGE_BYTES,
        write_page_index=True,
    )
