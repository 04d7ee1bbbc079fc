"""The columns an archive must have, and what they are to us."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tracker.errors import DataError

ALL_TIME_SINCE = date(2025, 2, 27)
"""All-time counters are in no archive before this day."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an archive."""

    name: str
    meaning: str
    """Its name in the lake."""

    kind: str
    """`text`, `day`, `number`, or `count`: a number that may be written as text."""

    since: date = date.min
    """It may be absent from files that hold only days before this one."""


SERIES = (
    Column("id", "repo_id", "text"),
    Column("day", "day", "day"),
    Column("dl30", "downloads_30d", "number"),
    Column("dl_all", "downloads_all_time", "number", ALL_TIME_SINCE),
    Column("likes", "likes", "number"),
)
RENAMES = (Column("old", "former", "text"), Column("new", "latest", "text"))
_OTHER_RENAMES = (("old_id", "new_id"), ("from_id", "to_id"), ("from", "to"), ("old_name", "new_name"))
"""The archive documents no names for these two columns, so a few others are understood."""

SNAPSHOT = (
    Column("id", "repo_id", "text"),
    Column("downloads", "downloads_30d", "number"),
    Column("downloadsAllTime", "downloads_all_time", "number", ALL_TIME_SINCE),
    Column("likes", "likes", "number"),
)


def present(schema: pa.Schema, wanted: Sequence[Column], where: str, last_day: date = date.max) -> list[Column]:
    """Those of the wanted columns that a file has.

    Raises DataError, naming the column, if a needed one is missing or cannot hold what it should.
    """
    found = []
    for column in wanted:
        if column.name in schema.names:
            refuse_other_kind(schema.field(column.name).type, column, where)
            found.append(column)
        elif last_day >= column.since:
            raise DataError(
                f"{where} has no column {column.name!r} (it has {', '.join(schema.names)}). Its layout has changed, "
                "and this version of the tracker cannot read it. Nothing of it was imported."
            )
    return found


def renames(schema: pa.Schema, where: str) -> list[Column]:
    """The columns of a former and a later name. Raises DataError."""
    for pair in _OTHER_RENAMES:
        if "old" not in schema.names and set(pair) <= set(schema.names):
            named = [replace(column, name=name) for column, name in zip(RENAMES, pair, strict=True)]
            return present(schema, named, where)
    return present(schema, RENAMES, where)


def local_schema(file: Path, where: str) -> pa.Schema:
    """The columns of a Parquet file on disk. Raises DataError if it is none."""
    try:
        return pq.read_schema(file)
    except pa.ArrowException as problem:
        raise DataError(f"{where} is no Parquet file that can be read ({problem}). Nothing was imported.") from problem


def refuse_other_kind(kind: pa.DataType, column: Column, where: str) -> None:
    """Raises DataError if a column of this type cannot hold what it should."""
    is_text = pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    is_number = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_null(kind)
    fits = {
        "text": is_text,
        "day": is_text or pa.types.is_date(kind) or pa.types.is_timestamp(kind),
        "number": is_number,
        "count": is_number or is_text or pa.types.is_decimal(kind),
    }
    if pa.types.is_dictionary(kind):
        refuse_other_kind(kind.value_type, column, where)
    elif not fits[column.kind]:
        raise DataError(
            f"{where}: the column {column.name!r} is {kind}, not a {column.kind}: this version of the "
            "tracker cannot read it. Nothing of it was imported."
        )
