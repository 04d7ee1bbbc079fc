"""Recursive selects as loops: the same rows as DuckDB's recursive queries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.database import in_memory
from tracker.database import Connection, one, rows
from tracker.engines.translation import recursion, run_rounds, translate
from tracker.warehouse.sql_files import FOLDER

REACHABLE = """
    with recursive links as (select a, b from edges where a is not null),
    walk as (select a, b from links union select walk.a, links.b from walk join links on links.a = walk.b),
    ends as (select a, count(*) as reached from walk group by a)
    select a, reached, (select count(*) from walk) as pairs from ends
"""
PATHS = """
    with recursive walk as (
        select a, b, 1 as steps from edges
        union all
        select walk.a, edges.b, walk.steps + 1 from walk join edges on edges.a = walk.b where walk.steps < 4
    )
    select a, b, steps, count(*) from walk group by a, b, steps
"""
SUMS = """
    with recursive walk as (
        select b as child, a as root, 1::bigint as ways from edges where a < b
        union all
        select edges.b, walk.root, sum(walk.ways)::bigint as ways
        from walk join edges on edges.a = walk.child and edges.a < edges.b
        group by edges.b, walk.root
    )
    select child, root, sum(ways) from walk group by child, root
"""
EDGES = st.lists(st.tuples(st.none() | st.integers(0, 6), st.none() | st.integers(0, 6)), max_size=9)


@pytest.mark.parametrize("query", [REACHABLE, PATHS, SUMS], ids=["union", "union all", "sums in the step"])
@given(edges=EDGES)
def test_loop_equals_the_recursive_query(query: str, edges: list[tuple[int | None, int | None]]) -> None:
    with in_memory() as connection:
        connection.execute("create table edges (a integer, b integer)")
        for edge in edges:
            connection.execute("insert into edges values (?, ?)", edge)
        assert looped(connection, query) == sorted(rows(connection, query), key=repr)


def looped(connection: Connection, query: str) -> list[tuple[object, ...]]:
    recursive = recursion(query, "reached", "frontier")
    assert recursive is not None

    def add(select: str) -> int:
        if not rows(connection, "select 1 from duckdb_tables() where table_name = 'reached'"):
            connection.execute(f"create table reached as select * from ({select}) where false")
        connection.execute(f"create or replace temp table found as {select}")
        connection.execute("create or replace table frontier as select * from reached where false")
        connection.execute("insert into frontier select * from found; insert into reached select * from found")
        return int(one(connection, "select count(*) from found"))

    run_rounds(recursive, "reached", add)
    return sorted(rows(connection, recursive.result), key=repr)


def test_recursive_files_are_taken_apart() -> None:
    queries = [path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.sql")]
    recursive = [query for query in queries if "with recursive" in query]
    assert len(recursive) > 5
    assert [query for query in queries if recursion(query, "reached", "frontier")] == recursive


def test_ordered_lists_are_refused() -> None:
    with pytest.raises(ValueError, match="list_sort"):
        translate("select list(a order by b) from edges")
