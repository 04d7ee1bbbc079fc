"""The routes of dataset repositories: reading at any revision, creating, committing."""

from collections.abc import Awaitable, Callable, Sequence
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tracker.demo.hub.datasets import storage, tokens
from tracker.demo.hub.datasets.asked import TRUE, Asked
from tracker.demo.hub.datasets.ranges import part
from tracker.demo.hub.datasets.requests import LARGEST_FILE, wanted
from tracker.demo.hub.datasets.store import ATTRIBUTES, MAIN, Refusal
from tracker.demo.hub.datasets.tree import commit_entry, entries, file_entry, info
from tracker.demo.hub.responses import Answer, json_answer, refused
from tracker.demo.hub.state import HubState

TREE_PAGE, EXPANDED_PAGE, COMMITS_PAGE = 1000, 50, 50


def dataset_routes(state: HubState) -> list[Route]:
    """The routes over the datasets of `state`."""
    one = "/api/datasets/{owner}/{name}"
    reading: list[tuple[str, Callable[[Asked], Answer]]] = [
        (one, dataset),
        (one + "/revision/{revision}", dataset),
        (one + "/tree/{revision}", tree),
        (one + "/tree/{revision}/{path:path}", tree),
        (one + "/commits/{revision}", commits),
        (one + "/refs", refs),
        ("/datasets/{owner}/{name}/resolve/{revision}/{path:path}", resolve),
    ]
    writing: list[tuple[str, Callable[[Asked], Answer]]] = [
        (one + "/paths-info/{revision}", paths_info),
        (one + "/preupload/{revision}", preupload),
        (one + "/commit/{revision}", commit),
        ("/api/repos/create", create),
        ("/api/validate-yaml", validate_yaml),
        ("/oauth/token", tokens.exchange),
        ("/datasets/{owner}/{name}.git/info/lfs/objects/batch", storage.batch),
        (storage.ADDRESS + "/verify", storage.verify),
    ]
    return [
        *(Route(path, _endpoint(answer, state), methods=["GET", "HEAD"]) for path, answer in reading),
        *(Route(path, _endpoint(answer, state), methods=["POST"]) for path, answer in writing),
        Route(storage.ADDRESS, _endpoint(storage.take, state), methods=["PUT"]),
    ]


def dataset(asked: Asked) -> Answer:
    """What is known of a dataset at a revision."""
    return json_answer(info(asked.repository(), asked.commit()))


def tree(asked: Asked) -> Answer:
    """A page of the files in a folder, with the Link to the next one."""
    repository, at, expands = asked.repository(), asked.commit(), asked.is_set("expand")
    rows = entries(repository, at, asked.path, is_recursive=asked.is_set("recursive"), expands=expands)
    if not rows and asked.path:
        raise Refusal(404, f"{asked.path} does not exist on {at.oid}", "EntryNotFound")
    start = _whole_number(asked.request, "cursor")
    return _page(asked.request, rows, start, EXPANDED_PAGE if expands else TREE_PAGE, "cursor", start)


def commits(asked: Asked) -> Answer:
    """A page of the history, newest first."""
    repository = asked.repository()
    history = [commit_entry(each) for each in repository.commits[: repository.position(asked.commit()) + 1]][::-1]
    page = _whole_number(asked.request, "p")
    answer = _page(asked.request, history, page * COMMITS_PAGE, COMMITS_PAGE, "p", page)
    answer.headers["x-total-count"] = str(len(history))
    return answer


def refs(asked: Asked) -> Answer:
    """The branches: there is one."""
    branch = {"name": MAIN, "ref": f"refs/heads/{MAIN}", "targetCommit": asked.repository().head.oid}
    return json_answer({"branches": [branch], "converts": [], "tags": [], "pullRequests": []})


def resolve(asked: Asked) -> Answer:
    """A file, or the part of it that `Range` names."""
    at = asked.commit()
    if asked.path not in at.files:
        missing = refused(404, "Entry not found", "EntryNotFound")
        return Answer(404, {**missing.headers, "x-repo-commit": at.oid}, missing.body)
    blob = at.files[asked.path]
    headers = {"x-repo-commit": at.oid, "accept-ranges": "bytes", "content-type": "application/octet-stream"}
    headers["etag"] = f'"{blob.sha256 or blob.oid}"'
    if blob.sha256 is not None:
        headers |= {"x-linked-etag": headers["etag"], "x-linked-size": str(len(blob.content))}
    if asked.request.headers.get("if-none-match") == headers["etag"]:
        return Answer(304, headers)
    size = len(blob.content)
    try:
        wanted_part = part(asked.request.headers.get("range"), size)
    except ValueError:
        return Answer(416, {**headers, "content-range": f"bytes */{size}"})
    if wanted_part is None:
        return Answer(200, headers, blob.content)
    headers["content-range"] = f"bytes {wanted_part.start}-{wanted_part.stop - 1}/{size}"
    return Answer(206, headers, blob.content[wanted_part])


def paths_info(asked: Asked) -> Answer:
    """The entries of named paths; what is not there is left out. The body is a form."""
    repository, at = asked.repository(), asked.commit()
    form = parse_qsl(asked.body.decode())
    expands = dict(form).get("expand") in TRUE
    rows = []
    for path in (value.strip("/") for name, value in form if name == "paths"):
        if path in at.files:
            rows.append(file_entry(repository, at, path, expands=expands))
        else:
            parent = path.rpartition("/")[0]
            around = entries(repository, at, parent, is_recursive=False, expands=expands)
            rows += [row for row in around if row["path"] == path]
    return json_answer(rows)


def preupload(asked: Asked) -> Answer:
    """How each file is to be sent, to the storage or in the commit itself; with the name of what stands there."""
    asked.refuse_strangers()
    at = asked.commit()
    attributes = at.files[ATTRIBUTES].content.decode() if ATTRIBUTES in at.files else ""
    patterns = [line.split()[0] for line in attributes.splitlines() if "filter=lfs" in line]
    rows = []
    for file in asked.json()["files"]:
        name = file["path"].rpartition("/")[2]
        is_large = file["size"] > LARGEST_FILE or any(fnmatchcase(name, pattern) for pattern in patterns)
        row = {"path": file["path"], "uploadMode": "lfs" if is_large else "regular", "shouldIgnore": False}
        held = at.files.get(file["path"])
        rows.append(row if held is None else row | {"oid": held.sha256 or held.oid})
    return json_answer({"files": rows, "commitOid": at.oid})


def commit(asked: Asked) -> Answer:
    """A commit to `main`, if nothing has happened since the parent it names."""
    asked.refuse_strangers()
    repository = asked.repository()
    if asked.request.path_params["revision"] != MAIN or asked.is_set("create_pr"):
        raise Refusal(400, "only the branch main takes commits here")
    store = asked.state.datasets
    with store.lock:
        order = wanted(asked.body, repository.head.files, repository.uploads)
        made = store.commit(
            repository.repo_id, order.files, order.title, order.message, order.parent, asked.state.now()
        )
    base = str(asked.request.base_url).rstrip("/")
    told = {"success": True, "commitOid": made.oid}
    return json_answer(
        told | {"commitUrl": f"{base}/datasets/{repository.repo_id}/commit/{made.oid}", "hookOutput": ""}
    )


def create(asked: Asked) -> Answer:
    """A new dataset repository."""
    asked.refuse_strangers()
    order = asked.json()
    if order.get("type") != "dataset":
        raise Refusal(400, "only datasets are created here")
    repo_id = f"{order.get('organization') or 'someone'}/{order['name']}"
    url = f"{str(asked.request.base_url).rstrip('/')}/datasets/{repo_id}"
    try:
        asked.state.datasets.create(repo_id, asked.state.now(), is_private=order.get("visibility") == "private")
    except Refusal as taken:
        return json_answer({"error": taken.message, "url": url}, taken.status)
    return json_answer({"url": url, "name": repo_id})


def validate_yaml(asked: Asked) -> Answer:
    """Any card is fine, as long as its head is closed."""
    content = str(asked.json().get("content", ""))
    errors = []
    if content.startswith("---\n") and "\n---" not in content[4:]:
        errors = [{"message": "the YAML block at the beginning has no end"}]
    return json_answer({"errors": errors, "warnings": []}, 400 if errors else 200)


def _endpoint(answer: Callable[[Asked], Answer], state: HubState) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        asked = Asked(state, request, await request.body())
        try:
            told = answer(asked)
        except Refusal as refusal:
            told = refused(refusal.status, refusal.message, refusal.code)
        return Response(told.body, told.status, told.headers)

    return endpoint


def _whole_number(request: Request, name: str) -> int:
    told = request.query_params.get(name, "0")
    if not told.isdecimal():
        raise Refusal(400, f"Invalid {name}: {told}")
    return int(told)


def _page(request: Request, rows: Sequence[Any], start: int, size: int, name: str, place: int) -> Answer:
    """Rows from `start` on; the Link goes to the next place, which is a page's number or a row's."""
    headers = {}
    if start + size < len(rows):
        kept = [(key, value) for key, value in request.query_params.multi_items() if key != name]
        following = place + 1 if name == "p" else start + size
        url = f"{request.url.scheme}://{request.url.netloc}{quote(request.url.path, safe='/%')}"
        headers["link"] = f'<{url}?{urlencode([*kept, (name, following)])}>; rel="next"'
    return json_answer(list(rows[start : start + size]), headers=headers)
