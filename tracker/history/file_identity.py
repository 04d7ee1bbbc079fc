"""Which imported days belong to a user's file: the scope of its days in the lake.

A file is known by its whole path. Its scope is made of its name for readers; where another file has that scope already,
a part of a hash of the path is added. Homes of earlier versions and pulled homes know files by name alone.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from tracker.domain import Manifest, Source

_SUFFIXES = re.compile(r"(\.parquet|\.(csv|tsv)(\.gz)?)$", re.IGNORECASE)
_LONGEST = 60


def scope_of(path: Path, owners: Mapping[str, Path | None], manifests: Iterable[Manifest]) -> str:
    """Return the scope of the file at `path`. `owners`: scope -> whole path of its file, None if not recorded."""
    names: dict[str, set[str]] = {}
    for manifest in manifests:
        if manifest.source == Source.FILE:
            names.setdefault(manifest.scope, set()).add(imported_name(manifest))
    for scope, owner in owners.items():
        if owner == path:
            return scope
    plain = _plain_scope(path.name)
    hashed = f"{plain}-{hashlib.sha256(str(path).encode()).hexdigest()[:8]}"
    if hashed in names:
        return hashed
    of_name = [scope for scope, found in names.items() if owners.get(scope) is None and found == {path.name}]
    if of_name:
        return plain if plain in of_name else min(of_name)
    is_taken = plain in names or owners.get(plain) is not None
    return hashed if is_taken else plain


def imported_name(manifest: Manifest) -> str:
    """The name of the file that an imported day is from; its endpoint is `file/<name>@<revision>`."""
    return manifest.endpoint.removeprefix("file/").rpartition("@")[0]


def _plain_scope(name: str) -> str:
    stem = re.sub(r"[^a-z0-9_]+", "-", _SUFFIXES.sub("", name).lower())[:_LONGEST].strip("-")
    return f"file-{stem or 'unnamed'}"
