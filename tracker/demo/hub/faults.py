"""Faults that a test injects: what a Hub, its proxy or the network can do to a response."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from threading import Lock
from typing import Any

from tracker.demo.hub.quota import WINDOW_SECONDS
from tracker.demo.hub.responses import HubResponse, error_response, json_response


class FaultKind(StrEnum):
    """What goes wrong, and which fields of `Fault` apply."""

    STATUS = "status"
    """An error status instead of the response: `status`, `retry_after`, `reset_seconds`, `body`."""

    STALL = "stall"
    """No byte of a response until the server stops or the client disconnects."""

    RESET = "reset"
    """A TCP reset after `keep_bytes` of the body; None sends nothing at all."""

    CUT = "cut"
    """A normal close after `keep_bytes` of the body, which is less than its Content-Length."""

    TRUNCATE = "truncate"
    """The body ends after `keep_bytes`, and Content-Length agrees."""

    BODY = "body"
    """Status 200 with `body` as JSON, such as an object in place of a list, and no Link."""

    WEB_PAGE = "web_page"
    """Status 200 with a page for browsers, as a network's login page."""

    FOREIGN_LINK = "foreign_link"
    """The Link to the next page points to the host `to`; pages without a Link are unchanged."""

    REDIRECT = "redirect"
    """Status `status` to the same path at the host `to`."""

    DAMAGE = "damage"
    """Each row of a list is replaced by what `edit` returns; bodies that are not lists are unchanged."""

    END = "end"
    """The Link to the next page is removed, so that the listing seems to end here."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of failure: after `after` matching requests, the next `times` of them fail."""

    kind: FaultKind
    path_contains: str = ""
    """Requests match if their path and query contain this text."""

    times: int = 1
    after: int = 0
    status: int | None = None
    """None means 500, or 307 for a redirect."""

    retry_after: str | None = None
    """Value of Retry-After: seconds or an HTTP date."""

    reset_seconds: int | None = None
    """With status 429, the seconds in the RateLimit header; None leaves the header out."""

    keep_bytes: int | None = None
    body: Any = None
    to: str = "http://elsewhere.invalid"
    edit: Callable[[int, dict[str, Any]], Any] = lambda position, row: row
    """Position on the page and row -> the row that replaces it."""


@dataclass(slots=True)
class _Armed:
    fault: Fault
    matches: int = 0
    fired: int = 0


class Faults:
    """Faults that have not happened yet. Thread-safe."""

    def __init__(self) -> None:
        """Start without faults."""
        self._armed: list[_Armed] = []
        self._lock = Lock()

    def add(self, *faults: Fault) -> None:
        """Queue faults; a request gets the first one that is due."""
        with self._lock:
            self._armed += [_Armed(fault) for fault in faults]

    def clear(self) -> None:
        """Remove all faults."""
        with self._lock:
            self._armed.clear()

    @property
    def pending(self) -> list[Fault]:
        """Faults that still have repetitions left."""
        with self._lock:
            return [armed.fault for armed in self._armed]

    def due(self, target: str) -> Fault | None:
        """Count a request for `target` (path and query) and return the fault that applies to it, if any."""
        with self._lock:
            due = None
            for armed in self._armed:
                if armed.fault.path_contains not in target:
                    continue
                armed.matches += 1
                if due is None and armed.matches > armed.fault.after:
                    due = armed
            if due is None:
                return None
            due.fired += 1
            if due.fired >= due.fault.times:
                self._armed.remove(due)
            return due.fault


def with_fault(response: HubResponse, fault: Fault, target: str) -> HubResponse:
    """The response after the fault; faults of the connection (stall, reset, cut) do not change it."""
    match fault.kind:
        case FaultKind.STATUS:
            return _status(response, fault)
        case FaultKind.TRUNCATE:
            return replace(response, body=response.body[: bytes_sent(fault, len(response.body))])
        case FaultKind.BODY:
            return _without_link(json_response(fault.body, headers=_rate_headers(response)))
        case FaultKind.WEB_PAGE:
            page = b"<!doctype html><html><head><title>Sign in</title></head><body>Welcome</body></html>"
            return HubResponse(200, {"content-type": "text/html"}, page)
        case FaultKind.FOREIGN_LINK:
            return _foreign(response, fault)
        case FaultKind.REDIRECT:
            return HubResponse(fault.status or 307, {**_rate_headers(response), "location": fault.to + target})
        case FaultKind.DAMAGE:
            return _damaged(response, fault)
        case FaultKind.END:
            return _without_link(response)
        case FaultKind.STALL | FaultKind.RESET | FaultKind.CUT:
            return response


def bytes_sent(fault: Fault, size: int) -> int:
    """How many of `size` bytes are sent: `keep_bytes`, else half, and never all."""
    count = size // 2 if fault.keep_bytes is None else fault.keep_bytes
    return max(0, min(count, size - 1))


_TEXTS = {
    401: "Invalid username or password.",
    403: "Access to this resource is forbidden.",
    429: "Too Many Requests",
    500: "Internal Error - We're working hard to fix this as soon as possible!",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


def _status(response: HubResponse, fault: Fault) -> HubResponse:
    status = fault.status or 500
    error = error_response(status, _TEXTS.get(status, f"Status {status}"))
    if fault.body is not None:
        error = json_response(fault.body, status)
    headers = {**error.headers, **_rate_headers(response)}
    if status == 429:
        headers.pop("ratelimit", None)
        policy = headers.pop("ratelimit-policy", f'"fixed window";"api";q=500;w={WINDOW_SECONDS}')
        if fault.reset_seconds is not None:
            headers |= {"ratelimit": f'"api";r=0;t={fault.reset_seconds}', "ratelimit-policy": policy}
    if fault.retry_after is not None:
        headers["retry-after"] = fault.retry_after
    return replace(error, headers=headers)


def _damaged(response: HubResponse, fault: Fault) -> HubResponse:
    rows = json.loads(response.body)
    if not isinstance(rows, list):
        return response
    return replace(response, body=json_response([fault.edit(position, row) for position, row in enumerate(rows)]).body)


def _rate_headers(response: HubResponse) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name.startswith("ratelimit")}


def _without_link(response: HubResponse) -> HubResponse:
    return replace(response, headers={name: value for name, value in response.headers.items() if name != "link"})


def _foreign(response: HubResponse, fault: Fault) -> HubResponse:
    if "link" not in response.headers:
        return response
    _, path = response.headers["link"].split("/api/", maxsplit=1)
    return replace(response, headers={**response.headers, "link": f"<{fault.to}/api/{path}"})
