"""Builds that stand on the one before: they hold the same as builds that make everything anew, after every day."""

import shutil
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings

from tests.warehouse.carried import differences
from tests.warehouse.carried_worlds import Home, homes, land_day
from tests.warehouse.conftest import land
from tracker.database import rows
from tracker.demo.hub.server import EmbeddedHub
from tracker.demo.simulation.world import SimulatedWorld
from tracker.domain import Scope
from tracker.errors import UsageError
from tracker.hub.client import Hub
from tracker.hub.crawl import Order, crawl
from tracker.lake.lake import Lake
from tracker.progress import Silent
from tracker.registry.load import load
from tracker.warehouse.build import FILE, Wishes, build

NOW = datetime(2026, 11, 21, tzinfo=UTC)
LATER = datetime(2026, 11, 22, tzinfo=UTC)
ANEW = Wishes(full=True)
REGISTRY = load()


class Homes:
    """Two homes with one lake: in the first each build stands on the one before, in the second none does."""

    def __init__(self, folder: Path, begun: Path | None = None) -> None:
        self.lake, self.other = Lake(folder / "carried"), Lake(folder / "anew")
        if begun:
            shutil.copytree(begun, self.lake.home)
        else:
            self.lake.folder.mkdir(parents=True)
        self.other.home.mkdir()
        self.other.folder.symlink_to(self.lake.folder, target_is_directory=True)

    def build(self) -> str:
        """Builds the first; what it said of its way."""
        said: list[str] = []
        build(self.lake, REGISTRY, NOW, on_plan=said.append)
        return " ".join(said)

    def differences(self) -> dict[str, list[object]]:
        """Builds the second, and holds both against each other."""
        build(self.other, REGISTRY, LATER, wishes=ANEW)
        return differences(self.lake.home / FILE, self.other.home / FILE)


def check_home(home: Home) -> None:
    """Lands a home day by day, builds after each of its cuts, and holds the builds against full ones."""
    with TemporaryDirectory() as folder:
        both = Homes(Path(folder))
        for day in sorted(home.kinds):
            land_day(both.lake, home, day)
            if day in home.cuts:
                both.build()
                assert both.differences() == {}, f"after day {day}"


@pytest.mark.slow
@pytest.mark.timeout(7200)
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(homes())
def test_many_homes_built_while_they_grow_hold_what_full_builds_hold(home: Home) -> None:
    check_home(home)


def rows_of(day: int, *downloads: int) -> list[dict[str, Any]]:
    """Counters of repositories 0, 1, ... on a day."""
    return [
        {"hub_id": str(n), "downloads_30d": d, "downloads_all_time": 1000 + d * day, "likes": 0}
        for n, d in enumerate(downloads)
    ]


def names_of(*names: str, created: int = 1) -> list[dict[str, Any]]:
    moment = datetime(2026, 8, created, tzinfo=UTC)
    return [{"hub_id": str(n), "repo_id": name, "created_at": moment} for n, name in enumerate(names)]


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that has been built with two days in its lake; read only."""
    found = Homes(tmp_path_factory.mktemp("begun"))
    land(found.lake, AUGUST[0], rows_of(0, 10, 20), names_of("Qwen/a", "b/y"))
    land(found.lake, AUGUST[1], rows_of(1, 10, 20))
    assert found.build() == "Building everything anew: there is no earlier warehouse."
    return found.lake.home


@pytest.fixture
def both(begun: Path, tmp_path: Path) -> Homes:
    """Homes of which the first has been built with two days in its lake."""
    return Homes(tmp_path, begun)


AUGUST = [date(2026, 8, 19 + number) for number in range(5)]


def test_a_further_day_is_added(both: Homes) -> None:
    land(both.lake, AUGUST[2], rows_of(2, 10, 20, 5), names_of("Qwen/a", "b/y", "c/z")[2:])
    assert both.build() == "Adding 2026-08-21 to the warehouse of 2026-08-20."
    assert both.differences() == {}


def test_several_days_are_added_at_once(both: Homes) -> None:
    for number in (2, 3, 4):
        land(both.lake, AUGUST[number], rows_of(number, 10, 20))
    assert both.build() == "Adding 2026-08-21, 2026-08-22, 2026-08-23 to the warehouse of 2026-08-20."
    assert both.differences() == {}


def test_a_month_that_is_over_is_put_in_order(both: Homes) -> None:
    for number in (2, 3):
        land(both.lake, AUGUST[number], rows_of(number, 10, 20))
        both.build()
    assert not lie_together(both, "model_days")
    land(both.lake, date(2026, 9, 1), rows_of(13, 10, 20))
    both.build()
    assert lie_together(both, "model_days") and lie_together(both, "model_flows")
    assert both.differences() == {}


def lie_together(both: Homes, table: str) -> bool:
    """Whether the days of each repository in August follow each other in the file."""
    with duckdb.connect(str(both.lake.home / FILE), read_only=True) as connection:
        stored = rows(connection, f"select hub_id, day from {table} where month(day) = 8 order by rowid")
    assert len(stored) > 6
    return stored == sorted(stored)


def test_nothing_new_gives_the_same_again(both: Homes) -> None:
    assert both.build() == "Adding no new day to the warehouse of 2026-08-20."
    assert both.differences() == {}


def test_a_difference_would_be_seen(both: Homes) -> None:
    land(both.lake, AUGUST[2], rows_of(2, 10, 20))
    found = both.differences()
    assert {"model_days", "model_flows", "adoption_days", "build"} <= found.keys() and "labs" not in found


def late(both: Homes) -> None:
    land(both.lake, AUGUST[1], rows_of(1, 10, 20, 5)[2:], names_of("a", "b", "c/z")[2:], scope="labs")


def replaced(both: Homes) -> None:
    land(both.lake, AUGUST[0], rows_of(0, 10, 21), names_of("Qwen/a", "b/y"))
    again = both.lake.manifest(f"{AUGUST[0]}-hub")
    assert again is not None
    both.lake.save(replace(again, ended_at=again.ended_at + timedelta(hours=1)))


def gone(both: Homes) -> None:
    (both.lake.folder / "crawls" / f"{AUGUST[1]}-hub.json").unlink()


def told(column: str, value: str) -> Callable[[Homes], None]:
    def told(both: Homes) -> None:
        with duckdb.connect(str(both.lake.home / FILE)) as connection:
            connection.execute(f"update build set {column} = '{value}'")

    return told


def damaged(both: Homes) -> None:
    (both.lake.home / FILE).write_bytes(b"x" * 20_000)


def foreign(both: Homes) -> None:
    with duckdb.connect(str(both.lake.home / FILE)) as connection:
        connection.execute("drop table crawls")


def without_state(both: Homes) -> None:
    with duckdb.connect(str(both.lake.home / FILE)) as connection:
        connection.execute("drop table carried.core_unsettled_readings")


def born_otherwise(both: Homes) -> None:
    land(both.lake, AUGUST[2], rows_of(2, 10, 20), names_of("Qwen/a", "b/y", created=2))


REASONS = [
    (late, "crawl 2026-08-20-labs landed late, the earlier warehouse reaches to 2026-08-20"),
    (replaced, "crawl 2026-08-19-hub was replaced"),
    (gone, "crawl 2026-08-20-hub, which the earlier warehouse holds, is gone from the lake"),
    (told("program_version", "0"), "version 0 of the program built the earlier warehouse, this is "),
    (told("registry_version", "0"), "the registry has changed"),
    (told("sql_version", "0"), "the definitions of the tables have changed"),
    (damaged, "the earlier warehouse cannot be read, or another version of the program built it"),
    (foreign, "the earlier warehouse cannot be read, or another version of the program built it"),
    (without_state, "the earlier warehouse could not be added to ("),
    (born_otherwise, "A repository whose day of creation is not the one that its first downloads were told from: 2."),
]


@pytest.mark.parametrize(("change", "reason"), REASONS, ids=[reason[:40] for _, reason in REASONS])
def test_what_cannot_be_added_is_built_anew_and_says_why(
    both: Homes, change: Callable[[Homes], None], reason: str
) -> None:
    change(both)
    assert f"Building everything anew: {reason}" in both.build()
    assert both.differences() == {}


NAMED = {"0": "Qwen/a", "1": "b/y", "2": "c/z", "3": "d/w", "4": "late/base"}
"""Repositories of which 1 and 2 build on 0 and on 1, and 3 on a base that nobody has read yet."""

BASES = {"1": ["0", "3"], "2": ["1"], "3": ["4"]}


def told_of(*numbers: str, bases: dict[str, list[str]] = BASES, **renamed: str) -> dict[str, list[dict[str, Any]]]:
    """Attributes and links of these repositories, as `land` takes them; `_0="a/b"` names repository 0 otherwise."""
    moment = datetime(2026, 8, 1, tzinfo=UTC)
    names = NAMED | {number.removeprefix("_"): name for number, name in renamed.items()}
    named = [{"hub_id": n, "repo_id": names[n], "created_at": moment, "last_modified": moment} for n in numbers]
    linked = [
        {"hub_id": n, "parent_hub_id": base, "parent_ref": NAMED[base], "relation": "finetune"}
        | {"declared_in": "baseModels", "position": place}
        for n in numbers
        for place, base in enumerate(bases.get(n, []))
    ]
    return {"named": named, "linked": linked}


def counted(day: int, numbers: str) -> list[dict[str, Any]]:
    return [
        {"hub_id": n, "downloads_30d": 9, "downloads_all_time": 1000 + day * (5 + int(n)), "likes": 0} for n in numbers
    ]


KIN = [
    ("a base is read after what builds on it", [("01234", told_of("4"))], {"1": "Qwen/a, late/base", "3": "late/base"}),
    (
        "a root has another name",
        [("0123", told_of("0", _0="meta-llama/q"))],
        {"1": "late/base, meta-llama/q", "2": "late/base, meta-llama/q"},
    ),
    (
        "a name now means another repository",
        [("01234", told_of("3", "4", _3="d/old", _4="d/w", bases={}))],
        {"1": "Qwen/a, d/old", "3": "d/old"},
    ),
    (
        "a link closes a circle",
        [("0123", told_of("0", bases={"0": ["2"]}))],
        {"0": "Qwen/a", "2": "Qwen/a, late/base"},
    ),
    (
        "a circle is opened again",
        [("0123", told_of("0", bases={"0": ["2"]})), ("0123", told_of("1", bases={}))],
        {"0": "b/y", "2": "b/y"},
    ),
    (
        "a base that was gone is back",
        [("123", told_of("1", bases={"1": ["3"]})), ("0123", {})],
        {"1": "late/base", "2": "late/base"},
    ),
]
"""What happens, the days on which it does (who is listed, what is read of whom), and the roots of some afterwards."""


@pytest.fixture(scope="module")
def related(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that has been built with one day of repositories that build on each other; read only."""
    found = Homes(tmp_path_factory.mktemp("related"))
    land(found.lake, AUGUST[0], counted(0, "0123"), **told_of("0", "1", "2", "3"))
    found.build()
    return found.lake.home


@pytest.mark.parametrize(("days", "roots"), [case[1:] for case in KIN], ids=[case[0] for case in KIN])
def test_what_builds_on_a_changed_repository_is_made_anew(
    related: Path, tmp_path: Path, days: list[tuple[str, dict[str, Any]]], roots: dict[str, str]
) -> None:
    both = Homes(tmp_path, related)
    for number, (listed, told) in enumerate(days, start=1):
        land(both.lake, AUGUST[number], counted(number, listed), **told)
        assert both.build().startswith("Adding")
    assert both.differences() == {}
    with duckdb.connect(str(both.lake.home / FILE), read_only=True) as connection:
        found = rows(
            connection, "select hub_id, string_agg(root_ref, ', ' order by root_ref) from lineage group by hub_id"
        )
    assert dict(found).items() >= roots.items()


def test_a_full_build_is_made_when_it_is_wanted(both: Homes) -> None:
    said: list[str] = []
    build(both.lake, REGISTRY, NOW, wishes=ANEW, on_plan=said.append)
    assert said == ["Building everything anew: --full was given."]


def test_a_further_day_that_fails_a_check_leaves_the_earlier_warehouse(both: Homes) -> None:
    before = (both.lake.home / FILE).read_bytes()
    land(both.lake, AUGUST[2], rows_of(2, 10, -20))
    assert build(both.lake, REGISTRY, NOW).has_failed
    assert (both.lake.home / FILE).read_bytes() == before
    land(both.lake, AUGUST[2], rows_of(2, 10, 20))
    both.build()
    assert both.differences() == {}


def test_a_memory_limit_that_is_none_is_refused(both: Homes) -> None:
    with pytest.raises(UsageError, match="--memory much: say how much, as in 4GB or 50%"):
        build(both.lake, REGISTRY, NOW, wishes=Wishes(memory="much"))


GAPS = (7, 8, 20)
"""Days of the simulated Hub that nobody reads."""


def check_hub(folder: Path, built: Collection[int], compared: Collection[int]) -> None:
    """Reads a simulated Hub day by day, builds after some days, and holds some builds against full ones.

    With stalls, rollbacks, renames, deletions, late entries, days without a crawl; each day by the real crawler.
    """
    world, both = SimulatedWorld(seed=3, days=34, models=400), Homes(folder)
    with EmbeddedHub(world, day=world.days[0], quota=10**9) as server:
        for number, day in enumerate(world.days):
            if number in GAPS:
                continue
            server.day = day
            crawl(both.lake, Order(day, Scope.HUB), Hub(server.url, now=lambda: NOW), REGISTRY, Silent(), lambda: NOW)
            if number in built:
                assert both.build().startswith("Adding" if number else "Building everything anew")
            if number in compared:
                assert both.differences() == {}, f"on {day}"


def test_a_simulated_hub_built_while_it_is_read_holds_what_full_builds_hold(tmp_path: Path) -> None:
    check_hub(tmp_path, built={0, 1, 6, 9, 10, 22, 31, 33}, compared={10, 33})


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_simulated_hub_built_every_day_holds_what_full_builds_hold(tmp_path: Path) -> None:
    check_hub(tmp_path, built=range(34), compared=range(34))
