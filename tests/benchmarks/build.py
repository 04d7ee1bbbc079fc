"""Time and peak memory of a full build, and of a further day, against one plain DuckDB pass over the same rows.

uv run python -m tests.benchmarks.build [--models N] [--days N] [--home DIR] [--memory 6GB]
"""

import argparse
import json
import shutil
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
    parser.add_argument("--do", choices=["lake", "build", "pass", "further"], help="only this step, in this process")
    options = parser.parse_args()
    if options.do:
        _do(options.do, options.home, options.models, options.days, options.memory)
    elif options.home:
        report(options.home, options.models, options.days, options.memory)
    else:
        with tempfile.TemporaryDirectory() as home:
            report(Path(home), options.models, options.days, options.memory)


def report(home: Path, models: int, days: int, memory: str) -> None:
    """Generate the lake if it is missing, measure the pass and both builds in separate processes, and print them."""
    asked = ("--home", str(home), "--models", str(models), "--days", str(days), "--memory", memory)

    def step(name: str) -> Cost:
        return cost("-m", "tests.benchmarks.build", "--do", name, *asked)

    if not (home / "lake").exists():
        step("lake")
    plain, built = step("pass"), step("build")
    _prepare(home)
    further = step("further")
    print(table(f"{models:,} models x {days} days", *_compared(plain, built, further)))
    for name, one in (("a full build", built), ("a further day", further)):
        print(table(f"CPU seconds of {name} by step", ["step", "CPU seconds", "share"], _ranked(one)))


def _compared(plain: Cost, built: Cost, further: Cost) -> tuple[list[str], list[list[str]]]:
    costs = (("plain pass", plain), ("full build", built), ("a further day", further))
    rows = [[name, f"{one.wall_seconds:.1f}", f"{one.cpu_seconds:.1f}", f"{one.peak_mib:.0f}"] for name, one in costs]
    ratios = (
        ("full build / pass", built, plain),
        ("further day / pass", further, plain),
        ("further day / full build", further, built),
    )
    return ["", "wall seconds", "CPU seconds", "peak MiB"], rows + [_ratio(*ratio) for ratio in ratios]


def _ratio(name: str, one: Cost, other: Cost) -> list[str]:
    return [
        name,
        f"{one.wall_seconds / other.wall_seconds:.2f}",
        f"{one.cpu_seconds / other.cpu_seconds:.2f}",
        f"{one.peak_mib / other.peak_mib:.2f}",
    ]


def _ranked(built: Cost) -> list[list[str]]:
    seconds: dict[str, float] = json.loads(built.said)
    whole = sum(seconds.values())
    return [_share(*item, whole) for item in sorted(seconds.items(), key=lambda item: -item[1])[:25]]


def _prepare(home: Path) -> None:
    """A home whose lake has one more day than its warehouse."""
    further = home / "further"
    for path in (home / "lake").rglob("*.*"):
        target = further / path.relative_to(home)
        if path.is_file() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.hardlink_to(path)
    shutil.copyfile(home / "tracker.duckdb", further / "tracker.duckdb")


def _share(name: str, seconds: float, whole: float) -> list[str]:
    return [name, f"{seconds:.2f}", f"{seconds / whole:.1%}"]


def _do(step: str, home: Path, models: int, days: int, memory: str) -> None:
    """Run one step in this process. Heavy imports are local so that the measuring process stays small."""
    if step == "lake":
        _make(home, models, days)
    elif step == "pass":
        _pass(home, memory)
    elif step == "build":
        print(json.dumps(_build(home, memory, full=True)))
    else:
        print(json.dumps(_build(home / "further", memory, full=False)))


def _make(home: Path, models: int, days: int) -> None:
    from tests.benchmarks.generated import Generated

    made = Generated(home, models)
    for before in range(days - 1, -1, -1):
        made.land(LAST_DAY - timedelta(days=before))
    made.land_elsewhere(home / "further", LAST_DAY + timedelta(days=1))


def _pass(home: Path, memory: str) -> None:
    import duckdb

    with duckdb.connect(config={"memory_limit": memory} if memory else {}) as connection:
        connection.execute(_PASS.format(lake=home / "lake")).fetchall()


def _build(home: Path, memory: str, full: bool) -> dict[str, float]:
    """Build as `tracker build` does and print the CPU time of each step."""
    from tracker.lake.lake import Lake
    from tracker.registry.load import load
    from tracker.warehouse.build import BuildOptions, build

    began: list[tuple[str, float]] = [("(before)", time.process_time())]
    said: list[str] = []
    build(
        Lake(home),
        load(),
        NOW,
        lambda name: began.append((name, time.process_time())),
        BuildOptions(full, memory or None),
        said.append,
    )
    if full != said[-1].startswith("Full refresh"):
        raise RuntimeError(f"this was not the build to measure: {said[-1]}")
    began.append(("(end)", time.process_time()))
    names = [name for name, _ in began[:-2]] + [f"{began[-2][0]}, checks and end"]
    times = [moment for _, moment in began]
    return {name: after - before for name, before, after in zip(names, times, times[1:], strict=False)}


if __name__ == "__main__":
    main()
