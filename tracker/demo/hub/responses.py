"""A response before it is sent: what the routes say, what faults alter, and what the front adds."""

import gzip
import json
from dataclasses import dataclass, field
from typing import Any

GZIP_LEVEL = 1
GZIP_FROM_BYTES = 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers (lower-case names) and the body as it is before compression."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


def json_answer(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    """`value` as the Hub writes JSON: no spaces, text in UTF-8."""
    body = json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
    return Answer(status, {"content-type": "application/json; charset=utf-8", **(headers or {})}, body)


def refused(status: int, message: str, code: str | None = None) -> Answer:
    """An error the way the Hub words it: in the body and, for its own client, in headers."""
    headers = {"x-error-message": message} if message.isascii() and message.isprintable() else {}
    if code is not None:
        headers["x-error-code"] = code
    return json_answer({"error": message}, status, headers)


def compressed(answer: Answer, accept_encoding: str) -> Answer:
    """`answer` in gzip where the client takes it and the body is worth it."""
    is_file = "accept-ranges" in answer.headers  # its length and its ranges are those of the bytes as they lie there
    if is_file or "gzip" not in accept_encoding or len(answer.body) < GZIP_FROM_BYTES:
        return answer
    body = gzip.compress(answer.body, compresslevel=GZIP_LEVEL, mtime=0)
    return Answer(answer.status, {**answer.headers, "content-encoding": "gzip", "vary": "Accept-Encoding"}, body)
