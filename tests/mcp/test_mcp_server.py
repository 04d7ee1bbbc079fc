"""`tracker mcp` as a server: over HTTP, while builds replace the warehouse, and without what it needs."""

import http.client
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.mcp.conftest import Assistant
from tests.support.program import environment, run_as_process, run_here
from tests.support.tiny_warehouse import write
from tracker.mcp.data import SQL_LIMITS
from tracker.mcp.server import make_server

Connect = Callable[[Any], AbstractContextManager[Assistant]]


@dataclass
class Served:
    """A server process over HTTP, and its home."""

    home: Path
    address: str
    process: subprocess.Popen[str]

    def post(self, **headers: str) -> int:
        """The status of a request with these headers."""
        parts = urlsplit(self.address)
        body = '{"jsonrpc": "2.0", "id": 1, "method": "tools/list"}'
        accepted = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
        with closing(http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)) as connection:
            connection.request("POST", parts.path, body, accepted | headers)
            with connection.getresponse() as response:
                return response.status


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("mcp-http")
    home = write(folder / "home" / "tracker.duckdb").parent
    command = [sys.executable, "-m", "tracker", "mcp", "--http", "--port", "0", "--allowed-host", "models.example.org"]
    process = subprocess.Popen(
        [*command, "--home", str(home)], cwd=folder, env=environment(folder, {}), stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    found = re.fullmatch(r"Serving (http://127\.0\.0\.1:\d+/mcp)\n", process.stderr.readline())
    assert found
    yield Served(home, found[1], process)
    process.terminate()
    said = process.communicate(timeout=60)[1]
    assert process.returncode in (0, 143) and "Traceback" not in said, said  # it ends in order


def test_http_answers_from_the_newest_build(connect: Connect, served: Served) -> None:
    with connect(served.address) as assistant:
        before = assistant.call("adoption")["about"]
        assert assistant.call("sql", query="select count(*) as n from models")["rows"][0][0] > 0
        newer = write(served.home / "new.duckdb", "update build set last_day = last_day + 1, is_simulated = true")
        newer.replace(served.home / "tracker.duckdb")
        after = assistant.call("adoption")["about"]
        assert after["is_simulated"] and not before["is_simulated"] and after["last_day"] > before["last_day"]
        assert "SIMULATED" in after["notes"][0] and "Simulated" not in before["citation"]


def test_http_refuses_names_of_others(served: Served) -> None:
    assert served.post(Host="models.example.org") not in (421, 403)
    assert served.post(Host="evil.example.org") == 421
    assert served.post(Origin="https://evil.example.org") == 403
    assert served.post(Host="127.0.0.1.evil.example.org:80") == 421


def test_missing_warehouse_is_said_and_comes_back(connect: Connect, served: Served) -> None:
    file = served.home / "tracker.duckdb"
    with connect(served.address) as assistant:
        away = file.rename(served.home / "away.duckdb")
        for tool, arguments in (("adoption", {}), ("sql", {"query": "select 1"})):
            text = assistant.refused(tool, **arguments)
            assert text.startswith("There is no warehouse") and "tracker build" in text
        with pytest.raises(Exception, match="There is no warehouse"):
            assistant.read("tracker://schema")
        file.write_text("no database")
        assert "Run `tracker build` to rebuild it" in assistant.refused("adoption")
        away.rename(file)
        assert assistant.call("adoption")["rows"]


def test_endless_queries_wait_for_each_other_and_are_stopped(connect: Connect, served: Served) -> None:
    endless = {"query": "select sleep_ms(600_000)"}
    with connect(make_server(served.home, replace(SQL_LIMITS, seconds=1))) as assistant:
        calls = [assistant.portal.start_task_soon(assistant.client.call_tool, "sql", endless) for _ in range(3)]
        for call in calls:
            assert "took longer than 1 seconds" in call.result().content[0].text


def test_taken_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run_here(["mcp", "--http", "--port", str(port)], tmp_path, environment(tmp_path, {}))
    assert done.code == 12 and done.err.startswith(f"tracker: Cannot listen on 127.0.0.1:{port} (")
    assert done.err.count("\n") == 1


def test_port_needs_http(tmp_path: Path) -> None:
    done = run_here(["mcp", "--port", "9000"], tmp_path, environment(tmp_path, {}))
    assert done.code == 2 and "only work with --http" in done.err


def test_missing_extra_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "tracker.mcp.server")
    monkeypatch.setitem(sys.modules, "mcp.server.mcpserver", None)
    done = run_here(["mcp"], tmp_path, environment(tmp_path, {}))
    assert done.code == 2 and "Traceback" not in done.err and done.err.count("\n") == 1
    assert "uv sync --extra mcp" in done.err and "pip install 'open-model-tracker[mcp]'" in done.err


@pytest.mark.slow
def test_end_of_input_ends_the_server(tmp_path: Path) -> None:
    done = run_as_process(["mcp"], tmp_path, environment(tmp_path, {}), stdin="not a message\n")
    assert done.code == 0 and "Traceback" not in done.err


def test_rulers_have_shares_units_and_credits(connect: Connect, tmp_path: Path) -> None:
    shares = """
    create or replace table axis_shares as
    select day::date as day, axis, origin, lab, null::varchar as family, value::double as value,
        null::double as share, 0.5::double as coverage
    from (values
        ('2026-08-18', 'huggingface', 'CN', 'alibaba', 60), ('2026-08-19', 'huggingface', 'CN', 'alibaba', 60),
        ('2026-08-19', 'huggingface', 'US', 'google', 40),
        ('2026-08-19', 'openrouter', 'US', 'google', 9), ('2026-08-19', 'openrouter', 'CN', 'alibaba', 1)
    ) as rows(day, axis, origin, lab, value)
    """
    axes = """
    create or replace table axes as
    select 'openrouter' as axis, 'Tokens on OpenRouter' as title, 'tokens' as unit, 'Source: OpenRouter' as attribution
    """
    write(tmp_path / "tracker.duckdb", shares, axes)
    with connect(make_server(tmp_path)) as assistant:
        answer = assistant.call("rulers", by="lab", days=7, limit=1)
    assert [(row["ruler"], row["code"], row["value"], row["share"], row["rank"]) for row in answer["rows"]] == [
        ("huggingface", "alibaba", 60, 0.6, 1),
        ("openrouter", "google", 9, 0.9, 1),
    ]
    assert [(each["unit"], each["credit"], each["first_day"]) for each in answer["rulers"]] == [
        ("downloads", "Source: Hugging Face Hub", "2026-08-19"),
        ("tokens", "Source: OpenRouter", "2026-08-19"),
    ]
    assert "compare shares and ranks only" in answer["about"]["notes"][-1]
