"""Made-up homes that grow day by day, with everything that lets a later day change what is known of an earlier one."""

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
"""Repositories that only move along, so that whole days can stall and fall."""

OWNERS = ("Qwen", "meta-llama", "google", "someone", "unsloth", "nobody")
NAMES = ("Qwen3-8B", "Llama-3.1-8B", "gemma-3-4b-it", "thing", "thing-7B")


@dataclass(frozen=True, slots=True)
class Card:
    """What a repository tells of itself from a day on."""

    name: str
    created: int | None
    library: str | None = None
    params: int | None = None
    bases: tuple[tuple[str | None, str], ...] = ()
    """(parent's hub_id, or None, and its name as declared)."""

    relation: str = "finetune"


@dataclass(frozen=True, slots=True)
class Grown:
    """A repository: its cards by day, when it is listed, and its counters."""

    hub_id: str
    cards: Mapping[int, Card]
    listed: frozenset[int]
    daily: int
    falls_on: int
    is_told: bool = True
    """False: its counters are not always known."""


@dataclass(frozen=True, slots=True)
class Home:
    """What lands on which day."""

    repositories: Sequence[Grown]
    kinds: Mapping[int, str]
    """Day -> 'hub', 'labs' or 'partial'. Other days have no crawl."""

    still: frozenset[int]
    """Days on which no counter of the crowd moves."""

    fallen: frozenset[int]
    """Days on which those of the crowd stand lower."""

    cuts: tuple[int, ...]
    """Days after which a build is made."""

    def __repr__(self) -> str:
        return f"a home of {len(self.kinds)} days, built after {self.cuts}"


def day_of(number: int) -> date:
    return FIRST + timedelta(days=number)


def land_day(lake: Lake, home: Home, day: int) -> None:
    """Lands what a crawl of the day reads."""
    kind = home.kinds[day]
    counted, named, linked = list[dict[str, Any]](), list[dict[str, Any]](), list[dict[str, Any]]()
    before = [earlier for earlier in home.kinds if earlier < day]
    for place, one in enumerate(home.repositories):
        if day not in one.listed or (kind == "partial" and place % 3 == 0):
            continue
        counted.append(_counters(home, one, day))
        card = _card(one, day)
        told = [earlier for earlier in before if earlier in one.listed]
        if not told or card != _card(one, max(told)):
            named.append(_attributes(one, card))
            linked += _links(one, card)
    scope = "labs" if kind == "labs" else "hub"
    land(lake, day_of(day), counted, named, scope, linked, is_complete=kind != "partial", models=len(counted))


def _card(one: Grown, day: int) -> Card:
    return one.cards[max(since for since in one.cards if since <= day)]


def _counters(home: Home, one: Grown, day: int) -> dict[str, Any]:
    is_crowd = one.hub_id.startswith("crowd")
    seen = max(moving for moving in range(-1, day + 1) if not (is_crowd and moving in home.still))
    total = one.daily * (seen + 40) + 500
    total -= 400 if day >= one.falls_on else 0
    total -= 300 if is_crowd and day in home.fallen else 0
    is_known = one.is_told or day % 5 > 0
    return {
        "hub_id": one.hub_id,
        "downloads_30d": 60_000 if is_crowd else one.daily * 30 + day % 3,
        "downloads_all_time": total if is_known else None,
        "likes": day if is_known else None,
        "trending_score": 0.1 * day,
    }


def _attributes(one: Grown, card: Card) -> dict[str, Any]:
    created = None if card.created is None else datetime.combine(day_of(card.created), time(13), UTC)
    return {
        "hub_id": one.hub_id,
        "repo_id": card.name,
        "created_at": created,
        "last_modified": created,
        "library_name": card.library,
        "safetensors_total": card.params,
        "pipeline_tag": "text-generation",
    }


def _links(one: Grown, card: Card) -> list[dict[str, Any]]:
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
def homes(draw: st.DrawFn) -> Home:
    """Homes of up to forty days, built two to four times while they grow."""
    length = draw(st.integers(3, LENGTH))
    gaps = draw(st.sets(st.integers(1, length - 1), max_size=4))
    odd = draw(st.dictionaries(st.integers(1, length - 1), st.sampled_from(["labs", "partial"]), max_size=3))
    kinds = {day: odd.get(day, "hub") for day in range(length) if day not in gaps}
    days = sorted(kinds)
    episodes = st.tuples(st.integers(1, length - 1), st.sampled_from([1, 2, 3, 8, 9, 10]))
    still, fallen = (_days(draw(st.none() | episodes), length) for _ in range(2))
    cuts = draw(st.sets(st.sampled_from(days), min_size=1, max_size=3)) | {days[-1]}
    ids = [f"m{number}" for number in range(draw(st.integers(2, 6)))]
    made = [draw(_repositories(hub_id, ids, days)) for hub_id in ids]
    return Home([*_crowd(days), *made], kinds, still, fallen, tuple(sorted(cuts)))


def _days(episode: tuple[int, int] | None, length: int) -> frozenset[int]:
    return frozenset() if episode is None else frozenset(range(episode[0], min(sum(episode), length)))


def _crowd(days: Sequence[int]) -> list[Grown]:
    """Every fourth is small; owners in turn; every tenth has another as its base."""
    made = []
    for number in range(CROWD):
        bases = (("crowd000", "Qwen/crowd-0"),) if number % 10 == 9 else ()
        card = Card(f"{OWNERS[number % len(OWNERS)]}/crowd-{number}", -100, bases=bases)
        made.append(Grown(f"crowd{number:03}", {0: card}, frozenset(days), number * 7 % 50 + 1, 10_000))
    return made


@st.composite
def _repositories(draw: st.DrawFn, hub_id: str, ids: Sequence[str], days: Sequence[int]) -> Grown:
    """One that may enter late, be away, be deleted, fall, and tell something else of itself on some days."""
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
        bases=st.lists(parents | named, max_size=3, unique_by=lambda base: base[1]).map(tuple),
        relation=st.sampled_from(["finetune", "quantized", "merge"]),
    )
    told = {0: draw(cards)} | draw(st.dictionaries(st.sampled_from(days), cards, max_size=3))
    return Grown(hub_id, told, listed, draw(st.integers(0, 90)), draw(st.integers(0, 3 * LENGTH)), draw(st.booleans()))


_DANGLING = (None, "nobody/Gone-7B")
_CROWD = ("crowd001", "meta-llama/crowd-1")
