"""Days pulled in between the home's own: each repository keeps the attributes of each day, in any landing order."""

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
from tests.publish.conftest import LAKE_ONLY
from tests.support.slow import first_of
from tracker.demo.hub.server import EmbeddedHub
from tracker.domain import Scope
from tracker.lake.lake import Lake
from tracker.publish.dataset import PULL_TEXTS, Dataset, publish_texts
from tracker.publish.pull import PullResult, pull
from tracker.publish.push import PublishResult, publish

FIRST = date(2026, 8, 29)
"""The third day starts a month, so the earlier days are pulled from a compacted month."""

Row = dict[str, Any]
Histories = Sequence[str]
"""Name and base of each repository, one letter per day; `-` if not listed, C if without a base."""

Actions = Sequence[tuple[str, int]]
"""Home and the day it crawls. Day -1 means pull and publish."""


def rows(histories: Histories, place: int) -> Iterator[Row]:
    for number, history in enumerate(histories):
        if history[place] != "-":
            tags = [f"base_model:finetune:else/{history[place]}"] if history[place] != "C" else []
            name = f"someone/{history[place]}-{number}"
            yield model(number, id=name, tags=tags, downloadsAllTime=1_000 + (7 + number) * place)


def expected_attributes(histories: Histories) -> dict[tuple[date, str], tuple[str, tuple[str, ...]]]:
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
    """Two homes and a dataset, on a Hub with repositories of such histories."""

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
        self.homes = {name: Lake(self.folder / f"{name}{self.worlds}") for name in ("a", "b", "in_order")}
        self.hub.datasets.create(self.repo, datetime(2026, 9, 1, tzinfo=UTC))

    @property
    def repo(self) -> str:
        return f"ada/world{self.worlds}"

    def crawl(self, home: str, place: int) -> None:
        day = FIRST + timedelta(days=place)
        self.hub.day = day
        self.crawls(self.homes[home])(self.hub.url, day=day)

    def pull(self, home: str) -> PullResult:
        with Dataset(self.repo, self.hub.url, purpose=PULL_TEXTS) as dataset:
            return pull(self.homes[home], dataset, lambda line: None)

    def publish(self, home: str) -> PublishResult:
        with Dataset(self.repo, self.hub.url, purpose=publish_texts(self.repo)) as dataset:
            return publish(self.homes[home], dataset, LAKE_ONLY, lambda line: None)

    def run(self, actions: Actions) -> None:
        for home, place in actions:
            if place >= 0:
                self.crawl(home, place)
                continue
            self.pull(home)
            if self.homes[home].manifests():
                self.publish(home)

    def settle(self) -> None:
        """Let both homes pull and publish twice, until they have the same days."""
        self.run([("a", -1), ("b", -1)] * 2)
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


SYNC_A, SYNC_B = ("a", -1), ("b", -1)
CASES: dict[str, tuple[Histories, Actions]] = {
    "pulled day after own": (["ABA"], [("a", 0), ("a", 2), SYNC_A, ("b", 1), SYNC_B]),
    "own day after pulled": (["ABA"], [("a", 0), ("a", 2), ("b", 1), SYNC_B, SYNC_A]),
    "alternating days": (
        ["ABABAB", "AABBAA", "A-BB-A", "ABCCBA"],
        [("a", 0), ("b", 1), ("a", 2), ("b", 3), ("a", 4), ("b", 5), SYNC_A, SYNC_B],
    ),
    "late day between published": (["AABAA", "ABABA"], [("a", 0), ("a", 4), SYNC_A, SYNC_B, ("b", 2), SYNC_B]),
    "both homes add files to one day": (
        ["ABCA", "AABA", "ABAA"],
        [("a", 0), ("a", 3), SYNC_A, SYNC_B, ("b", 1), ("a", 2), SYNC_B, SYNC_A],
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("histories", "actions"),
    first_of(CASES.values()),
    ids=list(CASES),
)
def test_homes_have_the_tables_of_one_that_read_all_in_order(
    world: World, histories: Histories, actions: Actions
) -> None:
    world.begin(histories)
    world.run(actions)
    world.settle()
    world.run([("in_order", place) for place in sorted(place for _, place in actions if place >= 0)])
    expected = tables(world.homes["in_order"])
    for home in "ab":
        found = tables(world.homes[home])
        assert {name for name in expected if found[name] != expected[name]} == set()
    assert_all_days_are_known(world, histories, [place for _, place in actions if place >= 0])


def assert_all_days_are_known(world: World, histories: Histories, places: Sequence[int]) -> None:
    """Check that both homes, and a new one that pulls, know the attributes of each crawled day."""
    world.homes = {**world.homes, "new": Lake(world.folder / f"new{world.worlds}")}
    world.pull("new")
    days = {FIRST + timedelta(days=place) for place in places}
    expected = {key: value for key, value in expected_attributes(histories).items() if key[0] in days}
    for home in ("a", "b", "new"):
        lake = world.homes[home]
        assert told(lake) == expected and expected
        manifests = lake.manifests()
        assert (
            lake.file_problems(manifests, by_content=True)
            == lake.unlisted_files(manifests)
            == lake.unfinished_runs()
            == []
        )


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Histories, Actions]:
    """Draw histories and actions.

    Histories: all sequences of A and B over a few days, and some with gaps and without a base. Actions: each day is
    crawled by one of the homes, in any order, with exchanges in between.
    """
    days = draw(st.integers(3, 5))
    drawn = draw(st.lists(st.text("AB-C", min_size=days, max_size=days), max_size=5))
    owners = draw(st.text("ab", min_size=days, max_size=days).filter(lambda owners: len({*owners}) == 2))
    places = draw(st.permutations(range(days)))
    exchanges = [draw(st.sampled_from([[], [], [SYNC_A], [SYNC_B], [SYNC_A, SYNC_B]])) for _ in places]
    landed = zip(owners, places, exchanges, strict=True)
    actions = [action for owner, place, exchange in landed for action in ((owner, place), *exchange)]
    return [*map("".join, product("AB", repeat=days)), *drawn], actions


@pytest.mark.slow
@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(found=worlds())
def test_all_homes_know_every_day_in_random_worlds(world: World, found: tuple[Histories, Actions]) -> None:
    histories, actions = found
    world.begin(histories)
    world.run(actions)
    world.settle()
    assert_all_days_are_known(world, histories, range(len(histories[0])))


@pytest.mark.slow
@pytest.mark.parametrize("first", ["a", "b"])
def test_earlier_reading_of_two_scopes_counts(world: World, clock: FakeClock, first: str) -> None:
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
    world.run([SYNC_A, SYNC_B, SYNC_A])
    for home in "ab":
        with built(world.homes[home]) as warehouse:
            readings = warehouse.execute("select hub_id, scope, source from model_days order by hub_id").fetchall()
            names = warehouse.execute("select repo_id from models order by hub_id").fetchall()
            links = warehouse.execute("select child_id, parent_ref from edges order by all").fetchall()
        earlier = scopes[first]
        assert readings == [
            (hub_id(1), "hub", "crawl"),
            *((hub_id(number), str(earlier), "crawl") for number in (2, 3)),
        ]
        assert names == [("someone/one",), ("lab/two",), ("lab/three",)]
        assert links == [(hub_id(number), f"else/{number}") for number in (1, 2, 3)]
