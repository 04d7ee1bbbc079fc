"""A changed registry: what does not read it is kept, and the tables are those of a full refresh."""

import shutil
from collections.abc import Callable, Iterable
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
from tracker.database import rows
from tracker.lake.lake import Lake
from tracker.registry.entries import Base, Organization, Parameters, Registry, Relation, Release, Role
from tracker.registry.load import load
from tracker.warehouse.build import FILE, BuildOptions, build
from tracker.warehouse.increment import unchanged_models
from tracker.warehouse.inputs import REGISTRY_CHANGES, create_registry_tables, registry_rows
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


def repackager(registry: Registry) -> Registry:
    """An account of the simulated homes becomes a repackager."""
    one = Organization(handle="someone", country="FR", role=Role.REPACKAGER, evidence="a test")
    return replace(registry, organizations=(*registry.organizations, one))


def no_repackager(registry: Registry) -> Registry:
    return replace(registry, organizations=tuple(one for one in registry.organizations if one.handle != "unsloth"))


def other_generations(registry: Registry) -> Registry:
    families = (replace(one, generation=one.generations[::2]) for one in registry.families)
    return replace(registry, families=tuple(families))


def base_outside(registry: Registry) -> Registry:
    """A model that no crawl lists is built on one that another account makes."""
    base = Base(repo_id="nobody/Gone-7B", parents=("google/gemma-3-4b-it",), relation=Relation.MERGE, evidence="a test")
    return replace(registry, bases=(*registry.bases, base))


def without_architectures(registry: Registry) -> Registry:
    kept = (one for one in registry.architectures if not one.id.startswith("qwen3"))
    return replace(registry, architectures=tuple(kept))


def other_classes(registry: Registry) -> Registry:
    tasks = tuple(one for one in registry.tasks if one.id != "text-generation")
    libraries = tuple(one for one in registry.libraries if one.id != "mlx")
    return replace(registry, tasks=tasks, libraries=libraries)


EDITS: list[Edit] = [
    without_organization, lab_elsewhere, without_families, other_pattern, another_base, another_release, other_size,
    without_events, without_figures, repackager, no_repackager, other_generations, base_outside, without_architectures,
    other_classes,
]  # fmt: skip


def edited(edits: Iterable[Edit]) -> Registry:
    """The shipped registry after some edits."""
    registry = SHIPPED
    for edit in sorted(edits, key=lambda one: one.__name__):
        registry = edit(registry)
    return registry


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


@pytest.fixture(scope="module")
def two_days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home built with two days. Copy it before changing it."""
    lake = Lake(tmp_path_factory.mktemp("registry") / "home")
    lake.folder.mkdir(parents=True)
    for number in (0, 1):
        land_test_day(lake, number)
    built(lake, SHIPPED)
    return lake.home


@pytest.fixture
def lake(two_days: Path, tmp_path: Path) -> Lake:
    return Lake(Path(shutil.copytree(two_days, tmp_path / "home")))


def test_counters_are_kept_for_a_changed_registry_and_a_new_day(lake: Lake, tmp_path: Path) -> None:
    land_test_day(lake, 2)
    registry = edited([lab_elsewhere, another_base, without_events])
    message, steps = built(lake, registry)
    assert message == (
        "Incremental build: updating what reads the changed registry (bases, events, labs, organizations), "
        "adding 2026-08-21 to the warehouse of 2026-08-20."
    )
    assert steps.count("model_flows") == steps.count("core_publishers") == 1
    assert refreshed_differences(lake, registry, tmp_path / "refreshed") == {}


def test_what_reads_no_changed_table_is_unchanged() -> None:
    with in_memory() as connection:
        ordered = models(connection)
    by_events = unchanged_models(ordered, {"registry_events"}, ())
    by_origin = unchanged_models(ordered, {"registry_organizations", REGISTRY_CHANGES}, ())
    assert {"model_days", "core_usable_days", "core_latest_counts", "latest_counts"} <= by_origin & by_events
    assert {"model_flows", "core_latest_models"} <= by_events - by_origin
    assert {"lineage", "adoption_days", "memberships"} <= by_events
    assert not {"lineage", "adoption_days", "memberships", "build", "models_now"} & by_origin
    assert "events" not in by_events and "build" not in by_events


CONCERNED: dict[Edit, set[str]] = {
    without_organization: {"0", "1"},
    lab_elsewhere: {"0", "1"},
    without_families: {"3"},
    other_pattern: set(),
    another_base: {"2"},
    another_release: {"0"},
    other_size: {"3"},
    repackager: {"1", "2", "4"},
    without_architectures: {"4"},
    without_events: set(),
}
"""Edit -> repositories that it concerns directly. Repository 4 is built on 2, and 1 on 0."""


def concerned(home: Path, registry: Registry) -> set[str]:
    with in_memory() as connection:
        [model] = (one for one in models(connection) if one.name == "core_repositories_of_changed_entries")
        connection.execute(f"attach '{home / FILE}' as earlier (read_only)")
        for name in model.earlier:
            connection.execute(f"create temp view earlier_{name} as from earlier.state.{name}")
        connection.execute("create temp table stg_models as select '4' as hub_id, ['qwen3_5', 'x'] as tags")
        create_registry_tables(connection, registry, NOW, earlier=registry_rows(SHIPPED))
        return {hub_id for (hub_id,) in rows(connection, model.sql)}


def test_changed_entries_concern_few_repositories(two_days: Path) -> None:
    assert {edit: concerned(two_days, edit(SHIPPED)) for edit in CONCERNED} == CONCERNED


@pytest.mark.slow
@pytest.mark.parametrize("edit", EDITS, ids=[edit.__name__ for edit in EDITS])
def test_edit_gives_the_tables_of_a_full_refresh(lake: Lake, tmp_path: Path, edit: Edit) -> None:
    before = (lake.home / FILE).read_bytes()
    message, steps = built(lake, edit(SHIPPED))
    assert message.startswith("Incremental build: updating what reads the changed registry (")
    assert message.endswith("), no new day since 2026-08-20.")
    assert "model_days" not in steps and before != (lake.home / FILE).read_bytes()
    assert refreshed_differences(lake, edit(SHIPPED), tmp_path / "refreshed") == {}


@pytest.mark.slow
@pytest.mark.endless
@pytest.mark.timeout(7200)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(growing_homes(), st.lists(st.sets(st.sampled_from(EDITS), max_size=4), min_size=5, max_size=5))
def test_random_edits_of_random_homes_give_a_full_refresh(home: GrowingHome, edits: list[set[Edit]]) -> None:
    with TemporaryDirectory() as folder:
        lake = Lake(Path(folder) / "home")
        lake.folder.mkdir(parents=True)
        for day in sorted(home.kinds):
            land_day(lake, home, day)
            if day in home.build_days:
                built(lake, edited(edits[home.build_days.index(day) % 4]))
        registry = edited(edits[-1])
        built(lake, registry)
        assert refreshed_differences(lake, registry, Path(folder) / "refreshed") == {}
