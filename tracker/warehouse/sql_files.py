"""Read the SQL files of the warehouse: their headers, the tables they read, and the order to run them in."""

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
LAYERS = ("staging", "core", "marts", "views")
EARLIER = "earlier_"
"""Prefix under which a select reads a table's rows from the earlier build."""

NEW = "new_"
"""Prefix under which a select reads the rows that this build adds to a table."""

STATE_SCHEMA = "state"
"""Schema of the internal tables that stay in the warehouse file for the next build."""

STEPS_SCHEMA = "steps"
"""Schema of the tables that are only steps to other tables: those of the folders `steps`."""

_TABLES_READ: dict[str, frozenset[str]] = {}
"""Cache: query -> tables it reads. Parsing all files takes a noticeable part of a small build."""


class Strategy(StrEnum):
    """How an incremental build updates a table. Tables without a strategy are rebuilt every time."""

    APPEND = "append"
    """Insert the rows of later days."""

    DELETE_INSERT = "delete+insert"
    """Delete the rows of the repositories listed in another table, then insert the rows of the select."""

    MERGE = "merge"
    """The select reads its own earlier rows and returns the whole new table."""

    FULL_REFRESH = "full refresh if any row"
    """If the select returns a row, the build starts again as a full refresh."""


@dataclass(frozen=True, slots=True)
class Incremental:
    """The header line `-- incremental: STRATEGY [TABLE][; COLUMNS]`."""

    strategy: Strategy
    columns: str = ""
    """Columns with their types, so that other files can read the earlier rows before the table exists."""

    delete_table: str = ""
    """For delete+insert: the table that lists the repositories to delete. They match the first column of the grain."""


@dataclass(frozen=True, slots=True)
class Model:
    """One SQL file: a select that becomes the table or view of the same name."""

    name: str
    layer: str
    """`staging` (temporary views), `core` (internal tables), `marts` (public tables) or `views` (public views)."""

    about: str
    """What a row is: the first line of the header."""

    grain: tuple[str, ...]
    """The unique key: columns that identify a row."""

    sql: str
    reads: frozenset[str]
    """Tables and views that the select reads, without its own CTEs."""

    incremental: Incremental | None = None
    earlier: Mapping[str, str] = field(default_factory=dict)
    """Tables whose earlier rows the select reads -> the declared columns of the table."""

    subject: str = ""
    """Folder within the layer, such as `lineage`."""

    database: str = ""
    """Attached database of its permanent table, if that is not the warehouse file."""

    @property
    def path(self) -> str:
        """Path of the file in the repository."""
        return "/".join(part for part in ("warehouse", self.layer, self.subject, f"{self.name}.sql") if part)

    @property
    def depends_on(self) -> frozenset[str]:
        """Tables that must be built first. Earlier rows are there from the start, if their columns are declared."""
        tables = {name.removeprefix(NEW) for name in self.reads if not name.startswith(EARLIER)}
        tables |= {name for name, columns in self.earlier.items() if not columns}
        if self.incremental and self.incremental.delete_table:
            tables.add(self.incremental.delete_table)
        return frozenset(tables)

    @property
    def schema(self) -> str:
        """Schema of its permanent table or view."""
        if self.layer == "core":
            return STATE_SCHEMA
        return STEPS_SCHEMA if "steps" in self.subject.split("/") else "main"

    @property
    def table(self) -> str:
        """Qualified name of its permanent table or view."""
        return ".".join(part for part in (self.database, self.schema, self.name) if part)

    @property
    def earlier_table(self) -> str:
        """Qualified name of its table of the earlier build."""
        return f"{EARLIER}{self.database}.{self.schema}.{self.name}" if self.database else f"earlier.{self.table}"

    @property
    def is_updated_in_place(self) -> bool:
        """True if an incremental build changes the existing table instead of creating it again."""
        return self.incremental is not None and self.incremental.strategy in (Strategy.APPEND, Strategy.DELETE_INSERT)

    @property
    def is_temporary(self) -> bool:
        """True for a view or table that no build keeps."""
        return self.layer == "staging" or (self.layer == "core" and not self.is_state)

    @property
    def is_state(self) -> bool:
        """True for an internal table that stays in the warehouse file because the next build reads it."""
        return (
            self.layer == "core"
            and self.incremental is not None
            and self.incremental.strategy is not Strategy.FULL_REFRESH
        )


@dataclass(frozen=True, slots=True)
class Check:
    """One SQL file in checks/: a query that returns the rows that violate a claim."""

    name: str
    claim: str
    fails: bool
    """True if a violation keeps the earlier warehouse in place; False if it is only a warning."""

    sql: str
    reads: frozenset[str]


@dataclass(frozen=True, slots=True)
class Example:
    """One SQL file in examples/: a common question, ready to run."""

    title: str
    """The question: the first comment line."""

    sql: str
    """The whole file, including the question."""


@dataclass(frozen=True, slots=True)
class ColumnComments:
    """Comments of all public columns, from warehouse/columns.toml."""

    columns: dict[str, str]
    """Column -> comment, for every table that has no comment of its own for it."""

    tables: dict[str, dict[str, str]]
    """Table -> column -> comment, for columns that need a different comment in one table."""

    @classmethod
    def load(cls, folder: Path = FOLDER) -> "ColumnComments":
        """Read columns.toml."""
        content = tomllib.loads((folder / "columns.toml").read_text(encoding="utf-8"))
        return cls(content["columns"], content["tables"])

    def apply(self, connection: Connection, table: str, about: str, schema: str = "main", kind: str = "table") -> None:
        """Set the comments of a table or view and its columns. Raises DataError for a column without a comment."""
        name = f"{schema}.{table}"
        comments = [f"comment on {kind} {name} is {literal(about)}"]
        for column, *_ in rows(connection, f"describe {name}"):
            text = self.tables.get(table, {}).get(column) or self.columns.get(column)
            if text is None:
                raise DataError(f"warehouse/columns.toml: column {column} of table {table} has no comment")
            comments.append(f"comment on column {name}.{column} is {literal(text)}")
        connection.execute(f"begin; {'; '.join(comments)}; commit")


def models(connection: Connection, folder: Path = FOLDER) -> list[Model]:
    """Return all models, each after the tables it reads.

    Raises DataError for a file without a valid header, a file that reads a later layer, and a dependency cycle.
    """
    found = {
        path.stem: _model(connection, path, layer, "/".join(path.relative_to(folder / layer).parts[:-1]))
        for layer in LAYERS
        for path in sorted((folder / layer).rglob("*.sql"))
    }
    found = {name: replace(model, earlier=_earlier(model, found)) for name, model in found.items()}
    for model in found.values():
        for name in model.reads & found.keys():
            if LAYERS.index(found[name].layer) > LAYERS.index(model.layer):
                raise DataError(f"{model.path} reads {name}, which belongs to a later layer")
            if model.layer == "views" and found[name].layer in ("staging", "core"):
                raise DataError(f"{model.path} reads {name}, which is not in the warehouse file after the build")
    try:
        order = TopologicalSorter({name: sorted(model.depends_on & found.keys()) for name, model in found.items()})
        return [found[name] for name in order.static_order()]
    except CycleError as problem:
        raise DataError(f"warehouse/: these files depend on each other: {' -> '.join(problem.args[1])}") from problem


def checks(connection: Connection, folder: Path = FOLDER) -> list[Check]:
    """Return all checks, sorted by name. Raises DataError for a file without a claim or severity."""
    return [_check(connection, path) for path in sorted((folder / "checks").glob("*.sql"))]


def examples(folder: Path = FOLDER) -> list[Example]:
    """Return all examples, sorted by file name. Raises DataError for a file that does not start with a question."""
    return [_example(path) for path in sorted((folder / "examples").glob("*.sql"))]


def _model(connection: Connection, path: Path, layer: str, subject: str) -> Model:
    text = path.read_text(encoding="utf-8")
    about, grain = _header(path, text, "grain")
    columns = tuple(part.strip() for part in grain.split(","))
    reads = _reads(connection, path, text)
    return Model(path.stem, layer, about, columns, text, reads, _incremental(path, text), subject=subject)


def _incremental(path: Path, text: str) -> Incremental | None:
    """Parse the third header line if it is `-- incremental: ...`."""
    match = re.match(r"-- [^\n]+\n-- [^\n]+\n-- incremental: (?P<value>[^\n]+)\n", text)
    if match is None:
        return None
    for strategy in Strategy:
        if match["value"].startswith(strategy):
            table, _, columns = match["value"].removeprefix(strategy).partition(";")
            return Incremental(strategy, columns.strip(), table.strip())
    raise DataError(f"{path}: incremental must be one of {', '.join(Strategy)}, not {match['value']!r}")


def _earlier(model: Model, found: Mapping[str, Model]) -> dict[str, str]:
    """Return the tables whose earlier rows a model reads. Raises DataError for one that no build keeps."""
    names = sorted(name.removeprefix(EARLIER) for name in model.reads if name.startswith(EARLIER))
    columns = {}
    for name in names:
        incremental = found[name].incremental if name in found else None
        if incremental is None or incremental.strategy not in (Strategy.MERGE, Strategy.DELETE_INSERT):
            raise DataError(f"{model.path} reads {EARLIER}{name}, but no build keeps that table")
        columns[name] = incremental.columns
    return columns


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
        raise DataError(f"{path}:1: the first line must be a question: '-- ...?'")
    return Example(match["title"], text)


def _header(path: Path, text: str, key: str) -> tuple[str, str]:
    """Return the first comment line and the value of the second, `-- <key>: <value>`."""
    match = re.match(rf"-- (?P<about>[^\n]+)\n-- {key}: (?P<value>[^\n]+)\n", text)
    if match is None:
        expected = "what a row is" if key == "grain" else "what is claimed"
        raise DataError(f"{path}:1: the first line must say {expected}, the second '-- {key}: ...'")
    return match["about"].strip(), match["value"].strip()


def _reads(connection: Connection, path: Path, text: str) -> frozenset[str]:
    """Return the tables that a query reads, without its CTEs. Raises DataError if the text is not a query."""
    if text not in _TABLES_READ:
        _TABLES_READ[text] = _parse_tables(connection, path, text)
    return _TABLES_READ[text]


def _parse_tables(connection: Connection, path: Path, text: str) -> frozenset[str]:
    tree: Any = json.loads(one(connection, "select json_serialize_sql(?)", [text]))
    if tree["error"]:
        raise DataError(f"{path}: {tree.get('error_message', 'cannot be parsed')}")
    tables: set[str] = set()
    ctes: set[str] = set()
    pending = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, list):
            pending.extend(node)
        elif isinstance(node, dict):
            if node.get("type") == "BASE_TABLE":
                tables.add(node["table_name"])
            if "cte_map" in node:
                ctes.update(entry["key"] for entry in node["cte_map"]["map"])
            pending.extend(node.values())
    return frozenset(tables - ctes)
