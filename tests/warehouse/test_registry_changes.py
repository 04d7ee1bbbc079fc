"""A changed registry: what does not read it is kept, and the tables are those of a full refresh."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.database import in_memory
from tests.warehouse.comparison import differences
from tests.warehouse.conftest import land
from tests.warehouse.growing_homes import GrowingHome, growing_homes, land_day
from tracker.lake.lake import Lake
from tracker.registry.entries import Base, Parameters, Registry, Relation, Release
from tracker.registry.load import load
from tracker.warehouse.build import FILE, BuildOptions, build
from tracker.warehouse.increment import unchanged_models
from tracker.warehouse.sql_files import models

NOW = datetime(2026, 11, 21, tzinfo=UTC)
SHIPPED = load()
DAYS = [date(2026, 8, 19 + number) for number in range(3)]
NAMES = ("Qwen/Qwen3-8B", "someone/Qwen3-8B-GGUF", "someone/thing", "meta-llama/Llama-3.1-8B", "nobody/tuned")
LINKS = {1: 0, 4: 2}
"""Repository -> its declared base."""

Edit = Callable[[Registry], Registry]


def without_organization(registry: Registry) -> Registry:
    return replace(registry, organizations=tuple(one for one in registry.organizations if one.handle != "Qwen"))


def lab_elsewhere(registry: Registry) -> Registry:
    labs = tuple(replace(lab, country="FR") if lab.id == "alibaba" else lab for lab in registry.labs)
    handles = tuple(replace(one, country="FR") if one.lab == "alibaba" else one for one in registry.organizations)
    return replace(registry, labs=labs, organizations=handles)


def without_families(registry: Registry) -> Registry:
    return replace(registry, families=tuple(one for one in registry.families if not one.id.startswith("llama")))


def other_pattern(registry: Registry) -> Registry:
    changed = (replace(one, patterns=("^thing",)) if one.id.startswith("gemma") else one for one in registry.families)
    return replace(registry, families=tuple(changed))


def another_base(registry: Registry) -> Registry:
    base = Base(repo_id="someone/thing", parents=(NAMES[3],), relation=Relation.MERGE, evidence="a test")
    return replace(registry, bases=(*registry.bases, base))


def another_release(registry: Registry) -> Registry:
    release = Release(repo_id=NAMES[0], released_on=DAYS[0] - timedelta(days=9), evidence="a test")
    return replace(registry, releases=(*(one for one in registry.releases if one.repo_id != NAMES[0]), release))


def other_size(registry: Registry) -> Registry:
    size = Parameters(repo_id=NAMES[3], params_total=70_000_000_000, evidence="a test")
    return replace(registry, parameters=(*(one for one in registry.parameters if one.repo_id != NAMES[3]), size))


def without_events(registry: Registry) -> Registry:
    return replace(registry, events=registry.events[::2])


def without_figures(registry: Registry) -> Registry:
    return replace(registry, published=registry.published[1:])


EDITS: list[Edit] = [
    without_organization, lab_elsewhere, without_families, other_pattern, another_base, another_release, other_size,
    without_events, without_figures,
]  # fmt: skip


def built(lake: Lake, registry: Registry) -> tuple[str, list[str]]:
    """Build a home; return what was said about the kind of build, and the tables that were built."""
    messages, steps = list[str](), list[str]()
    result = build(lake, registry, NOW, steps.append, on_plan=messages.append)
    assert not result.has_failed
    return " ".join(messages), steps


def refreshed_differences(lake: Lake, registry: Registry, folder: Path) -> dict[str, list[object]]:
    """What differs from a full refresh of the same lake with the same registry."""
    other = Lake(folder)
    other.home.mkdir()
    other.folder.symlink_to(lake.folder, target_is_directory=True)
    build(other, registry, NOW, options=BuildOptions(full=True))
    return differences(lake.home / FILE, other.home / FILE)


def land_test_day(lake: Lake, number: int) -> None:
    read = [
        {"hub_id": str(n), "downloads_30d": 9 * n, "downloads_all_time": 1000 + n * number, "likes": 0}
        for n in range(len(NAMES))
    ]
    moment = datetime(2026, 8, 1, tzinfo=UTC)
    cards = [
        {"hub_id": str(n), "repo_id": name, "created_at": moment, "pipeline_tag": "text-generation"}
        for n, name in enumerate(NAMES)
    ]
    links = [
        {"hub_id": str(child), "parent_hub_id": str(base), "parent_ref": NAMES[base], "relation": "finetune",
         "declared_in": "baseModels", "position": 1}
        for child, base in LINKS.items()
    ]  # fmt: skip
    land(lake, DAYS[number], read, cards if number == 0 else (), links=links if number == 0 else ())


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """A home built with two days."""
    lake = Lake(tmp_path / "home")
    lake.folder.mkdir(parents=True)
    for number in (0, 1):
        land_test_day(lake, number)
    built(lake, SHIPPED)
    return lake


def test_counters_are_kept_for_a_changed_registry_and_a_new_day(lake: Lake, tmp_path: Path) -> None:
    land_test_day(lake, 2)
    edited = lab_elsewhere(another_base(without_events(SHIPPED)))
    message, steps = built(lake, edited)
    assert message == (
        "Incremental build: updating what reads the changed registry (bases, events, labs, organizations), "
        "adding 2026-08-21 to the warehouse of 2026-08-20."
    )
    assert steps.count("model_flows") == 1 and steps.count("core_publishers") == 2
    assert refreshed_differences(lake, edited, tmp_path / "refreshed") == {}


def test_what_reads_no_changed_table_is_unchanged() -> None:
    with in_memory() as connection:
        ordered = models(connection)
    by_events = unchanged_models(ordered, {"registry_events"}, ())
    by_origin = unchanged_models(ordered, {"registry_organizations"}, ())
    assert {"model_days", "model_flows", "core_usable_days", "core_latest_models"} <= by_origin & by_events
    assert {"lineage", "adoption_days", "memberships"} <= by_events
    assert not {"lineage", "adoption_days", "memberships", "build", "models_now"} & by_origin
    assert "events" not in by_events and "build" not in by_events


@pytest.mark.slow
@pytest.mark.parametrize("edit", EDITS, ids=[edit.__name__ for edit in EDITS])
def test_edit_gives_the_tables_of_a_full_refresh(lake: Lake, tmp_path: Path, edit: Edit) -> None:
    before = (lake.home / FILE).read_bytes()
    message, steps = built(lake, edit(SHIPPED))
    assert message.startswith("Incremental build: updating what reads the changed registry (")
    assert message.endswith("), no new day since 2026-08-20.")
    assert "model_flows" not in steps and before != (lake.home / FILE).read_bytes()
    assert refreshed_differences(lake, edit(SHIPPED), tmp_path / "refreshed") == {}


@pytest.mark.slow
@pytest.mark.endless
@pytest.mark.timeout(7200)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(growing_homes(), st.lists(st.sets(st.sampled_from(EDITS), max_size=4), min_size=4, max_size=4))
def test_random_edits_of_random_homes_give_a_full_refresh(home: GrowingHome, edits: list[set[Edit]]) -> None:
    with TemporaryDirectory() as folder:
        lake = Lake(Path(folder) / "home")
        lake.folder.mkdir(parents=True)
        registry = SHIPPED
        for day in sorted(home.kinds):
            land_day(lake, home, day)
            if day in home.build_days:
                registry = SHIPPED
                for edit in sorted(edits[home.build_days.index(day) % 4], key=lambda one: one.__name__):
                    registry = edit(registry)
                built(lake, registry)
        built(lake, registry)
        assert refreshed_differences(lake, registry, Path(folder) / "refreshed") == {}
