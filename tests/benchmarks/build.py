"""Time and peak memory of a full build, a further day and a registry edit, against one plain DuckDB pass over the rows.

uv run python -m tests.benchmarks.build [--models N] [--days N] [--home DIR] [--memory 6GB] [--organization HANDLE]
"""

import argparse
import json
import shutil
import tempfile
import time
from dataclasses import replace
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
    parser.add_argument(
        "--organization", default="Qwen", help="the one that the registry edit moves to another country"
    )
    parser.add_argument("--do", choices=["lake", "build", "pass", "further", "edit"], help="only this step, here")
    options = parser.parse_args()
    if options.do:
        _do(options)
    elif options.home:
        report(options)
    else:
        with tempfile.TemporaryDirectory() as home:
            options.home = Path(home)
            report(options)


def report(options: argparse.Namespace) -> None:
    """Generate the lake if it is missing, measure the pass and all builds in separate processes, and print them."""
    home = options.home
    chosen = {"models": options.models, "days": options.days, "home": home, "memory": options.memory}
    asked = [f"--{name}={value}" for name, value in (chosen | {"organization": options.organization}).items()]

    def step(name: str) -> Cost:
        return cost("-m", "tests.benchmarks.build", "--do", name, *asked)

    if not (home / "lake").exists():
        step("lake")
    plain, built = step("pass"), step("build")
    _prepare(home)
    further, edit = step("further"), step("edit")
    print(table(f"{options.models:,} models x {options.days} days", *_compared(plain, built, further, edit)))
    for name, one in (("a full build", built), ("a further day", further), ("a registry edit", edit)):
        print(table(f"CPU seconds of {name} by step", ["step", "CPU seconds", "share"], _ranked(one)))


def _compared(plain: Cost, built: Cost, further: Cost, edit: Cost) -> tuple[list[str], list[list[str]]]:
    costs = (("plain pass", plain), ("full build", built), ("a further day", further), ("a registry edit", edit))
    rows = [[name, f"{one.wall_seconds:.1f}", f"{one.cpu_seconds:.1f}", f"{one.peak_mib:.0f}"] for name, one in costs]
    ratios = (
        ("full build / pass", built, plain),
        ("further day / pass", further, plain),
        ("further day / full build", further, built),
        ("registry edit / full build", edit, built),
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


def _do(options: argparse.Namespace) -> None:
    """Run one step in this process. Heavy imports are local so that the measuring process stays small."""
    home, memory = options.home, options.memory
    if options.do == "lake":
        _make(home, options.models, options.days)
    elif options.do == "pass":
        _pass(home, memory)
    elif options.do == "build":
        print(json.dumps(_build(home, memory, full=True)))
    elif options.do == "further":
        print(json.dumps(_build(home / "further", memory, full=False)))
    else:
        print(json.dumps(_build(home, memory, full=False, moved=options.organization)))


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


def _build(home: Path, memory: str, full: bool, moved: str = "") -> dict[str, float]:
    """Build as `tracker build` does; return the CPU time of each step.

    With `moved`, this organisation is in another country than the registry says.
    """
    from tracker.lake.lake import Lake
    from tracker.registry.load import load
    from tracker.warehouse.build import BuildOptions, build

    registry = load()
    organizations = (replace(one, country="FR") if one.handle == moved else one for one in registry.organizations)
    registry = replace(registry, organizations=tuple(organizations))
    began: list[tuple[str, float]] = [("(before)", time.process_time())]
    said: list[str] = []
    build(
        Lake(home),
        registry,
        NOW,
        lambda name: began.append((name, time.process_time())),
        BuildOptions(full, memory or None, slim=False),
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
