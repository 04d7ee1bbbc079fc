"""When the rows of a full listing were read, from the statistics in the footer of its Parquet file."""

from datetime import UTC, datetime

import pyarrow.parquet as pq

_COLUMNS = ("lastModified", "createdAt")
"""Thousands of repositories change in an hour, so the newest change is as old as the listing. New ones are fewer."""


def reading_time(footer: pq.FileMetaData) -> datetime | None:
    """Return the newest time of a repository in the file, in UTC; None if the file has no statistics of them."""
    for name in _COLUMNS:
        times = [time for group in range(footer.num_row_groups) if (time := _newest(footer.row_group(group), name))]
        if times:
            return max(times)
    return None


def _newest(group: pq.RowGroupMetaData, name: str) -> datetime | None:
    for number in range(group.num_columns):
        column = group.column(number)
        if column.path_in_schema == name:
            statistics = column.statistics
            try:
                return _time(statistics.max) if statistics is not None and statistics.has_min_max else None
            except (OverflowError, ValueError):  # a time that no clock shows
                return None
    return None


def _time(value: object) -> datetime | None:
    """A time, which some eras of an archive write as text. Without a zone it is UTC."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
