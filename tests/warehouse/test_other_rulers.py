"""Readings of other rulers in every kind of build, from a simulated world whose use is known."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tests.support.pinned_registry import pinned_registry
from tracker.api.tracker import Tracker
from tracker.database import connect, rows
from tracker.demo.run import crawl_catalog, crawl_rulers
from tracker.demo.simulation.world import SimulatedWorld
from tracker.lake.lake import Lake
from tracker.registry.load import load
from tracker.warehouse.build import FILE, BuildOptions, build

NOW = datetime(2026, 11, 21, 6, tzinfo=UTC)


def test_readings_enter_a_slim_build_after_a_registry_edit(tmp_path: Path) -> None:
    """The readings land between two builds, and the registry changes where they do not read it."""
    registry, lake = load(), Lake(tmp_path)
    world = SimulatedWorld(seed=0, days=2, models=300, registry=pinned_registry())
    crawl_catalog(world, tmp_path, registry, lambda: NOW, lambda day: None)
    assert not build(lake, registry, NOW, options=BuildOptions(slim=True)).has_failed
    assert Tracker.of_home(tmp_path).axis_shares().is_empty()
    crawl_rulers(world, tmp_path, registry, lambda: NOW)
    edited = replace(registry, events=registry.events[1:], version="edited")
    plans: list[str] = []
    assert not build(lake, edited, NOW, on_plan=plans.append).has_failed
    assert plans == [
        "Incremental build: updating what reads the changed registry (events), no new day since 2026-11-20."
    ]
    with connect(tmp_path / FILE, read_only=True) as connection:
        open_weights = "from axis_days where weights = 'open' and axis = '{}' and lab is not null group by entity"
        found = dict(rows(connection, "select entity, sum(value) " + open_weights.format("openrouter")))
        made = dict(rows(connection, "select entity, any_value(lab) " + open_weights.format("openrouter")))
        mirrored = dict(rows(connection, "select entity, any_value(lab) " + open_weights.format("modelscope")))
        days = [day for (day,) in rows(connection, "select distinct day from axis_days where axis = 'openrouter'")]
        unknown = rows(connection, "select distinct entity from axis_days where weights = 'unknown'")
    truth = world.rulers
    true = {slug: sum(truth.tokens_on(day).get(slug, 0) for day in days) for slug in truth.labs}
    ranked = {slug: tokens for slug, tokens in true.items() if slug in found}
    assert len(found) > 10 and len(days) == 30
    assert all(0.9995 * ranked[slug] <= found[slug] <= ranked[slug] for slug in found)
    assert made == {slug: truth.labs[slug] for slug in found}
    assert mirrored == {name: truth.mirrored[name].lab for name in mirrored}
    assert {"google", "meta", "alibaba"} <= set(mirrored.values()) and len(mirrored) > 0.9 * len(truth.mirrored)
    assert unknown == [("some-startup/unheard-of-1",)]
    assert set(Tracker.of_home(tmp_path).axis_shares()["axis"]) == {"huggingface", "openrouter", "providers"}
