"""When a listing was read, from the statistics of its Parquet file."""

import io
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tracker.history.reading_time import reading_time

EARLY, LATE = datetime(2026, 9, 1, 8, tzinfo=UTC), datetime(2026, 9, 2, 8, tzinfo=UTC)
THERE = timezone(timedelta(hours=9))


def footer(columns: dict[str, Any], **options: Any) -> pq.FileMetaData:
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file, row_group_size=1, **options)
    return pq.ParquetFile(file).metadata


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"lastModified": [LATE, EARLY], "createdAt": [EARLY, EARLY]}, LATE),
        ({"lastModified": [LATE.astimezone(THERE), EARLY.astimezone(THERE)]}, LATE),
        ({"lastModified": pa.array([LATE, None], pa.timestamp("ms"))}, LATE),
        ({"lastModified": ["2026-09-02T08:00:00.000Z", "2026-09-01T08:00:00.000Z"]}, LATE),
        ({"createdAt": [EARLY, LATE]}, LATE),
        ({"lastModified": pa.nulls(2, pa.timestamp("ms", "UTC")), "createdAt": [EARLY, EARLY]}, EARLY),
        ({"lastModified": ["soon", "later"], "createdAt": [1, 2]}, None),
        ({"id": ["a/b", "c/d"]}, None),
        ({"lastModified": pa.array([2**62, 1788249600000000]).cast(pa.timestamp("us", "UTC"))}, EARLY),
    ],
)
def test_reading_time_is_the_newest_change(columns: dict[str, Any], expected: datetime | None) -> None:
    assert reading_time(footer(columns)) == expected


def test_reading_time_is_unknown_without_statistics() -> None:
    assert reading_time(footer({"lastModified": [EARLY, LATE]}, write_statistics=False)) is None
