"""Misbehaviour on demand: what a Hub, its front or the network between can do to an answer."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from threading import Lock
from typing import Any

from tracker.demo.hub.quota import WINDOW_SECONDS
from tracker.demo.hub.responses import Answer, json_answer, refused


class Kind(StrEnum):
    """What goes wrong. The fields of `Fault` named here are the ones the kind reads."""

    STATUS = "status"
    """An error status instead of the answer: `status`, `retry_after`, `reset_seconds`, `body`."""

    STALL = "stall"
    """No byte of an answer until the server stops or the client goes."""

    RESET = "reset"
    """A TCP reset after `keep_bytes` of the body; None sends nothing at all."""

    CUT = "cut"
    """An orderly close after `keep_bytes` of the body, before its announced length is reached."""

    TRUNCATE = "truncate"
    """The text ends after `keep_bytes`, and the announced length is that of the shortened text."""

    BODY = "body"
    """Status 200 with `body` as JSON, such as an object in place of a list, and no Link."""

    FOREIGN_LINK = "foreign_link"
    """The Link to the next page names the host `to`; pages without a Link stay as they are."""

    REDIRECT = "redirect"
    """Status `status` to the same path at the host `to`."""

    DAMAGE = "damage"
    """A list whose rows went through `edit`; what is no list stays as it is."""

    END = "end"
    """The page as it is, without the Link to the next: the listing seems to end here."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to go wrong, `times` times, once `after` matching requests have passed."""

    kind: Kind
    path_contains: str = ""
    """Matched against path and query as sent."""

    times: int = 1
    after: int = 0
    status: int | None = None
    """None: 500, or 307 for a redirect."""

    retry_after: str | None = None
    """Value of Retry-After: seconds or an HTTP date."""

    reset_seconds: int | None = None
    """With status 429: the RateLimit header says that nothing remains for so many seconds. None tells nothing."""

    keep_bytes: int | None = None
    body: Any = None
    to: str = "http://elsewhere.invalid"
    edit: Callable[[int, dict[str, Any]], Any] = lambda position, row: row
    """Position on the page and row -> what stands there instead."""


@dataclass(slots=True)
class _Armed:
    fault: Fault
    seen: int = 0
    fired: int = 0


class Faults:
    """The faults a server still has in store. Safe to fill from another thread than the server's."""

    def __init__(self) -> None:
        """Start with none."""
        self._armed: list[_Armed] = []
        self._lock = Lock()

    def add(self, *faults: Fault) -> None:
        """Put faults behind those already waiting; a request meets the first that is due."""
        with self._lock:
            self._armed += [_Armed(fault) for fault in faults]

    def clear(self) -> None:
        """Forget every fault."""
        with self._lock:
            self._armed.clear()

    @property
    def pending(self) -> list[Fault]:
        """The faults that have not happened as often as they should."""
        with self._lock:
            return [armed.fault for armed in self._armed]

    def due(self, target: str) -> Fault | None:
        """The fault that befalls a request for `target` (path and query), which thereby happened once more."""
        with self._lock:
            due = None
            for armed in self._armed:
                if armed.fault.path_contains not in target:
                    continue
                armed.seen += 1
                if due is None and armed.seen > armed.fault.after:
                    due = armed
            if due is None:
                return None
            due.fired += 1
            if due.fired >= due.fault.times:
                self._armed.remove(due)
            return due.fault


def altered(answer: Answer, fault: Fault, target: str) -> Answer:
    """`answer` as the fault leaves it; kinds that concern the connection leave it alone."""
    match fault.kind:
        case Kind.STATUS:
            return _status(answer, fault)
        case Kind.TRUNCATE:
            return replace(answer, body=answer.body[: kept(fault, len(answer.body))])
        case Kind.BODY:
            return _without_link(json_answer(fault.body, headers=_rate_headers(answer)))
        case Kind.FOREIGN_LINK:
            return _foreign(answer, fault)
        case Kind.REDIRECT:
            return Answer(fault.status or 307, {**_rate_headers(answer), "location": fault.to + target})
        case Kind.DAMAGE:
            return _damaged(answer, fault)
        case Kind.END:
            return _without_link(answer)
        case Kind.STALL | Kind.RESET | Kind.CUT:
            return answer


def kept(fault: Fault, size: int) -> int:
    """How many of `size` bytes get through: as the fault says, else half; never all."""
    wanted = size // 2 if fault.keep_bytes is None else fault.keep_bytes
    return max(0, min(wanted, size - 1))


_TEXTS = {
    401: "Invalid username or password.",
    403: "Access to this resource is forbidden.",
    429: "Too Many Requests",
    500: "Internal Error - We're working hard to fix this as soon as possible!",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


def _status(answer: Answer, fault: Fault) -> Answer:
    status = fault.status or 500
    error = refused(status, _TEXTS.get(status, f"Status {status}"))
    if fault.body is not None:
        error = json_answer(fault.body, status)
    headers = {**error.headers, **_rate_headers(answer)}
    if status == 429:
        headers.pop("ratelimit", None)
        policy = headers.pop("ratelimit-policy", f'"fixed window";"api";q=500;w={WINDOW_SECONDS}')
        if fault.reset_seconds is not None:
            headers |= {"ratelimit": f'"api";r=0;t={fault.reset_seconds}', "ratelimit-policy": policy}
    if fault.retry_after is not None:
        headers["retry-after"] = fault.retry_after
    return replace(error, headers=headers)


def _damaged(answer: Answer, fault: Fault) -> Answer:
    rows = json.loads(answer.body)
    if not isinstance(rows, list):
        return answer
    return replace(answer, body=json_answer([fault.edit(position, row) for position, row in enumerate(rows)]).body)


def _rate_headers(answer: Answer) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name.startswith("ratelimit")}


def _without_link(answer: Answer) -> Answer:
    return replace(answer, headers={name: value for name, value in answer.headers.items() if name != "link"})


def _foreign(answer: Answer, fault: Fault) -> Answer:
    if "link" not in answer.headers:
        return answer
    _, path = answer.headers["link"].split("/api/", maxsplit=1)
    return replace(answer, headers={**answer.headers, "link": f"<{fault.to}/api/{path}"})
