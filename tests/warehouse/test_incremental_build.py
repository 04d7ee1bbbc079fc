"""Incremental builds: they give the same tables as a full refresh, and fall back to one when they cannot."""

import shutil
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import booleans

from tests.warehouse.comparison import differences
from tests.warehouse.conftest import SmallWarehouse, land
from tests.warehouse.growing_homes import GrowingHome, growing_homes, land_day
from tracker.database import rows
from tracker.demo.hub.server import EmbeddedHub
from tracker.demo.simulation.world import SimulatedWorld
from tracker.domain import Scope
from tracker.errors import UsageError
from tracker.hub.client import HubClient
from tracker.hub.crawl import CrawlOptions, crawl
from tracker.lake.lake import Lake
from tracker.progress import NoProgress
from tracker.registry.entries import Base, Relation
from tracker.registry.load import load
from tracker.warehouse.build import FILE, BuildOptions, build
from tracker.warehouse.increment import plan, sql_version
from tracker.warehouse.inputs import create_table

NOW = datetime(2026, 11, 21, tzinfo=UTC)
LATER = datetime(2026, 11, 22, tzinfo=UTC)
SHIPPED = load()
BASES = {"nobody/Gone-7B": ("nobody/Former-7B",), "nobody/Former-7B": ("someone/m1", "meta-llama/Llama-3.1-8B-m0")}
"""Bases of models that no crawl lists; some homes have repositories of those names for a while."""
REGISTRY = replace(
    SHIPPED,
    bases=(
        *SHIPPED.bases,
        *(Base(repo_id=name, parents=of, relation=Relation.MERGE, evidence="a test") for name, of in BASES.items()),
    ),
)
SCOPE_DAYS = pa.schema(
    {"day": pa.date32(), "width": pa.int32(), "whole_before": pa.date32(), "is_used": pa.bool_()}.items()
)
AUGUST = [date(2026, 8, 19 + number) for number in range(5)]


class Homes:
    """Two homes that share one lake: the first is built incrementally, the second always with a full refresh.

    The first may have a slim warehouse; the second is a single file.
    """

    def __init__(self, folder: Path, start: Path | None = None, *, is_slim: bool = False) -> None:
        self._options = BuildOptions(slim=is_slim)
        self.lake, self.refreshed = Lake(folder / "incremental"), Lake(folder / "refreshed")
        if start:
            shutil.copytree(start, self.lake.home)
        else:
            self.lake.folder.mkdir(parents=True)
        self.refreshed.home.mkdir()
        self.refreshed.folder.symlink_to(self.lake.folder, target_is_directory=True)

    @property
    def file(self) -> Path:
        return self.lake.home / FILE

    def build(self) -> str:
        """Build the first home; return the messages about the kind of build."""
        messages: list[str] = []
        build(self.lake, REGISTRY, NOW, options=self._options, on_plan=messages.append)
        return " ".join(messages)

    def differences(self) -> dict[str, list[object]]:
        """Refresh the second home and compare the two warehouses."""
        build(self.refreshed, REGISTRY, LATER, options=BuildOptions(full=True))
        return differences(self.file, self.refreshed.home / FILE)


def counters(day: int, *downloads: int) -> list[dict[str, Any]]:
    """Counters of repositories 0, 1, ... on a day."""
    return [
        {"hub_id": str(n), "downloads_30d": d, "downloads_all_time": 1000 + d * day, "likes": 0}
        for n, d in enumerate(downloads)
    ]


def attributes(*names: str, created: int = 1) -> list[dict[str, Any]]:
    moment = datetime(2026, 8, created, tzinfo=UTC)
    return [{"hub_id": str(n), "repo_id": name, "created_at": moment} for n, name in enumerate(names)]


@pytest.fixture(scope="module")
def two_days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home built with two days in its lake; copy it before changing it."""
    homes = Homes(tmp_path_factory.mktemp("two_days"))
    land(homes.lake, AUGUST[0], counters(0, 10, 20), attributes("Qwen/a", "b/y"))
    land(homes.lake, AUGUST[1], counters(1, 10, 20))
    assert homes.build() == "Full refresh: there is no earlier warehouse."
    return homes.lake.home


@pytest.fixture
def homes(two_days: Path, tmp_path: Path) -> Homes:
    """Homes of which the first has been built with two days in its lake."""
    return Homes(tmp_path, two_days)


def test_added_days_give_the_tables_of_a_full_refresh(homes: Homes) -> None:
    """One model is created in the first moment of the day before it is read; two get a task, and so another class.

    A third is built on one of these, and has the new class of its base.
    """
    later = attributes("Qwen/a", "b/y", "c/z", "d/w", created=AUGUST[1].day)
    links = [{"hub_id": "3", "parent_ref": "b/y", "relation": "finetune"}]
    land(homes.lake, AUGUST[2], counters(2, 10, 20, 5, 7), later[2:], links=links)
    assert homes.build() == "Incremental build: adding 2026-08-21 to the warehouse of 2026-08-20."
    assert not is_sorted_by_repository(homes.file, "model_days")
    changed = [{**row, "pipeline_tag": "text-generation"} for row in (*attributes("Qwen/a", "b/y")[1:], later[2])]
    land(homes.lake, AUGUST[3], counters(3, 10, 20, 5, 7), changed)
    land(homes.lake, date(2026, 9, 1), counters(13, 10, 20))
    assert homes.build() == "Incremental build: adding 2026-08-22, 2026-09-01 to the warehouse of 2026-08-21."
    assert is_sorted_by_repository(homes.file, "model_days") and is_sorted_by_repository(homes.file, "model_flows")
    assert homes.differences() == {}


@pytest.mark.slow
def test_build_without_a_new_day_changes_nothing(homes: Homes) -> None:
    assert homes.build() == "Incremental build: no new day since 2026-08-20."
    assert homes.differences() == {}
    land(homes.lake, AUGUST[2], counters(2, 10, 20))
    assert homes.build() == "Incremental build: adding 2026-08-21 to the warehouse of 2026-08-20."
    changed = differences(homes.file, homes.refreshed.home / FILE)
    assert {"model_days", "model_flows", "adoption_days", "build"} <= changed.keys() and "labs" not in changed


def is_sorted_by_repository(file: Path, table: str) -> bool:
    """Whether the rows of August are stored by repository, then day."""
    with duckdb.connect(str(file), read_only=True) as connection:
        stored = rows(connection, f"select hub_id, day from {table} where month(day) = 8 order by rowid")
    assert len(stored) > 6
    return stored == sorted(stored)


def late_crawl(homes: Homes) -> None:
    land(homes.lake, AUGUST[1], counters(1, 10, 20, 5)[2:], attributes("a", "b", "c/z")[2:], scope="labs")


def replaced_crawl(homes: Homes) -> None:
    land(homes.lake, AUGUST[0], counters(0, 10, 21), attributes("Qwen/a", "b/y"))
    again = homes.lake.manifest(f"{AUGUST[0]}-hub")
    assert again is not None
    homes.lake.save_manifest(replace(again, ended_at=again.ended_at + timedelta(hours=1)))


def missing_crawl(homes: Homes) -> None:
    (homes.lake.folder / "crawls" / f"{AUGUST[1]}-hub.json").unlink()


def built_with(column: str, value: str) -> Callable[[Homes], None]:
    def change(homes: Homes) -> None:
        with duckdb.connect(str(homes.file)) as connection:
            connection.execute(f"update build set {column} = '{value}'")

    return change


def damaged_file(homes: Homes) -> None:
    homes.file.write_bytes(b"x" * 20_000)


def missing_public_table(homes: Homes) -> None:
    with duckdb.connect(str(homes.file)) as connection:
        connection.execute("drop table crawls")


def no_file(homes: Homes) -> None:
    homes.file.unlink()


REASONS = [
    (late_crawl, "crawl 2026-08-20-labs arrived late: the earlier warehouse already ends on 2026-08-20"),
    (replaced_crawl, "crawl 2026-08-19-hub was replaced"),
    (missing_crawl, "crawl 2026-08-20-hub is in the earlier warehouse but no longer in the lake"),
    (built_with("sql_version", "0"), "the table definitions have changed"),
    (damaged_file, "the earlier warehouse cannot be read, or an incompatible version built it"),
    (missing_public_table, "the earlier warehouse cannot be read, or an incompatible version built it"),
    (no_file, "there is no earlier warehouse"),
]


@pytest.mark.parametrize(("change", "reason"), REASONS, ids=[reason[:40] for _, reason in REASONS])
def test_plan_is_a_full_refresh_with_a_reason(homes: Homes, change: Callable[[Homes], None], reason: str) -> None:
    change(homes)
    chosen = plan(homes.file, homes.lake.manifests(), REGISTRY, full=False)
    assert chosen.since is None and chosen.message.startswith(f"Full refresh: {reason}")


def test_new_program_version_needs_no_full_refresh(homes: Homes) -> None:
    built_with("program_version", "0.0.1")(homes)
    chosen = plan(homes.file, homes.lake.manifests(), REGISTRY, full=False)
    assert chosen.message == "Incremental build: no new day since 2026-08-20."


def test_sql_version_changes_with_queries_and_not_with_examples(tmp_path: Path) -> None:
    def version(path: str, text: str) -> str:
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
        return sql_version(tmp_path)

    first = version("columns.toml", "a")
    assert first == version("examples/one.sql", "select 1") == version("README.md", "text")
    assert len({first, version("marts/one.sql", "select 1"), version("marts/one.sql", "select 2")}) == 3


def missing_state(homes: Homes) -> None:
    with duckdb.connect(str(homes.file)) as connection:
        connection.execute("drop table state.core_unsettled_readings")


def labs_for_a_month(homes: Homes) -> None:
    """The last wider listing is more than 30 days ago: from then on, all days count registered accounts."""
    land(homes.lake, AUGUST[1] + timedelta(days=31), counters(32, 10), scope="labs")


def changed_creation_date(homes: Homes) -> None:
    land(homes.lake, AUGUST[2], counters(2, 10, 20), attributes("Qwen/a", "b/y", created=2))


FALLBACKS = [
    (missing_state, "the incremental build failed ("),
    (
        labs_for_a_month,
        "A day of the earlier build that later days have made usable, unusable or a day of another series: 2.",
    ),
    (
        changed_creation_date,
        "A repository whose creation date differs from the one its first downloads were based on: 2.",
    ),
]


@pytest.mark.slow
@pytest.mark.parametrize(("change", "reason"), FALLBACKS, ids=[change.__name__ for change, _ in FALLBACKS])
def test_build_falls_back_to_a_full_refresh(homes: Homes, change: Callable[[Homes], None], reason: str) -> None:
    change(homes)
    assert f"Full refresh: {reason}" in homes.build()
    assert homes.differences() == {}


@pytest.mark.parametrize(
    ("changed", "expected"), [({}, []), ({"width": 1}, ["2026-08-20"]), ({"whole_before": None}, ["2026-08-20"])]
)
def test_day_of_another_series_needs_a_full_refresh(
    small: SmallWarehouse, changed: dict[str, Any], expected: list[str]
) -> None:
    day = {"day": AUGUST[1], "width": 3, "whole_before": AUGUST[0], "is_used": True}
    for name, row in (("earlier_", day), ("", {**day, **changed})):
        for table in ("core_usable_days", "core_scope_days"):
            create_table(small.connection, name + table, pa.Table.from_pylist([row], SCOPE_DAYS))
    [model] = [model for model in small.ordered if model.name == "core_reclassified_days"]
    assert [str(found) for (found,) in rows(small.connection, model.sql)] == expected


@pytest.mark.slow
def test_day_that_later_turns_out_stalled_needs_a_full_refresh(homes: Homes) -> None:
    land(homes.lake, AUGUST[2], counters(1, 10, 20))
    assert homes.build().startswith("Incremental build: adding 2026-08-21")
    land(homes.lake, AUGUST[3], counters(3, 10, 20))
    reason = "A day of the earlier build that later days have made usable, unusable or a day of another series: 1."
    assert f"Full refresh: {reason}" in homes.build()
    assert homes.differences() == {}


@pytest.mark.slow
def test_later_recovery_gives_the_tables_of_a_full_refresh(tmp_path: Path) -> None:
    """After 30 days the first downloads are settled; a drop that can still recover makes a repository open again."""
    homes, days = Homes(tmp_path), [AUGUST[0] + timedelta(days=number) for number in range(36)]
    lost = {33: 500, 34: 400}

    def land_days(numbers: range) -> None:
        for number in numbers:
            read = counters(number, 10, 20, 30)
            read[1]["downloads_all_time"] -= lost.get(number, 0)
            land(homes.lake, days[number], read, attributes("Qwen/a", "b/y", "c/z") if number == 0 else ())

    land_days(range(33))
    homes.build()
    for number in (33, 34, 35):
        land_days(range(number, number + 1))
        assert homes.build().startswith("Incremental build: adding")
    assert homes.differences() == {}
    with duckdb.connect(str(homes.file), read_only=True) as connection:
        kinds = rows(connection, "select kind, day::varchar from quality_events where hub_id = '1'")
        booked = rows(
            connection, "select distinct downloads from model_flows where hub_id = '1' and day > '2026-08-19'"
        )
    assert (kinds, booked) == ([("recovered fall", str(days[33]))], [(20,)])


@pytest.mark.slow
def test_full_option_forces_a_full_refresh(homes: Homes) -> None:
    messages: list[str] = []
    build(homes.lake, REGISTRY, NOW, options=BuildOptions(full=True), on_plan=messages.append)
    assert messages == ["Full refresh: --full was given."]


@pytest.mark.slow
def test_failed_check_keeps_the_earlier_warehouse(homes: Homes) -> None:
    before = homes.file.read_bytes()
    land(homes.lake, AUGUST[2], counters(2, 10, -20))
    assert build(homes.lake, REGISTRY, NOW).has_failed
    assert homes.file.read_bytes() == before
    land(homes.lake, AUGUST[2], counters(2, 10, 20))
    assert homes.build() == "Incremental build: adding 2026-08-21 to the warehouse of 2026-08-20."


def test_invalid_memory_limit_is_refused(homes: Homes) -> None:
    with pytest.raises(UsageError, match=r"--memory much is not a size\. Give one such as 4GB or 50%\."):
        build(homes.lake, REGISTRY, NOW, options=BuildOptions(memory="much"))


NAMES = ("Qwen/a", "b/y", "c/z", "d/w", "late/base")
BASES = {"1": ["0", "3"], "2": ["1"], "3": ["4"]}
"""Repositories 1 and 2 build on 0 and on 1, and 3 on a base that has not been read yet."""

Change = tuple[str, dict[str, Any]]
"""Repositories listed on a day, and for those whose attributes are read again: name and bases, where they differ."""

LINEAGE_CHANGES: dict[str, tuple[list[Change], dict[str, str]]] = {
    "a base is read after its derivatives": (
        [("01234", {"4": {}})],
        {"1": "Qwen/a, late/base", "3": "late/base"},
    ),
    "a root is renamed": (
        [("0123", {"0": {"name": "meta-llama/q"}})],
        {"1": "late/base, meta-llama/q", "2": "late/base, meta-llama/q"},
    ),
    "a name passes to another repository": (
        [("01234", {"3": {"name": "d/old", "bases": []}, "4": {"name": "d/w"}})],
        {"1": "Qwen/a, d/old", "3": "d/old"},
    ),
    "a link closes a cycle": (
        [("0123", {"0": {"bases": ["2"]}})],
        {"0": "Qwen/a", "2": "Qwen/a, late/base"},
    ),
    "a cycle is opened again": (
        [("0123", {"0": {"bases": ["2"]}}), ("0123", {"1": {"bases": []}})],
        {"0": "b/y", "2": "b/y"},
    ),
    "a name is taken over after a rename": (
        [
            ("0123", {"0": {"name": "q/new"}, "1": {"is_by_name": True}}),
            ("01234", {"4": {"name": "Qwen/a"}}),
        ],
        {"1": "Qwen/a, q/new", "3": "Qwen/a"},
    ),
    "a deleted base is listed again": (
        [("123", {"1": {"bases": ["3"]}}), ("0123", {})],
        {"1": "late/base", "2": "late/base"},
    ),
}
"""Case -> what changes on each day after the first, and the roots of some repositories afterwards.

The cases use separate repositories of one home, so that all of them need three builds.
"""


def named(case: int, name: str) -> str:
    return f"{name}-{case}"


def lineage_rows(case: int, read: dict[str, dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Attributes and links of the repositories of a case that are read on a day."""
    moment = datetime(2026, 8, 1, tzinfo=UTC)
    models = [
        {"hub_id": f"{case}{n}", "repo_id": named(case, changed.get("name", NAMES[int(n)]))}
        | {"created_at": moment, "last_modified": moment}
        for n, changed in read.items()
    ]
    edges = [
        {"hub_id": f"{case}{n}", "parent_ref": named(case, NAMES[int(base)])}
        | {"parent_hub_id": None if changed.get("is_by_name") else f"{case}{base}"}
        | {"relation": "finetune", "declared_in": "baseModels", "position": position}
        for n, changed in read.items()
        for position, base in enumerate(changed.get("bases", BASES.get(n, [])))
    ]
    return models, edges


def land_lineage(lake: Lake, day: int, changes: list[Change]) -> None:
    """Land one day of all cases."""
    readings, models, edges = list[dict[str, Any]](), list[dict[str, Any]](), list[dict[str, Any]]()
    for case, (listed, read) in enumerate(changes):
        readings += [
            {"hub_id": f"{case}{n}", "downloads_30d": 9, "downloads_all_time": 1000 + day * (5 + int(n)), "likes": 0}
            for n in listed
        ]
        more_models, more_edges = lineage_rows(case, read)
        models += more_models
        edges += more_edges
    land(lake, AUGUST[day], readings, models, links=edges)


@pytest.fixture(scope="module")
def lineage_homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Homes]:
    """Homes built on the first day and after each of two days with all cases of LINEAGE_CHANGES."""
    homes = Homes(tmp_path_factory.mktemp("lineage"))
    land_lineage(homes.lake, 0, [("0123", {n: {} for n in "0123"})] * len(LINEAGE_CHANGES))
    homes.build()
    for day in (1, 2):
        changes = [
            days[day - 1] if day <= len(days) else (days[-1][0], dict[str, dict[str, Any]]())
            for days, _ in LINEAGE_CHANGES.values()
        ]
        land_lineage(homes.lake, day, changes)
        assert homes.build().startswith("Incremental build: adding")
    yield homes


@pytest.mark.slow
def test_changed_lineage_gives_the_tables_of_a_full_refresh(lineage_homes: Homes) -> None:
    query = "select hub_id, string_agg(root_ref, ', ' order by root_ref) from lineage group by hub_id"
    with duckdb.connect(str(lineage_homes.file), read_only=True) as connection:
        found = dict(rows(connection, query))
    for number, (case, (_, roots)) in enumerate(LINEAGE_CHANGES.items()):
        expected = {
            f"{number}{n}": ", ".join(named(number, name) for name in names.split(", ")) for n, names in roots.items()
        }
        assert expected and found.items() >= expected.items(), case
    assert lineage_homes.differences() == {}


@pytest.mark.slow
@pytest.mark.endless
@pytest.mark.timeout(7200)
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(growing_homes(), booleans())
def test_random_growing_homes_give_the_tables_of_a_full_refresh(home: GrowingHome, is_slim: bool) -> None:
    with TemporaryDirectory() as folder:
        homes = Homes(Path(folder), is_slim=is_slim)
        for day in sorted(home.kinds):
            land_day(homes.lake, home, day)
            if day in home.build_days:
                homes.build()
                assert homes.differences() == {}, f"after day {day}"


DAYS_NOT_CRAWLED = (7, 8, 20)


def check_simulated_hub(
    folder: Path, models: int, built: Collection[int], compared: Collection[int], is_slim: bool
) -> None:
    """Crawl a simulated Hub day by day, build after some days, and compare some builds with a full refresh.

    The simulation includes stalls, rollbacks, renames, deletions and repositories that enter late.
    """
    world, homes = SimulatedWorld(seed=3, days=34, models=models), Homes(folder, is_slim=is_slim)
    with EmbeddedHub(world, day=world.days[0], quota=10**9) as server:
        for number, day in enumerate(world.days):
            if number in DAYS_NOT_CRAWLED:
                continue
            server.day = day
            crawl(
                homes.lake,
                CrawlOptions(day, Scope.HUB),
                HubClient(server.url, now=lambda: NOW),
                REGISTRY,
                NoProgress(),
                lambda: NOW,
            )
            if number in built:
                assert homes.build().startswith("Incremental build: adding" if number else "Full refresh")
            if number in compared:
                assert homes.differences() == {}, f"on {day}"


@pytest.mark.slow
@pytest.mark.parametrize("is_slim", [False, True], ids=["single file", "slim"])
def test_simulated_hub_gives_the_tables_of_a_full_refresh(tmp_path: Path, is_slim: bool) -> None:
    check_simulated_hub(tmp_path, models=250, built={0, 6, 10, 33}, compared={33}, is_slim=is_slim)


@pytest.mark.slow
@pytest.mark.endless
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("is_slim", [False, True], ids=["single file", "slim"])
def test_daily_builds_give_the_tables_of_a_full_refresh(tmp_path: Path, is_slim: bool) -> None:
    check_simulated_hub(tmp_path, models=400, built=range(34), compared=range(34), is_slim=is_slim)
