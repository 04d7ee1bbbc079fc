"""Time and peak memory of a build, by SQL file, against one plain pass of DuckDB over the same rows.

uv run python -m tests.benchmarks.build [--models N] [--days N] [--home DIR] [--memory 6GB]
"""

import argparse
import json
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.benchmarks.fresh import LAST_DAY, Cost, cost, table

NOW = datetime(2026, 11, 21, 6, tzinfo=UTC)
_PASS = """
select day, sum(downloads_all_time)
from read_parquet('{lake}/model_days/*/*.parquet', hive_partitioning = true)
join (select distinct hub_id from read_parquet('{lake}/models/*/*.parquet')) using (hub_id)
group by day
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=int, default=100_000)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--home", type=Path, help="where to keep the generated lake; it is used again if it is there")
    parser.add_argument("--memory", default="", help="DuckDB's memory limit; its own choice if not given")
    parser.add_argument("--do", choices=["lake", "build", "pass"], help="only this step, in this process")
    options = parser.parse_args()
    if options.do:
        _do(options.do, options.home, options.models, options.days, options.memory)
    elif options.home:
        report(options.home, options.models, options.days, options.memory)
    else:
        with tempfile.TemporaryDirectory() as home:
            report(Path(home), options.models, options.days, options.memory)


def report(home: Path, models: int, days: int, memory: str) -> None:
    """Makes the lake if need be, measures the build and the pass, each in a process of its own, and prints both."""
    asked = ("--home", str(home), "--models", str(models), "--days", str(days), "--memory", memory)

    def step(name: str) -> Cost:
        return cost("-m", "tests.benchmarks.build", "--do", name, *asked)

    if not (home / "lake").exists():
        step("lake")
    plain, built = step("pass"), step("build")
    print(table(f"{models:,} models x {days} days", *_compared(plain, built)))
    seconds: dict[str, float] = json.loads(built.said)
    ranked = sorted(seconds.items(), key=lambda item: -item[1])[:25]
    whole = sum(seconds.values())
    print(table("Wall seconds by step", ["step", "seconds", "share"], [_share(*item, whole) for item in ranked]))


def _compared(plain: Cost, built: Cost) -> tuple[list[str], list[list[str]]]:
    rows = [
        [name, f"{one.wall_seconds:.1f}", f"{one.cpu_seconds:.1f}", f"{one.peak_mib:.0f}"]
        for name, one in (("plain pass", plain), ("tracker build", built))
    ]
    ratios = [
        f"{built.wall_seconds / plain.wall_seconds:.1f}",
        f"{built.cpu_seconds / plain.cpu_seconds:.1f}",
        f"{built.peak_mib / plain.peak_mib:.1f}",
    ]
    return ["", "wall seconds", "CPU seconds", "peak MiB"], [*rows, ["ratio", *ratios]]


def _share(name: str, seconds: float, whole: float) -> list[str]:
    return [name, f"{seconds:.2f}", f"{seconds / whole:.1%}"]


def _do(step: str, home: Path, models: int, days: int, memory: str) -> None:
    """One step, in this process; the heavy imports are here so that the measuring process stays small."""
    if step == "lake":
        _make(home, models, days)
    elif step == "pass":
        _pass(home, memory)
    else:
        print(json.dumps(_build(home, memory)))


def _make(home: Path, models: int, days: int) -> None:
    from tests.benchmarks.generated import Generated

    made = Generated(home, models)
    for before in range(days - 1, -1, -1):
        made.land(LAST_DAY - timedelta(days=before))


def _pass(home: Path, memory: str) -> None:
    import duckdb

    with duckdb.connect(config={"memory_limit": memory} if memory else {}) as connection:
        connection.execute(_PASS.format(lake=home / "lake")).fetchall()


def _build(home: Path, memory: str) -> dict[str, float]:
    """What `tracker build` does, with the wall time of each step."""
    import duckdb

    from tracker.lake import Lake
    from tracker.registry.load import load
    from tracker.warehouse import build

    if memory:
        plain_connect = duckdb.connect
        duckdb.connect = lambda path: plain_connect(path, config={"memory_limit": memory})
    began: list[tuple[str, float]] = [("(before)", time.monotonic())]
    build(Lake(home), load(), NOW, lambda name: began.append((name, time.monotonic())))
    began.append(("(end)", time.monotonic()))
    names = [name for name, _ in began[:-2]] + [f"{began[-2][0]}, checks and end"]
    times = [moment for _, moment in began]
    return {name: after - before for name, before, after in zip(names, times, times[1:], strict=False)}


if __name__ == "__main__":
    main()
