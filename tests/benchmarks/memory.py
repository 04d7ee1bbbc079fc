"""Peak memory of a first crawl with few and with many models: the part that grows with the crawl.

uv run python -m tests.benchmarks.memory [--models N]
"""

import argparse
import tempfile
from pathlib import Path

from tests.benchmarks.fresh import FIRST_DAY, Cost, crawl_cost, simulated_hub, table

TIMES = 10
"""Ratio of models in the larger crawl to the smaller."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=int, default=300_000, help="of the larger crawl")
    models: int = parser.parse_args().models
    few, many = (first_crawl(number) for number in (models // TIMES, models))
    rows = [
        [f"{models // TIMES:,}", f"{few.peak_mib:.0f}", ""],
        [f"{models:,}", f"{many.peak_mib:.0f}", f"{many.peak_mib / few.peak_mib:.2f}"],
    ]
    print(table("Peak memory of a first crawl", ["simulated models", "MiB", "ratio"], rows))


def first_crawl(models: int) -> Cost:
    """Cost of the first crawl of a world with this many models."""
    with simulated_hub(models) as hub, tempfile.TemporaryDirectory() as home:
        return crawl_cost(hub, Path(home), FIRST_DAY)


if __name__ == "__main__":
    main()
