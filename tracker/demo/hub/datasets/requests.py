"""Requests for dataset repositories, parsed: the repository and revision, `Range` headers, bodies of commits."""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request

from tracker.demo.hub.datasets.store import MAIN, Blob, Commit, Repository
from tracker.demo.hub.responses import RefusedRequest
from tracker.demo.hub.state import HubState

TRUE = {"true", "True", "1"}
LARGEST_FILE = 10 * 2**20
"""The most bytes of a regular file; the real Hub stores larger ones with Git LFS."""

SPACES = "spaces/"
_SPACE_PATHS = ("/spaces/", "/api/spaces/", "/storage/spaces/")
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@dataclass(frozen=True, slots=True)
class DatasetRequest:
    """A request for one repository of a dataset, or of a Space."""

    state: HubState
    http: Request
    body: bytes

    @property
    def repo_id(self) -> str:
        """`owner/name` from the path, for a Space `spaces/owner/name`."""
        name = f"{self.http.path_params['owner']}/{self.http.path_params['name']}"
        return SPACES + name if self.http.url.path.startswith(_SPACE_PATHS) else name

    @property
    def url(self) -> str:
        """The address of the repository's page."""
        return f"{self.base_url}/{page(self.repo_id)}"

    @property
    def path(self) -> str:
        """The path inside the repository, without slashes at its ends."""
        return str(self.http.path_params.get("path", "")).strip("/")

    @property
    def base_url(self) -> str:
        """The endpoint as the client addressed it, without a slash at its end."""
        return str(self.http.base_url).rstrip("/")

    def is_set(self, name: str) -> bool:
        """Whether a query parameter is true."""
        return self.http.query_params.get(name) in TRUE

    def repository(self) -> Repository:
        """The repository. Without a token, a missing and a private one are refused alike. Raises RefusedRequest."""
        has_token = "authorization" in self.http.headers
        store = self.state.datasets
        if self.repo_id not in store or (store[self.repo_id].is_private and not has_token):
            if has_token:
                raise RefusedRequest(404, "Repository not found", "RepoNotFound")
            raise RefusedRequest(401, "Invalid username or password.")
        return store[self.repo_id]

    def commit(self) -> Commit:
        """The commit of the revision in the path. Raises RefusedRequest."""
        revision = str(self.http.path_params.get("revision", MAIN))
        found = self.repository().at(revision)
        if found is None:
            raise RefusedRequest(404, f"Invalid rev id: {revision}", "RevisionNotFound")
        return found

    def require_token(self) -> None:
        """Raises RefusedRequest (401) for a request without a token."""
        if "authorization" not in self.http.headers:
            raise RefusedRequest(401, "Invalid username or password.")

    def json(self) -> Any:
        """The body as JSON. Raises RefusedRequest (400)."""
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise RefusedRequest(400, f"Invalid JSON: {error}") from error


def page(repo_id: str) -> str:
    """The path of a repository's page."""
    return repo_id if repo_id.startswith(SPACES) else f"datasets/{repo_id}"


def byte_range(header: str | None, size: int) -> slice | None:
    """The bytes that a `Range` header names in a file of `size` bytes; None for the whole file.

    Raises ValueError if the range holds no byte of the file (status 416).
    """
    match = _RANGE.fullmatch(header.strip()) if header else None
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        start, stop = max(0, size - int(last)), size
        if int(last) == 0:
            raise ValueError("a range of no bytes")
    else:
        start, stop = int(first), min(size, int(last) + 1) if last else size
    if start >= size or stop <= start:
        raise ValueError(f"no byte of {size} is in {header}")
    return slice(start, stop)


@dataclass(slots=True)
class CommitRequest:
    """The commit that a client sends."""

    title: str = ""
    message: str = ""
    parent: str | None = None
    files: dict[str, bytes | Blob | None] = field(default_factory=dict)
    """Path -> new content; None deletes the file."""


def commit_request(body: bytes, files: Mapping[str, Blob], uploads: Mapping[str, Blob]) -> CommitRequest:
    """Parse the body of a commit: a header and operations, one JSON value a line.

    `files` are those of the parent commit, `uploads` the uploaded large files by SHA-256. Raises RefusedRequest (400,
    404) for a malformed body, and for files or uploads that do not exist.
    """
    request = CommitRequest()
    for line in body.splitlines():
        if not line.strip():
            continue
        try:
            operation = json.loads(line)
            _apply(request, operation["key"], operation["value"], files, uploads)
        except (ValueError, KeyError, TypeError, binascii.Error) as error:
            raise RefusedRequest(400, f"Invalid commit body: {type(error).__name__} {error}") from error
    if not request.title:
        raise RefusedRequest(400, "A commit needs a header with a summary")
    return request


def _apply(
    request: CommitRequest, key: str, value: Any, files: Mapping[str, Blob], uploads: Mapping[str, Blob]
) -> None:
    match key:
        case "header":
            request.title, request.message = value["summary"], value.get("description", "")
            request.parent = value.get("parentCommit")
        case "file":
            is_base64 = value.get("encoding") == "base64"
            content = base64.b64decode(value["content"]) if is_base64 else value["content"].encode()
            request.files[_checked(value["path"])] = content
        case "lfsFile":
            if value["oid"] not in uploads:
                raise RefusedRequest(400, f"The large file {value['oid']} of {value['path']} was not uploaded")
            request.files[_checked(value["path"])] = uploads[value["oid"]]
        case "deletedFile":
            if value["path"] not in files:
                raise RefusedRequest(404, f"A file with this name doesn't exist: {value['path']}", "EntryNotFound")
            request.files[value["path"]] = None
        case "deletedFolder":
            prefix = value["path"].rstrip("/") + "/"
            request.files |= {path: None for path in files if path.startswith(prefix)}
        case _:
            raise RefusedRequest(400, f"Invalid commit operation: {key}")


def _checked(path: str) -> str:
    if not path or path.startswith("/") or ".." in path.split("/"):
        raise RefusedRequest(400, f"Invalid path: {path}")
    return path
