"""`tracker report`: the warehouse of a home as a folder of static files.

The folder appears whole or not at all. It replaces an earlier report, and nothing else.
"""

import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from tracker.errors import DataError, UsageError

if TYPE_CHECKING:
    from dashboards.data.warehouse import Build, Store

T = TypeVar("T")

CONTENTS = "report.json"
"""Lists every file of a report, so that a later one knows what it may replace."""


def run(home: Path, out: Path, base_url: str | None, on_progress: Callable[[str], None]) -> None:
    """Write the report of `home` to `out`; `on_progress` gets a line for each chart.

    Raises UsageError if `out` holds other files or `base_url` is no web address, and DataError if there is no warehouse
    that this version can read.
    """
    address = with_slash(base_url)
    check_replaceable(out)
    files = opened(home, lambda store, build: _files(store, build, address, on_progress))
    write(out, files)
    on_progress(f"{len(files)} files, {sum(map(len, files.values())) / 1e6:.1f} MB")


def check_replaceable(out: Path) -> None:
    """Raise UsageError if `out` is a file, or a folder with anything but an earlier report."""
    if not out.exists():
        return
    if not out.is_dir():
        raise UsageError(f"--out {out}: this is a file; name a folder.")
    found = {path.relative_to(out).as_posix() for path in out.rglob("*") if not path.is_dir() or path.is_symlink()}
    foreign = sorted(found - _listed(out))
    if foreign:
        raise UsageError(
            f"--out {out}: the folder holds {foreign[0]}, which is not part of an earlier report. "
            "Nothing was changed. Name a new folder, or one with an earlier report to replace."
        )


def write(out: Path, files: Mapping[str, bytes]) -> None:
    """Write files (path within the folder -> content) next to `out`, then swap the folders.

    Raises UsageError if `out` holds other files or cannot be written.
    """
    out = out.resolve()
    check_replaceable(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent, ignore_cleanup_errors=True) as scratch:
            new = Path(scratch, "new")
            _fill(new, {**files, CONTENTS: _contents(files)})
            _swap(new, out, Path(scratch, "old"))
    except OSError as problem:
        raise UsageError(f"--out {out}: {problem.strerror or problem}. Nothing was changed.") from problem


def opened(home: Path, read: Callable[["Store", "Build"], T]) -> T:
    """What `read` makes of the warehouse of a home. Raises DataError if this version cannot read it."""
    # Heavy imports wait until the arguments have been checked.
    import duckdb

    from dashboards.data.warehouse import NotReady, open_store, unreadable

    found = open_store(home, threads=1)  # the same warehouse gives the same bytes
    if isinstance(found, NotReady):
        raise DataError(found.because)
    try:
        return read(*found)
    except (duckdb.CatalogException, duckdb.BinderException, duckdb.IOException) as problem:
        raise DataError(unreadable(problem, found[0])) from problem


def _files(store: "Store", build: "Build", address: str | None, on_progress: Callable[[str], None]) -> dict[str, bytes]:
    """Path within the report -> content."""
    from dashboards.report import site

    return site.files(store, build, address, on_progress)


def with_slash(base_url: str | None) -> str | None:
    """The address of a site, ending in a slash. Raises UsageError if it is no web address."""
    if base_url is None:
        return None
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise UsageError(f"--base-url {base_url}: give the address of the site, such as https://example.org/models/")
    return base_url if base_url.endswith("/") else f"{base_url}/"


def _listed(out: Path) -> set[str]:
    """The files that the earlier report in `out` lists as its own."""
    try:
        files = json.loads((out / CONTENTS).read_text(encoding="utf-8"))["files"]
        return {CONTENTS, *map(str, files)}
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _contents(files: Mapping[str, bytes]) -> bytes:
    return json.dumps({"made_by": "tracker report", "files": sorted(files)}, indent=1).encode()


def _fill(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / PurePosixPath(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _swap(new: Path, out: Path, old: Path) -> None:
    if out.exists():
        out.rename(old)
    try:
        new.rename(out)
    except BaseException:
        if old.exists():
            old.rename(out)
        raise
