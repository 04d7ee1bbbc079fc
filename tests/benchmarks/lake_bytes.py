"""Bytes per model and day in `lake/model_days`, by column, and the share of the ids.

uv run python -m tests.benchmarks.lake_bytes [--models N] [--recorded DIR]
"""

import argparse
import tempfile
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from tests.benchmarks.fresh import FIRST_DAY, LAST_DAY, Served, crawl_cost, hub, simulated_hub, table

RECORDED = Path(__file__).parents[2].parent / "shared" / "data" / "hub-2026-08"
_SUFFIX = ".jsonl.gz"
_FRAME = "(file footer)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=int, default=300_000)
    parser.add_argument("--recorded", type=Path, default=RECORDED, help="folder of YYYY-MM-DD.jsonl.gz")
    options = parser.parse_args()
    if options.recorded.is_dir():
        days = sorted(
            date.fromisoformat(path.name.removesuffix(_SUFFIX)) for path in options.recorded.glob(f"*{_SUFFIX}")
        )
        with hub("--replay", str(options.recorded)) as served:
            report(f"{len(days)} recorded days", served, days)
    else:
        print(f"{options.recorded} is not there: no recorded days.\n")
    with simulated_hub(options.models) as served:
        report(f"2 days of {options.models:,} simulated models", served, [FIRST_DAY, LAST_DAY])


def report(what: str, served: Served, days: Sequence[date]) -> None:
    """Crawl these days and print their size."""
    with tempfile.TemporaryDirectory() as home:
        for day in days:
            served.show(day)
            crawl_cost(served, Path(home), day)
        files = sorted((Path(home) / "lake" / "model_days").rglob("*.parquet"))
        model_days, sizes = measured(files)
    total = sum(sizes.values())
    rows = [[name, f"{size / model_days:.2f}", f"{size / total:.1%}"] for name, size in sizes.most_common()]
    rows.append(["all", f"{total / model_days:.2f}", ""])
    print(table(f"{what}: {model_days:,} model-days", ["column", "bytes per model-day", "share"], rows))


def measured(files: Sequence[Path]) -> tuple[int, Counter[str]]:
    """Rows of these Parquet files, and compressed bytes by column."""
    rows, sizes = 0, Counter[str]()
    for file in files:
        metadata = pq.ParquetFile(file).metadata
        rows += metadata.num_rows
        sizes[_FRAME] += file.stat().st_size
        for group in range(metadata.num_row_groups):
            for at in range(metadata.num_columns):
                column = metadata.row_group(group).column(at)
                sizes[column.path_in_schema] += column.total_compressed_size
                sizes[_FRAME] -= column.total_compressed_size
    return rows, sizes


if __name__ == "__main__":
    main()
