"""The server of the dashboard: its app, and an answer to addresses that no page can have."""

from pathlib import Path

from starlette.middleware import Middleware
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import get_option
from streamlit.starlette import App

_NO_SUCH_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>No such page – Open Model Tracker</title>
<style>body { font: 16px/1.5 system-ui, sans-serif; margin: 15vh auto; max-width: 36rem; padding: 0 1rem; }</style>
</head>
<body><h1>There is no such page</h1>
<p>Pages have addresses of one part. <a href="HOME">Open Model Tracker</a></p></body>
</html>"""


class NoSuchPage:
    """Say that there is no page at an address of several parts.

    Streamlit answers it with its own page, which then looks for its scripts below that address and stays blank.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Stand before `app`."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or not _is_nested(scope["path"]):
            await self.app(scope, receive, send)
            return
        is_page = False

        async def answer(message: Message) -> None:
            nonlocal is_page
            if message["type"] == "http.response.start":
                is_page = dict(message["headers"]).get(b"content-type", b"").startswith(b"text/html")
            if not is_page:
                await send(message)

        await self.app(scope, receive, answer)
        if is_page:
            await HTMLResponse(_NO_SUCH_PAGE.replace("HOME", _home()), 404)(scope, receive, send)


def _home() -> str:
    """The path of the first page."""
    return f"/{get_option('server.baseUrlPath').strip('/')}"


def _is_nested(path: str) -> bool:
    return "/" in path.removeprefix(_home()).strip("/")


app = App(Path(__file__).with_name("app.py"), middleware=[Middleware(NoSuchPage)])
