"""The SQL files of the warehouse: their headers, and the order they must run in, read from the SQL itself."""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from tracker.database import Connection, literal, one, rows
from tracker.errors import DataError

FOLDER = Path(__file__).parents[2] / "warehouse"
LAYERS = ("staging", "core", "marts")
EARLIER, NEW = "earlier_", "new_"
"""A select reads under these, before a table's name: its rows of the earlier build, and the rows added by this one."""

_KNOWN: dict[str, frozenset[str]] = {}
"""Query -> what it reads, of those parsed by this process: a second build need not parse them again."""


class How(StrEnum):
    """How a table goes over from one build to the next; one without a word is made anew by each."""

    BY_DAY = "by day"
    """Rows of later days are added."""

    MERGED = "merged"
    """The select reads its own earlier rows, and makes the new ones of them; their columns and types follow."""

    BUT_FOR = "but for"
    """Rows are added, after those of the repositories in the table that follows were taken out. Repositories are told
    by the first column of the grain. If columns with their types follow, a file can read the earlier rows before the
    table is made."""

    NOT_AT_ALL = "not at all, if there is one"
    """If this table has a row, nothing goes over: everything is built anew."""


@dataclass(frozen=True, slots=True)
class Carried:
    """The header's line `-- carried: ...`."""

    how: How
    columns: str = ""
    """Its columns with their types, if they are told."""

    but_for: str = ""
    """The table that names the repositories whose rows are made anew."""


@dataclass(frozen=True, slots=True)
class Model:
    """One SQL file: a select that becomes the table or view of its name."""

    name: str
    layer: str
    """`staging` (views), `core` (tables of the build alone) or `marts` (the public tables)."""

    about: str
    """What a row is: the header's first line."""

    grain: tuple[str, ...]
    """Columns that identify a row."""

    sql: str
    reads: frozenset[str]
    """Tables and views it reads, its own CTEs left out."""

    carried: Carried | None = None
    earlier: Mapping[str, str] = field(default_factory=dict)
    """Tables whose earlier rows it reads, each with its columns and types."""

    @property
    def follows(self) -> frozenset[str]:
        """Tables that must be made before it. Earlier rows are there from the start."""
        named = self.carried.but_for if self.carried else ""
        needed = {name.removeprefix(NEW) for name in self.reads if not name.startswith(EARLIER)}
        needed |= {name for name, columns in self.earlier.items() if not columns}
        return frozenset(needed | ({named} if named else set()))

    @property
    def stays(self) -> bool:
        """True if the table is changed where it is, and not made anew, when a build stands on an earlier one."""
        return self.carried is not None and self.carried.how in (How.BY_DAY, How.BUT_FOR)

    @property
    def is_kept(self) -> bool:
        """True for what is no public table but goes into the warehouse's file all the same, for the next build."""
        return self.layer == "core" and self.carried is not None and self.carried.how is not How.NOT_AT_ALL


@dataclass(frozen=True, slots=True)
class Check:
    """One SQL file under checks/: a query that returns the rows that break a claim."""

    name: str
    claim: str
    fails: bool
    """True if the warehouse is not to be used when the claim is broken; else it is a warning."""

    sql: str
    reads: frozenset[str]


def models(connection: Connection, folder: Path = FOLDER) -> list[Model]:
    """All models in an order in which each comes after what it reads.

    Raises DataError for a file without a proper header, one that reads a later layer, and a circle.
    """
    found = {
        path.stem: _model(connection, path, layer)
        for layer in LAYERS
        for path in sorted((folder / layer).rglob("*.sql"))
    }
    found = {name: replace(model, earlier=_earlier(model, found)) for name, model in found.items()}
    for model in found.values():
        for name in model.reads & found.keys():
            if LAYERS.index(found[name].layer) > LAYERS.index(model.layer):
                raise DataError(f"warehouse/{model.layer}/{model.name}.sql reads {name}, which is of a later layer")
    try:
        order = TopologicalSorter({name: sorted(model.follows & found.keys()) for name, model in found.items()})
        return [found[name] for name in order.static_order()]
    except CycleError as problem:
        raise DataError(
            f"warehouse/: these files read each other in a circle: {' -> '.join(problem.args[1])}"
        ) from problem


def checks(connection: Connection, folder: Path = FOLDER) -> list[Check]:
    """All checks, by name. Raises DataError for a file without claim or severity."""
    return [_check(connection, path) for path in sorted((folder / "checks").glob("*.sql"))]


@dataclass(frozen=True, slots=True)
class Example:
    """One SQL file under examples/: a question that people ask, ready to run."""

    title: str
    """The question: the first comment line."""

    sql: str
    """The whole file, its question included."""


def examples(folder: Path = FOLDER) -> list[Example]:
    """All examples, by name of file. Raises DataError for a file that does not begin with its question."""
    return [_example(path) for path in sorted((folder / "examples").glob("*.sql"))]


@dataclass(frozen=True, slots=True)
class Words:
    """The comments of all public columns, from warehouse/columns.toml."""

    columns: dict[str, str]
    tables: dict[str, dict[str, str]]

    @classmethod
    def load(cls, folder: Path = FOLDER) -> "Words":
        """Reads the file."""
        told = tomllib.loads((folder / "columns.toml").read_text(encoding="utf-8"))
        return cls(told["columns"], told["tables"])

    def comment(self, connection: Connection, table: str, about: str) -> None:
        """Sets the comments of a table and its columns; DataError names a column without one."""
        comments = [f"comment on table {table} is {literal(about)}"]
        columns = (
            "select column_name from duckdb_columns() where table_name = ? and database_name = current_database() "
            "and schema_name = 'main'"
        )
        for (column,) in rows(connection, columns, [table]):
            text = self.tables.get(table, {}).get(column) or self.columns.get(column)
            if text is None:
                raise DataError(f"warehouse/columns.toml: column {column} of table {table} has no comment")
            comments.append(f"comment on column {table}.{column} is {literal(text)}")
        connection.execute(f"begin; {'; '.join(comments)}; commit")


def _model(connection: Connection, path: Path, layer: str) -> Model:
    text = path.read_text(encoding="utf-8")
    about, grain = _header(path, text, "grain")
    columns = tuple(part.strip() for part in grain.split(","))
    return Model(path.stem, layer, about, columns, text, _reads(connection, path, text), _carried(path, text))


def _carried(path: Path, text: str) -> Carried | None:
    """What the third line of the header tells, if it is `-- carried: ...`."""
    match = re.match(r"-- [^\n]+\n-- [^\n]+\n-- carried: (?P<told>[^\n]+)\n", text)
    if match is None:
        return None
    for how in How:
        if match["told"].startswith(how):
            named, _, columns = match["told"].removeprefix(how).partition(";")
            return Carried(how, columns.strip(), named.strip())
    raise DataError(f"{path}: carried must be one of {', '.join(How)}, not {match['told']!r}")


def _earlier(model: Model, found: Mapping[str, Model]) -> dict[str, str]:
    """The tables whose earlier rows a model reads. Raises DataError if one of them is not carried."""
    names = sorted(name.removeprefix(EARLIER) for name in model.reads if name.startswith(EARLIER))
    for name in names:
        carried = found[name].carried if name in found else None
        if carried is None or carried.how not in (How.MERGED, How.BUT_FOR):
            raise DataError(f"warehouse/{model.layer}/{model.name}.sql reads {EARLIER}{name}, which no build keeps")
    return {name: carried.columns for name in names if (carried := found[name].carried)}


def _check(connection: Connection, path: Path) -> Check:
    text = path.read_text(encoding="utf-8")
    claim, severity = _header(path, text, "severity")
    if severity not in ("fail", "warn"):
        raise DataError(f"{path}: severity must be fail or warn, not {severity!r}")
    return Check(path.stem, claim, severity == "fail", text, _reads(connection, path, text))


def _example(path: Path) -> Example:
    text = path.read_text(encoding="utf-8")
    match = re.match(r"-- (?P<title>[^\n]+\?)\n", text)
    if match is None:
        raise DataError(f"{path}:1: begin with a line that asks the question, '-- ...?'")
    return Example(match["title"], text)


def _header(path: Path, text: str, key: str) -> tuple[str, str]:
    """The first comment line, and the value of the second: `-- <key>: <value>`."""
    match = re.match(rf"-- (?P<about>[^\n]+)\n-- {key}: (?P<value>[^\n]+)\n", text)
    if match is None:
        raise DataError(f"{path}:1: begin with a line that says what a row is, then '-- {key}: ...'")
    return match["about"].strip(), match["value"].strip()


def _reads(connection: Connection, path: Path, text: str) -> frozenset[str]:
    """Names of base tables anywhere in a query, less the names of its CTEs. Raises DataError if it is no query."""
    if text not in _KNOWN:
        _KNOWN[text] = _tables(connection, path, text)
    return _KNOWN[text]


def _tables(connection: Connection, path: Path, text: str) -> frozenset[str]:
    tree: Any = json.loads(one(connection, "select json_serialize_sql(?)", [text]))
    if tree["error"]:
        raise DataError(f"{path}: {tree.get('error_message', 'cannot be parsed')}")
    tables: set[str] = set()
    named: set[str] = set()
    pending = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, list):
            pending.extend(node)
        elif isinstance(node, dict):
            if node.get("type") == "BASE_TABLE":
                tables.add(node["table_name"])
            if "cte_map" in node:
                named.update(entry["key"] for entry in node["cte_map"]["map"])
            pending.extend(node.values())
    return frozenset(tables - named)
