"""The folder of the report: appears whole or not at all, and replaces an earlier report and nothing else."""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from tracker.errors import UsageError

CONTENTS = "report.json"
"""Names every file of a report, so that a later one knows what it may replace."""


def refuse_foreign(out: Path) -> None:
    """Raises UsageError where `out` is a file, or a folder that holds anything but an earlier report."""
    if not out.exists():
        return
    if not out.is_dir():
        raise UsageError(f"--out {out}: this is a file; name a folder.")
    held = {path.relative_to(out).as_posix() for path in out.rglob("*") if not path.is_dir() or path.is_symlink()}
    foreign = sorted(held - _own(out))
    if foreign:
        raise UsageError(
            f"--out {out}: the folder holds {foreign[0]}, which is not of an earlier report. "
            "Nothing was changed; name a new folder, or an earlier report to be replaced."
        )


def write(out: Path, files: Mapping[str, bytes]) -> None:
    """Writes files (path within the folder -> content) beside `out`, then swaps the folders.

    Raises UsageError where `out` holds other things, or cannot be written.
    """
    out = out.resolve()
    refuse_foreign(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent, ignore_cleanup_errors=True) as beside:
            fresh = Path(beside, "new")
            _fill(fresh, {**files, CONTENTS: _contents(files)})
            _swap(fresh, out, Path(beside, "old"))
    except OSError as problem:
        raise UsageError(f"--out {out}: {problem.strerror or problem}. Nothing was changed.") from problem


def _own(out: Path) -> set[str]:
    """The files that an earlier report in `out` says are its own."""
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


def _swap(fresh: Path, out: Path, old: Path) -> None:
    if out.exists():
        out.rename(old)
    try:
        fresh.rename(out)
    except BaseException:
        if old.exists():
            old.rename(out)
        raise
