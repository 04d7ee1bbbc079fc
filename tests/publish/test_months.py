"""Compacted months: every value survives the round trip."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples
from tracker.errors import DataError
from tracker.lake.lake import Lake
from tracker.lake.writer import SCHEMAS, LakeWriter
from tracker.publish.months import compact, expand, verify

FIRST = date(2026, 8, 1)
IDS = st.sampled_from([f"{0x66000000 + n:024x}" for n in range(8)] + ["name:someone/ünï"])
WHOLE = st.none() | st.integers(-(2**63), 2**63 - 1)
TIMES = st.datetimes(datetime(2022, 1, 1), datetime(2030, 1, 1))
ROWS = {
    "model_days": st.tuples(IDS, WHOLE, WHOLE, st.none() | st.integers(0, 9), st.none() | st.floats(), TIMES),
    "edges": st.tuples(
        IDS, st.none() | IDS, st.text(max_size=5), st.text(max_size=3), st.just("tag"), st.integers(1, 3)
    ),
}


def written(folder: Path, table: str, days: dict[date, list[Any]]) -> list[Path]:
    paths = []
    for day, rows in days.items():
        into = folder / f"day={day}"
        into.mkdir(parents=True)
        names = SCHEMAS[table].names
        found = [dict(zip(names, row, strict=True)) for row in sorted(rows, key=lambda row: row[0])]
        paths.append(into / "hub.parquet")
        pq.write_table(pa.Table.from_pylist(found, schema=SCHEMAS[table]), paths[-1])
    return paths


def row_texts(path: Path) -> list[str]:
    """Return the rows as text, sorted, so that 0.0 and -0.0 differ."""
    return sorted(map(repr, pq.ParquetFile(path).read().to_pylist()))


@pytest.mark.parametrize("table", ["model_days", "edges"])
@settings(max_examples=examples(20), deadline=None)
@given(data=st.data())
def test_expand_returns_what_compact_stored(
    table: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("month")
    found = data.draw(st.lists(st.lists(ROWS[table], min_size=1, max_size=12), min_size=1, max_size=4))
    days = {FIRST + timedelta(days=number): rows for number, rows in enumerate(found)}
    paths = written(folder, table, days)
    compact(table, paths, folder / "month.parquet", slice_rows=5)
    sinks = {}
    for day in days:
        (folder / str(day)).mkdir()
        sinks[day] = LakeWriter(folder / str(day))
    expand(table, folder / "month.parquet", sinks)
    for path, (day, sink) in zip(paths, sinks.items(), strict=True):
        sink.close(Lake(folder), day, "hub")
        assert row_texts(folder / str(day) / f"{table}.parquet") == row_texts(path)


@pytest.fixture
def two_days(tmp_path: Path) -> list[Path]:
    rows = [(f"{n:024x}", n, n, 0, 0.5, datetime(2026, 8, 1)) for n in range(100)]
    return written(tmp_path, "model_days", {FIRST: rows, FIRST + timedelta(days=1): rows})


@pytest.mark.parametrize(
    ("column", "value"), [("likes", 1), ("likes", None), ("trending_score", 0.25), ("hub_id", "x"), ("day", FIRST)]
)
def test_verify_detects_one_changed_value(two_days: list[Path], tmp_path: Path, column: str, value: Any) -> None:
    month = tmp_path / "month.parquet"
    compact("model_days", two_days, month)
    table = pq.ParquetFile(month).read()
    rows = table.to_pylist()
    rows[7][column] = value
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), month)
    with pytest.raises(DataError, match=r"differs from its day files on 2026-08-0"):
        verify("model_days", two_days, month)


def test_month_file_is_sorted_and_polars_reads_it(two_days: list[Path], tmp_path: Path) -> None:
    month = tmp_path / "month.parquet"
    compact("model_days", two_days, month)
    found = pl.read_parquet(month)
    assert found.select("hub_id", "day").equals(found.select("hub_id", "day").sort("hub_id", "day"))
    assert found.group_by("day").len()["len"].to_list() == [100, 100]


def test_compact_on_a_full_disk_raises(two_days: list[Path]) -> None:
    with pytest.raises(OSError, match="No space left on device"):
        compact("model_days", two_days, Path("/dev/full"))


def test_month_with_one_day_has_its_rows(two_days: list[Path], tmp_path: Path) -> None:
    compact("model_days", two_days[:1], tmp_path / "month.parquet")
    assert pq.read_metadata(tmp_path / "month.parquet").num_rows == 100
