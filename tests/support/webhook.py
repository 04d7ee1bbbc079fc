"""A webhook on this machine with chosen answers."""

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "T0123/B4567/x9y8z7secret"
"""The part of the address that must not be shown."""

HANG_UP = 0
"""In place of a status: close the connection without an answer."""


@dataclass
class Receiver:
    """What arrived, and how it is answered: the last of `statuses` again and again."""

    statuses: Sequence[int] = (200,)
    headers: dict[str, str] = field(default_factory=dict)
    received: list[Any] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    url: str = ""

    @property
    def address(self) -> str:
        """The whole address, with the secret."""
        return f"{self.url}/services/{SECRET}"


@contextmanager
def webhook(*statuses: int, **headers: str) -> Iterator[Receiver]:
    """Serve a webhook; keyword arguments are headers of its answers, with _ for -."""
    receiver = Receiver(statuses or (200,), {name.replace("_", "-"): value for name, value in headers.items()})

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            receiver.received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            receiver.types.append(self.headers["Content-Type"])
            status = receiver.statuses[min(len(receiver.received), len(receiver.statuses)) - 1]
            if status == HANG_UP:
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            body = f"Cannot POST {self.path}".encode()
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
