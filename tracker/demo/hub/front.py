"""What stands before the routes: the log, the quota, the faults, compression, and the way out to the socket."""

import asyncio
import os
import socket
import struct
from dataclasses import replace
from typing import cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tracker.demo.hub.faults import Fault, Kind, altered, kept
from tracker.demo.hub.quota import API, FILES, Standing, refusal
from tracker.demo.hub.responses import Answer, compressed, refused
from tracker.demo.hub.routes import CONTROL, routed
from tracker.demo.hub.state import HubState, Request
from tracker.demo.replay import Replay


class Front:
    """The embedded Hub as an ASGI application.

    Faults of the connection (stall, reset, cut) need the transport in `scope["transport"]`,
    which the protocol of `server.py` puts there.
    """

    def __init__(self, state: HubState) -> None:
        """Serve `state`."""
        self._state = state
        self._routes: ASGIApp = routed(state)
        self.released = asyncio.Event()
        """Set to end every stalled connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; the control route passes by log, quota and faults."""
        if scope["path"].startswith(CONTROL):
            await _send(self._signed(await _collected(self._routes, scope, receive)), send)
            return
        heard = _headers(scope)
        answer, fault = await self._answer(scope, receive, heard)
        size = len(answer.body)
        answer = compressed(self._signed(answer), heard.get("accept-encoding", ""))
        is_silent = fault is not None and fault.kind in (Kind.STALL, Kind.RESET) and fault.keep_bytes is None
        self._log(scope, heard, None if is_silent else answer.status, size)
        match fault and fault.kind:
            case Kind.STALL:
                await self._hold(scope, receive)
            case Kind.RESET | Kind.CUT:
                await _break_off(answer, cast(Fault, fault), scope, receive, send)
            case _:
                await _send(answer, send)

    async def _answer(self, scope: Scope, receive: Receive, heard: dict[str, str]) -> tuple[Answer, Fault | None]:
        """The answer with its rate headers, as the quota and the fault that was due leave it."""
        token = heard.get("authorization")
        address = scope["client"][0] if scope.get("client") else "127.0.0.1"
        bucket = FILES if "/resolve/" in scope["path"] else API
        standing = self._state.meter.count(token or address, token is not None, self._state.clock(), bucket)
        if standing.is_over:
            return _rated(refused(429, refusal(standing, token is not None, address)), standing), None
        fault = self._state.faults.due(_target(scope))
        is_refused = fault is not None and fault.kind is Kind.STATUS  # what is refused must not happen
        answer = _rated(Answer(200) if is_refused else await _collected(self._routes, scope, receive), standing)
        return (answer if fault is None else altered(answer, fault, _target(scope))), fault

    def _signed(self, answer: Answer) -> Answer:
        """With the Hub's time, and the word that the rows are made up, or of an earlier day, where they are."""
        more = {"date": self._state.date_header()}
        if self._state.catalog.is_simulated:
            more["x-simulated"] = "true"
        if isinstance(self._state.catalog, Replay):
            more["x-replayed"] = "true"
        return replace(answer, headers={**answer.headers, **more})

    def _log(self, scope: Scope, heard: dict[str, str], status: int | None, size: int) -> None:
        request = Request(
            method=scope["method"],
            path=scope["path"],
            query=scope["query_string"].decode("latin-1"),
            authorization=heard.get("authorization"),
            user_agent=heard.get("user-agent"),
            status=status,
            at=self._state.clock(),
            body_bytes=size,
        )
        self._state.requests.append(request)

    async def _hold(self, scope: Scope, receive: Receive) -> None:
        waits = [asyncio.create_task(_gone(receive)), asyncio.create_task(self.released.wait())]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        scope["transport"].abort()
        waits[1].cancel()
        await waits[0]


async def _break_off(answer: Answer, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
    """Send a part of the answer, then end the connection: with a reset, or in order but too early."""
    if fault.kind is Kind.CUT or fault.keep_bytes is not None:
        await send(_start(answer))
        part = answer.body[: kept(fault, len(answer.body))]
        await send({"type": "http.response.body", "body": part, "more_body": True})
    if fault.kind is Kind.CUT:
        scope["transport"].close()
    else:
        _make_close_a_reset(scope["transport"].get_extra_info("socket"))
        scope["transport"].abort()
    await _gone(receive)


def _make_close_a_reset(connection: socket.socket) -> None:
    """A linger time of zero turns the close that follows into a TCP reset."""
    layout = "hh" if os.name == "nt" else "ii"
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(layout, 1, 0))


async def _gone(receive: Receive) -> None:
    """Return when the connection is lost; the server complains about an unanswered request before that."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _collected(app: ASGIApp, scope: Scope, receive: Receive) -> Answer:
    """What `app` would send, as a value."""
    messages: list[Message] = []

    async def keep(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, keep)
    start, *rest = messages
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in start["headers"]}
    return Answer(start["status"], headers, b"".join(message.get("body", b"") for message in rest))


async def _send(answer: Answer, send: Send) -> None:
    await send(_start(answer))
    await send({"type": "http.response.body", "body": answer.body})


def _start(answer: Answer) -> Message:
    headers = {**answer.headers, "content-length": str(len(answer.body))}
    pairs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    return {"type": "http.response.start", "status": answer.status, "headers": pairs}


def _rated(answer: Answer, standing: Standing) -> Answer:
    return replace(answer, headers={**answer.headers, **standing.headers()})


def _headers(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


def _target(scope: Scope) -> str:
    path: str = scope["raw_path"].decode("latin-1")
    query: str = scope["query_string"].decode("latin-1")
    return f"{path}?{query}" if query else path
