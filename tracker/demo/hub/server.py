"""The embedded Hub on a port of this machine, in a thread of this process."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from datetime import date
from types import TracebackType
from typing import Any, Self

import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from tracker.demo.catalog import Catalog
from tracker.demo.hub.datasets.store import DatasetStore
from tracker.demo.hub.faults import Faults
from tracker.demo.hub.front import Front
from tracker.demo.hub.modelscope import ModelScope
from tracker.demo.hub.openrouter import OpenRouter
from tracker.demo.hub.state import HubState, Offers, RequestRecord
from tracker.errors import SettingsError

HOST = "127.0.0.1"
KEEP_ALIVE_SECONDS = 60


class EmbeddedHub:
    """A Hub that serves one day of a catalog at a time, to `HF_ENDPOINT = hub.url`.

    A context manager: entering starts the server, leaving stops it and ends stalled connections.
    """

    def __init__(
        self,
        catalog: Catalog,
        *,
        day: date | None = None,
        quota: int | None = None,
        clock: Callable[[], float] = time.monotonic,
        port: int = 0,
        datasets: DatasetStore | None = None,
        openrouter: OpenRouter | None = None,
        modelscope: ModelScope | None = None,
        offers: Offers | None = None,
    ) -> None:
        """Prepare a Hub on `port` (0: a free one), serving `day` (None: the catalog's latest).

        `quota` is the number of requests each client has in five minutes; None means the Hub's
        own, 500 without a token and 1,000 with one. `clock` returns monotonic seconds. `datasets` holds the
        dataset repositories that exist at the start. `openrouter` and `modelscope` are served on the same
        port; `offers` are the inference providers in the list of models.
        Raises SettingsError when the catalog lacks the day or the port is taken.
        """
        self._state = HubState(catalog, day, quota, clock, datasets, openrouter, modelscope, offers)
        self._front = Front(self._state)
        self._socket = _bound(port)
        self._port: int = self._socket.getsockname()[1]
        self._server = _Server(_config(self._front), self._front)
        self._thread = threading.Thread(
            target=self._server.run, args=([self._socket],), name="embedded-hub", daemon=True
        )

    def __enter__(self) -> Self:
        """Start; the server answers when this returns."""
        self._thread.start()
        self._server.is_up.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop: responses in progress are finished, stalled connections are dropped."""
        self._server.stop()
        self._thread.join()

    def wait(self) -> None:
        """Block until the server ends or the user presses Ctrl-C."""
        while self._thread.is_alive():
            self._thread.join(timeout=1)

    @property
    def url(self) -> str:
        """The endpoint, without a slash at its end."""
        return f"http://{HOST}:{self._port}"

    @property
    def day(self) -> date:
        """The day being served. Setting it reads the new day at once and raises SettingsError if there is none."""
        return self._state.served.day

    @day.setter
    def day(self, day: date) -> None:
        self._state.show(day)

    @property
    def quota(self) -> int | None:
        """Requests each client has in five minutes; None means the Hub's own quotas. May be set at any time."""
        return self._state.meter.quota

    @quota.setter
    def quota(self, quota: int | None) -> None:
        self._state.meter.quota = quota

    @property
    def faults(self) -> Faults:
        """Faults to inject."""
        return self._state.faults

    @property
    def datasets(self) -> DatasetStore:
        """The dataset repositories, with everything committed over HTTP."""
        return self._state.datasets

    @property
    def requests(self) -> list[RequestRecord]:
        """All requests in the order of their responses, except those to the control route."""
        return self._state.requests


def _bound(port: int) -> socket.socket:
    # Naming the protocol makes asyncio turn Nagle's algorithm off; otherwise each response waits 40 ms for an ACK.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise SettingsError(f"port {port} of {HOST} cannot be used ({error.strerror}); choose another one") from error
    return listener


def _config(front: Front) -> uvicorn.Config:
    return uvicorn.Config(
        front,
        http=_Protocol,
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        access_log=False,
        date_header=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )


class _Protocol(H11Protocol):
    """HTTP/1.1 that gives the application the transport, which it needs to break off responses."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        application = self.app

        async def with_transport(scope: Scope, receive: Receive, send: Send) -> None:
            scope["transport"] = self.transport
            await application(scope, receive, send)

        self.app = with_transport


class _Server(uvicorn.Server):
    """uvicorn with an event for when it is up, and a stop without its polling delay of up to 0.1 s."""

    def __init__(self, config: uvicorn.Config, front: Front) -> None:
        super().__init__(config)
        self.is_up = threading.Event()
        self._front = front
        self._loop: asyncio.AbstractEventLoop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._loop = asyncio.get_running_loop()
        self.is_up.set()

    async def main_loop(self) -> None:
        await self._front.released.wait()

    def stop(self) -> None:
        """End from any thread."""
        self._loop.call_soon_threadsafe(self._front.released.set)
