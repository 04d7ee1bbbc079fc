"""The benchmark's home of years has every day of the simulated Hub."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.benchmarks.years import write_lake
from tracker.lake.lake import Lake


@pytest.mark.slow
def test_lake_of_years_has_the_readings_of_every_day(tmp_path: Path) -> None:
    write_lake(tmp_path, models=800, days=4)
    lake = Lake(tmp_path)
    manifests = lake.manifests()
    assert len({manifest.day for manifest in manifests}) == len(manifests) == 4
    for manifest in manifests:
        [file] = lake.files("model_days", [manifest])
        readings = pq.read_table(file, partitioning=None)
        assert readings.num_rows == manifest.models > 500
        assert len(set(readings["hub_id"].to_pylist())) == readings.num_rows
