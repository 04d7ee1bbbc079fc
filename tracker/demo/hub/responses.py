"""Responses of the embedded Hub before they are sent: routes make them, faults and the front change them."""

import gzip
import json
from dataclasses import dataclass, field
from typing import Any

GZIP_LEVEL = 1
GZIP_FROM_BYTES = 1024


@dataclass(frozen=True, slots=True)
class HubResponse:
    """Status, headers (lower-case names) and uncompressed body."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class RefusedRequest(Exception):
    """A request that the Hub answers with an error: status, message and its `X-Error-Code`."""

    def __init__(self, status: int, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.code = status, message, code

    def response(self) -> HubResponse:
        """The error as the Hub sends it."""
        return error_response(self.status, self.message, self.code)


class BadRequest(RefusedRequest):
    """A parameter that the Hub refuses with status 400."""

    def __init__(self, message: str) -> None:
        super().__init__(400, message)


def json_response(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> HubResponse:
    """`value` as the Hub writes JSON: no spaces, text in UTF-8."""
    body = json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
    return HubResponse(status, {"content-type": "application/json; charset=utf-8", **(headers or {})}, body)


def error_response(status: int, message: str, code: str | None = None) -> HubResponse:
    """An error with its message in the body and, for the Hub's own client, in headers."""
    headers = {"x-error-message": message} if message.isascii() and message.isprintable() else {}
    if code is not None:
        headers["x-error-code"] = code
    return json_response({"error": message}, status, headers)


def compressed(response: HubResponse, accept_encoding: str) -> HubResponse:
    """Compress the body with gzip if the client accepts it and the body is large enough."""
    is_file = "accept-ranges" in response.headers  # lengths and ranges of files count uncompressed bytes
    if is_file or "gzip" not in accept_encoding or len(response.body) < GZIP_FROM_BYTES:
        return response
    body = gzip.compress(response.body, compresslevel=GZIP_LEVEL, mtime=0)
    return HubResponse(
        response.status, {**response.headers, "content-encoding": "gzip", "vary": "Accept-Encoding"}, body
    )
