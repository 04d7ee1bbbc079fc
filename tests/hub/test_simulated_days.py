"""Days of the simulated world, crawled and compared with the same rows read in plain Python."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tracker.demo.hub.server import EmbeddedHub
from tracker.demo.simulation.world import SimulatedWorld
from tracker.domain import Manifest
from tracker.lake.lake import Lake

Row = dict[str, Any]
RELATIONS = ("finetune", "adapter", "quantized", "merge")


@pytest.fixture(scope="module")
def world() -> SimulatedWorld:
    return SimulatedWorld(seed=3, days=4, models=1500)


def links(row: Row) -> Iterator[tuple[Any, ...]]:
    """The base-model links of one row as the lake should hold them."""
    linked = row.get("baseModels", {"models": []})
    for position, base in enumerate(linked["models"], start=1):
        yield row["_id"], base.get("_id"), base["id"], linked.get("relation"), "baseModels", position
    found: dict[str, tuple[str | None, int]] = {}
    tags = [tag.removeprefix("base_model:") for tag in row.get("tags", []) if tag.startswith("base_model:")]
    for position, tag in enumerate(tags, start=1):
        head, _, rest = tag.partition(":")
        name, relation = (rest, head) if head in RELATIONS and rest else (tag, None)
        known, first = found.get(name, (None, position))
        found[name] = (max((r for r in (known, relation) if r), default=None), first)
    for name, (relation, position) in found.items():
        if name not in {base["id"] for base in linked["models"]}:
            yield row["_id"], None, name, relation, "tag", position


def test_simulated_world_lands_unchanged_day_by_day(
    world: SimulatedWorld, crawls: Any, clock: Any, landed: Callable[[Lake, str, Manifest], list[Row]]
) -> None:
    known: dict[str, list[tuple[Any, ...]]] = {}
    names: dict[str, str] = {}
    with EmbeddedHub(world, day=world.days[0], clock=clock) as served:
        for day in world.days:
            served.day = day
            rows = [dict(row) for row in world.listing(day).rows]
            manifest = crawls(served.url, day=day).manifest
            counters = [
                (row["_id"], row.get("downloads"), row.get("downloadsAllTime"), row.get("likes")) for row in rows
            ]
            assert counters == [
                (row["hub_id"], row["downloads_30d"], row["downloads_all_time"], row["likes"])
                for row in sorted(landed(crawls.lake, "model_days", manifest), key=lambda row: str(row["hub_id"]))
            ]
            assert (manifest.is_complete, manifest.is_simulated, manifest.refused) == (True, True, 0)
            changed = {row["hub_id"]: row["repo_id"] for row in landed(crawls.lake, "models", manifest)}
            names |= changed
            edges: dict[str, list[tuple[Any, ...]]] = {hub_id: [] for hub_id in changed}
            for edge in landed(crawls.lake, "edges", manifest):
                edges[edge["hub_id"]].append(tuple(edge.values()))
            known |= edges
            for row in rows:
                assert names[row["_id"]] == row["id"]
                assert sorted(known[row["_id"]], key=str) == sorted(links(row), key=str)
    assert sum(map(len, known.values())) > 300
