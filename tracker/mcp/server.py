"""The server: tools and resources over stdio or HTTP. The only module that imports the SDK."""

import json
import socket
from collections.abc import Callable, Sequence
from functools import partial, wraps
from pathlib import Path
from typing import Any

import uvicorn
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError, ToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp_types import CallToolResult, InputRequiredResult, TextContent, Tool, ToolAnnotations
from pydantic import ValidationError

from tracker.errors import SettingsError, TrackerError, UsageError
from tracker.mcp import resources
from tracker.mcp.comparison import CompareTools
from tracker.mcp.data import SQL_LIMITS, DataTools
from tracker.mcp.groups import GroupTools
from tracker.mcp.repositories import RepositoryTools
from tracker.sql.console import MAX_QUERY_CHARS
from tracker.sql.process import Limits
from tracker.version import VERSION

PATH = "/mcp"
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_MOST_CHARS = 300
"""Characters of a name or value; only queries are longer."""

_MOST_SHOWN = 60
"""Characters that a message repeats of a value."""

_NULL = {"type": "null"}
_MARKDOWN = "text/markdown"
_INSTRUCTIONS = """\
Adoption of open-weight models on the Hugging Face Hub by country, lab and family, day by day. Start with `status`.
Every answer has `about`: definition, attribution, scope, coverage, last day and citation. Cite it with the numbers, and
if `is_simulated` is true, say that the data are simulated. Shares are 0 to 1; null is unknown, never zero. Downloads
are requests for files, not users. By publisher and by base model are two views of the same downloads: never add them.
For other questions use `sql`; tracker://schema lists the tables and tracker://examples has queries."""


class _Server(MCPServer[None]):
    """The SDK's server, whose errors are single sentences and whose texts are compact JSON."""

    async def list_tools(self) -> list[Tool]:
        """List the tools. Their schemas are read by a language model each time, so they repeat no names."""
        tools = await super().list_tools()
        for tool in tools:
            tool.input_schema, tool.output_schema = _brief(tool.input_schema), _brief(tool.output_schema)
        return tools

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[None, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """Call a tool. Raises ToolError for an unknown tool or argument, a wrong value, and what the tool refuses."""
        self._check(name, arguments)
        try:
            result = await super().call_tool(name, arguments, context)
        except ToolError as problem:
            if isinstance(problem.__cause__, ValidationError):
                raise ToolError(_sentence(problem.__cause__)) from problem.__cause__
            if isinstance(problem.__cause__, ToolError):
                raise problem.__cause__ from None
            raise
        if isinstance(result, CallToolResult) and result.structured_content is not None:
            text = json.dumps(result.structured_content, ensure_ascii=False, separators=(",", ":"))
            result.content = [TextContent(type="text", text=text)]
        return result

    def _check(self, name: str, arguments: dict[str, Any]) -> None:
        tools = {tool.name: tool for tool in self._tool_manager.list_tools()}
        if name not in tools:
            raise ToolError(f"There is no tool {name[:_MOST_SHOWN]!r}. The tools are {', '.join(tools)}.")
        known = tools[name].parameters.get("properties", {})
        for argument, value in arguments.items():
            if argument not in known:
                takes = f"It takes {', '.join(known)}." if known else "It takes none."
                raise ToolError(f"The tool {name} has no argument {argument[:_MOST_SHOWN]!r}. {takes}")
            for text in value if isinstance(value, list) else [value]:
                _check_text(argument, text)


def make_server(home: Path, limits: Limits = SQL_LIMITS) -> MCPServer[None]:
    """Make a server over the newest warehouse of a home, opened for each request. `limits` are those of SQL."""
    server = _Server(
        "open-model-tracker", title="Open Model Tracker", version=VERSION, instructions=_INSTRUCTIONS,
        log_level="WARNING", subscriptions=False,
    )  # fmt: skip
    data, groups, comparison, repositories = (
        DataTools(home, limits), GroupTools(home), CompareTools(home), RepositoryTools(home),
    )  # fmt: skip
    for tool in (
        data.status, groups.adoption, comparison.compare, groups.ranking, repositories.model, repositories.lineage,
        repositories.family, groups.rulers, data.published_figures, data.sql,
    ):  # fmt: skip
        server.add_tool(_refusing(tool, ToolError), description=_description(tool), annotations=_READ_ONLY)
    texts: tuple[tuple[str, Callable[[], str], str], ...] = (
        ("glossary", resources.glossary, "What the terms mean, and changes of meaning."),
        ("schema", partial(resources.schema, home), "The tables, and the question that each answers."),
        ("examples", resources.examples, "Questions with the SQL that answers them."),
    )
    for name, make, about in texts:
        server.resource(f"tracker://{name}", name=name, description=about, mime_type=_MARKDOWN)(
            _refusing(make, ResourceError)
        )

    @server.resource("tracker://schema/{table}", name="columns", mime_type=_MARKDOWN)
    def columns(table: str) -> str:
        """The columns of a table and what they mean."""
        text: str = _refusing(resources.columns, ResourceError)(home, table)
        return text

    return server


def serve_http(
    server: MCPServer[None], host: str, port: int, names: Sequence[str], ready: Callable[[str], None]
) -> None:
    """Serve HTTP until the process is interrupted; `ready` is called with the address.

    Only requests for this machine, `host` or one of `names` are answered, so that no web page reaches the server under
    another name (DNS rebinding). Raises SettingsError if it cannot listen there.
    """
    try:
        listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as problem:
        raise SettingsError(
            f"Cannot listen on {host}:{port} ({problem.strerror}). Choose another --host or --port."
        ) from None
    shown = f"[{host}]" if ":" in host else host
    hosts = [pattern for name in (*_LOOPBACK, shown, *names) for pattern in (name, f"{name}:*")]
    security = TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=hosts,
        allowed_origins=[f"{scheme}://{name}" for name in hosts for scheme in ("http", "https")],
    )
    app = server.streamable_http_app(
        streamable_http_path=PATH, json_response=True, stateless_http=True, transport_security=security, host=host
    )
    ready(f"http://{shown}:{listening.getsockname()[1]}{PATH}")
    uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listening])


_READ_ONLY = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)


def _refusing(function: Callable[..., Any], kind: type[Exception]) -> Callable[..., Any]:
    """Raise the errors that are written for users as errors of the SDK, which passes their text on."""

    @wraps(function)
    def call(*values: Any, **named: Any) -> Any:
        try:
            return function(*values, **named)
        except UsageError as problem:
            raise (ResourceNotFoundError if kind is ResourceError else kind)(str(problem)) from problem
        except TrackerError as problem:
            raise kind(str(problem)) from problem

    return call


def _check_text(argument: str, value: Any) -> None:
    if not isinstance(value, str):
        return
    most = MAX_QUERY_CHARS if argument == "query" else _MOST_CHARS
    if len(value) > most:
        raise ToolError(f"{argument} is longer than {most:,} characters.")
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        raise ToolError(f"{argument} is not valid Unicode text.")


def _brief(schema: Any) -> Any:
    """Return a schema without the titles that repeat names, and with short forms of optional types.

    Without a value, an optional argument is left out, so its schema does not offer null.
    """
    if isinstance(schema, list):
        return [_brief(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    brief = {name: _brief(part) for name, part in schema.items() if name != "title" or not isinstance(part, str)}
    kinds = brief.pop("anyOf", [])
    named = [kind for kind in kinds if kind != _NULL]
    is_argument = "default" in brief
    if is_argument and brief["default"] is None:
        del brief["default"]
    if len(named) == 1 and "type" in named[0]:
        optional = {} if is_argument else {"type": [named[0]["type"], "null"]}
        return {**named[0], **optional, **brief}
    return {**brief, "anyOf": named if is_argument else kinds} if kinds else brief


def _description(tool: Callable[..., Any]) -> str:
    return " ".join((tool.__doc__ or "").split())


def _sentence(problem: ValidationError) -> str:
    """Return what is wrong with the arguments."""
    parts = []
    for error in problem.errors():
        name = ".".join(str(part) for part in error["loc"][:1])
        given = "" if error["type"] == "missing" else f", not {str(error['input'])[:_MOST_SHOWN]!r}"
        parts.append(f"{name}: {error['msg'][0].lower()}{error['msg'][1:]}{given}")
    return f"{'; '.join(dict.fromkeys(parts))}."
