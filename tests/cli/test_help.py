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
HEAVY = ("duckdb", "pyarrow", "polars", "requests", "streamlit", "huggingface_hub", "numpy", "pandas", "starlette")


def commands(command: Any, *path: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """All commands with the words that call them, groups included."""
    yield path, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, *path, name)


ALL = dict(commands(typer.main.get_command(app)))
VERBS = [path for path, command in ALL.items() if not hasattr(command, "commands")]


def test_the_verbs_are_those_of_the_contract() -> None:
    assert {" ".join(path) for path in VERBS} >= {
        *("demo", "crawl", "build", "dashboard", "up", "sql", "status"),
        *("registry check", "registry list", "registry explain"),
    }


@pytest.mark.parametrize("path", ALL, ids=lambda path: " ".join(path) or "tracker")
def test_every_command_and_every_option_has_help(path: tuple[str, ...]) -> None:
    command = ALL[path]
    assert command.help and command.help.strip().endswith(".")
    silent = [option.name for option in command.params if option.name != "help" and not getattr(option, "help", None)]
    assert silent == []


@pytest.mark.parametrize("path", ALL, ids=lambda path: " ".join(path) or "tracker")
def test_help_is_printed_on_stdout(tracker: Callable[..., Any], path: tuple[str, ...]) -> None:
    done = tracker(*path, "--help", COLUMNS="200")
    assert (done.code, done.err) == (0, "")
    text = " ".join(done.out.split())
    assert " ".join(ALL[path].help.split()) in text
    for option in ALL[path].params:
        assert all(name in text for name in option.opts if name.startswith("--"))


def test_the_version_is_printed(tracker: Callable[..., Any]) -> None:
    from tracker.version import VERSION

    done = tracker("--version")
    assert (done.code, done.out, done.err) == (0, f"tracker {VERSION}\n", "")


def test_the_command_line_loads_nothing_heavy() -> None:
    code = f"import sys, tracker.cli.app; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("[]\n", "")


MISTAKES = [
    ([], "Commands:"),
    (["registry"], "explain"),
    (["frobnicate"], "No such command 'frobnicate'"),
    (["crawl", "--frobnicate"], "No such option: --frobnicate"),
    (["crawl", "--scope", "nowhere"], "is not one of 'labs', 'families', 'hub'"),
    (["crawl", "--day", "yesterday"], "does not match the format"),
    (["crawl", "--max-requests", "0"], "--max-requests"),
    (["demo", "--days", "0"], "--days"),
    (["demo", "--models", "5"], "--models"),
    (["dashboard", "--port", "65536"], "--port"),
    (["registry", "explain"], "Missing argument"),
    (["registry", "explain", "a/b/c"], "tracker: 'a/b/c' is not a repository name. Give owner/name"),
    (["registry", "explain", ""], "tracker: '' is not a repository name"),
]


@pytest.mark.parametrize(("arguments", "said"), MISTAKES, ids=[" ".join(words) for words, _ in MISTAKES])
def test_what_cannot_be_meant_ends_with_2(tracker: Callable[..., Any], arguments: list[str], said: str) -> None:
    done = tracker(*arguments)
    assert done.code == 2
    assert said in done.err and "Traceback" not in done.err
    assert done.out == ""
