"""Random homes that grow day by day and include every way in which a later day changes what earlier days mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.warehouse.conftest import land
from tracker.lake.lake import Lake

FIRST = date(2026, 3, 1)
"""Day 0."""

LENGTH = 40
CROWD = 120
"""Number of background repositories, enough for whole-day stalls and rollbacks to be detected."""

OWNERS = ("Qwen", "meta-llama", "google", "someone", "unsloth", "nobody")
NAMES = ("Qwen3-8B", "Llama-3.1-8B", "gemma-3-4b-it", "thing", "thing-7B")


@dataclass(frozen=True, slots=True)
class Card:
    """Attributes and bases of a repository from a day on."""

    name: str
    created: int | None
    library: str | None = None
    params: int | None = None
    tag: str | None = None
    bases: tuple[tuple[str | None, str], ...] = ()
    """hub_id of the base, or None, and its name as declared."""

    relation: str = "finetune"


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository: its cards by day, the days on which it is listed, and its counters."""

    hub_id: str
    cards: Mapping[int, Card]
    listed: frozenset[int]
    downloads_per_day: int
    drop_day: int
    """Day on which the all-time counter drops."""

    has_all_counters: bool = True
    """False: the counters are missing on every fifth day."""


@dataclass(frozen=True, slots=True)
class GrowingHome:
    """The crawls of a home."""

    repositories: Sequence[Repository]
    kinds: Mapping[int, str]
    """Day -> kind of crawl: 'hub', 'labs' or 'partial'. Other days have no crawl."""

    stalled: frozenset[int]
    """Days on which no counter of the crowd changes."""

    rolled_back: frozenset[int]
    """Days on which the counters of the crowd are lower."""

    build_days: tuple[int, ...]
    """Days after which the home is built."""

    def __repr__(self) -> str:
        return f"a home of {len(self.kinds)} days, built after {self.build_days}"


def day_of(number: int) -> date:
    return FIRST + timedelta(days=number)


def land_day(lake: Lake, home: GrowingHome, day: int) -> None:
    """Land the crawl of a day."""
    kind = home.kinds[day]
    readings, attributes, links = list[dict[str, Any]](), list[dict[str, Any]](), list[dict[str, Any]]()
    before = [earlier for earlier in home.kinds if earlier < day]
    for place, one in enumerate(home.repositories):
        if day not in one.listed or (kind == "partial" and place % 3 == 0):
            continue
        readings.append(_counters(home, one, day))
        card = _card(one, day)
        read = [earlier for earlier in before if earlier in one.listed]
        if not read or card != _card(one, max(read)):
            attributes.append(_attributes(one, card))
            links += _links(one, card)
    scope = "labs" if kind == "labs" else "hub"
    land(lake, day_of(day), readings, attributes, scope, links, is_complete=kind != "partial", models=len(readings))


def _card(one: Repository, day: int) -> Card:
    return one.cards[max(since for since in one.cards if since <= day)]


def _counters(home: GrowingHome, one: Repository, day: int) -> dict[str, Any]:
    is_crowd = one.hub_id.startswith("crowd")
    seen = max(moving for moving in range(-1, day + 1) if not (is_crowd and moving in home.stalled))
    total = one.downloads_per_day * (seen + 40) + 500
    total -= 400 if day >= one.drop_day else 0
    total -= 300 if is_crowd and day in home.rolled_back else 0
    is_known = one.has_all_counters or day % 5 > 0
    return {
        "hub_id": one.hub_id,
        "downloads_30d": 60_000 if is_crowd else one.downloads_per_day * 30 + day % 3,
        "downloads_all_time": total if is_known else None,
        "likes": day if is_known else None,
        "trending_score": 0.1 * day,
    }


def _attributes(one: Repository, card: Card) -> dict[str, Any]:
    created = None if card.created is None else datetime.combine(day_of(card.created), time(13), UTC)
    return {
        "hub_id": one.hub_id,
        "repo_id": card.name,
        "created_at": created,
        "last_modified": created,
        "library_name": card.library,
        "safetensors_total": card.params,
        "tags": [card.tag] if card.tag else None,
        "pipeline_tag": "text-generation",
    }


def _links(one: Repository, card: Card) -> list[dict[str, Any]]:
    return [
        {
            "hub_id": one.hub_id,
            "parent_hub_id": parent,
            "parent_ref": ref,
            "relation": card.relation,
            "declared_in": "baseModels" if parent else "tag",
            "position": place,
        }
        for place, (parent, ref) in enumerate(card.bases)
    ]


@st.composite
def growing_homes(draw: st.DrawFn) -> GrowingHome:
    """Homes of up to forty days that are built two to four times."""
    length = draw(st.integers(3, LENGTH))
    gaps = draw(st.sets(st.integers(1, length - 1), max_size=4))
    kind = draw(st.dictionaries(st.integers(1, length - 1), st.sampled_from(["labs", "partial"]), max_size=3))
    last_hub = draw(st.sampled_from([LENGTH, 3, 5]))
    kinds = {day: kind.get(day, "hub" if day <= last_hub else "labs") for day in range(length) if day not in gaps}
    days = sorted(kinds)
    episodes = st.tuples(st.integers(1, length - 1), st.sampled_from([1, 2, 3, 8, 9, 10]))
    stalled, rolled_back = (_days(draw(st.none() | episodes), length) for _ in range(2))
    build_days = draw(st.sets(st.sampled_from(days), min_size=1, max_size=3)) | {days[-1]}
    ids = [f"m{number}" for number in range(draw(st.integers(2, 6)))]
    drawn = [draw(_repositories(hub_id, ids, days)) for hub_id in ids]
    return GrowingHome([*_crowd(days), *drawn], kinds, stalled, rolled_back, tuple(sorted(build_days)))


def _days(episode: tuple[int, int] | None, length: int) -> frozenset[int]:
    return frozenset() if episode is None else frozenset(range(episode[0], min(sum(episode), length)))


def _crowd(days: Sequence[int]) -> list[Repository]:
    """Background repositories of all owners; every tenth has a base."""
    crowd = []
    for number in range(CROWD):
        bases = (("crowd000", "Qwen/crowd-0"),) if number % 10 == 9 else ()
        card = Card(f"{OWNERS[number % len(OWNERS)]}/crowd-{number}", -100, bases=bases)
        crowd.append(Repository(f"crowd{number:03}", {0: card}, frozenset(days), number * 7 % 50 + 1, 10_000))
    return crowd


@st.composite
def _repositories(draw: st.DrawFn, hub_id: str, ids: Sequence[str], days: Sequence[int]) -> Repository:
    """A repository that may enter late, be unlisted for days, be deleted, drop, and change its card."""
    entry, end = draw(st.sampled_from(days) | st.just(0)), draw(st.just(LENGTH) | st.sampled_from(days))
    away = draw(st.sets(st.sampled_from(days), max_size=5))
    listed = frozenset(day for day in days if entry <= day <= max(end, entry) and day not in away)
    created = draw(st.none() | st.integers(-60, entry))
    parents = st.sampled_from([*((other, f"someone/{other}") for other in ids if other != hub_id), _DANGLING, _CROWD])
    named = st.tuples(
        st.none(), st.sampled_from([*OWNERS]).flatmap(lambda o: st.sampled_from([f"{o}/{n}" for n in NAMES]))
    )
    cards = st.builds(
        Card,
        name=st.just(f"someone/{hub_id}")
        | st.sampled_from(OWNERS).flatmap(lambda o: st.sampled_from([f"{o}/{n}-{hub_id}" for n in NAMES])),
        created=st.just(created) if draw(st.integers(0, 9)) else st.none() | st.integers(-60, entry),
        library=st.sampled_from([None, "gguf", "mlx"]),
        params=st.sampled_from([None, 500_000_000, 8_000_000_000]),
        tag=st.sampled_from([None, "gguf", "qwen3_5", "gemma4"]),
        bases=st.lists(parents | named, max_size=3, unique_by=lambda base: base[1]).map(tuple),
        relation=st.sampled_from(["finetune", "quantized", "merge"]),
    )
    by_day = {0: draw(cards)} | draw(st.dictionaries(st.sampled_from(days), cards, max_size=3))
    return Repository(
        hub_id, by_day, listed, draw(st.integers(0, 90)), draw(st.integers(0, 3 * LENGTH)), draw(st.booleans())
    )


_DANGLING = (None, "nobody/Gone-7B")
_CROWD = ("crowd001", "meta-llama/crowd-1")
