"""The state in the dataset: what the next incremental build needs, so that it can run on an empty machine.

It is the carried tables of a slim warehouse and its day files, as Parquet files whose names end with a hash of their
content, and a manifest. A publish sends the files that the dataset lacks and removes those that the state no longer
names, in the commit that adds the days. Day files of months that are over do not change, so they are sent once.
"""

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from tracker.database import Connection, connect
from tracker.lake.lake import sha256_and_size
from tracker.publish.dataset import DatasetState
from tracker.publish.layout import STATE_FOLDER
from tracker.warehouse.carried import CarriedTables, carried_names
from tracker.warehouse.day_files import FOLDER, IDS, TABLES, DayFile, day_files, set_home
from tracker.warehouse.increment import EarlierBuild, earlier_build, sql_version
from tracker.warehouse.state_files import CarriedFile, CarriedTable, state_files

MAX_STATE_BYTES = 2**26
"""Size of the manifest of a state: some hundred thousand day files."""

_FORMAT = 2
_SHA256 = re.compile(r"[0-9a-f]{64}")
_COLUMN = re.compile(r"[a-z][a-z0-9_]*")
_TYPE = re.compile(r"[A-Z]+(\(\d+,\d+\))?(\[\])?")


@dataclass(frozen=True, slots=True)
class StateDays:
    """A day file and its checksum."""

    file: DayFile
    sha256: str

    @property
    def path(self) -> str:
        """Its path in the dataset."""
        return f"{STATE_FOLDER}/{self.file.file}"


@dataclass(frozen=True, slots=True)
class State:
    """The manifest of the state."""

    build: EarlierBuild
    duckdb_version: str
    tables: tuple[CarriedFile, ...]
    days: tuple[StateDays, ...]

    @property
    def paths(self) -> set[str]:
        """The files of the state in the dataset, without its manifest."""
        return {part.path for part in self.tables} | {part.path for part in self.days}

    def json(self) -> bytes:
        """Return the manifest as it is stored. It names no time, so equal states are equal files."""
        content = {
            "format": _FORMAT,
            "sql_version": self.build.sql_version,
            "duckdb_version": self.duckdb_version,
            "last_day": str(self.build.last_day),
            "crawls": dict(sorted(self.build.crawls.items())),
            "tables": [asdict(part.table) | {"bytes": part.bytes, "sha256": part.sha256} for part in self.tables],
            "days": [
                {**asdict(part.file), "month": f"{part.file.month:%Y-%m}", "sha256": part.sha256} for part in self.days
            ],
        }
        return (json.dumps(content, indent=1) + "\n").encode()


def parse(text: str) -> State:
    """Parse a manifest. Raises ValueError, KeyError, TypeError or AttributeError for anything else.

    Names of files follow from tables, months and checksums, so a manifest cannot name a place outside of the state.
    """
    content = json.loads(text)
    if content["format"] != _FORMAT:
        raise ValueError(f"it has the format {content['format']!r}, not {_FORMAT}")
    tables = tuple(_table(entry) for entry in content["tables"])
    days = tuple(_days(entry) for entry in content["days"])
    texts = {**content["crawls"], "": content["sql_version"], " ": content["duckdb_version"]}
    if not all(isinstance(part, str) for item in texts.items() for part in item):
        raise ValueError("it has something other than text in place of a version or fingerprint")
    build = EarlierBuild(
        {},
        content["sql_version"],
        date.fromisoformat(content["last_day"]),
        content["crawls"],
        [part.file for part in days],
    )
    return State(build, content["duckdb_version"], tables, days)


def export(home: Path, warehouse: Path, known: State | None, folder: Path) -> tuple[State, dict[str, Path]] | None:
    """Return the state of a slim warehouse, and its files that differ from `known` as path in the dataset -> file.

    Files that have to be written go to `folder`. Returns None if the warehouse is a single file, or if another version
    of the program built it.
    """
    with connect(warehouse, read_only=True) as connection:
        listed = day_files(connection)
        build = _build(connection)
        if listed is None or build is None:
            return None
        files = [file for file in listed if file.table in TABLES]
        set_home(connection, home.resolve())
        sent: dict[str, Path] = {}
        before = {replace(part.table, numbered=()): part for part in known.tables} if known else {}
        tables = state_files(connection)
        for stored_file in tables:
            if not known or stored_file.path not in known.paths:
                sent[stored_file.path] = _hold(home / stored_file.path, folder / stored_file.path)
        carried = CarriedTables(connection)
        for table in carried:
            if table not in before:
                written = folder / STATE_FOLDER / f"{table.name}.parquet"
                stored_as = carried.write(table, written)
                sha256, size = sha256_and_size(written)
                before[table] = CarriedFile(stored_as, size, sha256)
                sent[before[table].path] = written
            tables.append(before[table])
    sums = {part.file: part.sha256 for part in known.days} if known else {}
    days = []
    for file in files:
        part = StateDays(file, sums.get(file) or sha256_and_size(home / file.file)[0])
        days.append(part)
        if file not in sums:
            sent[part.path] = home / file.file
    return State(build, duckdb.__version__, tuple(tables), tuple(days)), sent


def _hold(source: Path, target: Path) -> Path:
    """Give a state file a second name, because a build that ends now deletes those that it replaces."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    try:
        target.hardlink_to(source)
    except OSError:  # on another disk, or no links there
        shutil.copyfile(source, target)
    return target


def _build(connection: Connection) -> EarlierBuild | None:
    """Return what the warehouse records about its build; None if another version of the program built it."""
    try:
        found = earlier_build(connection)
    except (duckdb.Error, ValueError):
        return None
    return found if found.sql_version == sql_version() else None


def stored(state: DatasetState, found: State) -> bool:
    """Return whether the dataset has all files of a state, judged by their sizes."""
    sizes = {part.path: part.bytes for part in found.tables} | {part.path: part.file.bytes for part in found.days}
    return all(path in state.files and state.files[path].size == size for path, size in sizes.items())


def _table(entry: Mapping[str, Any]) -> CarriedFile:
    columns = tuple((str(name), str(kind)) for name, kind in entry["columns"])
    if not all(_COLUMN.fullmatch(name) and _TYPE.fullmatch(kind) for name, kind in columns):
        raise ValueError(f"columns of {str(entry['name'])[:80]!r} are not of this program")
    numbered = tuple(str(name) for name in entry["numbered"])
    if not {*numbered} <= {name for name, _ in columns}:
        raise ValueError(f"numbered columns of {str(entry['name'])[:80]!r} are not its columns")
    table = CarriedTable(str(entry["name"]), columns, _count(entry["rows"]), str(entry["content"]), numbered)
    return CarriedFile(table, _count(entry["bytes"]), _sha256(entry["sha256"]))


def _days(entry: Mapping[str, Any]) -> StateDays:
    sha256, table = _sha256(entry["sha256"]), entry["table"]
    month = date.fromisoformat(f"{entry['month']}-01")
    if table not in TABLES:
        raise ValueError(f"it has day files of {str(table)[:80]!r}")
    file = f"{FOLDER}/{table}/{month:%Y-%m}.{sha256[:16]}.parquet"
    return StateDays(DayFile(table, month, file, _count(entry["rows"]), _count(entry["bytes"])), sha256)


def _count(value: object) -> int:
    if type(value) is not int or not 0 <= value < 2**48:
        raise ValueError(f"{str(value)[:40]} is not a number of rows or bytes")
    return value


def _sha256(value: object) -> str:
    if not isinstance(value, str) or not _SHA256.fullmatch(value):
        raise ValueError("a file has no SHA-256")
    return value


def names_differ(found: State) -> bool:
    """Return whether a state has other tables than this version of the program carries."""
    return {part.table.name for part in found.tables} != {*carried_names(), IDS}
