"""The SDK's own client, driven from tests that are not asynchronous."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp.client.client import Client


@dataclass
class Assistant:
    """A program that calls tools."""

    client: Client
    portal: BlockingPortal

    def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """The structured content of an answer. Its text is the same as JSON, for programs that read only that."""
        result = self.portal.call(self.client.call_tool, tool, arguments)
        text = result.content[0].text
        assert not result.is_error, text
        assert result.structured_content is not None and json.loads(text) == result.structured_content
        return dict(result.structured_content)

    def refused(self, tool: str, **arguments: Any) -> str:
        """The text of a refusal."""
        result = self.portal.call(self.client.call_tool, tool, arguments)
        assert result.is_error and "Traceback" not in result.content[0].text
        return str(result.content[0].text)

    def read(self, uri: str) -> str:
        """The text of a resource."""
        return str(self.portal.call(self.client.read_resource, uri).contents[0].text)


@pytest.fixture(scope="module")
def connect() -> Iterator[Callable[[Any], AbstractContextManager[Assistant]]]:
    """Connect to a server: an address, the parameters of a process, or a server in this process."""
    with start_blocking_portal() as portal:

        @contextmanager
        def connect(server: Any) -> Iterator[Assistant]:
            with portal.wrap_async_context_manager(Client(server)) as client:
                yield Assistant(client, portal)

        yield connect
