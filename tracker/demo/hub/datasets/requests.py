"""The body of a commit: a header and operations, one JSON value a line. Pure."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tracker.demo.hub.datasets.store import Blob, Refusal

LARGEST_FILE = 10 * 2**20
"""Bytes a regular file of the real Hub may have."""


@dataclass(slots=True)
class Wanted:
    """What a client wants to commit."""

    title: str = ""
    message: str = ""
    parent: str | None = None
    files: dict[str, bytes | Blob | None] = field(default_factory=dict)
    """Path -> new content; None takes the file away."""


def wanted(body: bytes, files: Mapping[str, Blob], uploads: Mapping[str, Blob]) -> Wanted:
    """The commit that `body` describes, on top of `files`; it may name large files among `uploads` by their sum.

    Raises Refusal (400, 404) for what cannot be done.
    """
    found = Wanted()
    for line in body.splitlines():
        if not line.strip():
            continue
        try:
            told = json.loads(line)
            _take(found, told["key"], told["value"], files, uploads)
        except (ValueError, KeyError, TypeError, binascii.Error) as error:
            raise Refusal(400, f"Invalid commit body: {type(error).__name__} {error}") from error
    if not found.title:
        raise Refusal(400, "A commit needs a header with a summary")
    return found


def _take(found: Wanted, key: str, value: Any, files: Mapping[str, Blob], uploads: Mapping[str, Blob]) -> None:
    match key:
        case "header":
            found.title, found.message = value["summary"], value.get("description", "")
            found.parent = value.get("parentCommit")
        case "file":
            is_packed = value.get("encoding") == "base64"
            content = base64.b64decode(value["content"]) if is_packed else value["content"].encode()
            found.files[_checked(value["path"])] = content
        case "lfsFile":
            if value["oid"] not in uploads:
                raise Refusal(400, f"The large file {value['oid']} of {value['path']} was not uploaded")
            found.files[_checked(value["path"])] = uploads[value["oid"]]
        case "deletedFile":
            if value["path"] not in files:
                raise Refusal(404, f"A file with this name doesn't exist: {value['path']}", "EntryNotFound")
            found.files[value["path"]] = None
        case "deletedFolder":
            prefix = value["path"].rstrip("/") + "/"
            found.files |= {path: None for path in files if path.startswith(prefix)}
        case _:
            raise Refusal(400, f"Invalid commit operation: {key}")


def _checked(path: str) -> str:
    if not path or path.startswith("/") or ".." in path.split("/"):
        raise Refusal(400, f"Invalid path: {path}")
    return path
