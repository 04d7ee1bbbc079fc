"""Translate the SQL files of the warehouse from DuckDB to Spark, and run recursive ones as a loop.

Spark has recursive queries, but not with `union` and not with an aggregate in the step, so a loop takes their place.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlglot import ErrorLevel, exp, parse_one

_TYPES = {"varchar": "string", "varchar[]": "array<string>", "integer": "int", "hugeint": "decimal(38,0)"}
"""Types that have another name in Spark."""


@dataclass(frozen=True, slots=True)
class Recursion:
    """A recursive select, taken apart into queries in DuckDB's dialect."""

    start: str
    """The first rows."""

    step: str
    """The next rows, given those of the last round."""

    result: str
    """The select, given the rows of all rounds."""

    is_distinct: bool
    """True for `union`: a row that was reached before is not followed again."""


def spark_type(duckdb_type: str) -> str:
    """Return Spark's name of a type of DuckDB. Enums are text there."""
    name = duckdb_type.lower().replace(" ", "")
    return "string" if name.startswith("enum") else _TYPES.get(name, name)


def translate(query: str) -> str:
    """Return a query in Spark's dialect. Raises sqlglot.errors.UnsupportedError if there is no translation."""
    tree = parse_one(query, read="duckdb").transform(_for_spark, copy=False)
    return tree.sql("spark", unsupported_level=ErrorLevel.RAISE)


def recursion(query: str, reached: str, frontier: str) -> Recursion | None:
    """Take a recursive select apart, or return None for any other.

    Its queries read all rows so far from the table `reached`, and those of the last round from `frontier`.
    """
    if "recursive" not in query.lower():  # parsing takes most of the time
        return None
    tree = parse_one(query, read="duckdb")
    clause = tree.args.get("with_")
    if clause is None or not clause.args.get("recursive"):
        return None
    ctes = clause.expressions
    place = next(place for place, cte in enumerate(ctes) if _reads(cte.this, cte.alias))
    name, union = ctes[place].alias, ctes[place].this
    body = tree.copy()
    body.set("with_", None)
    return Recursion(
        start=_query(ctes[:place], union.this, name, name),
        step=_query(ctes[:place], union.expression, name, frontier),
        result=_query([*ctes[:place], *ctes[place + 1 :]], body, name, reached),
        is_distinct=bool(union.args.get("distinct")),
    )


def run_rounds(recursive: Recursion, reached: str, add: Callable[[str], int]) -> None:
    """Run the rounds of a recursion until one has no rows.

    `add` appends the rows of a query to the table `reached`, makes them the frontier, and returns their number.
    """
    count = add(f"select distinct * from ({recursive.start})" if recursive.is_distinct else recursive.start)
    step = recursive.step
    if recursive.is_distinct:
        step = f"select * from ({step}) as next except select * from {reached}"
    while count:
        count = add(step)


def _reads(tree: exp.Expr, name: str) -> bool:
    return any(table.name == name for table in tree.find_all(exp.Table))


def _query(ctes: list[Any], body: exp.Expr, name: str, table: str) -> str:
    """Return a select with these CTEs in front, reading `table` where it reads `name`."""
    query = body.copy()
    query.set("with_", exp.With(expressions=[cte.copy() for cte in ctes]) if ctes else None)
    for found in query.find_all(exp.Table):
        if found.name == name:
            found.set("alias", exp.TableAlias(this=exp.to_identifier(found.alias_or_name)))
            found.set("this", exp.to_identifier(table))
    return query.sql("duckdb")


def _for_spark(node: exp.Expr) -> exp.Expr:
    """Replace what Spark lacks by what gives the same rows there."""
    if isinstance(node, exp.CTE):
        node.set("materialized", None)
    elif isinstance(node, exp.Table):
        node.set("db", None)
    elif isinstance(node, exp.Collate):
        text: exp.Expr = node.this
        return text
    elif isinstance(node, exp.Cast) and node.to.this == exp.DType.ENUM:
        node.set("to", exp.DataType.build("text"))
    elif isinstance(node, exp.PercentileCont):
        return exp.func("percentile", node.this, node.expression)
    elif isinstance(node, exp.ArrayAgg) and isinstance(node.this, exp.Order):
        raise ValueError("Spark ignores the order in list(x order by y). Write list_sort(list(x)).")
    return node
