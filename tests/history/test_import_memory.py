"""A large archive goes through in bounded memory. Run with `-m slow`."""

import io
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.support.archives import MODEL_PULSE
from tracker.demo.hub.datasets.store import DatasetStore, Repository
from tracker.demo.hub.server import EmbeddedHub

pytestmark = [pytest.mark.slow, pytest.mark.endless]

MODELS, DAYS = 40_000, 30
FIRST = date(2026, 9, 1)
_MEASURE = """
import resource, subprocess, sys
ended = subprocess.run(sys.argv[1:], stdout=sys.stderr)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
sys.exit(ended.returncode)
"""
# A separate process: on Linux a process inherits the peak memory of its parent.


def series() -> bytes:
    """A month of model-pulse, sorted by name as the real one; three names in four are known to the home."""
    names = [name for number in range(MODELS) for name in [f"someone/model-{number + MODELS // 4}"] * DAYS]
    days = [FIRST + timedelta(days=day) for day in range(DAYS)] * MODELS
    counts = pa.array(range(MODELS * DAYS), pa.int64())
    columns = {"id": names, "day": pa.array(days, pa.date32()), "dl30": counts, "dl_all": counts, "likes": counts}
    file = io.BytesIO()
    pq.write_table(pa.table(columns).sort_by([("id", "ascending"), ("day", "ascending")]), file)
    return file.getvalue()


@pytest.mark.timeout(1800)
def test_over_a_million_rows_are_imported_in_bounded_memory(
    tmp_path: Path, make_catalog: Callable[..., Any], make_model: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    repository = Repository(MODEL_PULSE)
    renames = io.BytesIO()
    pq.write_table(pa.table({name: pa.array([], pa.string()) for name in ("old_id", "new_id")}), renames)
    about = {"renames.parquet": renames.getvalue(), "meta.json": b'{"skip_days": [], "partial": []}'}
    repository.add({"series/2026-09.parquet": series(), **about}, "Add", datetime(2026, 10, 1, tzinfo=UTC))
    store = DatasetStore()
    store.add(repository)
    rows = [make_model(number) for number in range(MODELS)]
    with EmbeddedHub(make_catalog({date(2026, 10, 2): rows}), quota=1_000_000, datasets=store) as hub:

        def peak(*arguments: str) -> int:
            command = [sys.executable, "-c", _MEASURE, sys.executable, "-m", "tracker", *arguments]
            environment = {**os.environ, "HF_ENDPOINT": hub.url, "HF_HOME": str(tmp_path / "hf")}
            done = subprocess.run(
                [*command, "--home", str(tmp_path / "home")], env=environment, capture_output=True, text=True
            )
            assert done.returncode == 0, done.stderr
            assert not arguments[1].startswith("model-pulse") or "days landed" in done.stderr
            return int(done.stdout)

        peak("crawl", "--scope", "hub", "--day", "2026-10-02")
        one_day = peak("import", "model-pulse", "--until", FIRST.isoformat())
        all_others = peak("import", "model-pulse")
    with capsys.disabled():
        print(f"\npeak MiB: {one_day} for a day, {all_others} for {(DAYS - 1) * MODELS:,} rows")
    landed = [
        pq.ParquetFile(path).metadata.num_rows
        for path in (tmp_path / "home" / "lake" / "model_days").rglob("model-pulse.parquet")
    ]
    assert landed == [MODELS] * DAYS
    assert all_others < 900 and all_others - one_day < 500
