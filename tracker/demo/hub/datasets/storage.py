"""Where large files are sent: which of them, and the sending.

Addresses in the storage carry their permission with them, as signed ones do: they ask for no token.
"""

import hashlib

from tracker.demo.hub.datasets.asked import Asked
from tracker.demo.hub.datasets.store import Blob, Refusal
from tracker.demo.hub.responses import Answer, json_answer

ADDRESS = "/storage/{owner}/{name}/{sha256}"


def address(asked: Asked, sha256: str) -> str:
    """The absolute address of a large file's content."""
    return f"{str(asked.request.base_url).rstrip('/')}/storage/{asked.repository().repo_id}/{sha256}"


def batch(asked: Asked) -> Answer:
    """Where to send each of some large files; no word of those that are there."""
    asked.refuse_strangers()
    uploads, rows = asked.repository().uploads, []
    for wanted in asked.json()["objects"]:
        row = {"oid": wanted["oid"], "size": wanted["size"]}
        if wanted["oid"] not in uploads:
            href = address(asked, wanted["oid"])
            row["actions"] = {"upload": {"href": href}, "verify": {"href": f"{href}/verify"}}
        rows.append(row)
    return json_answer({"transfer": "basic", "objects": rows})


def take(asked: Asked) -> Answer:
    """Takes a large file in. Raises Refusal (400) where the content has another sum than its address."""
    sha256 = str(asked.request.path_params["sha256"])
    if hashlib.sha256(asked.body).hexdigest() != sha256:
        raise Refusal(400, "The content has another sum than was announced")
    repository = asked.state.datasets[asked.repo_id]
    repository.uploads[sha256] = Blob.large(asked.body)
    return Answer(200, {"etag": f'"{sha256}"'})


def verify(asked: Asked) -> Answer:
    """Whether a large file has arrived. Raises Refusal (404)."""
    if asked.request.path_params["sha256"] not in asked.state.datasets[asked.repo_id].uploads:
        raise Refusal(404, "There is no such object")
    return json_answer({"success": True})
