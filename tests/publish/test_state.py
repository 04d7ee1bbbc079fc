"""Pull the state on an empty machine, add a day, publish: the same tables as a full build, and only changed bytes."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from huggingface_hub import constants

from tests.publish.conftest import LAKE_ONLY, REPO, Cloud, land_copy
from tests.support.slow import first_of
from tests.warehouse.comparison import differences
from tests.warehouse.conftest import land
from tracker.cli.publish import pull_lines
from tracker.cli.status import status_lines
from tracker.demo.hub.faults import Fault, FaultKind
from tracker.demo.hub.server import EmbeddedHub
from tracker.domain import Source
from tracker.errors import DataError, HistoryNeededError, HubError
from tracker.history.imports import import_file
from tracker.history.types import ImportOptions
from tracker.lake.lake import Lake
from tracker.publish.push import PublishOptions
from tracker.registry.entries import Registry
from tracker.registry.load import load
from tracker.warehouse.build import FILE, STATE_FILE, BuildOptions, build

Content = Callable[[Path], dict[str, Any]]
NOW = datetime(2026, 11, 21, 6, tzinfo=UTC)
WITH_MARTS = PublishOptions()
FIRST, LAST = date(2026, 9, 22), date(2026, 9, 30)
NEXT = LAST + timedelta(days=1)
MANIFEST = "state/manifest.json"


def built(home: Path, registry: Registry | None = None, *, full: bool = False, slim: bool = True) -> str:
    """Build a home; return the kind of build."""
    messages: list[str] = []
    options = BuildOptions(full=full, slim=slim)
    assert not build(Lake(home), registry or load(), NOW, options=options, on_plan=messages.append).has_failed
    return " ".join(messages)


@pytest.fixture(scope="module")
def first(simulated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A slim home of the last days of September; read-only."""
    home = tmp_path_factory.mktemp("state") / "first"
    land_copy(simulated, home, FIRST, LAST)
    built(home)
    return home


@pytest.fixture(scope="module")
def published(first: Path, make_catalog: Callable[..., Any]) -> Iterator[Cloud]:
    """A Hub with the dataset of that home."""
    with pytest.MonkeyPatch.context() as patch, EmbeddedHub(make_catalog({FIRST: ()}), quota=10**6) as hub:
        for name in ("HF_HUB_DISABLE_TELEMETRY", "HF_HUB_DISABLE_XET"):
            patch.setattr(constants, name, True)
        patch.setenv("HF_TOKEN", "hf_aaaa")
        hub.datasets.create(REPO, datetime(2026, 11, 1, tzinfo=UTC))
        cloud = Cloud(hub)
        cloud.publish(first, WITH_MARTS)
        yield cloud


@pytest.fixture
def cloud(published: Cloud) -> Iterator[Cloud]:
    """The published dataset, which gets its commits of a test removed afterwards."""
    count = len(published.repository.commits)
    yield published
    del published.repository.commits[count:]
    published.hub.faults.clear()
    published.on_progress = lambda line: None


@pytest.fixture
def machine(cloud: Cloud, tmp_path: Path) -> Path:
    """A home that has pulled the state."""
    home = tmp_path / "machine"
    cloud.pull_state(home)
    return home


def refreshed(simulated: Path, folder: Path, last: date, registry: Registry | None = None) -> Path:
    """The warehouse of a full refresh of all days."""
    home = folder / "refreshed"
    land_copy(simulated, home, FIRST, last)
    built(home, registry, full=True, slim=False)
    return home / FILE


def test_days_added_to_a_state_give_a_full_build(cloud: Cloud, simulated: Path, tmp_path: Path) -> None:
    """Each day on an empty machine; the first closes a month, whose readings are not sent again with the second."""
    machines, september = [tmp_path / "one", tmp_path / "two"], list[set[str]]()
    for day, home in zip((NEXT, NEXT + timedelta(days=1)), machines, strict=True):
        pulled = cloud.pull_state(home)
        assert pulled.state_of == day - timedelta(days=1)
        assert not [*(home / "lake" / "model_days").glob("*")]
        land_copy(simulated, home, day, day)
        assert built(home) == f"Incremental build: adding {day} to the warehouse of {pulled.state_of}."
        sent = cloud.publish(home, WITH_MARTS)
        assert (sent.crawls, sent.months) == ([f"{day}-hub"], ["2026-09"] if day == NEXT else [])
        september.append({path for path in cloud.files if path.startswith("state/days/model_days/2026-09")})
    assert september[0] == september[1] and len(september[0]) == 1
    assert not september[0] & sent.files.keys()
    assert {path for path in cloud.files if path.startswith("state/") and path != MANIFEST} == state_files(cloud)
    assert differences(machines[1] / FILE, refreshed(simulated, tmp_path, day)) == {}


def state_files(cloud: Cloud) -> set[str]:
    """The files that the manifest names."""
    state = manifest(cloud)
    tables = {f"state/{table['name']}.{table['sha256'][:16]}.parquet" for table in state["tables"]}
    return tables | {f"state/{file['file']}" for file in state["days"]}


def manifest(cloud: Cloud) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(cloud.files[MANIFEST])
    return found


def test_publish_of_an_unchanged_state_sends_nothing(cloud: Cloud, first: Path) -> None:
    assert cloud.publish(first, WITH_MARTS).files == {}


@pytest.mark.slow
def test_changed_registry_is_built_from_a_state(cloud: Cloud, machine: Path, simulated: Path, tmp_path: Path) -> None:
    registry = load()
    changed = replace(registry, organizations=tuple(o for o in registry.organizations if o.handle != "Qwen"))
    land_copy(simulated, machine, NEXT, NEXT)
    assert built(machine, changed).startswith(
        "Incremental build: updating what reads the changed registry (organizations)"
    )
    assert differences(machine / FILE, refreshed(simulated, tmp_path, NEXT, changed)) == {}


def forced_day(home: Path, simulated: Path) -> None:
    land_again(home, simulated, LAST)


def late_day(home: Path, simulated: Path) -> None:
    lake = Lake(home)
    last = lake.manifest(f"{LAST}-hub")
    assert last is not None
    lake.save_manifest(replace(last, crawl=f"{LAST}-labs", scope="labs", files=()))


def other_definitions(home: Path, simulated: Path) -> None:
    with duckdb.connect(str(home / STATE_FILE)) as connection:
        connection.execute("update build set sql_version = 'other'")


@pytest.mark.parametrize("change", first_of([other_definitions, forced_day, late_day]))
def test_full_refresh_of_a_state_needs_the_history(
    cloud: Cloud,
    machine: Path,
    first: Path,
    simulated: Path,
    content: Content,
    change: Callable[[Path, Path], None],
) -> None:
    """The build stops, a pull brings the readings, and the build goes on."""
    change(machine, simulated)
    before = (machine / STATE_FILE).read_bytes()
    expected = r"a full refresh reads all days\. The readings of .* are only in ada/data.* Run `tracker pull ada/data`"
    with pytest.raises(HistoryNeededError, match=expected):
        built(machine)
    assert (machine / STATE_FILE).read_bytes() == before
    assert len(cloud.pull(machine).restored) == (8 if change is forced_day else 9)
    assert not Lake(machine).remote_files().paths
    assert built(machine).startswith("Full refresh")
    assert not (machine / STATE_FILE).exists()
    if change is other_definitions:
        assert content(machine) == content(first)
        assert differences(machine / FILE, first / FILE) == {}


def test_import_and_status_of_a_state_name_the_dataset(machine: Path, tmp_path: Path) -> None:
    assert "Only in ada/data: 9 files of readings; `tracker pull ada/data` fetches them" in status_lines(Lake(machine))
    file = tmp_path / "older.csv"
    file.write_text("id,day,downloads_30d\na/b,2026-08-01,1\n")
    with pytest.raises(
        HistoryNeededError, match=r"imported days change how others are judged\. The readings of 9 days"
    ):
        import_file(Lake(machine), ImportOptions(Source.FILE, LAST, file=file), "0", lambda: NOW)


REASONS = [
    ({"duckdb_version": "1.0.0"}, "DuckDB 1.0.0 wrote it, and this is DuckDB"),
    ({"sql_version": "0"}, "the table definitions of this version of the program differ"),
    ({"tables": []}, "the table definitions of this version of the program differ"),
    ({"format": 1}, r"its manifest is damaged or of another version of this program \(ValueError"),
    ({"crawls": {f"{LAST}-hub": "0"}}, f"crawl {LAST}-hub was replaced"),
    ({"days": [{"table": "../x", "month": "2026-09", "sha256": "0" * 64}]}, "it has day files of"),
    ({"crawls": {f"{LAST}-hub": 1}}, "other than text"),
]


@pytest.mark.parametrize(("changed", "reason"), first_of(REASONS), ids=[reason[:30] for _, reason in REASONS])
def test_unusable_state_is_replaced_by_the_history(
    cloud: Cloud, first: Path, tmp_path: Path, content: Content, changed: dict[str, Any], reason: str
) -> None:
    cloud.repository.add({MANIFEST: json.dumps(manifest(cloud) | changed).encode()}, "changed", NOW)
    told: list[str] = []
    cloud.on_progress = told.append
    home = tmp_path / "home"
    result = cloud.pull_state(home)
    assert (result.state_of, len(result.landed)) == (None, 9)
    [line] = [line for line in told if "state" in line]
    assert re.match(f"The state is not used: .*{reason}.*The history is pulled instead", line)
    assert content(home) == content(first)
    assert not (home / STATE_FILE).exists()


def test_damaged_file_of_a_state_is_refused(cloud: Cloud, first: Path, tmp_path: Path) -> None:
    """A table with other bytes than its manifest names: nothing of it is used, and the lake can be pulled."""
    path = next(path for path in sorted(cloud.files) if path.startswith("state/state.core_used_edges"))
    content = cloud.files[path]
    cloud.repository.add({path: content[:-9] + b"x" + content[-8:]}, "damaged", NOW)
    home = tmp_path / "home"
    with pytest.raises(DataError, match=r"state.core_used_edges.* differs from what its state names"):
        cloud.pull_state(home)
    assert not (home / STATE_FILE).exists() and not Lake(home).file_problems(Lake(home).manifests())
    assert len(cloud.pull(home).restored) == 9
    assert built(home).startswith("Full refresh")


def test_interrupted_pull_of_a_state_goes_on(cloud: Cloud, first: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    cloud.hub.faults.add(Fault(FaultKind.STATUS, "state/state.core_used_edges", status=403))
    with pytest.raises(HubError):
        cloud.pull_state(home)
    cloud.hub.faults.clear()
    before = len(cloud.hub.requests)
    result = cloud.pull_state(home)
    fetched = [request.path for request in cloud.hub.requests[before:] if "/resolve/" in request.path]
    assert not any("/days/" in path or "/lake/models/" in path for path in fetched)
    assert "the state of 2026-09-30 and 9 crawls, without their readings" in " ".join(pull_lines(result))
    assert built(home) == "Incremental build: no new day since 2026-09-30."
    assert differences(home / FILE, first / FILE) == {}


@pytest.mark.slow
def test_days_published_after_a_state_are_pulled_whole(cloud: Cloud, machine: Path, simulated: Path) -> None:
    """A day that came without a state, as from a home with a single file, is added by the next machine."""
    land_copy(simulated, machine, NEXT, NEXT)
    cloud.publish(machine, LAKE_ONLY)
    home = machine.with_name("next")
    assert cloud.pull_state(home).state_of == LAST
    assert [path.name for path in (home / "lake" / "model_days").glob("*")] == [f"day={NEXT}"]
    assert built(home).startswith(f"Incremental build: adding {NEXT}")


@pytest.mark.slow
def test_conflict_does_not_fetch_the_history(cloud: Cloud, machine: Path, simulated: Path) -> None:
    """Another home publishes a further day during a publish: that day is pulled, and no reading of the state's days."""
    other, later = machine.with_name("other"), NEXT + timedelta(days=1)
    land_copy(simulated, other, FIRST, later)
    land_copy(simulated, machine, NEXT, NEXT)

    def publish_other(line: str) -> None:
        if line.startswith("Sending"):
            cloud.on_progress = lambda line: None
            cloud.publish(other)

    cloud.on_progress = publish_other
    assert cloud.publish(machine).pulled == [f"{later}-hub"]
    assert len(Lake(machine).remote_files().paths) == 9


@pytest.mark.slow
def test_home_with_readings_pulls_the_history(cloud: Cloud, simulated: Path, tmp_path: Path) -> None:
    home, told = tmp_path / "home", list[str]()
    land_copy(simulated, home, FIRST, FIRST)
    cloud.on_progress = told.append
    assert cloud.pull_state(home).state_of is None
    assert told[0].startswith("The state is not used: this home has readings of its own.")
    assert not Lake(home).remote_files().paths


def test_unpublished_crawl_is_not_passed_over(cloud: Cloud, machine: Path, simulated: Path) -> None:
    land_copy(simulated, machine, NEXT, NEXT)
    with pytest.raises(DataError, match=f"has crawls that ada/data does not have: {NEXT}-hub"):
        cloud.pull_state(machine)


ODD_DAYS = {
    12: "forced",
    20: "missed",
    24: "late",
    33: "imported",
    41: "registry",
}
"""Number of a day -> what happens besides its crawl; the crawl of the missed day arrives on the late one."""


@pytest.mark.slow
@pytest.mark.endless
@pytest.mark.timeout(7200)
def test_sixty_days_on_empty_machines_give_full_builds(cloud: Cloud, simulated: Path, tmp_path: Path) -> None:
    """A machine for each day. The world has renames, deletions, stalls and rollbacks; some days come late or again."""
    days = [manifest.day for manifest in Lake(simulated).manifests() if manifest.day > LAST]
    home, registry, missed, kinds = tmp_path / "first", load(), LAST, set[str]()
    for number, day in enumerate(days, 10):
        home = tmp_path / f"{day}"
        odd = ODD_DAYS.get(number)
        cloud.pull_state(home)
        if odd == "missed":
            missed = day
            continue
        if odd == "forced":
            land_again(home, simulated, day - timedelta(days=1))
        if odd == "imported":
            land_import(home, FIRST - timedelta(days=9))
        if odd == "registry":
            registry = replace(registry, organizations=registry.organizations[::2])
        land_copy(simulated, home, day, day)
        if odd == "late":
            land_copy(simulated, home, missed, missed)
        try:
            kinds.add(built(home, registry).split(":")[0])
        except HistoryNeededError:
            cloud.pull(home)
            kinds.add(built(home, registry).split(":")[0])
        cloud.publish(home, WITH_MARTS, is_forced=odd == "forced")
        if odd or number % 10 == 0 or day == days[-1]:
            refreshed = tmp_path / f"{day}-refreshed"
            cloud.pull(refreshed)
            built(refreshed, registry, full=True, slim=False)
            assert differences(home / FILE, refreshed / FILE) == {}, day
            shutil.rmtree(refreshed)
        shutil.rmtree(home.with_name(f"{day - timedelta(days=1)}"), ignore_errors=True)
    assert kinds == {"Incremental build", "Full refresh"}


def land_again(home: Path, simulated: Path, day: date) -> None:
    """Replace a day by another reading of the same day."""
    land_copy(simulated, home, day, day)
    again = Lake(home).manifest(f"{day}-hub")
    assert again is not None
    Lake(home).save_manifest(replace(again, ended_at=again.ended_at + timedelta(hours=1)))


def land_import(home: Path, day: date) -> None:
    """Import a day of an archive for repositories that the home has read."""
    lake = Lake(home)
    [first] = lake.files("models", [manifest for manifest in lake.manifests() if manifest.day == FIRST])
    ids = pq.read_table(first, partitioning=None)["hub_id"].to_pylist()[:30]
    readings = [
        {"hub_id": hub_id, "downloads_30d": 5 + n, "downloads_all_time": 10 + n} for n, hub_id in enumerate(ids)
    ]
    land(lake, day, readings, scope="hub-stats", source="hub-stats", is_simulated=True)
