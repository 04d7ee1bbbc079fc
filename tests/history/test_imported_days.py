"""What a warehouse makes of imported days: own readings win, flows say where they are from, no absence is proven."""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from huggingface_hub import constants

from tests.history.conftest import NOW, OWN_DAYS, REGISTRY, Home
from tests.support.archives import MODEL_PULSE
from tracker.demo.hub.datasets.store import DatasetStore, Repository
from tracker.demo.hub.server import EmbeddedHub
from tracker.demo.simulation.world import SimulatedWorld
from tracker.history.types import ImportResult
from tracker.warehouse.build import BuildOptions, BuildResult, build


@pytest.fixture
def ask() -> Callable[..., list[Any]]:
    def ask(home: Home, query: str) -> list[Any]:
        with duckdb.connect(str(home.folder / "tracker.duckdb"), read_only=True) as connection:
            return connection.execute(query).fetchall()

    return ask


def built(
    home: Home, on_plan: Callable[[str], None] = lambda said: None, options: BuildOptions = BuildOptions()
) -> BuildResult:
    found = build(home.lake, REGISTRY, NOW, options=options, on_plan=on_plan)
    assert not [finding.check.name for finding in found.findings if finding.check.name != "coverage_days__have_no_gap"]
    return found


Ask = Callable[..., list[Any]]


@pytest.fixture(scope="module")
def imported(
    crawled: Path, world: SimulatedWorld, made: DatasetStore, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Home, ImportResult]]:
    """A built home with all days of model-pulse before its own, and the result of the import. Read only.

    Its archive does not mark its incomplete day as unusable, too.
    """
    store = DatasetStore()
    repository = Repository(MODEL_PULSE, commits=list(made[MODEL_PULSE].commits))
    meta = json.loads(repository.head.files["meta.json"].content)
    meta["skip_days"] = [day for day in meta["skip_days"] if day not in meta["partial"]]
    repository.add({"meta.json": json.dumps(meta).encode()}, "Update", repository.head.date)
    store.add(repository)
    folder = Path(shutil.copytree(crawled, tmp_path_factory.mktemp("imported") / "home"))
    with pytest.MonkeyPatch.context() as patch, EmbeddedHub(world, quota=1_000_000, datasets=store) as hub:
        patch.setattr(constants, "HF_HUB_DISABLE_TELEMETRY", True)
        home = Home(folder, hub)
        found = home.bring("model-pulse")
        built(home)
        yield home, found


@pytest.mark.slow
def test_imported_days_come_before_our_own_and_say_so(
    imported: tuple[Home, ImportResult], ask: Ask, world: SimulatedWorld, archive_days: list[date]
) -> None:
    home, found = imported
    own = [day for day in world.days if day > archive_days[-2]]
    sources = dict(ask(home, "select source, list(distinct day order by day) from model_days group by source"))
    assert sources["crawl"] == own
    assert sources["model-pulse"] == found.landed[:-1] and found.landed[-1] == own[0]
    bases = ask(home, "select basis, max(day) from model_flows group by basis")
    assert dict(bases)["imported"] <= own[1] and dict(bases)["read"] == own[-1]
    kinds = ask(home, f"select distinct basis from model_flows where day = '{archive_days[20]}' order by 1")
    assert kinds in ([("imported",)], [("identity",), ("imported",)])  # some were created since


def test_flows_sum_to_the_counters_between_used_readings(
    imported: tuple[Home, ImportResult],
    ask: Ask,
    world: SimulatedWorld,
    archive_days: list[date],
    known: set[tuple[str, str]],
) -> None:
    home, _ = imported
    first, last = archive_days[0], archive_days[-1]
    then, now = ({row["_id"]: row["downloadsAllTime"] for row in world.listing(day).rows} for day in (first, last))
    booked = dict(
        ask(
            home,
            "select hub_id, sum(downloads)::bigint from model_flows "
            f"where day between '{first + timedelta(days=1)}' and '{last}' group by hub_id",
        )
    )
    unused = {day for (day,) in ask(home, "select day from quality_events where kind in ('rollback', 'stall')")}
    assert not unused & {first, last}
    steady = {hub_id for hub_id, _ in known} & then.keys() & now.keys() - world.truth.falls.keys()
    assert len(steady) > 200
    assert {hub_id: booked[hub_id] for hub_id in steady} == {hub_id: now[hub_id] - then[hub_id] for hub_id in steady}


@pytest.mark.slow
def test_archive_proves_no_absence(home: Home, ask: Ask, archive_days: list[date]) -> None:
    built(home)
    listed = ask(home, "select hub_id, is_listed from models order by all")
    births = ask(
        home, "select hub_id, day, downloads, basis from model_flows where basis in ('read', 'spread') order by all"
    )
    file = home.folder.parent / "one.csv"
    day = archive_days[-1] - timedelta(days=3)
    file.write_text(f"id,day,downloads_all_time\nnobody/knows,{day},7\n")
    home.bring_file(file)
    built(home)
    known = [row for row in ask(home, "select hub_id, is_listed from models order by all") if ":" not in row[0]]
    assert known == listed
    query = "select hub_id, day, downloads, basis from model_flows where basis in ('read', 'spread') order by all"
    assert ask(home, query) == births


@pytest.mark.slow
def test_odd_imported_row_changes_only_its_own_flow(empty: Home, ask: Ask, world: SimulatedWorld) -> None:
    home, gap = empty, world.days[-3]
    for day in world.days[-OWN_DAYS:]:
        if day != gap:
            home.read(day)
    built(home)
    query = "select hub_id, day, downloads, basis from model_flows where hub_id != '{}' order by all"
    row = next(row for row in world.listing(gap).rows if row["downloads"] > 1000)
    before = ask(home, query.format(row["_id"]))
    file = home.folder.parent / "one.csv"
    file.write_text(f"id,day,downloads_all_time\n{row['id']},{gap},{row['downloadsAllTime']}\n")
    assert home.bring_file(file).rows == 1
    built(home)
    assert ask(home, query.format(row["_id"])) == before
    around = f"hub_id = '{row['_id']}' and day between '{gap}' and '{gap + timedelta(days=1)}'"
    assert {basis for (basis,) in ask(home, f"select basis from model_flows where {around}")} == {"imported"}


@pytest.mark.slow
def test_taking_a_source_out_gives_the_warehouse_without_it(home: Home, ask: Ask) -> None:
    tables = ("model_days", "model_flows", "adoption_days", "models", "lineage")
    built(home)
    before = {table: ask(home, f"select * from {table} order by all") for table in tables}
    home.bring("hub-weekly")
    built(home)
    assert ask(home, "select * from model_days order by all") != before["model_days"]
    home.remove("hub-weekly")
    built(home)
    assert {table: ask(home, f"select * from {table} order by all") for table in tables} == before


@pytest.mark.slow
def test_crawl_after_an_import_equals_a_full_build(empty: Home, ask: Ask, world: SimulatedWorld) -> None:
    home, ways = empty, list[str]()
    for day in world.days[-4:-1]:
        home.read(day)
    home.bring("model-pulse", until=world.days[-5])
    built(home, ways.append)
    home.read(world.days[-1])
    built(home, ways.append)
    tables = (
        "model_days",
        "model_flows",
        "adoption_days",
        "models",
        "quality_events",
        "coverage_days",
        "steps.latest_counts",
    )
    added = {table: ask(home, f"select * from {table} order by all") for table in tables}
    home.bring("hub-weekly")
    home.remove("hub-weekly")
    built(home, ways.append, BuildOptions(full=True))
    assert {table: ask(home, f"select * from {table} order by all") for table in tables} == added
    home.bring("hub-stats", since=world.days[-6])
    built(home, ways.append)
    assert [way.split(" ")[0] for way in ways] == ["Full", "Incremental", "Full", "Full"]
    assert "hub-stats was imported after the earlier build" in ways[-1]


@pytest.mark.slow
def test_home_of_imports_only_is_built(empty: Home, ask: Ask) -> None:
    found = empty.bring("hub-weekly")
    built(empty)
    assert ask(empty, "select count(*), count(distinct day) from model_days") == [(found.rows, len(found.landed))]
    assert ask(empty, "select distinct publisher_origin is not null from models") == [(True,)]


@pytest.mark.slow
def test_edges_do_not_lead_to_what_is_known_by_name_alone(home: Home, ask: Ask) -> None:
    built(home)
    before = ask(home, "select child_id, parent_id, parent_ref from edges order by all")
    home.bring("model-pulse")
    built(home)
    assert ask(home, "select child_id, parent_id, parent_ref from edges order by all") == before
    assert ask(home, "select count(*) from models where hub_id like 'name:%'") != [(0,)]


def test_days_that_an_archive_has_in_part_count_in_no_sum(imported: tuple[Home, ImportResult], ask: Ask) -> None:
    home, found = imported
    [day] = found.partial
    assert ask(home, f"select state from coverage_days where day = '{day}'") == [("partial",)]
    assert ask(home, f"select sum(models) from adoption_days where day = '{day}'") == [(None,)]
    assert ("partial listing",) in ask(home, f"select kind from quality_events where day = '{day}'")
