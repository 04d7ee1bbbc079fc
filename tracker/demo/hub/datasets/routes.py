"""The routes of datasets and Spaces: reading at any revision, creating, committing, uploading large files."""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tracker.demo.hub.datasets.requests import (
    LARGEST_FILE,
    SPACES,
    TRUE,
    DatasetRequest,
    byte_range,
    commit_request,
    page,
)
from tracker.demo.hub.datasets.store import ATTRIBUTES, MAIN, Blob
from tracker.demo.hub.datasets.tree import commit_entry, entries, file_entry, info
from tracker.demo.hub.responses import HubResponse, RefusedRequest, error_response, json_response
from tracker.demo.hub.state import HubState

TREE_PAGE, EXPANDED_PAGE, COMMITS_PAGE = 1000, 50, 50
STORAGE = "/storage/{owner}/{name}/{sha256}"
"""Where a large file is uploaded. Like the real storage's signed addresses, it needs no token."""

UNTRUSTED = "untrusted"
"""The one CI identity for which no token is issued."""

_TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"


def dataset_routes(state: HubState) -> list[Route]:
    """The routes over the datasets and Spaces of `state`."""
    shared: list[tuple[str, Callable[[DatasetRequest], HubResponse]]] = [
        ("/api/repos/create", create),
        ("/api/validate-yaml", validate_yaml),
        ("/oauth/token", exchange_token),
    ]
    return [
        *_repository_routes(state, "datasets", STORAGE),
        *_repository_routes(state, "spaces", STORAGE.replace("/storage/", f"/storage/{SPACES}")),
        *(Route(path, _endpoint(handler, state), methods=["POST"]) for path, handler in shared),
    ]


def _repository_routes(state: HubState, kind: str, storage: str) -> list[Route]:
    one = f"/api/{kind}/{{owner}}/{{name}}"
    reading: list[tuple[str, Callable[[DatasetRequest], HubResponse]]] = [
        (one, dataset),
        (one + "/revision/{revision}", dataset),
        (one + "/tree/{revision}", tree),
        (one + "/tree/{revision}/{path:path}", tree),
        (one + "/commits/{revision}", commits),
        (one + "/refs", refs),
        (f"/{kind}/{{owner}}/{{name}}/resolve/{{revision}}/{{path:path}}", resolve),
    ]
    writing: list[tuple[str, Callable[[DatasetRequest], HubResponse]]] = [
        (one + "/paths-info/{revision}", paths_info),
        (one + "/preupload/{revision}", preupload),
        (one + "/commit/{revision}", commit),
        (f"/{kind}/{{owner}}/{{name}}.git/info/lfs/objects/batch", lfs_batch),
        (storage + "/verify", verify_upload),
    ]
    return [
        *(Route(path, _endpoint(handler, state), methods=["GET", "HEAD"]) for path, handler in reading),
        *(Route(path, _endpoint(handler, state), methods=["POST"]) for path, handler in writing),
        Route(storage, _endpoint(upload, state), methods=["PUT"]),
    ]


def dataset(request: DatasetRequest) -> HubResponse:
    """The dataset's card data and files at a revision."""
    return json_response(info(request.repository(), request.commit()))


def tree(request: DatasetRequest) -> HubResponse:
    """A page of the files in a folder, with a Link to the next page."""
    repository, at, expands = request.repository(), request.commit(), request.is_set("expand")
    rows = entries(repository, at, request.path, is_recursive=request.is_set("recursive"), expands=expands)
    if not rows and request.path:
        raise RefusedRequest(404, f"{request.path} does not exist on {at.oid}", "EntryNotFound")
    start = _whole_number(request, "cursor")
    return _page(request, rows, start, EXPANDED_PAGE if expands else TREE_PAGE, "cursor", start)


def commits(request: DatasetRequest) -> HubResponse:
    """A page of the history, newest commit first."""
    repository = request.repository()
    history = [commit_entry(each) for each in repository.commits[: repository.position(request.commit()) + 1]][::-1]
    page = _whole_number(request, "p")
    response = _page(request, history, page * COMMITS_PAGE, COMMITS_PAGE, "p", page)
    response.headers["x-total-count"] = str(len(history))
    return response


def refs(request: DatasetRequest) -> HubResponse:
    """The branches; there is only `main`."""
    branch = {"name": MAIN, "ref": f"refs/heads/{MAIN}", "targetCommit": request.repository().head.oid}
    return json_response({"branches": [branch], "converts": [], "tags": [], "pullRequests": []})


def resolve(request: DatasetRequest) -> HubResponse:
    """A file, or the part that the `Range` header names."""
    at = request.commit()
    if request.path not in at.files:
        missing = error_response(404, "Entry not found", "EntryNotFound")
        return HubResponse(404, {**missing.headers, "x-repo-commit": at.oid}, missing.body)
    blob = at.files[request.path]
    headers = {"x-repo-commit": at.oid, "accept-ranges": "bytes", "content-type": "application/octet-stream"}
    headers["etag"] = f'"{blob.sha256 or blob.oid}"'
    if blob.sha256 is not None:
        headers |= {"x-linked-etag": headers["etag"], "x-linked-size": str(len(blob.content))}
    if request.http.headers.get("if-none-match") == headers["etag"]:
        return HubResponse(304, headers)
    size = len(blob.content)
    try:
        part = byte_range(request.http.headers.get("range"), size)
    except ValueError:
        return HubResponse(416, {**headers, "content-range": f"bytes */{size}"})
    if part is None:
        return HubResponse(200, headers, blob.content)
    headers["content-range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    return HubResponse(206, headers, blob.content[part])


def paths_info(request: DatasetRequest) -> HubResponse:
    """The entries of the paths in a form body; missing paths are left out."""
    repository, at = request.repository(), request.commit()
    form = parse_qsl(request.body.decode())
    expands = dict(form).get("expand") in TRUE
    rows = []
    for path in (value.strip("/") for name, value in form if name == "paths"):
        if path in at.files:
            rows.append(file_entry(repository, at, path, expands=expands))
        else:
            parent = path.rpartition("/")[0]
            around = entries(repository, at, parent, is_recursive=False, expands=expands)
            rows += [row for row in around if row["path"] == path]
    return json_response(rows)


def preupload(request: DatasetRequest) -> HubResponse:
    """How to send each file, to the storage or inside the commit, with the oid of its present content."""
    request.require_token()
    at = request.commit()
    attributes = at.files[ATTRIBUTES].content.decode() if ATTRIBUTES in at.files else ""
    patterns = [line.split()[0] for line in attributes.splitlines() if "filter=lfs" in line]
    rows = []
    for file in request.json()["files"]:
        name = file["path"].rpartition("/")[2]
        is_large = file["size"] > LARGEST_FILE or any(fnmatchcase(name, pattern) for pattern in patterns)
        row = {"path": file["path"], "uploadMode": "lfs" if is_large else "regular", "shouldIgnore": False}
        present = at.files.get(file["path"])
        rows.append(row if present is None else row | {"oid": present.sha256 or present.oid})
    return json_response({"files": rows, "commitOid": at.oid})


def commit(request: DatasetRequest) -> HubResponse:
    """Commit to `main`; refused with 412 if the parent it names is not the latest commit."""
    request.require_token()
    repository = request.repository()
    if request.http.path_params["revision"] != MAIN or request.is_set("create_pr"):
        raise RefusedRequest(400, "only the branch main takes commits here")
    store = request.state.datasets
    with store.lock:
        sent = commit_request(request.body, repository.head.files, repository.uploads)
        made = store.commit(repository.repo_id, sent.files, sent.title, sent.message, sent.parent, request.state.now())
    url = f"{request.url}/commit/{made.oid}"
    return json_response({"success": True, "commitOid": made.oid, "commitUrl": url, "hookOutput": ""})


def create(request: DatasetRequest) -> HubResponse:
    """Create the repository of a dataset or a Space."""
    request.require_token()
    sent = request.json()
    if sent.get("type") not in ("dataset", "space"):
        raise RefusedRequest(400, "only datasets and Spaces are created here")
    name = f"{sent.get('organization') or 'someone'}/{sent['name']}"
    repo_id = name if sent["type"] == "dataset" else SPACES + name
    url = f"{request.base_url}/{page(repo_id)}"
    try:
        request.state.datasets.create(repo_id, request.state.now(), is_private=sent.get("visibility") == "private")
    except RefusedRequest as taken:
        return json_response({"error": taken.message, "url": url}, taken.status)
    return json_response({"url": url, "name": name})


def validate_yaml(request: DatasetRequest) -> HubResponse:
    """Accept any dataset card whose YAML block is closed."""
    content = str(request.json().get("content", ""))
    errors = []
    if content.startswith("---\n") and "\n---" not in content[4:]:
        errors = [{"message": "the YAML block is not closed"}]
    return json_response({"errors": errors, "warnings": []}, 400 if errors else 200)


def exchange_token(request: DatasetRequest) -> HubResponse:
    """Trusted publishing: exchange a CI identity for a token of one hour. Raises RefusedRequest (400)."""
    sent = request.json()
    if sent.get("grant_type") != _TOKEN_EXCHANGE or not sent.get("resource"):
        raise RefusedRequest(400, "invalid_request")
    if sent.get("subject_token") in (None, UNTRUSTED):
        raise RefusedRequest(400, "invalid_grant: no trusted publisher matches the claims")
    return json_response({"access_token": "hf_jwt_embedded", "token_type": "bearer", "expires_in": 3600})


def lfs_batch(request: DatasetRequest) -> HubResponse:
    """Where to upload each of some large files; those already uploaded get no address."""
    request.require_token()
    uploads, rows = request.repository().uploads, []
    for item in request.json()["objects"]:
        row = {"oid": item["oid"], "size": item["size"]}
        if item["oid"] not in uploads:
            href = f"{request.base_url}/storage/{request.repo_id}/{item['oid']}"
            row["actions"] = {"upload": {"href": href}, "verify": {"href": f"{href}/verify"}}
        rows.append(row)
    return json_response({"transfer": "basic", "objects": rows})


def upload(request: DatasetRequest) -> HubResponse:
    """Store a large file. Raises RefusedRequest (400) if the content does not have the SHA-256 of its address."""
    sha256 = str(request.http.path_params["sha256"])
    if hashlib.sha256(request.body).hexdigest() != sha256:
        raise RefusedRequest(400, "The content does not have the SHA-256 that was announced")
    request.state.datasets[request.repo_id].uploads[sha256] = Blob.large(request.body)
    return HubResponse(200, {"etag": f'"{sha256}"'})


def verify_upload(request: DatasetRequest) -> HubResponse:
    """Confirm that a large file was uploaded. Raises RefusedRequest (404)."""
    if request.http.path_params["sha256"] not in request.state.datasets[request.repo_id].uploads:
        raise RefusedRequest(404, "There is no such object")
    return json_response({"success": True})


def _endpoint(
    handler: Callable[[DatasetRequest], HubResponse], state: HubState
) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(http: Request) -> Response:
        try:
            response = handler(DatasetRequest(state, http, await http.body()))
        except RefusedRequest as refused:
            response = refused.response()
        return Response(response.body, response.status, response.headers)

    return endpoint


def _whole_number(request: DatasetRequest, name: str) -> int:
    text = request.http.query_params.get(name, "0")
    if not text.isdecimal():
        raise RefusedRequest(400, f"Invalid {name}: {text}")
    return int(text)


def _page(request: DatasetRequest, rows: Sequence[Any], start: int, size: int, name: str, position: int) -> HubResponse:
    """`size` rows from `start` on. The Link's parameter `name` counts pages if it is `p`, else rows."""
    headers = {}
    if start + size < len(rows):
        others = [(key, value) for key, value in request.http.query_params.multi_items() if key != name]
        following = position + 1 if name == "p" else start + size
        path = quote(request.http.url.path, safe="/%")
        headers["link"] = f'<{request.base_url}{path}?{urlencode([*others, (name, following)])}>; rel="next"'
    return json_response(list(rows[start : start + size]), headers=headers)
