"""The ASGI application around the routes: request log, rate limit, faults, compression, sending."""

import asyncio
import os
import socket
import struct
from dataclasses import replace
from typing import cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tracker.demo.hub.faults import Fault, FaultKind, bytes_sent, with_fault
from tracker.demo.hub.quota import API, FILES, RateLimit, refusal
from tracker.demo.hub.responses import HubResponse, compressed, error_response
from tracker.demo.hub.routes import CONTROL, routed
from tracker.demo.hub.state import HubState, RequestRecord
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
        """Handle one request. The control route skips log, rate limit and faults."""
        if scope["path"].startswith(CONTROL):
            await _send(self._marked(await _collected(self._routes, scope, receive)), send)
            return
        headers = _headers(scope)
        response, fault = await self._response(scope, receive, headers)
        size = len(response.body)
        response = compressed(self._marked(response), headers.get("accept-encoding", ""))
        is_unanswered = (
            fault is not None and fault.kind in (FaultKind.STALL, FaultKind.RESET) and fault.keep_bytes is None
        )
        self._log(scope, headers, None if is_unanswered else response.status, size)
        match fault and fault.kind:
            case FaultKind.STALL:
                await self._hold(scope, receive)
            case FaultKind.RESET | FaultKind.CUT:
                await _break_off(response, cast(Fault, fault), scope, receive, send)
            case _:
                await _send(response, send)

    async def _response(
        self, scope: Scope, receive: Receive, headers: dict[str, str]
    ) -> tuple[HubResponse, Fault | None]:
        """The response with rate-limit headers, after the fault that was due, and that fault."""
        token = headers.get("authorization")
        address = scope["client"][0] if scope.get("client") else "127.0.0.1"
        bucket = FILES if "/resolve/" in scope["path"] else API
        limit = self._state.meter.count(token or address, token is not None, self._state.clock(), bucket)
        if limit.is_over:
            return _with_limit(error_response(429, refusal(limit, token is not None, address)), limit), None
        fault = self._state.faults.due(_target(scope))
        is_refused = fault is not None and fault.kind is FaultKind.STATUS  # a refused request must have no effect
        response = _with_limit(
            HubResponse(200) if is_refused else await _collected(self._routes, scope, receive), limit
        )
        return (response if fault is None else with_fault(response, fault, _target(scope))), fault

    def _marked(self, response: HubResponse) -> HubResponse:
        """The response with the Hub's time, and headers that mark simulated and replayed data."""
        more = {"date": self._state.date_header()}
        if self._state.catalog.is_simulated:
            more["x-simulated"] = "true"
        if isinstance(self._state.catalog, Replay):
            more["x-replayed"] = "true"
        return replace(response, headers={**response.headers, **more})

    def _log(self, scope: Scope, headers: dict[str, str], status: int | None, size: int) -> None:
        record = RequestRecord(
            method=scope["method"],
            path=scope["path"],
            query=scope["query_string"].decode("latin-1"),
            authorization=headers.get("authorization"),
            user_agent=headers.get("user-agent"),
            status=status,
            at=self._state.clock(),
            body_bytes=size,
        )
        self._state.requests.append(record)

    async def _hold(self, scope: Scope, receive: Receive) -> None:
        waits = [asyncio.create_task(_disconnected(receive)), asyncio.create_task(self.released.wait())]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        scope["transport"].abort()
        waits[1].cancel()
        await waits[0]


async def _break_off(response: HubResponse, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
    """Send a part of the response, then close the connection early: with a reset or normally."""
    if fault.kind is FaultKind.CUT or fault.keep_bytes is not None:
        await send(_start(response))
        part = response.body[: bytes_sent(fault, len(response.body))]
        await send({"type": "http.response.body", "body": part, "more_body": True})
    if fault.kind is FaultKind.CUT:
        scope["transport"].close()
    else:
        _make_close_a_reset(scope["transport"].get_extra_info("socket"))
        scope["transport"].abort()
    await _disconnected(receive)


def _make_close_a_reset(connection: socket.socket) -> None:
    """Set a linger time of zero, which turns the close that follows into a TCP reset."""
    layout = "hh" if os.name == "nt" else "ii"
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(layout, 1, 0))


async def _disconnected(receive: Receive) -> None:
    """Wait until the connection is closed; returning earlier makes uvicorn log an error."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _collected(app: ASGIApp, scope: Scope, receive: Receive) -> HubResponse:
    """The response that `app` sends."""
    messages: list[Message] = []

    async def collect(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, collect)
    start, *rest = messages
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in start["headers"]}
    return HubResponse(start["status"], headers, b"".join(message.get("body", b"") for message in rest))


async def _send(response: HubResponse, send: Send) -> None:
    await send(_start(response))
    await send({"type": "http.response.body", "body": response.body})


def _start(response: HubResponse) -> Message:
    headers = {**response.headers, "content-length": str(len(response.body))}
    pairs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    return {"type": "http.response.start", "status": response.status, "headers": pairs}


def _with_limit(response: HubResponse, limit: RateLimit) -> HubResponse:
    return replace(response, headers={**response.headers, **limit.headers()})


def _headers(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


def _target(scope: Scope) -> str:
    path: str = scope["raw_path"].decode("latin-1")
    query: str = scope["query_string"].decode("latin-1")
    return f"{path}?{query}" if query else path
