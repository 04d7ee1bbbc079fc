"""Days that land out of order give the same lake content as days in order."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.support.database import in_memory
from tests.support.slow import only
from tracker.demo.hub.server import EmbeddedHub
from tracker.domain import Scope
from tracker.lake.lake import Lake
from tracker.registry.entries import Registry
from tracker.warehouse.build import build

Row = dict[str, Any]
FIRST = date(2026, 8, 17)
DAYS = [FIRST + timedelta(days=number) for number in range(5)]
NOW = datetime(2026, 8, 22, 6, tzinfo=UTC)
HISTORIES = ["AAAAA", "ABAAA", "ABBBA", "AABAB", "-ABCA", "A-B-A", "ABCBA", "AB--A", "--A-B", "A---B", "ABABA", "AAAAB"]
"""What a repository is called on each day; `-` where it is not listed."""


@pytest.fixture
def catalog(make_catalog: Callable[..., Any], make_model: Callable[..., Row]) -> Any:
    """Five days of repositories whose names and bases come, go, and come back."""
    return make_catalog({day: [*_rows(make_model, place)] for place, day in enumerate(DAYS)})


def _rows(make_model: Callable[..., Row], place: int) -> Iterator[Row]:
    for number, history in enumerate(HISTORIES):
        if history[place] != "-":
            name = f"someone/{history[place]}-{number}"
            tags = [f"base_model:finetune:else/{history[place]}"] if history[place] != "C" else []
            yield make_model(number, id=name, tags=tags, downloadsAllTime=1_000 + (7 + number) * place)


@contextmanager
def built(lake: Lake) -> Iterator[duckdb.DuckDBPyConnection]:
    done = build(lake, Registry(version="tests"), NOW)
    with duckdb.connect(str(done.path), read_only=True) as connection:
        yield connection


def tables(lake: Lake) -> dict[str, list[Any]]:
    """All public tables; what a manifest tells of its own crawl is left out."""
    with built(lake) as connection:
        names = [
            name
            for (name,) in connection.execute(
                "select schema_name || '.' || table_name from duckdb_tables() where schema_name in ('main', 'steps')"
            ).fetchall()
        ]
        return {
            name: connection.execute(f"select columns(*)::varchar from {name} order by all").fetchall()
            for name in names
            if name != "main.crawls"
        }


def told(lake: Lake) -> dict[tuple[date, str], tuple[str, tuple[str, ...]]]:
    """The name and the bases of each repository on each day it was read: those of the last day on which they landed."""
    columns, read = {"model_days": "likes", "models": "repo_id", "edges": "parent_ref"}, {}
    with in_memory() as connection:
        for table, column in columns.items():
            files = [str(file) for file in lake.files(table, lake.manifests())]
            query = f"select hub_id, day, {column} from read_parquet({files}, hive_partitioning = true)"
            read[table] = connection.execute(query).fetchall()
    found = {}
    for hub_id, day, _ in read["model_days"]:
        landed, name = max((at, name) for other, at, name in read["models"] if other == hub_id and at <= day)
        bases = tuple(sorted(base for other, at, base in read["edges"] if (other, at) == (hub_id, landed)))
        found[day, hub_id] = (name, bases)
    return found


def truth(make_id: Callable[[int], str]) -> dict[tuple[date, str], tuple[str, tuple[str, ...]]]:
    return {
        (day, make_id(number)): (f"someone/{letter}-{number}", () if letter == "C" else (f"else/{letter}",))
        for number, history in enumerate(HISTORIES)
        for day, letter in zip(DAYS, history, strict=True)
        if letter != "-"
    }


def in_order(crawls: Any, serve: Callable[..., EmbeddedHub], catalog: Any, home: Path, order: list[date]) -> Lake:
    """A lake into which the days landed in this order."""
    crawls.lake = Lake(home)
    for day in order:
        crawls(serve(catalog, day=day).url, day=day, scope=Scope.HUB)
    return crawls.lake


ORDERS = [
    [0, 1, 2, 3, 4],
    [4, 3, 2, 1, 0],
    [0, 2, 1, 4, 3],
    [0, 4, 2, 1, 3],
    *(random.Random(seed).sample(range(5), 5) for seed in range(4)),
]


@pytest.mark.parametrize("order", only(ORDERS, ORDERS[3:4]), ids=lambda order: "".join(map(str, order)))
def test_attributes_do_not_depend_on_landing_order(
    crawls: Any,
    serve: Callable[..., EmbeddedHub],
    catalog: Any,
    tmp_path: Path,
    make_id: Callable[[int], str],
    order: list[int],
) -> None:
    lake = in_order(crawls, serve, catalog, tmp_path / "shuffled", [DAYS[place] for place in order])
    assert told(lake) == truth(make_id)
    assert lake.file_problems(lake.manifests(), by_content=True) == []
    assert lake.unlisted_files(lake.manifests()) == []


@pytest.mark.slow
def test_warehouse_does_not_depend_on_landing_order(
    crawls: Any, serve: Callable[..., EmbeddedHub], catalog: Any, tmp_path: Path
) -> None:
    plain = tables(in_order(crawls, serve, catalog, tmp_path / "plain", DAYS))
    assert len(plain["main.model_flows"]) > 100 and len(plain["main.edges"]) > 5
    for order in ([DAYS[place] for place in places] for places in ORDERS[1:]):
        home = tmp_path / "-".join(str(day.day) for day in order)
        shuffled = tables(in_order(crawls, serve, catalog, home, order))
        assert {name for name in plain if shuffled[name] != plain[name]} == set()


@pytest.mark.slow
def test_rereading_a_day_leaves_the_next_unchanged(
    crawls: Any, serve: Callable[..., EmbeddedHub], catalog: Any, tmp_path: Path, make_model: Callable[..., Row]
) -> None:
    lake = in_order(crawls, serve, catalog, tmp_path / "home", DAYS)
    before = told(lake)
    catalog.rows = {**catalog.rows, DAYS[1]: [make_model(number, id=f"other/{number}") for number in range(12)]}
    for _ in range(2):
        crawls(serve(catalog, day=DAYS[1]).url, day=DAYS[1], scope=Scope.HUB, force=True)
        after = told(lake)
        assert {place: after[place] for place in before if place[0] != DAYS[1]} == {
            place: value for place, value in before.items() if place[0] != DAYS[1]
        }
        assert {name for (day, _), (name, _) in after.items() if day == DAYS[1]} == {f"other/{n}" for n in range(12)}
