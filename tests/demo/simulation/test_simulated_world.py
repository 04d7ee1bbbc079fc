"""The simulated world as a catalog: reproducible, with listings like the Hub's."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

import pytest
from huggingface_hub import ModelInfo

from tracker.demo.catalog import Catalog
from tracker.demo.simulation.incidents import IncidentRates
from tracker.demo.simulation.population import Kind
from tracker.demo.simulation.world import LAST_DAY, SimulatedWorld
from tracker.errors import SettingsError
from tracker.registry.entries import Registry, Role
from tracker.registry.load import load

ALWAYS = {"_id", "id", "author", "downloads", "downloadsAllTime", "likes", "trendingScore", "tags"} | {
    "createdAt",
    "lastModified",
    "gated",
    "disabled",
    "private",
}


def test_same_seed_gives_the_same_rows() -> None:
    one, two = (SimulatedWorld(seed=5, days=3, models=400) for _ in range(2))
    for day in one.days:
        assert list(one.listing(day).rows) == list(two.listing(day).rows)
        assert one.listing(day).renames == two.listing(day).renames


@pytest.mark.slow
def test_another_process_gives_the_same_rows() -> None:
    program = (
        "import hashlib, json\n"
        "from tracker.demo.simulation.world import SimulatedWorld\n"
        "world = SimulatedWorld(seed=5, days=3, models=400)\n"
        "rows = [list(world.listing(day).rows) for day in world.days]\n"
        "print(hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest())\n"
    )
    runs = [
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=env).stdout
        for env in ({"PYTHONHASHSEED": "1"}, {"PYTHONHASHSEED": "2"})
    ]
    assert runs[0] == runs[1]
    assert len(runs[0].strip()) == 64


def test_another_seed_gives_another_world() -> None:
    one, two = (SimulatedWorld(seed=seed, days=2, models=400) for seed in (5, 6))
    ids = [{row["_id"] for row in world.listing(world.days[0]).rows} for world in (one, two)]
    assert len(ids[0] & ids[1]) == 0


def test_listing_of_a_day_is_cached(world: SimulatedWorld) -> None:
    catalog: Catalog = world
    assert catalog.is_simulated
    assert catalog.listing(world.days[4]) is catalog.listing(world.days[4])


def test_days_end_with_the_last_day() -> None:
    world = SimulatedWorld(seed=0, days=4, models=60, last_day=date(2026, 3, 2))
    assert list(world.days) == [date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 2)]


@pytest.mark.parametrize(("seed", "days", "models"), [(-1, 3, 10), (0, 0, 10), (0, 3, 0)])
def test_numbers_out_of_range_are_refused(seed: int, days: int, models: int) -> None:
    with pytest.raises(SettingsError, match=f"not {seed}, {days} and {models}"):
        SimulatedWorld(seed, days, models)


def test_registry_without_releases_is_refused() -> None:
    empty = Registry(version="none")
    with pytest.raises(SettingsError, match="no generation released by 2026-11-20"):
        SimulatedWorld(0, 3, 10, registry=empty)


def test_day_outside_the_window_is_refused(world: SimulatedWorld) -> None:
    with pytest.raises(SettingsError, match=f"choose a day from {world.days[0]} to {LAST_DAY}"):
        world.listing(LAST_DAY + timedelta(days=1))


@pytest.mark.parametrize("models", [1, 2, 7, 30, 200])
@pytest.mark.parametrize("days", [1, 2, 5])
def test_small_worlds_have_the_requested_size(models: int, days: int) -> None:
    world = SimulatedWorld(seed=2, days=days, models=models)
    assert len(world.truth.hub_ids) == models
    assert [len(world.listing(day).rows) for day in world.days] == [
        len(list(world.listing(day).rows)) for day in world.days
    ]


def test_rows_are_ordered_by_ids_that_contain_creation_time(world: SimulatedWorld) -> None:
    rows = list(world.listing(world.days[-1]).rows)
    ids = [row["_id"] for row in rows]
    assert all(a < b for a, b in pairwise(ids))
    stamps = [time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(int(hub_id[:8], 16))) for hub_id in ids]
    assert stamps == [row["createdAt"] for row in rows]
    assert {len(hub_id) for hub_id in ids} == {24}
    assert Counter(row["createdAt"] for row in rows).most_common(1)[0][0] == "2022-03-02T23:29:04.000Z"


def test_names_are_unique_in_any_case(world: SimulatedWorld) -> None:
    names = [row["id"].lower() for row in world.listing(world.days[-1]).rows]
    assert len(names) == len(set(names))


def test_rows_support_index_slice_and_iteration(world: SimulatedWorld) -> None:
    rows = world.listing(world.days[7]).rows
    assert rows[-1] == rows[len(rows) - 1] == rows[len(rows) - 5 :][-1] == list(rows)[-1]
    with pytest.raises(IndexError):
        rows[len(rows)]


@pytest.mark.parametrize("step", [6, pytest.param(1, marks=pytest.mark.slow)])
def test_listing_has_no_future_creation_or_edit(world: SimulatedWorld, step: int) -> None:
    for day in world.days[::step]:
        last = f"{day}T23:59:59.999Z"
        assert all(row["createdAt"] <= row["lastModified"] <= last for row in world.listing(day).rows)


def test_repositories_are_created_every_day(world: SimulatedWorld) -> None:
    created = Counter(row["createdAt"][:10] for row in world.listing(world.days[-1]).rows)
    assert min(created[str(day)] for day in world.days) >= 3
    assert max(created[str(day)] for day in world.days) <= 120


def test_cards_are_edited(world: SimulatedWorld) -> None:
    before = {row["_id"]: row["lastModified"] for row in world.listing(world.days[10]).rows}
    after = {row["_id"]: row["lastModified"] for row in world.listing(world.days[11]).rows}
    changed = {after[hub_id][:10] for hub_id in before.keys() & after.keys() if before[hub_id] != after[hub_id]}
    assert changed == {str(world.days[11])}


def test_rows_have_the_hub_fields_and_no_empty_values(world: SimulatedWorld) -> None:
    rows = list(world.listing(world.days[-1]).rows)
    optional = {"pipeline_tag", "library_name", "safetensors", "gguf", "baseModels"}
    assert {key for row in rows for key in row} == ALWAYS | optional
    for row in rows:
        assert row.keys() >= ALWAYS
        assert row["author"] == row["id"].partition("/")[0]
        assert all(value is not None and value != {} and value != "" for value in row.values())
        assert all(isinstance(row[key], int) for key in ("downloads", "downloadsAllTime", "likes", "trendingScore"))
        assert sum(tag.startswith("license:") for tag in row["tags"]) == 1
        assert row["tags"][-1] == "region:us"
    assert {row["gated"] for row in rows} == {False, "auto", "manual"}


def test_hub_client_parses_the_rows(world: SimulatedWorld) -> None:
    for row in world.listing(world.days[-1]).rows:
        info = ModelInfo(**row)  # type: ignore[no-untyped-call]  # the client does not annotate it
        assert (info.id, info.downloads, info.downloads_all_time) == (
            row["id"],
            row["downloads"],
            row["downloadsAllTime"],
        )
        assert info.created_at is not None and info.created_at.isoformat()[:10] == row["createdAt"][:10]


def test_kinds_have_their_stated_shares(world: SimulatedWorld) -> None:
    kinds = Counter(world.truth.kinds.values())
    shares = {kind: round(100 * count / len(world.truth.hub_ids)) for kind, count in kinds.items()}
    assert 10 <= shares[Kind.RELEASE] <= 15
    assert abs(shares[Kind.QUANTIZED] - 36) <= 2
    assert abs(shares[Kind.FINETUNE] + shares[Kind.ADAPTER] - 36) <= 2
    assert abs(shares[Kind.MERGE] - 5) <= 1
    assert abs(shares[Kind.OTHER] - 10) <= 1


@pytest.mark.parametrize("models", [300, pytest.param(8_000, marks=pytest.mark.slow)])
def test_world_has_chinese_us_and_unaffiliated_models(models: int) -> None:
    registry = load()
    countries = {org.handle: org.country for org in registry.organizations if org.role is Role.LAB}
    handles = {org.handle for org in registry.organizations}
    world = SimulatedWorld(seed=4, days=2, models=models)
    rows = list(world.listing(world.days[-1]).rows)
    releases = Counter(countries[row["author"]] for row in rows if world.truth.kinds[row["_id"]] is Kind.RELEASE)
    unaffiliated = [
        row for row in rows if row["author"] not in handles and world.truth.kinds[row["_id"]] is not Kind.OTHER
    ]
    assert min(releases["CN"], releases["US"]) >= 2
    assert len(unaffiliated) > 0.3 * models


def test_repackagers_copy_within_days(world: SimulatedWorld) -> None:
    handles = {org.handle for org in load().organizations if org.role is Role.REPACKAGER}
    rows = {row["_id"]: row for row in world.listing(world.days[0]).rows}
    days = sorted(
        (int(hub_id[:8], 16) - int(world.truth.parents[hub_id][0].hub_id[:8], 16)) / 86_400
        for hub_id, row in rows.items()
        if row["author"] in handles and world.truth.kinds[hub_id] is Kind.QUANTIZED
    )
    assert len(days) > 500
    assert 0 < days[len(days) // 2] < 7


def test_downloads_have_a_long_tail(world: SimulatedWorld) -> None:
    downloads = sorted((row["downloads"] for row in world.listing(world.days[-1]).rows), reverse=True)
    assert sum(downloads[: len(downloads) // 100]) > 0.5 * sum(downloads)
    assert sum(count >= 60_000 for count in downloads) >= 150
    assert downloads[len(downloads) * 3 // 4] < 100


@pytest.mark.slow
def test_generation_time_is_reported(record_property: Callable[[str, object], None]) -> None:
    start = time.process_time()
    world = SimulatedWorld(seed=9, days=60, rates=IncidentRates())
    record_property("build_cpu_seconds", built := time.process_time() - start)
    start = time.process_time()
    listed = sum(1 for _ in world.listing(world.days[30]).rows)
    record_property("listing_cpu_seconds", read := time.process_time() - start)
    print(f"built in {built:.2f} s, {listed} rows of a day made in {read * 1000:.0f} ms (CPU)")
    assert listed > 6_000
