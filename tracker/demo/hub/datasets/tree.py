"""Files, folders, commits and datasets in the Hub's JSON shape. Pure."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from tracker.demo.hub.datasets.store import Blob, Commit, Repository


def entries(repository: Repository, commit: Commit, folder: str, *, is_recursive: bool, expands: bool) -> list[Any]:
    """The entries of a folder ("" is the root), folders before the files in them; empty if there is no such folder."""
    prefix = f"{folder}/" if folder else ""
    below = sorted(path for path in commit.files if path.startswith(prefix))
    rows: list[Any] = []
    seen: set[str] = set()
    for path in below:
        for parent in _folders(path, prefix):
            if parent not in seen and (is_recursive or "/" not in parent[len(prefix) :]):
                seen.add(parent)
                rows.append(_folder(repository, commit, parent, expands))
        if is_recursive or "/" not in path[len(prefix) :]:
            rows.append(file_entry(repository, commit, path, expands=expands))
    return rows


def file_entry(repository: Repository, commit: Commit, path: str, *, expands: bool) -> dict[str, Any]:
    """One file; with `expands`, also its latest commit."""
    blob: Blob = commit.files[path]
    row: dict[str, Any] = {"type": "file", "oid": blob.oid, "size": len(blob.content), "path": path}
    if blob.sha256 is not None:
        row["lfs"] = {"oid": blob.sha256, "size": len(blob.content), "pointerSize": blob.pointer_size}
    if expands:
        row["lastCommit"] = _last_commit(repository.last_change(path, commit))
    return row


def commit_entry(commit: Commit) -> dict[str, Any]:
    """One commit of a repository's history."""
    return {
        "id": commit.oid,
        "title": commit.title,
        "message": commit.message,
        "authors": [{"user": commit.author, "avatar": ""}],
        "date": hub_time(commit.date),
    }


def info(repository: Repository, commit: Commit) -> dict[str, Any]:
    """The dataset as its API route shows it at a commit."""
    name = repository.repo_id.removeprefix("spaces/")
    oid = hashlib.sha1(repository.repo_id.encode(), usedforsecurity=False).hexdigest()[:24]
    return {
        "_id": oid,
        "id": name,
        "author": name.partition("/")[0],
        "sha": commit.oid,
        "lastModified": hub_time(commit.date),
        "createdAt": hub_time(repository.commits[0].date),
        "private": repository.is_private,
        "gated": False,
        "disabled": False,
        "tags": ["region:us"],
        "downloads": 0,
        "likes": 0,
        "siblings": [{"rfilename": path} for path in sorted(commit.files)],
    }


def hub_time(at: datetime) -> str:
    """A time as the Hub writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _folders(path: str, prefix: str) -> Iterator[str]:
    parts = path[len(prefix) :].split("/")[:-1]
    for count in range(1, len(parts) + 1):
        yield prefix + "/".join(parts[:count])


def _folder(repository: Repository, commit: Commit, folder: str, expands: bool) -> dict[str, Any]:
    inside = [path for path in commit.files if path.startswith(f"{folder}/")]
    listed = "\n".join(f"{path} {commit.files[path].oid}" for path in sorted(inside))
    oid = hashlib.sha1(listed.encode(), usedforsecurity=False).hexdigest()
    row: dict[str, Any] = {"type": "directory", "oid": oid, "size": 0, "path": folder}
    if expands:
        row["lastCommit"] = _last_commit(
            max((repository.last_change(path, commit) for path in inside), key=lambda c: c.date)
        )
    return row


def _last_commit(commit: Commit) -> dict[str, str]:
    return {"id": commit.oid, "title": commit.title, "date": hub_time(commit.date)}
