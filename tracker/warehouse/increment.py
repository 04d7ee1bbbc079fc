"""Decide whether a build can update the earlier warehouse or needs a full refresh, and give the reason."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from tracker.database import connect, refuse_open_elsewhere, rows
from tracker.domain import CRAWL, Manifest
from tracker.registry.entries import Registry
from tracker.version import VERSION
from tracker.warehouse.inputs import manifest_sha256
from tracker.warehouse.sql_files import FOLDER


@dataclass(frozen=True, slots=True)
class Plan:
    """Incremental build or full refresh."""

    since: date | None
    """Last day of the earlier warehouse, to which later days are added; None for a full refresh."""

    message: str
    """The choice and its reason, as one sentence."""


STORAGE_VERSION = "v1.2.0"
"""The oldest DuckDB that reads the file. Other programs, such as ibis, often have an older one than this program."""


@dataclass(frozen=True, slots=True)
class EarlierBuild:
    """What an earlier warehouse records about its own build."""

    program_version: str
    registry_version: str
    sql_version: str
    last_day: date
    crawls: Mapping[str, str]
    """Crawl -> fingerprint of its manifest."""


class FullRefreshNeededError(Exception):
    """New data changed something that an incremental build cannot update; the message says what."""


def full_refresh(reason: str) -> Plan:
    """Plan a full refresh for this reason."""
    return Plan(None, f"Full refresh: {reason}.")


def plan(file: Path, manifests: Sequence[Manifest], registry: Registry, *, full: bool) -> Plan:
    """Plan a build from the earlier warehouse `file`, if there is one, and everything that has landed.

    Raises HomeError if another program has that file open for writing.
    """
    if not file.exists():
        return full_refresh("--full was given" if full else "there is no earlier warehouse")
    try:
        earlier = _earlier_build(file)
    except (duckdb.Error, ValueError) as problem:
        if isinstance(problem, duckdb.Error):
            refuse_open_elsewhere(file, problem)
        if full:
            return full_refresh("--full was given")
        return full_refresh("the earlier warehouse cannot be read, or an incompatible version built it")
    if full:
        return full_refresh("--full was given")
    reason = _reason_against(earlier, manifests, registry)
    if reason:
        return full_refresh(reason)
    days = sorted({str(manifest.day) for manifest in manifests if manifest.day > earlier.last_day})
    if not days:
        return Plan(earlier.last_day, f"Incremental build: no new day since {earlier.last_day}.")
    new_days = ", ".join(days) if len(days) < 4 else f"{len(days)} days from {days[0]} to {days[-1]}"
    return Plan(earlier.last_day, f"Incremental build: adding {new_days} to the warehouse of {earlier.last_day}.")


def sql_version(folder: Path = FOLDER) -> str:
    """Return a fingerprint of the code that, with lake and registry, decides the content of the tables."""
    program = [Path(__file__).with_name(name) for name in ("runner.py", "inputs.py")]
    queries = [path for path in folder.rglob("*.sql") if path.parent.name != "examples"]
    digest = hashlib.sha256(f"{duckdb.__version__} {STORAGE_VERSION}".encode())
    for path in sorted([*queries, folder / "columns.toml", *program]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _earlier_build(file: Path) -> EarlierBuild:
    with connect(file, read_only=True) as connection:
        [(program, registry, sql, last_day)] = rows(
            connection,
            "select program_version, registry_version, sql_version, (select max(day) from crawls) from build",
        )
        crawls = dict(rows(connection, "select crawl, manifest_sha256 from crawls"))
        return EarlierBuild(program, registry, sql, last_day, crawls)


def _reason_against(earlier: EarlierBuild, manifests: Sequence[Manifest], registry: Registry) -> str | None:
    """Return the first reason that rules out an incremental build, or None."""
    if earlier.program_version != VERSION:
        return f"version {earlier.program_version} built the earlier warehouse, this is version {VERSION}"
    if earlier.sql_version != sql_version():
        return "the table definitions have changed"
    if earlier.registry_version != registry.version:
        return "the registry has changed"
    landed = {manifest.crawl: manifest_sha256(manifest) for manifest in manifests}
    for crawl, fingerprint in sorted(earlier.crawls.items()):
        if crawl not in landed:
            return f"crawl {crawl} is in the earlier warehouse but no longer in the lake"
        if landed[crawl] != fingerprint:
            return f"crawl {crawl} was replaced"
    if reason := _reason_in_imports(earlier, manifests):
        return reason
    for manifest in manifests:
        if manifest.crawl not in earlier.crawls and manifest.day <= earlier.last_day:
            return f"crawl {manifest.crawl} arrived late: the earlier warehouse already ends on {earlier.last_day}"
    return None


def _reason_in_imports(earlier: EarlierBuild, manifests: Sequence[Manifest]) -> str | None:
    """Imported days change how other days are judged; this is final only before our last crawl."""
    imported = [manifest for manifest in manifests if manifest.source != CRAWL]
    for manifest in imported:
        if manifest.crawl not in earlier.crawls:
            return f"{manifest.crawl} was imported after the earlier build"
    crawled = [manifest.day for manifest in manifests if manifest.source == CRAWL and manifest.crawl in earlier.crawls]
    if imported and max(manifest.day for manifest in imported) >= max(crawled, default=date.min):
        return "some imported days are not before our last crawl"
    return None
