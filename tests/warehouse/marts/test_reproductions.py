"""reproductions: our value of published figures, the time it covers, and the reason if there is none."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.database import in_memory
from tests.support.examples import examples
from tracker.database import Connection, rows
from tracker.warehouse.build import run
from tracker.warehouse.sql_files import Model

FIRST = date(2026, 7, 1)
TEXT_TAGS = ("text-generation", "image-text-to-text")
ORIGINS = {"Qwen": "CN", "google": "US", "someone": "unaffiliated"}
SUBJECTS = {
    "downloads_share": "CN",
    "account_downloads": "Qwen",
    "account_derivatives": "Qwen",
    "gguf_downloads": "qwen",
    "small_models_share": None,
    "derivatives_share": None,
    "account_text_share": "Qwen",
    "descendants": "Qwen/0",
    "new_derivatives_share": "qwen",
}


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository; its `hub_id` is its position. Its base, if any, has a lower position."""

    author: str
    layer: str
    size_bucket: str | None
    params_source: str | None
    is_gguf: bool
    pipeline_tag: str | None
    base: int | None
    is_used: bool


@dataclass(frozen=True, slots=True)
class World:
    """Repositories; for each and each of three days its 30-day and all-time counters and its daily downloads."""

    models: Sequence[Repository]
    counters: Sequence[Sequence[tuple[int, int, int]]]

    def base(self, number: int) -> int | None:
        model = self.models[number]
        return model.base if model.is_used else None

    def ancestors(self, number: int) -> list[int]:
        found: list[int] = []
        base = self.base(number)
        while base is not None:
            found.append(base)
            base = self.base(base)
        return found


def ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def expected_value(world: World, measure: str, first: int, last: int) -> float | None:
    """Our value: downloads from day `first` on, counters of day `last`. None if nothing was read."""
    models = list(enumerate(world.models))
    booked = {n: sum(counter[2] for counter in world.counters[n][first : last + 1]) for n, _ in models}
    month = {n: world.counters[n][last][0] for n, _ in models}
    ever = {n: world.counters[n][last][1] for n, _ in models}
    qwen = {n for n, model in models if model.author == "Qwen"}
    if measure == "downloads_share":
        return ratio(sum(booked[n] for n in qwen), sum(booked.values()))
    if measure == "account_downloads":
        return sum(booked[n] for n in qwen) if qwen else None
    if measure == "account_derivatives":
        made = [n for n, model in models if model.layer != "release" and world.base(n) in qwen]
        return len(made) if qwen else None
    if measure == "small_models_share":
        declared = [n for n, model in models if model.params_source in ("safetensors", "gguf")]
        small = [n for n in declared if world.models[n].size_bucket == "<1"]
        return ratio(sum(ever[n] for n in small), sum(ever[n] for n in declared))
    if measure == "derivatives_share":
        made = [n for n, model in models if model.layer in ("derivative", "repackaged")]
        return ratio(sum(month[n] for n in made), sum(month.values()))
    if measure == "account_text_share":
        text = [n for n, model in models if model.pipeline_tag in TEXT_TAGS]
        return ratio(sum(month[n] for n in text if n in qwen), sum(month[n] for n in text))
    assert measure == "descendants"
    if world.models[0].author != "Qwen":
        return None
    return len([n for n, model in models if model.layer != "release" and 0 in world.ancestors(n)])


SUMS = """
    hub_id varchar, day date, source varchar, downloads_30d bigint, downloads_all_time bigint, likes bigint
"""


class Warehouse:
    """The tables that reproductions are computed from."""

    def __init__(self, connection: Connection, ordered: Sequence[Model]) -> None:
        self.connection, self.ordered = connection, ordered

    def table(self, name: str, columns: str, values: Sequence[tuple[Any, ...]] = ()) -> None:
        self.connection.execute(f"create or replace table {name} ({columns})")
        for value in values:
            self.connection.execute(f"insert into {name} values ({', '.join('?' * len(value))})", list(value))

    def published(self, *figures: tuple[Any, ...]) -> None:
        """Fill `registry_published` with (figure, since, until, value, measure, subject, not_computable)."""
        texts = ("figure", "source", "reference", "title", "scope", "definition", "period", "unit", "as_published")
        columns = ", ".join(f"{name} varchar" for name in texts)
        kinds = "since date, until date, value double, measure varchar, subject varchar, not_computable varchar"
        self.table("registry_published", f"{columns}, {kinds}", [(*([f[0]] * 9), *f[1:]) for f in figures])

    def read(self, scope: str, *days: date, simulated: bool = True, endpoint: str = "http://127.0.0.1:7") -> None:
        crawls = [(f"{day}-{scope}", day, scope) for day in days]
        self.table("core_usable_crawls", "crawl varchar, day date, scope varchar", crawls)
        manifests = [(crawl, not simulated and "127.0.0.1" in endpoint) for crawl, *_ in crawls]
        self.table("stg_crawls", "crawl varchar, is_recorded boolean", manifests)
        self.table("series_days", "day date, is_whole boolean, is_cut boolean", [(day, True, False) for day in days])
        self.table("core_usable_days", "day date, is_rolled_back boolean", [(day, False) for day in days])
        first = min(days, default=FIRST) - timedelta(29)
        count = (max(days) - first).days + 1 if days else 0
        self.table("booked_days", "day date", [(first + timedelta(number),) for number in range(count)])
        self.segments(scope, (min(days, default=FIRST), max(days, default=FIRST)))

    def segments(self, scope: str, *spans: tuple[date, date]) -> None:
        """Fill `segments` of all models from first and last readings; the last one has the width of `scope`."""
        width = 3 if scope == "hub" else 1
        columns = "task_class varchar, segment bigint, width bigint, first_day date, last_day date"
        days = "first_flow_day date, last_flow_day date"
        ends = [later[0] - timedelta(30) for later in spans[1:]] + [spans[-1][1]]
        self.table(
            "segments",
            f"{columns}, {days}",
            [
                ("all", number, width if number == len(spans) else 3, *span, span[0] - timedelta(29), end)
                for number, (span, end) in enumerate(zip(spans, ends, strict=True), 1)
            ],
        )

    def fill(self, world: World) -> None:
        """Write a world into the tables."""
        numbered = list(enumerate(world.models))
        last = FIRST + timedelta(2)
        self.table(
            "models",
            "hub_id varchar, repo_id varchar, author varchar, layer varchar, size_bucket varchar, "
            "params_source varchar, pipeline_tag varchar, first_seen date, last_seen date",
            [(str(n), f"{m.author}/{n}", m.author, m.layer, m.size_bucket, m.params_source, m.pipeline_tag, FIRST, last)
             for n, m in numbered],
        )  # fmt: skip
        tasks = [(tag, "text") for tag in TEXT_TAGS] + [("fill-mask", None)]
        self.table("registry_tasks", "pipeline_tag varchar, modality varchar", tasks)
        links = [(str(n), str(m.base), m.is_used) for n, m in numbered if m.base is not None]
        self.table("edges", "child_id varchar, parent_id varchar, is_used boolean", links)
        days = [(n, FIRST + timedelta(d), *world.counters[n][d]) for n, _ in numbered for d in range(3)]
        read = [(str(n), day, "crawl", month, ever, 0) for n, day, month, ever, _ in days]
        self.table("model_days", SUMS, read)
        flows = [(str(n), day, booked) for n, day, *_, booked in days]
        self.table("model_flows", "hub_id varchar, day date, downloads bigint", flows)
        origins = [(day, "publisher", ORIGINS[world.models[n].author], float(booked)) for n, day, *_, booked in days]
        self.table("origin_days", "day date, lens varchar, origin varchar, downloads double", origins)

    def sums(self, families: Sequence[tuple[Any, ...]] = (), months: Sequence[tuple[Any, ...]] = ()) -> None:
        kinds = "day date, lens varchar, is_gguf boolean, family varchar, downloads_30d double"
        self.table("family_days", kinds, families)
        kinds = "month date, root_family varchar, min_downloads integer, derivatives double"
        self.table("derivatives_months", kinds, months)

    def reproductions(self, columns: str) -> list[tuple[Any, ...]]:
        """Rebuild `reproductions` and return these columns."""
        needed = [model for model in self.ordered if model.name.startswith("reproduction")]
        more = [m for m in self.ordered if m.name == "core_reproduction_measures"]
        for model in (*needed, *more):
            self.connection.execute(f"drop table if exists {model.name}")
        run(self.connection, [model for model in self.ordered if model in needed or model in more])
        return rows(self.connection, f"select {columns} from reproductions order by figure")


EMPTY = World((), ())


@pytest.fixture(scope="module")
def warehouse(ordered_models: Sequence[Model]) -> Iterator[Warehouse]:
    with in_memory() as connection:
        connection.execute("set threads = 1")
        made = Warehouse(connection, ordered_models)
        made.fill(EMPTY)
        made.sums()
        yield made


made_models = st.lists(
    st.builds(
        Repository,
        author=st.sampled_from(list(ORIGINS)),
        layer=st.sampled_from(["release", "derivative", "repackaged", "other"]),
        size_bucket=st.sampled_from([None, "<1", "5-10"]),
        params_source=st.sampled_from([None, "safetensors", "gguf", "name", "curated"]),
        is_gguf=st.booleans(),
        pipeline_tag=st.sampled_from([None, "fill-mask", *TEXT_TAGS]),
        base=st.none() | st.integers(0, 5),
        is_used=st.booleans(),
    ),
    min_size=1,
    max_size=6,
)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    models = [
        replace(model, base=None if model.base is None or model.base >= number else model.base)
        for number, model in enumerate(draw(made_models))
    ]
    counter = st.tuples(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**6))
    days = st.lists(counter, min_size=3, max_size=3)
    return World(models, [draw(days) for _ in models])


MEASURES = [measure for measure in SUBJECTS if measure not in ("gguf_downloads", "new_derivatives_share")]


@settings(max_examples=examples(15), deadline=None)
@given(world=worlds(), first=st.integers(0, 2))
def test_our_values_match_plain_python(warehouse: Warehouse, world: World, first: int) -> None:
    last = FIRST + timedelta(2)
    warehouse.read("hub", *(FIRST + timedelta(day) for day in range(3)))
    warehouse.fill(world)
    warehouse.published(*((m, FIRST + timedelta(first), last, 0.5, m, SUBJECTS[m], None) for m in MEASURES))
    found = {figure: (value, gap) for figure, value, gap in warehouse.reproductions("figure, our_value, gap")}
    for measure in MEASURES:
        expected = expected_value(world, measure, first, 2)
        if expected is None:
            assert found[measure] == (None, None), measure
        else:
            assert found[measure] == (pytest.approx(expected), pytest.approx(expected - 0.5)), measure


def test_copies_and_new_derivatives_are_weighted(warehouse: Warehouse) -> None:
    warehouse.read("hub", FIRST, FIRST + timedelta(30))
    july = (FIRST, FIRST + timedelta(30))
    warehouse.published(
        ("gguf", *july, 100, "gguf_downloads", "qwen", None), ("new", *july, 0.5, "new_derivatives_share", "qwen", None)
    )
    last = july[1]
    warehouse.sums(
        families=[
            (last, "root", True, "qwen", 30.5), (last, "root", True, "qwen", 9.25), (last, "root", True, "llama", 7),
            (last, "root", False, "qwen", 1000), (last, "publisher", True, "qwen", 500),
            (FIRST, "root", True, "qwen", 1),
        ],
        months=[
            (FIRST, "qwen", 5, 2.5), (FIRST, None, 5, 1.5), (FIRST, "llama", 5, 1), (FIRST, "qwen", 0, 90),
            (date(2026, 6, 1), "qwen", 5, 70),
        ],
    )  # fmt: skip
    found = warehouse.reproductions("figure, our_value, gap, our_since, our_until, is_same_time")
    assert found == [("gguf", 39.75, -60.25, last, last, True), ("new", 0.5, 0.0, *july, True)]
    warehouse.sums()


AUGUST = date(2026, 8, 10)
COMPUTED, LATER = (
    "Computed for the published time",
    "Computed for a later time: no complete listing covers the published one",
)
HUB_UNREAD = "The whole Hub was never read, only part of it"
RECORDED = "Recorded listings are a selection; the whole Hub was never read"
TIMES: dict[str, tuple[str, str, tuple[date, ...], tuple[date, date], tuple[date, date] | None, str]] = {
    # measure, scope read, days read, published time, our time, because
    "last listing in the published time": (
        "derivatives_share", "hub", (FIRST, date(2026, 7, 5), AUGUST), (FIRST, date(2026, 7, 31)),
        (date(2026, 7, 5), date(2026, 7, 5)), COMPUTED,
    ),
    "later listing if that time was not read": (
        "derivatives_share", "hub", (FIRST, AUGUST), (date(2026, 3, 1), date(2026, 3, 31)), (AUGUST, AUGUST), LATER,
    ),
    "time after all listings": (
        "derivatives_share", "hub", (FIRST,), (date(2026, 9, 1), date(2026, 9, 30)), None,
        "Our complete listings end on 2026-07-01, before the published time ends",
    ),
    "labs are not the whole Hub": (
        "derivatives_share", "labs", (FIRST, AUGUST), (FIRST, date(2026, 7, 31)), None, HUB_UNREAD,
    ),
    "nothing read": ("derivatives_share", "hub", (), (FIRST, date(2026, 7, 31)), None, HUB_UNREAD),
    "flows of exactly the published days": (
        "downloads_share", "hub", (FIRST, AUGUST), (FIRST, date(2026, 7, 3)), (FIRST, date(2026, 7, 3)), COMPUTED,
    ),
    "flows from 29 days before the first reading": (
        "downloads_share", "hub", (FIRST, AUGUST), (date(2026, 6, 2), date(2026, 6, 4)),
        (date(2026, 6, 2), date(2026, 6, 4)), COMPUTED,
    ),
    "last days of equal number if flows begin later": (
        "downloads_share", "hub", (FIRST, date(2026, 7, 3)), (date(2026, 6, 1), date(2026, 6, 3)),
        (FIRST, date(2026, 7, 3)), LATER,
    ),
    "flows of too few days": (
        "downloads_share", "hub", (FIRST, date(2026, 7, 3)), (date(2025, 1, 1), date(2026, 1, 1)), None,
        "Our complete listings, 2026-07-01 to 2026-07-03, cover neither the published time nor a later one as long",
    ),
    "account is read with the labs": (
        "account_downloads", "labs", (FIRST, AUGUST), (FIRST, date(2026, 7, 3)), (FIRST, date(2026, 7, 3)), COMPUTED,
    ),
    "account without readings": (
        "account_downloads of unknown", "labs", (FIRST, AUGUST), (FIRST, date(2026, 7, 3)), None,
        "No repository that it counts was read",
    ),
    "list provided by the reader": (
        "list_downloads", "hub", (FIRST, AUGUST), (FIRST, date(2026, 7, 3)), None,
        "It needs ATOM's list of models, which can be loaded on the page",
    ),
    "no measure": ("none", "hub", (FIRST, AUGUST), (FIRST, date(2026, 7, 3)), None, "It has no counterpart"),
}  # fmt: skip
ONE = World(
    [Repository("Qwen", "derivative", None, None, False, None, None, True)], [[(10, 10, 4), (10, 10, 4), (10, 10, 4)]]
)


@pytest.mark.parametrize("what", TIMES)
def test_reason_says_which_time_or_why_not(warehouse: Warehouse, what: str) -> None:
    measure, scope, days, (since, until), ours, because = TIMES[what]
    warehouse.read(scope, *days)
    warehouse.fill(ONE)
    warehouse.connection.execute("update model_days set day = $1 where day = '2026-07-02'", [AUGUST])
    warehouse.connection.execute("update model_days set day = '2026-07-05' where day = '2026-07-03'")
    warehouse.connection.execute("insert into origin_days values ('2026-06-03', 'publisher', 'CN', 1)")
    name, _, account = measure.partition(" of ")
    rule = (
        (None, None, "It has no counterpart") if name == "none" else (name, account or SUBJECTS.get(name, "CN"), None)
    )
    warehouse.published(("a figure", since, until, 0.5, *rule))
    [found] = warehouse.reproductions("our_since, our_until, is_same_time, gap is not null, is_computable, because")
    is_same = because == COMPUTED
    expected = (*ours, is_same, is_same, True) if ours else (None, None, None, False, False)
    assert found == (*expected, because)


@pytest.mark.parametrize(
    ("simulated", "endpoint", "computable"),
    [
        (True, "http://127.0.0.1:7", True),
        (False, "https://huggingface.co", True),
        (False, "http://127.0.0.1:7", False),
    ],
)
def test_recorded_listings_are_not_the_whole_hub(
    warehouse: Warehouse, simulated: bool, endpoint: str, computable: bool
) -> None:
    warehouse.read("hub", FIRST, simulated=simulated, endpoint=endpoint)
    warehouse.fill(ONE)
    warehouse.published(("a figure", FIRST, FIRST, 0.5, "derivatives_share", None, None))
    [(found, because)] = warehouse.reproductions("is_computable, because")
    assert found == computable and (because == RECORDED) != computable


def test_figure_that_is_a_day_has_no_gap(warehouse: Warehouse) -> None:
    warehouse.read("hub", FIRST)
    warehouse.published(("a figure", FIRST, FIRST, None, None, None, "It is a day"))
    assert warehouse.reproductions("published_value, our_value, gap, is_computable, because") == [
        (None, None, None, False, "It is a day")
    ]


BROKEN: dict[str, tuple[str, str, tuple[date, date], tuple[date, date] | None, str]] = {
    # measure, scope read last, published time, our time, because
    "flows within the first segment": (
        "downloads_share", "hub", (FIRST, date(2026, 7, 3)), (FIRST, date(2026, 7, 3)), COMPUTED,
    ),
    "flows over a break": (
        "downloads_share", "hub", (date(2026, 7, 1), date(2026, 7, 20)), (date(2026, 7, 22), AUGUST),
        "Computed for a later time: other models are read from a day of the published one on (table segments)",
    ),
    "flows longer than a segment": (
        "downloads_share", "hub", (date(2026, 6, 2), date(2026, 7, 31)), None,
        "Other models are read from a day of any time as long on (table segments)",
    ),
    "new repositories while the whole Hub is read": (
        "new_derivatives_share", "hub", (FIRST, date(2026, 7, 31)), (FIRST, date(2026, 7, 31)), COMPUTED,
    ),
    "new repositories after the Hub was read": (
        "new_derivatives_share", "labs", (FIRST, date(2026, 7, 31)), None,
        "Only part of the Hub is read now, which does not show all new models (table segments)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_no_value_is_of_two_segments(warehouse: Warehouse, what: str) -> None:
    """Listings on the days 0 to 4 and from 40 days after day 0 on; downloads break 30 days before the second."""
    measure, scope, (since, until), ours, because = BROKEN[what]
    second = FIRST + timedelta(38)
    warehouse.read("hub", *(FIRST + timedelta(day) for day in range(5)), second, AUGUST)
    warehouse.fill(ONE)
    warehouse.segments(scope, (FIRST, FIRST + timedelta(4)), (second, AUGUST))
    warehouse.connection.execute("insert into origin_days values ('2026-08-08', 'publisher', 'CN', 1)")
    warehouse.sums(months=[(FIRST, "qwen", 5, 2.5)])
    warehouse.published(("a figure", since, until, 0.5, measure, SUBJECTS[measure], None))
    [found] = warehouse.reproductions("our_since, our_until, because")
    assert found == (*(ours or (None, None)), because)
    warehouse.sums()
