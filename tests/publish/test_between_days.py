"""Days pulled between one's own: every repository keeps what each of its days told, whoever landed which, and when."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import ChangingCatalog, Crawls, FakeClock, hub_id, model, tiny_registry
from tests.lake.test_backfill import built, tables, told
from tests.publish.conftest import LAKE_ALONE
from tracker.demo.hub.server import EmbeddedHub
from tracker.domain import Scope
from tracker.lake.lake import Lake
from tracker.publish.dataset import PULL, Dataset, publishing
from tracker.publish.pull import Pulled, pull
from tracker.publish.push import Published, publish

FIRST = date(2026, 8, 29)
"""So that the third day is the first of a month, and earlier ones come from a compacted one."""

Row = dict[str, Any]
Histories = Sequence[str]
"""What each repository is called and built on, a letter a day; `-` where it is not listed, C without a base."""

Acts = Sequence[tuple[str, int]]
"""Home and the day it crawls; a home alone (day -1) pulls and publishes."""


def rows(histories: Histories, place: int) -> Iterator[Row]:
    for number, history in enumerate(histories):
        if history[place] != "-":
            tags = [f"base_model:finetune:else/{history[place]}"] if history[place] != "C" else []
            name = f"someone/{history[place]}-{number}"
            yield model(number, id=name, tags=tags, downloadsAllTime=1_000 + (7 + number) * place)


def truth(histories: Histories) -> dict[tuple[date, str], tuple[str, tuple[str, ...]]]:
    return {
        (FIRST + timedelta(days=place), hub_id(number)): (
            f"someone/{letter}-{number}",
            () if letter == "C" else (f"else/{letter}",),
        )
        for number, history in enumerate(histories)
        for place, letter in enumerate(history)
        if letter != "-"
    }


@dataclass
class World:
    """Two homes and a dataset, over repositories with such histories."""

    hub: EmbeddedHub
    catalog: ChangingCatalog
    crawls: Callable[[Lake], Crawls]
    folder: Path
    worlds: int = 0
    homes: Mapping[str, Lake] = field(default_factory=dict)

    def begin(self, histories: Histories) -> None:
        self.worlds += 1
        days = [FIRST + timedelta(days=place) for place in range(len(histories[0]))]
        self.catalog.rows = {day: [*rows(histories, place)] for place, day in enumerate(days)}
        self.homes = {name: Lake(self.folder / f"{name}{self.worlds}") for name in ("a", "b", "judge")}
        self.hub.datasets.create(self.repo, datetime(2026, 9, 1, tzinfo=UTC))

    @property
    def repo(self) -> str:
        return f"ada/world{self.worlds}"

    def crawl(self, home: str, place: int) -> None:
        day = FIRST + timedelta(days=place)
        self.hub.day = day
        self.crawls(self.homes[home])(self.hub.url, day=day)

    def pull(self, home: str) -> Pulled:
        with Dataset(self.repo, self.hub.url, purpose=PULL) as dataset:
            return pull(self.homes[home], dataset, lambda said: None)

    def publish(self, home: str) -> Published:
        with Dataset(self.repo, self.hub.url, purpose=publishing(self.repo)) as dataset:
            return publish(self.homes[home], dataset, LAKE_ALONE, lambda said: None)

    def act(self, acts: Acts) -> None:
        for home, place in acts:
            if place >= 0:
                self.crawl(home, place)
                continue
            self.pull(home)
            if self.homes[home].manifests():
                self.publish(home)

    def settle(self) -> None:
        """Both bring all they have, twice: who came first then sees what the other brought."""
        self.act([("a", -1), ("b", -1)] * 2)
        assert [(self.pull(home).landed, self.publish(home).files) for home in "ab"] == [([], {})] * 2


@pytest.fixture
def world(
    client_of: Callable[..., Any], clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    monkeypatch.setenv("HF_TOKEN", "hf_aaaa")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_DISABLE_TELEMETRY", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_DISABLE_XET", True)
    catalog = ChangingCatalog({FIRST: []})
    with EmbeddedHub(catalog, clock=clock, quota=1_000_000) as hub:
        yield World(hub, catalog, lambda lake: Crawls(lake, client_of, clock), tmp_path)


def in_order(histories: Histories) -> Acts:
    return [("judge", place) for place in range(len(histories[0]))]


SYNC_A, SYNC_B = ("a", -1), ("b", -1)
CASES: dict[str, tuple[Histories, Acts]] = {
    "a pulled day follows an own one": (["ABA"], [("a", 0), ("a", 2), SYNC_A, ("b", 1), SYNC_B]),
    "an own day follows a pulled one": (["ABA"], [("a", 0), ("a", 2), ("b", 1), SYNC_B, SYNC_A]),
    "days of both in turn": (
        ["ABABAB", "AABBAA", "A-BB-A", "ABCCBA"],
        [("a", 0), ("b", 1), ("a", 2), ("b", 3), ("a", 4), ("b", 5), SYNC_A, SYNC_B],
    ),
    "a late day between published ones": (["AABAA", "ABABA"], [("a", 0), ("a", 4), SYNC_A, SYNC_B, ("b", 2), SYNC_B]),
    "both mend the same day": (
        ["ABCA", "AABA", "ABAA"],
        [("a", 0), ("a", 3), SYNC_A, SYNC_B, ("b", 1), ("a", 2), SYNC_B, SYNC_A],
    ),
}  # fmt: skip
PARTS = ("a pulled day follows an own one", "an own day follows a pulled one")
"""Cases that the longer ones hold too."""


@pytest.mark.parametrize(
    ("histories", "acts"),
    [pytest.param(*CASES[name], marks=pytest.mark.slow if name in PARTS else (), id=name) for name in CASES],
)
def test_days_between_others_leave_the_tables_of_a_home_that_read_all_in_order(
    world: World, histories: Histories, acts: Acts
) -> None:
    world.begin(histories)
    world.act(acts)
    world.settle()
    world.act([("judge", place) for place in sorted(place for _, place in acts if place >= 0)])
    wanted = tables(world.homes["judge"])
    for home in "ab":
        found = tables(world.homes[home])
        assert {name for name in wanted if found[name] != wanted[name]} == set()


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Histories, Acts]:
    """All ways to be called A or B on a few days, and some drawn with gaps and without a base; each day landed by one
    of the homes, in any order, and now and then an exchange."""
    days = draw(st.integers(3, 5))
    drawn = draw(st.lists(st.text("AB-C", min_size=days, max_size=days), max_size=5))
    owners = draw(st.text("ab", min_size=days, max_size=days).filter(lambda owners: len({*owners}) == 2))
    places = draw(st.permutations(range(days)))
    exchanges = [draw(st.sampled_from([[], [], [SYNC_A], [SYNC_B], [SYNC_A, SYNC_B]])) for _ in places]
    landed = zip(owners, places, exchanges, strict=True)
    acts = [act for owner, place, exchange in landed for act in ((owner, place), *exchange)]
    return [*map("".join, product("AB", repeat=days)), *drawn], acts


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(found=worlds())
def test_each_home_and_a_new_one_know_what_every_day_told(world: World, found: tuple[Histories, Acts]) -> None:
    histories, acts = found
    world.begin(histories)
    world.act(acts)
    world.settle()
    world.homes = {**world.homes, "new": Lake(world.folder / f"new{world.worlds}")}
    world.pull("new")
    for home in ("a", "b", "new"):
        lake = world.homes[home]
        assert told(lake) == truth(histories)
        manifests = lake.manifests()
        assert (
            lake.file_problems(manifests, by_content=True)
            == lake.unlisted_files(manifests)
            == lake.unfinished_runs()
            == []
        )


@pytest.mark.parametrize("first", ["a", "b"])
def test_of_a_day_that_homes_read_in_different_scopes_the_first_reading_counts(
    world: World, clock: FakeClock, first: str
) -> None:
    day = FIRST
    world.begin(["A", "B"])
    world.catalog.rows = {
        day: [
            model(number, id=name, tags=[f"base_model:finetune:else/{number}"], downloadsAllTime=100 * number)
            for number, name in enumerate(["someone/one", "lab/two", "lab/three"], 1)
        ]
    }
    world.hub.day = day
    scopes = {"a": Scope.LABS, "b": Scope.HUB}
    for home in sorted(scopes, key=lambda home: home != first):
        crawls = world.crawls(world.homes[home])
        crawls.registry = tiny_registry("lab")
        crawls(world.hub.url, day=day, scope=scopes[home])
        clock.sleep(3_600)
    world.act([SYNC_A, SYNC_B, SYNC_A])
    for home in "ab":
        with built(world.homes[home]) as warehouse:
            read = warehouse.execute("select hub_id, scope, source from model_days order by hub_id").fetchall()
            named = warehouse.execute("select repo_id from models order by hub_id").fetchall()
            linked = warehouse.execute("select child_id, parent_ref from edges order by all").fetchall()
        earlier = scopes[first]
        assert read == [(hub_id(1), "hub", "crawl"), *((hub_id(number), str(earlier), "crawl") for number in (2, 3))]
        assert named == [("someone/one",), ("lab/two",), ("lab/three",)]
        assert linked == [(hub_id(number), f"else/{number}") for number in (1, 2, 3)]
