"""Bytes per model and day in a compacted month of a dataset, by column; every value is compared.

uv run python -m tests.benchmarks.published_bytes [--models N] [--days N] [--standing SHARE] [--recorded DIR]

The generated month is no easier to compress than the Hub's: half of each id and the time of each response are random,
and counters of repositories with downloads move at random each day. The share of unchanged counters is printed.
"""

import argparse
import tempfile
import time
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from tests.benchmarks.fresh import crawl_cost, hub, table
from tests.benchmarks.generated import STANDING, Generated
from tests.benchmarks.lake_bytes import RECORDED, measured
from tracker.database import rows
from tracker.lake.lake import Lake
from tracker.lake.writer import SCHEMAS
from tracker.publish.months import compact

FIRST = date(2026, 9, 1)
GOAL = 1.7
_PAGE = 1000
_STOOD_STILL = """
with found as (
    select {column} as value, lag({column}) over (partition by hub_id order by day) as before,
        lag(day) over (partition by hub_id order by day) as earlier
    from read_parquet([{files}], hive_partitioning = true)
)
select avg((value is not distinct from before)::integer) from found where earlier is not null
"""


class HubLike(Generated):
    """Repositories with ids, scores and times like the Hub's, including their incompressible random part."""

    def __init__(self, home: Path, models: int, standing: float) -> None:
        super().__init__(home, models, standing)
        chance = self._rng.integers(0, 2**64, models, dtype=np.uint64)
        self._ids = pa.array([f"{0x62000000 + 45 * n:08x}{rest:016x}" for n, rest in enumerate(chance.tolist())])
        self._trends = self._rng.random(models) < 0.02

    def _model_days(self, shown: np.ndarray, day: date) -> pa.Table:
        found = super()._model_days(shown, day)
        trending = np.where(self._trends, self._rng.random(len(shown)).round(2) * 10, 0.0)
        seconds = np.cumsum(self._rng.integers(1, 3, len(shown) // _PAGE + 1)).repeat(_PAGE)[: len(shown)]
        read_at = (np.datetime64(day, "s") + seconds).astype("datetime64[us]")
        columns = {"trending_score": pa.array(trending), "read_at": pa.array(read_at, pa.timestamp("us", "UTC"))}
        return pa.table({name: columns.get(name, found[name]) for name in found.column_names}, SCHEMAS["model_days"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=int, default=300_000)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--standing", type=float, default=STANDING, help="share of repositories without new downloads")
    parser.add_argument("--recorded", type=Path, default=RECORDED, help="folder of YYYY-MM-DD.jsonl.gz")
    options = parser.parse_args()
    if options.recorded.is_dir():
        days = sorted(date.fromisoformat(path.name[:10]) for path in options.recorded.glob("*.jsonl.gz"))
        with hub("--replay", str(options.recorded)) as served, tempfile.TemporaryDirectory() as home:
            for day in days:
                served.show(day)
                crawl_cost(served, Path(home), day)
            report(f"{len(days)} recorded days", Path(home))
    with tempfile.TemporaryDirectory() as home:
        world = HubLike(Path(home), options.models, options.standing)
        for number in range(options.days):
            world.land(FIRST + timedelta(days=number))
        report(f"{options.days} days of {options.models:,} generated models", Path(home))


def report(what: str, home: Path) -> None:
    """Compact the readings of a home and print their size."""
    lake = Lake(home)
    days = lake.files("model_days", lake.manifests())
    target = home / "month.parquet"
    started = time.process_time()
    compact("model_days", days, target)
    seconds = time.process_time() - started
    before, _ = measured(days)
    model_days, sizes = measured([target])
    assert before == model_days
    total, lying = sum(sizes.values()), sum(day.stat().st_size for day in days)
    lines = [[name, f"{size / model_days:.3f}", f"{size / total:.1%}"] for name, size in sizes.most_common()]
    lines.append(["all", f"{total / model_days:.3f}", f"goal {GOAL}"])
    lines.append(["as day files", f"{lying / model_days:.2f}", ""])
    print(table(f"{what}: {model_days:,} model-days", ["column", "bytes per model-day", "share"], lines))
    for column in ("downloads_30d", "downloads_all_time", "likes", "trending_score"):
        print(f"{column} stood still from day to day: {stood_still(days, column):.1%}")
    print(f"{seconds / model_days * 1e6:.2f} CPU-seconds per million model-days, every value compared\n")


def stood_still(days: Sequence[Path], column: str) -> float:
    """Share of readings equal to the previous reading of the repository."""
    files = ", ".join(f"'{day}'" for day in days)
    with duckdb.connect() as connection:
        [(share,)] = rows(connection, _STOOD_STILL.format(column=column, files=files))
    return float(share)


if __name__ == "__main__":
    main()
