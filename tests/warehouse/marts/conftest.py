"""Random worlds for tests of marts, written into the core tables that the marts read.

Each test computes the expected rows from the same world in plain Python, independently of the SQL.
"""

import itertools
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import strategies as st

from tests.support.database import in_memory
from tracker.database import Connection, rows
from tracker.warehouse.build import run
from tracker.warehouse.sql_files import Model

FIRST = date(2026, 8, 20)
"""Day 0 of a world."""

OWNERS: Mapping[str, tuple[str, str | None]] = {
    "Qwen": ("CN", "alibaba"),
    "deepseek-ai": ("CN", "deepseek"),
    "google": ("US", "google"),
    "mistralai": ("FR", "mistral"),
    "someone": ("unaffiliated", None),
    "undisclosed": ("ZZ", None),
}
"""Account -> its origin and lab."""

CONTESTED: Mapping[str, str | None] = {"mistralai": "US", "deepseek-ai": "ZZ", "google": None}
"""Account -> the other country that it may count for."""

UNRESOLVED: Mapping[str, tuple[str | None, str | None, str | None]] = {
    "meta-llama/Gone": ("US", "meta", "llama"),
    "nobody/gone": ("unaffiliated", None, None),
    "gone": (None, None, None),
}
"""Base known by name only -> its origin, lab and family."""


TASKS = (
    ("text-generation", "language", "text"),
    ("text2text-generation", "language", "text"),
    ("image-text-to-text", "language", "vision-language"),
    ("video-text-to-text", "language", "vision-language"),
    ("fill-mask", "encoder", None),
)
"""Task, its class, and the modality of models that write text."""


@dataclass(frozen=True, slots=True)
class Made:
    """A model of a world. Its `hub_id` is its position."""

    author: str = "someone"
    family: str | None = None
    generation: str | None = None
    layer: str = "release"
    size_bucket: str | None = None
    is_gguf: bool = False
    pipeline_tag: str | None = None
    created_on: date = FIRST
    bases: tuple[int | str, ...] = ()
    """Positions of models without bases, or keys of UNRESOLVED."""

    relation: str = "finetune"

    @property
    def task_class(self) -> str | None:
        """The class of its task."""
        return next((task_class for tag, task_class, _ in TASKS if tag == self.pipeline_tag), None)


@dataclass(frozen=True, slots=True)
class Root:
    """A root of a model, and the model's weight there."""

    key: str
    origin: str | None
    lab: str | None
    family: str | None
    generation: str | None
    is_held: bool
    weight: float


@dataclass(frozen=True, slots=True)
class World:
    """Models, their readings, and their daily downloads. Days are counted from FIRST."""

    models: Sequence[Made]
    readings: Mapping[tuple[int, int], tuple[int | None, int | None, int | None]] = field(default_factory=dict)
    """(model, day) -> 30-day downloads, all-time downloads, likes."""

    flows: Mapping[tuple[int, int], int] = field(default_factory=dict)
    """(model, day) -> downloads."""

    unread: frozenset[int] = frozenset()
    """Days at whose end no counters are known: their downloads are part of the sum of a later day."""

    rolled_back: Collection[int] = ()
    """Days whose counters are those of an earlier day."""

    breaks: Collection[int] = ()
    """Days on which another segment begins, because another scope is read."""

    def segment(self, day: int) -> int:
        """The segment of a day, from 1."""
        return 1 + sum(start <= day for start in self.breaks)

    def publisher(self, number: int) -> tuple[str, str | None, str | None]:
        """Origin, lab and family of a model's publisher."""
        return (*OWNERS[self.models[number].author], self.models[number].family)

    def is_by_maker(self, number: int) -> bool:
        """Whether the publisher's lab made all roots."""
        lab = OWNERS[self.models[number].author][1]
        return lab is not None and all(root.lab == lab for root in self.roots(number))

    def counted_layer(self, number: int) -> str:
        """The layer of a model; a lab's own copies are originals."""
        layer = self.models[number].layer
        return "release" if layer == "repackaged" and self.is_by_maker(number) else layer

    def roots(self, number: int) -> list[Root]:
        """The roots of a model; without bases it is its own root."""
        bases = self.models[number].bases or (number,)
        found = []
        for base in bases:
            if isinstance(base, str):
                (origin, lab, family), generation = UNRESOLVED[base], None
            else:
                origin, lab = OWNERS[self.models[base].author]
                family, generation = self.models[base].family, self.models[base].generation
            found.append(Root(str(base), origin, lab, family, generation, isinstance(base, int), 1 / len(bases)))
        return found


def day_of(number: int) -> date:
    return FIRST + timedelta(days=number)


def fill(connection: Connection, world: World) -> None:
    """Write the world into core tables."""
    numbered = list(enumerate(world.models))
    _table(
        connection,
        "core_latest_models",
        "hub_id varchar, repo_id varchar, author varchar, created_at timestamp, pipeline_tag varchar, is_gguf bool",
        [(str(n), f"{m.author}/{n}", m.author, _at(m.created_on), m.pipeline_tag, m.is_gguf) for n, m in numbered],
    )
    owners = [(str(n), m.author, *OWNERS[m.author]) for n, m in numbered]
    columns = "hub_id varchar, handle varchar, publisher_origin varchar, publisher_lab varchar"
    _table(connection, "core_publishers", columns, owners)
    _table(connection, "registry_organizations", "handle varchar, other_origin varchar", list(CONTESTED.items()))
    columns = (
        "hub_id varchar, publisher_origin varchar, publisher_lab varchar, family varchar, generation varchar, "
        "layer varchar, counted_layer varchar, is_by_maker bool, task_class varchar, size_bucket varchar, "
        "released_on date"
    )
    classified = []
    for n, m in numbered:
        group = (*OWNERS[m.author], m.family, m.generation, m.layer, world.counted_layer(n), world.is_by_maker(n))
        classified.append((str(n), *group, m.task_class, m.size_bucket, m.created_on))
    _table(connection, "core_classification", columns, classified)
    connection.execute("create view new_core_classification as from core_classification")
    classes = [(str(n), m.task_class) for n, m in numbered]
    _table(connection, "core_task_classes", "hub_id varchar, task_class varchar", classes)
    _table(connection, "registry_tasks", "pipeline_tag varchar, task_class varchar, modality varchar", TASKS)
    _table(connection, "core_repositories_to_rebuild", "hub_id varchar", [(str(n),) for n, _ in numbered])
    families = [(str(n), m.family, m.generation) for n, m in numbered]
    _table(connection, "core_families", "hub_id varchar, family varchar, generation varchar", families)
    _roots(connection, world)
    _days(connection, world)


def _roots(connection: Connection, world: World) -> None:
    found = [(str(n), root) for n in range(len(world.models)) for root in world.roots(n)]
    _table(
        connection,
        "core_root_attributes",
        "hub_id varchar, root_id varchar, root_ref varchar, root_lab varchar, root_family varchar, "
        "root_generation varchar, root_origin varchar, weight double",
        [(n, r.key if r.is_held else None, r.key, r.lab, r.family, r.generation, r.origin, r.weight) for n, r in found],
    )
    connection.execute("create view new_core_root_attributes as from core_root_attributes")
    edges = [(str(n), str(base), m.relation) for n, m in enumerate(world.models) for base in m.bases]
    _table(connection, "core_used_edges", "child_id varchar, parent_ref varchar, relation varchar", edges)


def _days(connection: Connection, world: World) -> None:
    read = [(str(n), day_of(d), str(day_of(d)), *counters) for (n, d), counters in world.readings.items()]
    counters = "downloads_30d bigint, downloads_all_time bigint, likes bigint"
    read_as = f"hub_id varchar, day date, crawl varchar, {counters}, trending_score double, scope varchar"
    _table(connection, "stg_model_days", read_as, [(*row, None, "hub") for row in read])
    connection.execute("create view stg_new_days as from stg_model_days")
    _table(connection, "stg_old_days", read_as, [])
    _table(connection, "core_unsettled_repositories", "hub_id varchar", [])
    days, rolled_back = sorted({day for _, day, *_ in read}), {day_of(number) for number in world.rolled_back}
    used = [(str(day), day, "hub") for day in days]
    _table(connection, "core_usable_crawls", "crawl varchar, day date, scope varchar", used)
    known = {day_of(d) for _, d in [*world.readings, *world.flows] if d not in world.unread}
    usable = [(day, day in rolled_back, day in known) for day in sorted({*days, *known})]
    _table(connection, "core_usable_days", "day date, is_rolled_back bool, is_used bool", usable)
    _segments(connection, world, {d for _, d in world.flows}, {(day - FIRST).days for day in known})
    seen = {n: max(day for m, day, *_ in read if m == n) for n in {n for n, *_ in read}}
    whole = [(number, day, day == max(days)) for number, day in seen.items()]
    _table(connection, "core_first_last_seen", "hub_id varchar, last_seen date, is_listed bool", whole)
    booked = [(str(n), day_of(d), downloads) for (n, d), downloads in world.flows.items()]
    _table(connection, "model_flows", "hub_id varchar, day date, downloads bigint", booked)
    connection.execute("create view new_model_flows as from model_flows")


def _segments(connection: Connection, world: World, booked: set[int], read: set[int]) -> None:
    """Write the days of all classes with their segments."""
    classes, of = sorted({"all", *(task_class for _, task_class, _ in TASKS)}), world.segment
    week = {day: sum(abs(other - day) <= 3 and of(other) == of(day) for other in booked) for day in booked}
    panels = [
        (day_of(day), task_class, of(day) if day in read else None, week.get(day), of(day) if day in booked else None)
        for task_class in classes
        for day in sorted(booked | read)
    ]
    columns = "day date, task_class varchar, segment bigint, known_days bigint, flow_segment bigint"
    _table(connection, "panel_days", columns, panels)
    starts = [-1000, *sorted(world.breaks), 1000]
    spans = [(day_of(first), day_of(following - 1)) for first, following in itertools.pairwise(starts)]
    values = [
        (task_class, number, *span, *span, "scope" if number > 1 else None)
        for task_class in classes
        for number, span in enumerate(spans, 1)
    ]
    days = "first_day date, last_day date, first_flow_day date, last_flow_day date, break_kind varchar"
    _table(connection, "segments", f"task_class varchar, segment bigint, {days}", values)


def _table(connection: Connection, name: str, columns: str, values: Sequence[tuple[Any, ...]]) -> None:
    connection.execute(f"create table {name} ({columns})")
    if values:
        row = f"({', '.join('?' * len(values[0]))})"
        connection.execute(
            f"insert into {name} values {', '.join([row] * len(values))}", [cell for one in values for cell in one]
        )


def _at(day: date) -> datetime:
    return datetime.combine(day, time(12))


def make(connection: Connection, ordered: Sequence[Model], name: str) -> None:
    """Build a table and its dependencies, except those that the world provides."""
    by_name = {model.name: model for model in ordered}
    existing = "select table_name from duckdb_tables() union all select view_name from duckdb_views()"
    provided = {table for (table,) in rows(connection, existing)}
    needed, pending = set(), [name]
    while pending:
        required = pending.pop()
        if required in by_name and required not in needed | provided:
            needed.add(required)
            pending += by_name[required].depends_on
    run(connection, [model for model in ordered if model.name in needed])


Ask = Callable[[World, str, str], list[tuple[Any, ...]]]


@pytest.fixture(scope="session")
def built(ordered_models: Sequence[Model]) -> Callable[..., Any]:
    """A connection to a world with these tables built."""

    @contextmanager
    def built(world: World, *names: str) -> Iterator[Connection]:
        with in_memory() as connection:
            connection.execute("set timezone = 'UTC'")
            fill(connection, world)
            for name in names:
                make(connection, ordered_models, name)
            yield connection

    return built


@pytest.fixture(scope="session")
def ask(built: Callable[..., Any]) -> Ask:
    """The rows of a query over one table of a world."""

    def ask(world: World, name: str, query: str) -> list[tuple[Any, ...]]:
        with built(world, name) as connection:
            return rows(connection, query)

    return ask


@pytest.fixture(scope="session")
def make_model() -> type[Made]:
    return Made


@pytest.fixture(scope="session")
def make_world() -> type[World]:
    return World


@pytest.fixture(scope="session")
def on_day() -> Callable[[int], date]:
    return day_of


COUNTER = st.none() | st.integers(0, 10**9)


@st.composite
def random_worlds(draw: st.DrawFn, days: int = 9) -> World:
    """Worlds of up to seven models; the first three have no base, the others may have several."""
    plain = st.builds(
        Made,
        author=st.sampled_from(list(OWNERS)),
        family=st.sampled_from([None, "one", "two"]),
        generation=st.sampled_from([None, "1", "2"]),
        layer=st.sampled_from(["release", "derivative", "repackaged", "other"]),
        size_bucket=st.sampled_from([None, "<1", "5-10"]),
        is_gguf=st.booleans(),
        pipeline_tag=st.sampled_from([None, "text-generation", "image-text-to-text", "fill-mask"]),
        created_on=st.dates(date(2026, 6, 1), FIRST),
        relation=st.sampled_from(["finetune", "adapter", "quantized", "merge", "unknown"]),
    )
    models = draw(st.lists(plain, min_size=3, max_size=7))
    bases = st.lists(st.sampled_from([0, 1, 2, *UNRESOLVED]), max_size=3, unique=True).map(tuple)
    models = [*models[:3], *(Made(**{**_fields(model), "bases": draw(bases)}) for model in models[3:])]
    key = st.tuples(st.integers(0, len(models) - 1), st.integers(0, days - 1))
    readings = draw(st.dictionaries(key, st.tuples(COUNTER, COUNTER, COUNTER), max_size=30))
    flows = draw(st.dictionaries(key, st.integers(0, 10**6), max_size=40))
    return World(models, readings, flows)


def _fields(model: Made) -> dict[str, Any]:
    return {name: getattr(model, name) for name in Made.__slots__}


@pytest.fixture(scope="session")
def worlds() -> Callable[..., Any]:
    return random_worlds
