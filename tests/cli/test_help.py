"""Every command and every option has a help text."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from tracker.cli.app import app

ROOT = Path(__file__).parents[2]
HEAVY = (
    "duckdb",
    "pyarrow",
    "polars",
    "requests",
    "streamlit",
    "huggingface_hub",
    "numpy",
    "pandas",
    "starlette",
    "mcp",
)


def commands(command: Any, *path: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """All commands and groups, each with its path such as ("registry", "check")."""
    yield path, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, *path, name)


ALL = dict(commands(typer.main.get_command(app)))
VERBS = [path for path, command in ALL.items() if not hasattr(command, "commands")]


def test_commands_are_those_of_the_contract() -> None:
    assert {" ".join(path) for path in VERBS} >= {
        *("demo", "crawl", "build", "dashboard", "up", "sql", "status"),
        *("registry check", "registry list", "registry explain"),
    }


@pytest.mark.parametrize("path", ALL, ids=lambda path: " ".join(path) or "tracker")
def test_commands_and_options_have_help(path: tuple[str, ...]) -> None:
    command = ALL[path]
    assert command.help and command.help.strip().endswith(".")
    silent = [option.name for option in command.params if option.name != "help" and not getattr(option, "help", None)]
    assert silent == []


@pytest.mark.parametrize("path", ALL, ids=lambda path: " ".join(path) or "tracker")
def test_help_goes_to_stdout(tracker: Callable[..., Any], path: tuple[str, ...]) -> None:
    done = tracker(*path, "--help", COLUMNS="200")
    assert (done.code, done.err) == (0, "")
    text = " ".join(done.out.split())
    assert " ".join(ALL[path].help.split()) in text
    for option in ALL[path].params:
        assert all(name in text for name in option.opts if name.startswith("--"))


def test_version_is_printed(tracker: Callable[..., Any]) -> None:
    from tracker.version import VERSION

    done = tracker("--version")
    assert (done.code, done.out, done.err) == (0, f"tracker {VERSION}\n", "")


def test_command_line_imports_no_heavy_module() -> None:
    code = f"import sys, tracker.cli.app; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("[]\n", "")


MISTAKES = [
    ([], "Commands:"),
    (["registry"], "explain"),
    (["frobnicate"], "No such command 'frobnicate'"),
    (["crawl", "--frobnicate"], "No such option: --frobnicate"),
    (["crawl", "--scope", "nowhere"], "is not one of 'labs', 'families', 'hub'"),
    (["crawl", "--day", "yesterday"], "Invalid value for '--day': 'yesterday' is not a day. Write it as YYYY-MM-DD."),
    (["crawl", "--max-requests", "0"], "--max-requests"),
    (["demo", "--days", "0"], "--days"),
    (["demo", "--models", "5"], "--models"),
    (["dashboard", "--port", "65536"], "--port"),
    (["registry", "explain"], "Missing argument"),
    (["registry", "explain", "a/b/c"], "tracker: 'a/b/c' is not a repository name. Give owner/name"),
    (["registry", "explain", ""], "tracker: '' is not a repository name"),
]


@pytest.mark.parametrize(("arguments", "message"), MISTAKES, ids=[" ".join(words) for words, _ in MISTAKES])
def test_usage_errors_exit_with_2(tracker: Callable[..., Any], arguments: list[str], message: str) -> None:
    done = tracker(*arguments)
    assert done.code == 2
    assert message in done.err and "Traceback" not in done.err and "Value error" not in done.err
    assert done.out == ""
