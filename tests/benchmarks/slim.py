"""A slim warehouse against a single file: bytes per model-day, CPU time of builds, and the history of one model.

uv run python -m tests.benchmarks.slim [--models N] [--days N]

The lake is that of `build.py` with random ids, as on the Hub: consecutive ids would compress to nothing.
"""

import argparse
import json
import random
import shutil
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.benchmarks.fresh import LAST_DAY, Cost, cost, table

NOW = datetime(2026, 11, 21, 6, tzinfo=UTC)
KINDS = ("single", "slim")
_READERS = 100
_QUERIES = ("select * from model_days where hub_id = ?", "select * from model_flows where hub_id = ?")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=int, default=50_000)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--home", type=Path, help="used by the script itself")
    parser.add_argument("--do", choices=["lake", "build", "bytes", "further", "read"], help="only this step")
    options = parser.parse_args()
    if options.do:
        print(json.dumps(_do(options.do, options.home, options.models, options.days)))
        return
    with tempfile.TemporaryDirectory() as folder:
        report(Path(folder), options.models, options.days)


def report(folder: Path, models: int, days: int) -> None:
    """Measure both kinds in separate processes and print them."""

    def step(name: str, kind: str) -> Cost:
        asked = ("--home", str(folder / kind), "--models", str(models), "--days", str(days))
        return cost("-m", "tests.benchmarks.slim", "--do", name, *asked)

    step("lake", KINDS[0])
    shutil.copytree(folder / KINDS[0], folder / KINDS[1], copy_function=lambda one, other: Path(other).hardlink_to(one))
    costs = {name: [step(name, kind) for kind in KINDS] for name in ("build", "bytes", "read", "further")}
    size, read = ([json.loads(one.said) for one in costs[name]] for name in ("bytes", "read"))
    rows = [
        _row("bytes per model-day, all", *(sum(one.values()) for one in size)),
        *(_row(f"bytes per model-day, {name}", 0, value) for name, value in size[1].items()),
        _row("CPU seconds, full build", *(one.cpu_seconds for one in costs["build"])),
        _row("CPU seconds, further day", *(one.cpu_seconds for one in costs["further"])),
        _row("peak MiB, full build", *(one.peak_mib for one in costs["build"])),
        *(_row(f"CPU ms, {name}", *(one[name] for one in read)) for name in read[0]),
    ]
    print(table(f"{models:,} models x {days} days", ["", *KINDS, "ratio"], rows))


def _row(name: str, single: float, slim: float) -> list[str]:
    return [name, f"{single:.2f}", f"{slim:.2f}", f"{slim / single:.2f}" if single else ""]


def _do(step: str, home: Path, models: int, days: int) -> dict[str, float]:
    if step == "lake":
        _make(home, models, days)
        return {}
    if step in ("build", "further"):
        _build(home, is_full=step == "build")
        return {}
    return _bytes(home) if step == "bytes" else _read(home)


def _make(home: Path, models: int, days: int) -> None:
    from tests.benchmarks.generated import Generated

    made = Generated(home, models, has_random_ids=True)
    for before in range(days - 1, -1, -1):
        made.land(LAST_DAY - timedelta(days=before))
    made.land_elsewhere(home / "further", LAST_DAY + timedelta(days=1))


def _build(home: Path, *, is_full: bool) -> None:
    from tracker.lake.lake import Lake
    from tracker.registry.load import load
    from tracker.warehouse.build import BuildOptions, build

    if not is_full:
        shutil.copytree(home / "further" / "lake", home / "lake", dirs_exist_ok=True)
    said: list[str] = []
    build(Lake(home), load(), NOW, options=BuildOptions(is_full, None, home.name == KINDS[1]), on_plan=said.append)
    if is_full != said[-1].startswith("Full refresh"):
        raise RuntimeError(f"this was not the build to measure: {said[-1]}")


def _bytes(home: Path) -> dict[str, float]:
    """Bytes per model-day of the file, and of the day files of each table."""
    from tracker.database import connect, one
    from tracker.warehouse.day_files import TABLES, day_files, set_home

    with connect(home / "tracker.duckdb", read_only=True) as connection:
        set_home(connection, home)
        rows = one(connection, "select count(*) from model_days")
        files = day_files(connection) or []
    found = {"tracker.duckdb": (home / "tracker.duckdb").stat().st_size / rows}
    return found | {name: sum(file.bytes for file in files if file.table == name) / rows for name in TABLES if files}


def _read(home: Path) -> dict[str, float]:
    """CPU milliseconds of the history of one model, and of a pass over all."""
    from tracker.database import connect, rows
    from tracker.warehouse.day_files import CACHE_METADATA, set_home

    with connect(home / "tracker.duckdb", read_only=True, config={"threads": 1}) as connection:
        connection.execute(CACHE_METADATA)  # as pages and the Python API do
        set_home(connection, home)
        ids = [name for (name,) in rows(connection, "select hub_id from models order by all")]
        chosen = random.Random(7).sample(ids, _READERS)
        began = time.process_time()
        for hub_id in chosen:
            for query in _QUERIES:
                rows(connection, query, [hub_id])
        one = time.process_time() - began
        began = time.process_time()
        rows(connection, "select day, sum(downloads) from model_flows group by day")
        return {"history of a model": one * 1000 / _READERS, "sum by day": (time.process_time() - began) * 1000}


if __name__ == "__main__":
    main()
