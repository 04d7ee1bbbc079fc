"""axis_days, axis_shares and axes: other rulers than the Hub's downloads.

The tables of the Hub's models that they read are stubs, so that a test takes milliseconds.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pytest

from tests.support.database import in_memory
from tests.support.pinned_registry import pinned_registry
from tests.warehouse.conftest import SmallWarehouse, cells
from tracker.database import rows
from tracker.demo.simulation.world import SimulatedWorld
from tracker.warehouse.runner import run
from tracker.warehouse.sql_files import Model

Becomes = Callable[..., None]

ADOPTION = "day date, lens varchar, task_class varchar, origin varchar, lab varchar, family varchar, downloads double"


class Axes(SmallWarehouse):
    """Only the tables of other rulers, over stubs of `models` and `adoption_days`."""

    def __init__(self, connection: Any, ordered: Sequence[Model]) -> None:
        super().__init__(connection, ordered)
        connection.execute("create table models (hub_id varchar, repo_id varchar, is_listed boolean)")
        connection.execute(f"create table adoption_days ({ADOPTION})")

    def make(self, *names: str) -> None:
        chosen = {
            "stg_axis_values",
            "stg_axis_makers",
            "stg_axis_entities",
            "stg_axis_flows",
            "stg_axis_counts",
            "axis_days",
            *names,
        }
        run(self.connection, [model for model in self.ordered if model.name in chosen])


@pytest.fixture
def axes(ordered_models: list[Model]) -> Iterator[Axes]:
    with in_memory() as connection:
        yield Axes(connection, ordered_models)


@pytest.fixture
def becomes(axes: Axes) -> Becomes:
    """As the fixture of the other tables: a table has these rows, given its sources as texts."""

    def becomes(name: str, expected: str, **sources: str) -> None:
        for table, text in sources.items():
            axes.fill(table, cells(text))
        axes.make(name)
        wanted = cells(expected)
        assert axes.text(name, list(wanted[0])) == sorted((tuple(row.values()) for row in wanted), key=repr)

    return becomes


LABS = "lab | name | origin\nalibaba | Alibaba | CN\ndeepseek | DeepSeek | CN\ngoogle | Google | US"
PATTERNS = "family | lab | pattern\nqwen | alibaba | (?i)^qwen\ngemma | google | (?i)^gemma"
ALIASES = """
pattern            | lab      | is_open | is_undisclosed | valid_from | valid_until
(?i)^qwen/         | alibaba  | -       | false          | -          | -
(?i)^qwen/.*-max   | alibaba  | false   | false          | -          | -
(?i)^google/       | google   | -       | false          | -          | -
(?i)^google/gemma  | google   | true    | false          | -          | -
(?i)^stealth/      | -        | -       | true           | -          | -
(?i)^rented/       | deepseek | true    | false          | -          | 2026-08-18
(?i)^rented/       | google   | true    | false          | 2026-08-18 | -
"""


def test_entries_count_for_the_longest_valid_alias(becomes: Becomes) -> None:
    becomes(
        "axis_days",
        """
        entity                 | day        | weights     | lab      | origin | family | repo_id       | hub_id
        qwen/qwen3-max         | 2026-08-19 | closed      | alibaba  | CN     | -      | -             | -
        qwen/qwen3-8b-20260203 | 2026-08-19 | open        | alibaba  | CN     | qwen   | Qwen/Qwen3-8B | 7
        qwen/unheard-of        | 2026-08-19 | unknown     | alibaba  | CN     | -      | -             | -
        google/gemma-3         | 2026-08-19 | open        | google   | US     | gemma  | -             | -
        stealth/x              | 2026-08-19 | undisclosed | -        | -      | -      | -             | -
        nobody/y               | 2026-08-19 | unknown     | -        | -      | -      | -             | -
        new/deepseek-v9        | 2026-08-19 | open        | deepseek | CN     | -      | deepseek-ai/V9 | -
        rented/a               | 2026-08-17 | open        | deepseek | CN     | -      | -             | -
        rented/a               | 2026-08-18 | open        | google   | US     | -      | -             | -
        other                  | 2026-08-19 | rest        | -        | -      | -      | -             | -
        """,
        lake_axis_days="""
        entity                 | day        | value | repo_id        | entity_kind
        qwen/qwen3-max         | 2026-08-19 | 1     | -              | model
        qwen/qwen3-8b-20260203 | 2026-08-19 | 1     | Qwen/Qwen3-8B  | model
        qwen/unheard-of        | 2026-08-19 | 1     | -              | model
        google/gemma-3         | 2026-08-19 | 1     | -              | model
        stealth/x              | 2026-08-19 | 1     | -              | model
        nobody/y               | 2026-08-19 | 1     | -              | model
        new/deepseek-v9        | 2026-08-19 | 1     | deepseek-ai/V9 | model
        rented/a               | 2026-08-17 | 1     | -              | model
        rented/a               | 2026-08-18 | 1     | -              | model
        other                  | 2026-08-19 | 1     | -              | rest
        """,
        models="hub_id | repo_id | is_listed\n7 | qwen/QWEN3-8B | true\n6 | qwen/qwen3-8b | false",
        registry_axis_aliases=ALIASES,
        registry_labs=LABS,
        registry_family_patterns=PATTERNS,
        registry_organizations="handle | lab | origin\ndeepseek-ai | deepseek | CN",
    )


def test_newest_reading_replaces_a_whole_day(becomes: Becomes) -> None:
    becomes(
        "axis_days",
        """
        entity    | day        | value | source_revision
        a/older   | 2026-08-16 | 9.0   | first
        a/stays   | 2026-08-17 | 11.0  | second
        other     | 2026-08-17 | 5.0   | second
        """,
        lake_axis_days="""
        entity  | day        | value | source_revision | read_at             | entity_kind
        a/older | 2026-08-16 | 9     | first           | 2026-08-18 12:00:00 | model
        a/stays | 2026-08-17 | 10    | first           | 2026-08-18 12:00:00 | model
        a/left  | 2026-08-17 | 4     | first           | 2026-08-18 12:00:00 | model
        a/stays | 2026-08-17 | 11    | second          | 2026-08-19 12:00:00 | model
        other   | 2026-08-17 | 5     | second          | 2026-08-19 12:00:00 | rest
        """,
    )


def test_renamed_model_stays_with_its_repository(becomes: Becomes) -> None:
    """The list of models names a repository under the slug of its time; a later list may lack the old slug."""
    becomes(
        "axis_days",
        "entity | day | repo_id\na/old | 2026-08-17 | Org/M\na/new | 2026-08-18 | Org/M\na/old | 2026-08-18 | Org/M",
        lake_axis_days="""
        entity | day        | value | repo_id | read_at
        a/old  | 2026-08-17 | 1     | Org/M   | 2026-08-17 12:00:00
        a/old  | 2026-08-18 | 1     | -       | 2026-08-18 12:00:00
        a/new  | 2026-08-18 | 1     | Org/M   | 2026-08-18 12:00:00
        """,
    )


def test_axes_give_the_newest_credit_line(becomes: Becomes) -> None:
    becomes(
        "axes",
        """
        axis       | attribution | first_day  | last_day   | read_on    | readings
        openrouter | new         | 2026-08-01 | 2026-08-18 | 2026-08-19 | 2
        """,
        lake_axis_crawls="""
        axis       | attribution | day        | first_day  | last_day
        openrouter | old         | 2026-08-10 | 2026-08-01 | 2026-08-09
        openrouter | new         | 2026-08-19 | 2026-08-03 | 2026-08-18
        """,
    )


def test_hub_downloads_are_a_ruler_on_the_same_days(becomes: Becomes) -> None:
    becomes(
        "axis_shares",
        """
        day        | axis        | lab      | value | share | coverage
        2026-08-17 | openrouter  | google   | 5.0   | 1.0   | 1.0
        2026-08-17 | huggingface | google   | 3.0   | 0.25  | 0.75
        2026-08-17 | huggingface | alibaba  | 9.0   | 0.75  | 0.75
        2026-08-18 | huggingface | google   | 1.0   | 1.0   | 1.0
        """,
        lake_axis_days="entity | day | value\ngoogle/gemma-3 | 2026-08-17 | 5",
        adoption_days="""
        day        | lens      | task_class | lab     | downloads
        2026-08-16 | publisher | language   | google  | 100
        2026-08-17 | publisher | language   | google  | 3
        2026-08-17 | publisher | language   | alibaba | 9
        2026-08-17 | publisher | language   | -       | 4
        2026-08-17 | publisher | vision     | google  | 50
        2026-08-17 | root      | language   | google  | 70
        2026-08-18 | publisher | language   | google  | 1
        2026-08-18 | publisher | language   | alibaba | -
        """,
        registry_axis_aliases=ALIASES,
        registry_labs=LABS,
    )


def test_mirror_counts_for_the_lab_of_the_name(becomes: Becomes) -> None:
    becomes(
        "axis_days",
        """
        entity          | lab     | origin | family | weights
        Mirror/gemma-3  | google  | US     | gemma  | open
        Mirror/Qwen3-8B | alibaba | CN     | qwen   | open
        Mirror/unheard  | -       | -      | -      | open
        """,
        lake_axis_days="entity | day | value\nMirror/gemma-3 | 2026-08-19 | 1\nMirror/Qwen3-8B | 2026-08-19 | 1\n"
        "Mirror/unheard | 2026-08-19 | 1",
        registry_axis_aliases="pattern | is_open | is_mirror\n(?i)^mirror/ | true | true",
        registry_labs=LABS,
        registry_family_patterns=PATTERNS,
    )


FLOWS = {
    "daily readings": ({1: 100, 2: 110, 3: 130}, {2: 10, 3: 20}),
    "a gap is spread evenly": ({1: 100, 4: 160}, {2: 20, 3: 20, 4: 20}),
    "a fall that returns was a correction": ({1: 100, 2: 40, 3: 45, 4: 130}, {2: 10, 3: 10, 4: 10}),
    "a fall that lasts has no downloads": (
        {1: 100, **{n: 40 + n for n in range(2, 13)}},
        {2: 0} | dict.fromkeys(range(3, 13), 1),
    ),
    "one reading has no downloads": ({1: 100}, {}),
}


@pytest.mark.parametrize(("counters", "flows"), FLOWS.values(), ids=FLOWS)
def test_flows_of_a_counter(axes: Axes, counters: dict[int, int], flows: dict[int, float]) -> None:
    row = {"entity": "Qwen/a", "metric": "downloads", "is_cumulative": "true", "axis": "modelscope"}
    axes.fill("lake_axis_days", [row | {"day": f"2026-08-{d:02}", "value": str(v)} for d, v in counters.items()])
    axes.make("stg_axis_flows")
    found = rows(axes.connection, "select extract(day from day), value from stg_axis_flows order by day")
    assert dict(found) == flows


def test_flows_of_a_simulated_world_sum_to_the_truth(axes: Axes) -> None:
    """Read every second day; a day stands still, and the counter of one model falls and returns."""
    world = SimulatedWorld(seed=0, days=15, models=1500, registry=pinned_registry())
    truth, read_days = world.rulers, world.days[::2]
    read = {day: truth.modelscope_on(day) for day in read_days}
    columns = {
        "axis": "modelscope", "entity_kind": "model", "metric": "downloads", "is_cumulative": True,
        "read_at": datetime(2026, 11, 20),
    }  # fmt: skip
    table = [
        columns | {"entity": name, "day": day, "value": float(shown[0])}
        for day, models in read.items()
        for name, shown in models.items()
    ]
    axes.connection.register("readings", pa.Table.from_pylist(table))
    axes.connection.execute("insert into lake_axis_days by name select * from readings")
    axes.make("stg_axis_flows")
    found = dict(rows(axes.connection, "select entity, round(sum(value)) from stg_axis_flows group by entity"))
    first, last = ((day - truth.first_day).days for day in (read_days[0], read_days[-1]))
    assert len(found) > 100 and read[read_days[4]][truth.fallen][0] < read[read_days[3]][truth.fallen][0]
    assert found == {name: float(m.downloads[last] - m.downloads[first]) for name, m in truth.mirrored.items()}


def test_offer_counts_for_the_week_before_a_reading(axes: Axes) -> None:
    row = {"entity": "Qwen/a", "metric": "providers", "axis": "providers"}
    for day, value in (("2026-08-10", 3), ("2026-08-12", 2)):
        axes.fill("lake_axis_days", [row | {"day": day, "value": str(value)}])
    axes.make("stg_axis_counts")
    query = "select extract(day from day), value, extract(day from read_day) from stg_axis_counts order by day"
    expected = [*((day, 3.0, 10) for day in (4, 5)), *((day, 3.0, 12) for day in range(6, 11))]
    assert rows(axes.connection, query) == [*expected, (11, 2.0, 12), (12, 2.0, 12)]


def test_day_on_which_counters_stand_still_ends_no_interval(axes: Axes) -> None:
    """A quarter of a hundred busy entries did not move on the third day."""
    for number in range(100):
        row = {"entity": f"Qwen/{number}", "metric": "downloads", "is_cumulative": "true", "axis": "modelscope"}
        counters = {1: 0, 2: 100, 3: 100 if number < 25 else 200, 4: 300}
        axes.fill("lake_axis_days", [row | {"day": f"2026-08-0{d}", "value": str(v)} for d, v in counters.items()])
    axes.make("stg_axis_flows")
    found = rows(axes.connection, "select distinct extract(day from day), value from stg_axis_flows order by all")
    assert found == [(2, 100.0), (3, 100.0), (4, 100.0)]


ENTRIES = ("qwen/a", "qwen/b-max", "google/gemma-3", "stealth/x", "nobody/y", "other")
LAB_OF = {"qwen/a": "alibaba", "google/gemma-3": "google"}
"""Entries with open weights of a registered lab; qwen/b-max is known to be closed."""

Judged = dict[tuple[date, str], tuple[float, float | None, float | None]]


@pytest.mark.parametrize("seed", range(5))
def test_shares_agree_with_a_judge_in_plain_python(axes: Axes, seed: int) -> None:
    luck = random.Random(seed)
    names = [(date(2026, 8, day), entity) for day in range(1, 9) for entity in ENTRIES]
    values = {name: luck.choice([0, luck.randrange(1000)]) for name in names if luck.random() < 0.7}
    axes.fill("registry_axis_aliases", cells(ALIASES))
    axes.fill("registry_labs", cells(LABS))
    for (day, entity), value in values.items():
        repo_id = "Qwen/a" if entity == "qwen/a" else None
        row = {"entity": entity, "day": str(day), "value": str(value), "repo_id": repo_id}
        axes.fill("lake_axis_days", [row | {"entity_kind": "rest" if entity == "other" else "model"}])
    axes.make("axis_shares")
    found = rows(axes.connection, "select day, lab, value, round(share, 9), round(coverage, 9) from axis_shares")
    assert found and {(day, lab): rest for day, lab, *rest in found} == {k: [*v] for k, v in judged(values).items()}


def judged(values: dict[tuple[date, str], int]) -> Judged:
    """Day and lab -> value, its share of all labs' open weights, and how much of the day's total is known."""
    total: defaultdict[date, float] = defaultdict(float)
    counted: defaultdict[date, float] = defaultdict(float)
    known: defaultdict[date, float] = defaultdict(float)
    for (day, entity), value in values.items():
        total[day] += value
        counted[day] += value * (entity in LAB_OF)
        known[day] += value * (entity in LAB_OF or entity == "qwen/b-max")
    return {
        (day, LAB_OF[entity]): (
            float(value),
            round(value / counted[day], 9) if counted[day] else None,
            round(known[day] / total[day], 9) if total[day] else None,
        )
        for (day, entity), value in values.items()
        if entity in LAB_OF
    }
