"""The lake: plain Parquet partitions, one folder a day, and a manifest per crawl. The source of truth.

A file counts only once a manifest names it; manifests are written last, so a crash leaves files that do not count.
Readers take the file names from the manifests: what is damaged or does not belong is named, never read, never deleted.
"""

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields
from datetime import date, datetime
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from tracker.domain import CRAWL, LakeFile, Manifest
from tracker.errors import DataError, HomeError

TABLES = ("model_days", "models", "edges")


class Lake:
    """The lake and the run folders of one home."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.folder = home / "lake"
        self.runs = home / "runs"

    def manifests(self) -> list[Manifest]:
        """All crawls that have landed, by day and scope. Raises HomeError naming a manifest that cannot be read."""
        found = [_manifest(path) for path in sorted((self.folder / "crawls").glob("*.json"))]
        return sorted(found, key=lambda manifest: (manifest.day, manifest.scope))

    def crawl_manifests(self) -> list[Manifest]:
        """The crawls that have landed, without imports: these prove no absence and tell no attribute."""
        return [manifest for manifest in self.manifests() if manifest.source == CRAWL]

    def manifest(self, crawl: str) -> Manifest | None:
        """The manifest of one crawl; None if it has not landed."""
        path = self.folder / "crawls" / f"{crawl}.json"
        return _manifest(path) if path.exists() else None

    def files(self, table: str, manifests: list[Manifest]) -> list[Path]:
        """The files of `table` that these manifests name."""
        return [
            self.folder / file.path
            for manifest in manifests
            for file in manifest.files
            if file.path.startswith(f"{table}/")
        ]

    def partition_path(self, table: str, day: date, crawl_scope: str) -> Path:
        """Where a crawl's file of one table and day belongs."""
        return self.folder / table / f"day={day.isoformat()}" / f"{crawl_scope}.parquet"

    def add_files(self, written: dict[Path, Path], rows: dict[Path, int]) -> tuple[LakeFile, ...]:
        """Moves finished files (target -> where it was written) into place; returns what a manifest says of them."""
        landed = []
        for target, source in sorted(written.items()):
            target.parent.mkdir(parents=True, exist_ok=True)
            sha256, size = sha256_and_size(source)
            _to_disk(source)
            _move(source, target)
            landed.append(LakeFile(target.relative_to(self.folder).as_posix(), rows[target], size, sha256))
        return tuple(landed)

    def save_manifest(self, manifest: Manifest) -> Path:
        """Writes the manifest, whole or not at all: from now on the crawl has landed."""
        path = self.folder / "crawls" / f"{manifest.crawl}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".json.new")
        beside.write_text(manifest_json(manifest, indent=1) + "\n", encoding="utf-8")
        _to_disk(beside)
        beside.replace(path)
        return path

    def remove_crawl(self, manifest: Manifest) -> None:
        """Takes a crawl or an imported day out again: the manifest first, so that a crash leaves no half day."""
        self.delete_manifest(manifest.crawl)
        for file in manifest.files:
            path = self.folder / file.path
            path.unlink(missing_ok=True)
            if path.parent.exists() and not any(path.parent.iterdir()):
                path.parent.rmdir()

    def delete_manifest(self, crawl: str) -> None:
        """Takes the manifest of a crawl away, if there is one: what it names does not count any more."""
        (self.folder / "crawls" / f"{crawl}.json").unlink(missing_ok=True)

    def unlisted_files(self, manifests: list[Manifest]) -> list[Path]:
        """Parquet files in the lake that no manifest names: left by a crash, or somebody else's."""
        known = {self.folder / file.path for manifest in manifests for file in manifest.files}
        found = (path for table in TABLES for path in (self.folder / table).rglob("*") if path.is_file())
        return sorted(path for path in found if path not in known)

    def file_problems(self, manifests: list[Manifest], *, by_content: bool = False) -> list[str]:
        """A sentence for each named file that is missing or has not the size its manifest tells.

        `by_content` reads every file whole and compares its sum too.
        """
        said = []
        for manifest in manifests:
            for file in manifest.files:
                path = self.folder / file.path
                if not path.exists():
                    said.append(f"{path} is missing; crawl {manifest.crawl} wrote it with {file.rows} rows")
                elif path.stat().st_size != file.bytes:
                    size = path.stat().st_size
                    said.append(f"{path} has {size} bytes; crawl {manifest.crawl} wrote {file.bytes}")
                elif by_content and sha256_and_size(path)[0] != file.sha256:
                    said.append(f"{path} does not hold what crawl {manifest.crawl} wrote")
        return said

    def check_files(self, manifests: list[Manifest], *, by_content: bool = False) -> None:
        """Raises HomeError if a file that these manifests name is missing or altered; it says how to go on."""
        if said := self.file_problems(manifests, by_content=by_content):
            more = f" (and {len(said) - 1} more)" if len(said) > 1 else ""
            raise HomeError(
                f"{said[0]}{more}. Put it back from a copy, or move that crawl's manifest out of "
                f"{self.folder / 'crawls'} to go on without its data; a crawl of today can be repeated with --force. "
                "Nothing was changed."
            )

    @contextmanager
    def explain_damage(self, manifests: list[Manifest]) -> Iterator[None]:
        """Where what is done within fails, raises HomeError if a file that these manifests name is to blame."""
        try:
            yield
        except (duckdb.Error, DataError):
            self.check_files(manifests, by_content=True)
            raise

    def unfinished_runs(self) -> list[Path]:
        """Folders of crawls that were interrupted before they landed."""
        return sorted(path for path in self.runs.glob("*") if path.is_dir())


@contextmanager
def locked(home: Path, what: str) -> Iterator[None]:
    """Holds the home's lock for `what`, a command's name; raises HomeError if another process holds it."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = FileLock(home / f".{what}.lock")
        lock.acquire(blocking=False)
    except Timeout as problem:
        raise HomeError(
            f"Another `tracker {what}` is running on {home.resolve()}. Wait for it to end, or use another --home."
        ) from problem
    except OSError as problem:
        raise HomeError(f"{home.resolve()} cannot be written ({problem.strerror}). Use another --home.") from problem
    try:
        yield
    finally:
        lock.release()


def manifest_json(manifest: Manifest, indent: int | None = None) -> str:
    """A manifest as JSON."""
    return json.dumps(asdict(manifest), default=str, indent=indent)


def parse_manifest(text: str) -> Manifest:
    """The manifest that `manifest_text` wrote. Raises ValueError, KeyError, TypeError or AttributeError."""
    told = json.loads(text)
    files = tuple(LakeFile(**file) for file in told["files"])
    known = {field.name for field in fields(Manifest)}
    values = {name: value for name, value in told.items() if name in known}
    values |= {
        "files": files,
        "day": date.fromisoformat(told["day"]),
        "started_at": datetime.fromisoformat(told["started_at"]),
        "ended_at": datetime.fromisoformat(told["ended_at"]),
        "families": tuple(told["families"]),
        "refused_examples": tuple(told["refused_examples"]),
    }
    return Manifest(**values)


def _manifest(path: Path) -> Manifest:
    try:
        manifest = parse_manifest(path.read_text(encoding="utf-8"))
        if manifest.crawl != path.stem:
            raise ValueError(f"it tells of crawl {manifest.crawl}")
        return manifest
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise HomeError(
            f"{path} is damaged or no manifest of this program ({type(problem).__name__}: {problem}). "
            "Move it away; its day can then be crawled or pulled again."
        ) from problem


def sha256_and_size(path: Path) -> tuple[str, int]:
    """SHA-256 and bytes of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size


def _move(source: Path, target: Path) -> None:
    """Puts a file in its place, whole or not at all, also where runs/ and lake/ lie on different disks."""
    try:
        source.replace(target)
    except OSError as problem:
        if problem.errno != errno.EXDEV:
            raise
        beside = target.with_name(f"{target.name}.new")
        shutil.copyfile(source, beside)
        _to_disk(beside)
        beside.replace(target)
        source.unlink()


def _to_disk(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
