"""A home with years of a simulated Hub, its lake written directly as columns instead of crawled.

uv run python -m tests.benchmarks.years HOME [--models 200000] [--days 730]

Names, attributes and links are those of the last day, read by the real crawler; the counters of every day are the
simulated world's own.
"""

import argparse
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tracker.demo.catalog import Catalog, Listing
from tracker.demo.run import crawl_catalog
from tracker.demo.simulation.listing import ListingRows
from tracker.demo.simulation.world import SimulatedWorld
from tracker.domain import Manifest
from tracker.lake.lake import Lake
from tracker.lake.writer import SCHEMAS, LakeWriter
from tracker.pipeline import build_home
from tracker.registry.load import load


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--models", type=int, default=200_000)
    parser.add_argument("--days", type=int, default=730)
    parser.add_argument("--no-build", action="store_true", help="write the lake only")
    options = parser.parse_args()
    write_lake(options.home, options.models, options.days)
    if not options.no_build:
        build_home(options.home, load(), datetime.now(UTC))


def write_lake(home: Path, models: int, days: int) -> None:
    """Land every day of the world in the lake of a home."""
    world = SimulatedWorld(seed=0, days=days, models=models, registry=load())
    attributes, edges, manifest = _last_day(world, home / "last")
    lake, seen, hub_ids = Lake(home), pa.array([], pa.string()), pa.array(world._hub_ids)
    for position, day in enumerate(world.days):
        readings = _readings(world._listed(position), hub_ids, day, attributes["hub_id"])
        ids = readings["hub_id"]
        new = pc.invert(pc.is_in(ids, seen))
        fresh, seen = ids.filter(new), pa.concat_arrays([seen, *ids.filter(new).chunks])
        new_or_changed = attributes.filter(pc.is_in(attributes["hub_id"], fresh))
        linked = edges.filter(pc.is_in(edges["hub_id"], fresh))
        _land(lake, day, {"model_days": readings, "models": new_or_changed, "edges": linked}, manifest)


class _LastDay:
    """The last day of a world only."""

    def __init__(self, world: SimulatedWorld) -> None:
        self._world, self.days, self.is_simulated = world, world.days[-1:], True
        self.listing = world.listing


def _last_day(world: SimulatedWorld, scratch: Path) -> tuple[pa.Table, pa.Table, Manifest]:
    only: Catalog = _LastDay(world)
    crawl_catalog(only, scratch, load(), lambda: datetime.now(UTC), lambda outcome: None)
    lake = Lake(scratch)
    [manifest] = lake.manifests()
    tables = [
        pa.concat_tables(pq.read_table(file, partitioning=None) for file in lake.files(name, [manifest]))
        for name in ("models", "edges")
    ]
    shutil.rmtree(scratch)
    return tables[0], tables[1], manifest


def _readings(listing: Listing, hub_ids: pa.Array, day: date, known: pa.ChunkedArray) -> pa.Table:
    rows = listing.rows
    assert isinstance(rows, ListingRows)
    ids = hub_ids.take(pa.array(rows._present))
    read_at = pa.array(np.full(len(ids), np.datetime64(day, "us")), pa.timestamp("us", "UTC"))
    counters = [rows._downloads_30d, rows._downloads_all_time, rows._likes, rows._trending.astype(float)]
    table = pa.table([ids, *counters, read_at], schema=SCHEMAS["model_days"])
    return table.filter(pc.is_in(table["hub_id"], known)).sort_by("hub_id")


def _land(lake: Lake, day: date, tables: dict[str, pa.Table], last: Manifest) -> None:
    folder = lake.home / "making"
    folder.mkdir(parents=True, exist_ok=True)
    sink = LakeWriter(folder)
    for name, table in tables.items():
        if len(table):
            sink.write(name, table.select(SCHEMAS[name].names).cast(SCHEMAS[name]))
    files = lake.add_files(*sink.close(lake, day, "hub"))
    folder.rmdir()
    count = len(tables["model_days"])
    lake.save_manifest(
        replace(
            last,
            crawl=f"{day}-hub",
            day=day,
            files=files,
            models=count,
            rows_read=count,
            new_models=len(tables["models"]),
        )
    )


if __name__ == "__main__":
    main()
