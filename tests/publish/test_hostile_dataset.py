"""A dataset with false manifests or files: nothing lands, and nothing of the home is replaced or deleted."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.publish.conftest import Cloud
from tracker.domain import Manifest
from tracker.errors import DataError
from tracker.lake.bounds import MAX_COUNTER
from tracker.lake.lake import Lake, parse_manifest, sha256_and_size
from tracker.lake.writer import SCHEMAS
from tracker.publish.validation import check_file, check_manifests

Part = Callable[..., Path]
FIRST, LAST = date(2026, 11, 14), date(2026, 11, 15)
NEXT = date(2026, 11, 16)
FILE = {"path": "model_days/day=2026-11-16/hub.parquet", "rows": 5, "bytes": 99, "sha256": "0" * 64}

LIES: list[tuple[dict[str, Any], str]] = [
    ({"crawl": "./2026-11-15-hub"}, "its name must be 2026-11-16-hub"),
    ({"crawl": "../../../x"}, "its name must be"),
    ({"crawl": "2026-11-15-hub"}, "its name must be"),
    ({"crawl": "2026-11-16-hub\n"}, "its name must be"),
    ({"scope": "../hub", "crawl": "2026-11-16-../hub"}, "no crawl has the scope"),
    ({"scope": "hub ", "crawl": "2026-11-16-hub "}, "no crawl has the scope"),
    ({"scope": "file-x", "crawl": "2026-11-16-file-x"}, "no crawl has the scope"),
    ({"scope": "file-../x", "source": "file", "crawl": "2026-11-16-file-../x"}, "no crawl has the scope"),
    ({"source": "hub-weekly"}, "no crawl has the scope 'hub' and the source 'hub-weekly'"),
    ({"day": "2026-11-19", "crawl": "2026-11-19-hub"}, "before the Hub or in the future"),
    ({"day": "9999-12-31", "crawl": "9999-12-31-hub"}, "before the Hub or in the future"),
    ({"day": "0001-01-01", "crawl": "0001-01-01-hub"}, "before the Hub or in the future"),
    ({"files": [FILE | {"path": "model_days/day=2026-11-15/hub.parquet"}]}, "it must not have the file"),
    ({"files": [FILE | {"path": "model_days/day=2026-11-16/labs.parquet"}]}, "it must not have the file"),
    ({"files": [FILE | {"path": "../../../x.parquet"}]}, "it must not have the file"),
    ({"files": [FILE | {"path": "/tmp/x.parquet"}]}, "it must not have the file"),
    ({"files": [FILE | {"path": "crawls/day=2026-11-16/hub.parquet"}]}, "it must not have the file"),
    ({"files": [FILE | {"path": "model_days/day=2026-11-16/hub-01.parquet"}]}, "it must not have the file"),
    ({"files": [FILE | {"path": 7}]}, "it must not have the file"),
    ({"files": [FILE, FILE]}, "is listed twice"),
    ({"files": [FILE | {"rows": 10**12}]}, "cannot have 1000000000000 rows"),
    ({"files": [FILE | {"rows": True}]}, "cannot have True rows"),
    ({"files": [FILE | {"bytes": "9"}]}, "cannot have 9 bytes"),
    ({"files": [FILE | {"sha256": "../x"}]}, "has no SHA-256"),
    ({"models": 2**63}, "models of a crawl is .* out of range"),
    ({"models": "5"}, "models of a crawl is str, not int"),
    ({"seconds": float("inf")}, "seconds of a crawl is inf"),
    ({"seconds": float("nan")}, "seconds of a crawl is nan"),
    ({"endpoint": None}, "endpoint of a crawl is NoneType"),
    ({"is_simulated": "no"}, "is_simulated of a crawl is str"),
    ({"started_at": "2026-11-16T06:00:00"}, "started_at of a crawl is .* out of range"),
    ({"ended_at": "9999-01-01T06:00:00+00:00"}, "ended_at of a crawl is .* out of range"),
    ({"refused_because": {"x": "many"}}, "a count of a crawl is not a whole number"),
    ({"families": [7]}, "a name in a crawl is not text"),
]


@pytest.fixture(scope="session")
def manifest(simulated: Path) -> dict[str, Any]:
    """The manifest of the day after the home's last, as the dataset lists it."""
    content: dict[str, Any] = json.loads((simulated / f"lake/crawls/{NEXT}-hub.json").read_text())
    return content


@pytest.mark.parametrize(("lie", "reason"), LIES, ids=lambda value: repr(value)[:60])
def test_manifest_that_no_crawl_writes_is_refused(manifest: dict[str, Any], lie: dict[str, Any], reason: str) -> None:
    check_manifests([parse_manifest(json.dumps(manifest))], NEXT)
    with pytest.raises(ValueError, match=reason):
        check_manifests([parse_manifest(json.dumps(manifest | lie))], NEXT)


@pytest.mark.parametrize(
    ("scope", "source"), [("hub-weekly", "hub-weekly"), ("file-my-days", "file"), ("labs", "crawl")]
)
def test_manifests_of_every_source_are_accepted(manifest: dict[str, Any], scope: str, source: str) -> None:
    found = {"scope": scope, "source": source, "crawl": f"{NEXT}-{scope}", "files": []}
    check_manifests([parse_manifest(json.dumps(manifest | found))], NEXT)


def test_same_crawl_listed_twice_is_refused(manifest: dict[str, Any]) -> None:
    twice = [parse_manifest(json.dumps(manifest | {"files": []}))] * 2
    with pytest.raises(ValueError, match="is listed twice"):
        check_manifests(twice, NEXT)


def everything(home: Path) -> dict[str, bytes]:
    """Every file below a folder, without locks and downloads."""
    found = {str(path.relative_to(home)): path for path in home.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if not re.search(r"runs/|\.lock$", name)}


@pytest.mark.parametrize(("crawl", "is_forced"), [("./2026-11-15-hub", True), ("../../../outside", False)])
def test_lying_crawl_name_changes_nothing_in_the_home(
    cloud: Cloud, part: Part, manifest: dict[str, Any], crawl: str, is_forced: bool
) -> None:
    cloud.publish(part("publisher", FIRST, NEXT))
    home = part("home", FIRST, LAST)
    lines = cloud.files["lake/crawls.jsonl"] + json.dumps(manifest | {"crawl": crawl}).encode() + b"\n"
    cloud.repository.add({"lake/crawls.jsonl": lines}, "a lie", datetime(2026, 11, 21, tzinfo=UTC))
    before = everything(home.parent)
    with pytest.raises(DataError, match=r"its name must be 2026-11-16-hub.*Nothing of it was used.*whose owner you"):
        cloud.pull(home, is_forced=is_forced)
    assert everything(home.parent) == before


@pytest.fixture
def day_file(simulated: Path, tmp_path: Path) -> Callable[[str, Callable[[pa.Table], pa.Table]], tuple[Path, int]]:
    """Writes a changed copy of a day file; returns its path and its rows."""

    def day_file(table: str, change: Callable[[pa.Table], pa.Table]) -> tuple[Path, int]:
        whole = pq.ParquetFile(simulated / f"lake/{table}/day=2026-09-22/hub.parquet").read()
        target = tmp_path / f"{table}.parquet"
        pq.write_table(change(whole), target)
        return target, whole.num_rows

    return day_file


def with_value(column: str, value: Any) -> Callable[[pa.Table], pa.Table]:
    """Replaces the first value of a column."""

    def change(rows: pa.Table) -> pa.Table:
        place = rows.schema.get_field_index(column)
        kind = rows.schema.field(place).type
        values = pa.concat_arrays([pa.array([value], kind), rows[column].combine_chunks()[1:]])
        return rows.set_column(place, rows.schema.field(place), values)

    return change


def repeated(column: str, value: Any) -> Callable[[pa.Table], pa.Table]:
    """Gives all rows the same large value, which Parquet stores once."""

    def change(rows: pa.Table) -> pa.Table:
        place = rows.schema.get_field_index(column)
        field = rows.schema.field(place)
        return rows.set_column(place, field, pa.array([value] * rows.num_rows, field.type))

    return change


LYING_FILES: list[tuple[str, Callable[[pa.Table], pa.Table], str]] = [
    ("model_days", lambda rows: rows.drop_columns(["likes"]), "it has other columns"),
    ("model_days", lambda rows: rows.append_column("more", rows["likes"]), "it has other columns"),
    ("model_days", lambda rows: rows.select(rows.column_names[::-1]), "it has other columns"),
    ("model_days", lambda rows: rows.cast(rows.schema.set(3, pa.field("likes", pa.int32()))), "likes is int32"),
    ("model_days", lambda rows: rows.slice(1), "rows instead of"),
    ("model_days", lambda rows: pa.concat_tables([rows, rows.slice(0, 1)]), "rows instead of"),
    ("model_days", lambda rows: pa.concat_tables([rows.slice(1), rows.slice(1, 1)]), "several rows on one day"),
    ("model_days", with_value("hub_id", "../../x"), "1 values of hub_id are out of bounds"),
    ("model_days", with_value("hub_id", None), "values of hub_id"),
    ("model_days", with_value("downloads_30d", 2**63 - 1), "values of downloads_30d"),
    ("model_days", with_value("downloads_all_time", -1), "values of downloads_all_time"),
    ("model_days", with_value("trending_score", float("inf")), "values of trending_score"),
    ("model_days", with_value("trending_score", float("nan")), "values of trending_score"),
    ("model_days", with_value("read_at", datetime(9999, 1, 1, tzinfo=UTC)), "values of read_at"),
    ("models", with_value("repo_id", "a b"), "values of repo_id"),
    ("models", with_value("repo_id", "\x1b]0;x\x07"), "values of repo_id"),
    ("models", with_value("created_at", datetime(1, 1, 1, tzinfo=UTC)), "values of created_at"),
    ("models", with_value("gated", "perhaps"), "values of gated"),
    ("models", with_value("library_name", "x" * 2000), "values of library_name"),
    ("models", with_value("safetensors_total", 2**60), "values of safetensors_total"),
    ("models", with_value("tags", ["x" * 300_000]), "values of tags"),
    ("models", repeated("tags", ["x" * 190_000, "y"]), "bytes of text|would unpack"),
    ("edges", with_value("position", -1), "values of position"),
    ("edges", with_value("parent_ref", "x" * 300_000), "values of parent_ref"),
]


@pytest.mark.parametrize(
    ("table", "change", "reason"), LYING_FILES, ids=lambda value: None if callable(value) else repr(value)[:30]
)
def test_file_that_no_crawl_writes_is_refused(
    day_file: Callable[..., tuple[Path, int]], table: str, change: Callable[[pa.Table], pa.Table], reason: str
) -> None:
    check_file(*_as_written(day_file, table))
    path, row_count = day_file(table, change)
    with pytest.raises(ValueError, match=reason):
        check_file(path, table, row_count)


def _as_written(day_file: Callable[..., tuple[Path, int]], table: str) -> tuple[Path, str, int]:
    path, row_count = day_file(table, lambda rows: rows)
    return path, table, row_count


@pytest.mark.slow
def test_dictionary_that_unpacks_to_gigabytes_is_refused(tmp_path: Path) -> None:
    columns = {field.name: pa.nulls(300_000, field.type) for field in SCHEMAS["models"]}
    columns["hub_id"] = pa.array([f"{number:024x}" for number in range(300_000)])
    columns["repo_id"] = pa.DictionaryArray.from_arrays(pa.array([0] * 300_000), ["a/" + "x" * 190])
    tags = pa.DictionaryArray.from_arrays(pa.array([0] * 300_000), ["y" * 100_000])
    columns["tags"] = pa.ListArray.from_arrays(list(range(300_001)), tags)
    path = tmp_path / "models.parquet"
    pq.write_table(pa.table(columns), path, store_schema=False)
    assert path.stat().st_size < 5_000_000
    with pytest.raises(ValueError, match="bytes of text"):
        check_file(path, "models", 300_000)


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" + b"\xff" * 400 + b"PAR1", b"<html>login</html>"])
def test_file_that_is_no_parquet_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.parquet"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="no Parquet file that can be read"):
        check_file(path, "model_days", 1)


def test_valid_checksum_does_not_make_a_lying_file_land(cloud: Cloud, part: Part, tmp_path: Path) -> None:
    publisher = part("publisher", LAST, LAST)
    lake = Lake(publisher)
    [crawl] = lake.manifests()
    lake.save_manifest(replace(crawl, files=tuple(_huge_counter(lake, crawl))))
    cloud.publish(publisher)
    home = tmp_path / "home"
    with pytest.raises(DataError, match=r"values of downloads_30d are out of bounds\. That day was not pulled"):
        cloud.pull(home)
    assert (Lake(home).manifests(), list((home / "lake").rglob("*.parquet"))) == ([], [])


def _huge_counter(lake: Lake, crawl: Manifest) -> Iterator[Any]:
    for file in crawl.files:
        path = lake.folder / file.path
        if file.path.startswith("model_days/"):
            changed = with_value("downloads_30d", MAX_COUNTER + 1)(pq.ParquetFile(path).read())
            pq.write_table(changed, path)
        sha256, size = sha256_and_size(path)
        yield replace(file, sha256=sha256, bytes=size)


def test_lying_month_file_does_not_land(cloud: Cloud, part: Part, tmp_path: Path) -> None:
    cloud.publish(part("publisher", date(2026, 10, 30), date(2026, 11, 1)))
    path = "lake/model_days/month=2026-10/hub.parquet"
    month = pq.ParquetFile(pa.BufferReader(cloud.files[path])).read()
    changed = tmp_path / "month.parquet"
    pq.write_table(with_value("likes", 2**62)(month), changed)
    cloud.repository.add({path: changed.read_bytes()}, "a lie", datetime(2026, 11, 21, tzinfo=UTC))
    home = tmp_path / "home"
    with pytest.raises(DataError, match="1 values of likes are out of bounds"):
        cloud.pull(home)
    assert not (home / "lake").exists()
