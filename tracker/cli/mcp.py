"""`tracker mcp`: answers for programs over the Model Context Protocol."""

from typing import Annotated

import typer

from tracker.cli.environment import print_note, reading_settings
from tracker.cli.interrupts import interrupts
from tracker.cli.options import Home
from tracker.errors import UsageError

_MISSING = (
    "`tracker mcp` needs the package mcp, version 2.3 or newer, which is not installed. Install the extra "
    "(`uv sync --extra mcp`, or `pip install 'open-model-tracker[mcp]'`), then run the same command again."
)


def mcp(
    http: Annotated[bool, typer.Option("--http", help="Serve HTTP instead of stdin and stdout.")] = False,
    host: Annotated[str, typer.Option(help="With --http: address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="With --http: port to listen on; 0 chooses a free port.")
    ] = 8765,
    allowed_host: Annotated[
        list[str] | None,
        typer.Option(help="With --http: name by which others reach this machine; can be repeated.", show_default=False),
    ] = None,
    home: Home = None,
) -> None:
    """Answer programs, such as assistants, over the Model Context Protocol.

    Tools only read, and each answer has its definition, coverage, last day and citation. Every request sees the newest
    build.
    """
    if not http and (allowed_host or host != "127.0.0.1" or port != 8765):
        raise UsageError("--host, --port and --allowed-host only work with --http.")
    try:
        from tracker.mcp.server import make_server, serve_http
    except ImportError as problem:
        if not (problem.name or "").startswith("mcp"):
            raise
        raise UsageError(_MISSING) from None
    server = make_server(reading_settings(home).home)
    with interrupts.patient():
        if http:
            serve_http(server, host, port, allowed_host or [], lambda address: print_note(f"Serving {address}"))
        else:
            server.run("stdio")
