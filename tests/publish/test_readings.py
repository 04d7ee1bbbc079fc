"""Readings of other rulers in a dataset: published with the crawls, pulled into an empty home, checked before use."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.publish.conftest import REPO
from tracker.errors import DataError, HomeError
from tracker.lake import axis_days
from tracker.lake.axis_days import AxisManifest
from tracker.lake.lake import Lake

DAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def reading(lake: Lake, axis: str = "openrouter", row: Mapping[str, Any] = {}, **changes: Any) -> AxisManifest:
    """Land a reading of one row, usual but for `row` and, in the manifest, `changes`."""
    usual = {
        **{"axis": axis, "entity_kind": "model", "entity": "a/b", "day": DAY, "metric": "tokens", "value": 5.0},
        **{"is_cumulative": False, "precision": "exact", "read_at": NOW, "source_revision": "x"},
    }
    manifest = AxisManifest(
        **{"crawl": f"{DAY}-{axis}", "day": DAY, "axis": axis, "endpoint": "http://x", "started_at": NOW},
        **{"ended_at": NOW, "seconds": 1.0, "requests": 1, "bytes": 9, "rows": 1, "entities": 1, "first_day": DAY},
        **{"last_day": DAY, "revision": "x", "title": "Tokens", "unit": "tokens", "licence": "CC BY 4.0"},
        **{"licence_url": "http://l", "attribution": "Credit", "refused": 0, "refused_because": {}},
        **{"is_simulated": True, "program_version": "0"},
    )
    rows = pa.Table.from_pylist([usual | {"hub_id": None, "repo_id": None} | row], schema=axis_days.SCHEMA)
    return axis_days.land(lake, replace(manifest, **changes), rows, lake.runs / "reading")


def test_readings_arrive_in_an_empty_home(cloud: Any, part: Callable[..., Path], tmp_path: Path) -> None:
    home = part("home", date(2026, 11, 20))
    own = reading(Lake(home))
    sent = cloud.publish(home)
    assert {"lake/axis_days/read=2026-11-20/openrouter.parquet", "lake/axis_crawls.jsonl"} <= sent.files.keys()
    assert cloud.publish(home).files == {}
    pulled = cloud.pull(tmp_path / "other")
    assert pulled.readings == ["2026-11-20-openrouter"]
    other = Lake(tmp_path / "other")
    assert axis_days.manifests(other) == [own]
    assert axis_days.files(other, [own])[0].read_bytes() == axis_days.files(Lake(home), [own])[0].read_bytes()
    assert cloud.pull(tmp_path / "other").readings == []
    reading(other, axis="modelscope")
    cloud.publish(other.home)
    assert cloud.pull(home).readings == ["2026-11-20-modelscope"]


HOSTILE = {
    "a path outside of the lake": {"files": [{"path": "../../x", "rows": 1, "bytes": 1, "sha256": "0"}]},
    "a name with a path": {"axis": "../x", "crawl": "2026-11-20-../x"},
    "other rows": {"rows": 2},
    "another axis": {
        "axis": "modelscope",
        "crawl": "2026-11-20-modelscope",
    },
}


def test_reading_that_is_not_ours_is_refused(cloud: Any, part: Callable[..., Path], tmp_path: Path) -> None:
    home, other = part("home", date(2026, 11, 20)), tmp_path / "other"
    own = reading(Lake(home))
    cloud.publish(home)
    for name, change in HOSTILE.items():
        listed = json.loads(axis_days.manifest_json(own)) | change
        content = {"lake/axis_crawls.jsonl": json.dumps(listed).encode() + b"\n"}
        cloud.hub.datasets.commit(REPO, content, "Hostile", "", None, datetime.now(UTC))
        with pytest.raises(DataError):
            cloud.pull(other)
        assert axis_days.manifests(Lake(other)) == [], name


UNUSABLE = {
    "a value is missing": {"value": None},
    "a day is outside": {"day": date(2017, 1, 1)},
    "a value is impossible": {"value": -1.0},
    "a name is too long": {"entity": "a" * 1_000},
}


def test_reading_with_unusable_rows_is_refused(cloud: Any, part: Callable[..., Path], tmp_path: Path) -> None:
    home, other = part("home", date(2026, 11, 20)), tmp_path / "other"
    for problem, row in UNUSABLE.items():
        reading(Lake(home), row=row)
        cloud.publish(home)
        with pytest.raises(DataError, match=problem):
            cloud.pull(other)
        assert axis_days.manifests(Lake(other)) == []


def test_real_and_simulated_readings_do_not_mix(cloud: Any, part: Callable[..., Path], tmp_path: Path) -> None:
    home = part("home", date(2026, 11, 20))
    reading(Lake(home))
    cloud.publish(home)
    other = Lake(tmp_path / "other")
    reading(other, axis="modelscope", is_simulated=False)
    with pytest.raises(HomeError, match="must not mix"):
        cloud.pull(other.home)
