"""Whether a build may stand on the warehouse before it, or makes everything anew; and why."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from tracker.database import rows
from tracker.domain import CRAWL, Manifest
from tracker.registry.entries import Registry
from tracker.version import VERSION
from tracker.warehouse.inputs import manifest_sum
from tracker.warehouse.sql_files import FOLDER


@dataclass(frozen=True, slots=True)
class Plan:
    """How a build goes about it."""

    since: date | None
    """Last day of the earlier warehouse, which is changed by what landed later; None if everything is built anew."""

    said: str
    """The choice and its reason, in a sentence."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier warehouse tells of how it was built."""

    program_version: str
    registry_version: str
    sql_version: str
    last_day: date
    crawls: Mapping[str, str]
    """Crawl -> fingerprint of its manifest."""


class NotCarried(Exception):
    """What has landed changes what no build changes afterwards; the sentence says what."""


def anew(why: str) -> Plan:
    """A full build, for this reason."""
    return Plan(None, f"Building everything anew: {why}.")


def plan(file: Path, manifests: Sequence[Manifest], registry: Registry, *, full: bool) -> Plan:
    """The way of this build, given the earlier warehouse `file` and what has landed by now."""
    if full:
        return anew("--full was given")
    if not file.exists():
        return anew("there is no earlier warehouse")
    try:
        earlier = _told(file)
    except (duckdb.Error, ValueError):
        return anew("the earlier warehouse cannot be read, or another version of the program built it")
    why = _against(earlier, manifests, registry)
    if why:
        return anew(why)
    landed = sorted({str(manifest.day) for manifest in manifests if manifest.day > earlier.last_day})
    added = ", ".join(landed) if len(landed) < 4 else f"{len(landed)} days from {landed[0]} to {landed[-1]}"
    return Plan(earlier.last_day, f"Adding {added or 'no new day'} to the warehouse of {earlier.last_day}.")


def sql_version(folder: Path = FOLDER) -> str:
    """Fingerprint of everything that decides what the tables hold, given lake and registry."""
    program = [Path(__file__).with_name(name) for name in ("runner.py", "inputs.py")]
    made = [path for path in folder.rglob("*.sql") if path.parent.name != "examples"]
    found = hashlib.sha256(duckdb.__version__.encode())
    for path in sorted([*made, folder / "columns.toml", *program]):
        found.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def _told(file: Path) -> Earlier:
    with duckdb.connect(str(file), read_only=True) as connection:
        [(program, names, sql, last_day)] = rows(
            connection, "select program_version, registry_version, sql_version, last_day from build"
        )
        crawls = dict(rows(connection, "select crawl, manifest_sha256 from crawls"))
        return Earlier(program, names, sql, last_day, crawls)


def _against(earlier: Earlier, manifests: Sequence[Manifest], registry: Registry) -> str | None:
    """The first reason not to stand on an earlier warehouse; None if there is none."""
    if earlier.program_version != VERSION:
        return f"version {earlier.program_version} of the program built the earlier warehouse, this is {VERSION}"
    if earlier.sql_version != sql_version():
        return "the definitions of the tables have changed"
    if earlier.registry_version != registry.version:
        return "the registry has changed"
    now = {manifest.crawl: manifest_sum(manifest) for manifest in manifests}
    for crawl, known in sorted(earlier.crawls.items()):
        if crawl not in now:
            return f"crawl {crawl}, which the earlier warehouse holds, is gone from the lake"
        if now[crawl] != known:
            return f"crawl {crawl} was replaced"
    if why := _against_imports(earlier, manifests):
        return why
    for manifest in manifests:
        if manifest.crawl not in earlier.crawls and manifest.day <= earlier.last_day:
            return f"crawl {manifest.crawl} landed late, the earlier warehouse reaches to {earlier.last_day}"
    return None


def _against_imports(earlier: Earlier, manifests: Sequence[Manifest]) -> str | None:
    """Imported days change how others are judged; only those well before our last crawl are settled."""
    imported = [manifest for manifest in manifests if manifest.source != CRAWL]
    for manifest in imported:
        if manifest.crawl not in earlier.crawls:
            return f"{manifest.crawl} was imported since"
    held = [manifest.day for manifest in manifests if manifest.source == CRAWL and manifest.crawl in earlier.crawls]
    if imported and max(manifest.day for manifest in imported) >= max(held, default=date.min):
        return "days were imported that follow our last crawl"
    return None
