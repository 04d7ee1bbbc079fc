"""The lake: Parquet files in one folder per day, and a manifest per crawl. The source of truth.

A file counts only if a manifest lists it. Manifests are written last, so a crash leaves files that do not count.
Readers take file names from manifests. Damaged and unlisted files are reported, never read and never deleted.
"""

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from tracker.domain import CRAWL, LakeFile, Manifest
from tracker.errors import DataError, HistoryNeededError, HomeError

TABLES = ("model_days", "models", "edges")


@dataclass(frozen=True, slots=True)
class RemoteFiles:
    """Files of a lake that only a published dataset has, because `tracker pull --state` did not fetch them."""

    repo_id: str = ""
    paths: frozenset[str] = frozenset()
    """As in manifests."""


class Lake:
    """The lake and the run folders of one home. With `folder`, the lake is there and not in the home."""

    def __init__(self, home: Path, folder: Path | None = None) -> None:
        self.home = home
        self.folder = folder or home / "lake"
        self.runs = home / "runs"

    @property
    def address(self) -> str:
        """The path or URI under which the files of manifests are, for other programs and for messages."""
        return str(self.folder)

    @property
    def is_of_home(self) -> bool:
        """Whether this is the lake to which crawls of the home are added."""
        return self.folder.resolve() == (self.home / "lake").resolve()

    def manifests(self) -> list[Manifest]:
        """Return all manifests by day and scope. Raises HomeError for one that cannot be read."""
        found = [_manifest(path) for path in sorted((self.folder / "crawls").glob("*.json"))]
        return sorted(found, key=lambda manifest: (manifest.day, manifest.scope))

    def crawl_manifests(self) -> list[Manifest]:
        """Return the manifests of crawls, without imports, which are incomplete listings and have no attributes."""
        return [manifest for manifest in self.manifests() if manifest.source == CRAWL]

    def manifest(self, crawl: str) -> Manifest | None:
        """Return the manifest of one crawl; None if it is not in the lake."""
        path = self.folder / "crawls" / f"{crawl}.json"
        return _manifest(path) if path.exists() else None

    def files(self, table: str, manifests: list[Manifest]) -> list[Path]:
        """Return the files of `table` that these manifests list."""
        return [self.folder / name for name in self.names(table, manifests)]

    def names(self, table: str, manifests: list[Manifest]) -> list[str]:
        """Return the files of `table` that these manifests list, as paths below the address."""
        return [file.path for manifest in manifests for file in manifest.files if file.path.startswith(f"{table}/")]

    def partition_path(self, table: str, day: date, crawl_scope: str) -> Path:
        """Return the path of a crawl's file of one table and day."""
        return self.folder / table / f"day={day.isoformat()}" / f"{crawl_scope}.parquet"

    def add_files(self, written: dict[Path, Path], rows: dict[Path, int]) -> tuple[LakeFile, ...]:
        """Move finished files (target path -> current path) into the lake. Return their entries for a manifest."""
        landed = []
        for target, source in sorted(written.items()):
            target.parent.mkdir(parents=True, exist_ok=True)
            sha256, size = sha256_and_size(source)
            sync(source)
            _move(source, target)
            landed.append(LakeFile(target.relative_to(self.folder).as_posix(), rows[target], size, sha256))
        return tuple(landed)

    def save_manifest(self, manifest: Manifest) -> Path:
        """Write the manifest atomically. From then on the files of the crawl count."""
        path = self.folder / "crawls" / f"{manifest.crawl}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".json.new")
        temporary.write_text(manifest_json(manifest, indent=1) + "\n", encoding="utf-8")
        sync(temporary)
        temporary.replace(path)
        return path

    def remove_crawl(self, manifest: Manifest) -> None:
        """Delete a crawl or an imported day, manifest first, so that a crash leaves no partial day."""
        self.delete_manifest(manifest.crawl)
        for file in manifest.files:
            path = self.folder / file.path
            path.unlink(missing_ok=True)
            if path.parent.exists() and not any(path.parent.iterdir()):
                path.parent.rmdir()

    def delete_manifest(self, crawl: str) -> None:
        """Delete the manifest of a crawl, if it exists. Its files do not count any more."""
        (self.folder / "crawls" / f"{crawl}.json").unlink(missing_ok=True)

    def remote_files(self) -> RemoteFiles:
        """Return the files that only a dataset has; none in a usual lake. Raises HomeError if the list is damaged."""
        path = self.folder / _REMOTE
        if not path.exists():
            return RemoteFiles()
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            absent = frozenset(name for name in content["paths"] if not (self.folder / name).exists())
            return RemoteFiles(str(content["repo_id"]), absent)
        except (ValueError, KeyError, TypeError) as problem:
            raise HomeError(
                f"{path} is damaged ({type(problem).__name__}: {problem}). Remove {self.home.resolve()} if all its "
                "crawls are in a dataset, and pull that again."
            ) from problem

    def save_remote_files(self, remote: RemoteFiles) -> None:
        """Write the list of files that only a dataset has, atomically."""
        path = self.folder / _REMOTE
        if not remote.paths:
            path.unlink(missing_ok=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".json.new")
        content = {"repo_id": remote.repo_id, "paths": sorted(remote.paths)}
        temporary.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        sync(temporary)
        temporary.replace(path)

    def require_history(self, reason: str) -> None:
        """Raise HistoryNeededError if files of the lake are only in a dataset. `reason`: a clause that needs them."""
        remote = self.remote_files()
        if remote.paths:
            days = sorted({path.split("/")[1].removeprefix("day=") for path in remote.paths})
            span = days[0] if len(days) == 1 else f"{len(days)} days, {days[0]} to {days[-1]}"
            raise HistoryNeededError(
                f"This needs the history of the home: {reason}. The readings of {span} are only in {remote.repo_id}, "
                f"because `tracker pull --state` did not fetch them. Run `tracker pull {remote.repo_id}`, then the "
                "same command again. Nothing was changed."
            )

    def unlisted_files(self, manifests: list[Manifest]) -> list[Path]:
        """Return files in the lake that no manifest lists: leftovers of a crash, or foreign files."""
        known = {self.folder / file.path for manifest in manifests for file in manifest.files}
        found = (path for table in TABLES for path in (self.folder / table).rglob("*") if path.is_file())
        return sorted(path for path in found if path not in known)

    def file_problems(self, manifests: list[Manifest], *, by_content: bool = False) -> list[str]:
        """Return a sentence for each listed file that is missing or has a wrong size.

        `by_content` also reads every file and compares its SHA-256.
        """
        problems = []
        remote = self.remote_files().paths
        for manifest in manifests:
            for file in manifest.files:
                path = self.folder / file.path
                if file.path in remote:
                    continue
                if not path.exists():
                    problems.append(f"{path} is missing; crawl {manifest.crawl} wrote it with {file.rows} rows")
                elif path.stat().st_size != file.bytes:
                    size = path.stat().st_size
                    problems.append(f"{path} has {size} bytes; crawl {manifest.crawl} wrote {file.bytes}")
                elif by_content and sha256_and_size(path)[0] != file.sha256:
                    problems.append(f"{path} does not hold what crawl {manifest.crawl} wrote")
        return problems

    def check_files(self, manifests: list[Manifest], *, by_content: bool = False) -> None:
        """Raise HomeError if a file that these manifests list is missing or altered."""
        if problems := self.file_problems(manifests, by_content=by_content):
            more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
            raise HomeError(
                f"{problems[0]}{more}. Restore it from a backup, or move that crawl's manifest out of "
                f"{self.address}/crawls to continue without its data; a crawl of today can be repeated with "
                "--force. Nothing was changed."
            )

    @contextmanager
    def explain_damage(self, manifests: list[Manifest]) -> Iterator[None]:
        """If the body of the `with` fails, raise HomeError where a damaged file of these manifests is the cause."""
        try:
            yield
        except (duckdb.Error, DataError):
            self.check_files(manifests, by_content=True)
            raise

    def unfinished_runs(self) -> list[Path]:
        """Return the folders of interrupted crawls."""
        return sorted(path for path in self.runs.glob("*") if path.is_dir())


@contextmanager
def locked(home: Path, command: str) -> Iterator[None]:
    """Hold the home's lock for `command`. Raises HomeError if another process holds it."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = FileLock(home / f".{command}.lock")
        lock.acquire(blocking=False)
    except Timeout as problem:
        raise HomeError(
            f"Another `tracker {command}` is running on {home.resolve()}. Wait for it to end, or use another --home."
        ) from problem
    except OSError as problem:
        raise HomeError(f"{home.resolve()} cannot be written ({problem.strerror}). Use another --home.") from problem
    try:
        yield
    finally:
        lock.release()


def manifest_json(manifest: Manifest, indent: int | None = None) -> str:
    """Return a manifest as JSON."""
    return json.dumps(asdict(manifest), default=str, indent=indent)


def parse_manifest(text: str) -> Manifest:
    """Parse what `manifest_json` returned. Raises ValueError, KeyError, TypeError or AttributeError."""
    content = json.loads(text)
    files = tuple(LakeFile(**file) for file in content["files"])
    known = {field.name for field in fields(Manifest)}
    values = {name: value for name, value in content.items() if name in known}
    values |= {
        "files": files,
        "day": date.fromisoformat(content["day"]),
        "started_at": datetime.fromisoformat(content["started_at"]),
        "ended_at": datetime.fromisoformat(content["ended_at"]),
        "families": tuple(content["families"]),
        "refused_examples": tuple(content["refused_examples"]),
    }
    return Manifest(**values)


_REMOTE = "remote.json"


def _manifest(path: Path) -> Manifest:
    try:
        manifest = parse_manifest(path.read_text(encoding="utf-8"))
        if manifest.crawl != path.stem:
            raise ValueError(f"it belongs to crawl {manifest.crawl}")
        return manifest
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise HomeError(
            f"{path} is damaged or not a manifest of this program ({type(problem).__name__}: {problem}). "
            "Move it away; its day can then be crawled or pulled again."
        ) from problem


def sha256_and_size(path: Path) -> tuple[str, int]:
    """Return the SHA-256 and the size in bytes of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size


def _move(source: Path, target: Path) -> None:
    """Move a file atomically, also where runs/ and lake/ are on different disks."""
    try:
        source.replace(target)
    except OSError as problem:
        if problem.errno != errno.EXDEV:
            raise
        temporary = target.with_name(f"{target.name}.new")
        shutil.copyfile(source, temporary)
        sync(temporary)
        temporary.replace(target)
        source.unlink()


def sync(path: Path) -> None:
    """Write a file's content through to the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
