"""Text from outside cannot steer a terminal or a job."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tracker.cli.terminal import PlainStream, plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain \u00e9 \u65e5\u672c \U0001f600\n\tand tabs", "plain \u00e9 \u65e5\u672c \U0001f600\n\tand tabs"),
        ("\x1b]0;title\x07\x1b[2J", " ]0;title  [2J"),
        ("\x9b31m", " 31m"),
        ("a\rb\x08\x00", "a b  "),
        ("a\u202eb\u2066", "a b "),
        ("::set-output name=x::y", ": :set-output name=x::y"),
        ("a\n  ::error::b", "a\n  : :error::b"),
        ("a ##[error]b", "a ## [error]b"),
        ("Wallets::X is no command", "Wallets::X is no command"),
    ],
)
def test_plain_text_has_no_controls_and_no_commands(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (["a", "\n", "::error::", "\n"], "a\n: :error::\n"),
        (["a", "::b", "\n"], "a::b\n"),
        (["", "  ", "::error::x"], "  : :error::x"),
        (["counted", "\r", "::x"], "counted\r: :x"),
    ],
)
def test_stream_finds_commands_that_are_printed_in_parts(parts: list[str], expected: str) -> None:
    below = io.StringIO()
    stream = PlainStream(below)
    for part in parts:
        stream.write(part)
    assert below.getvalue() == expected


def test_query_result_cannot_steer_a_terminal(filled: Path, tracker: Callable[..., Any]) -> None:
    values = ["chr(27) || '[2J'", "'::set-output name=x::y'", "'b' || chr(10) || '::error::z'"]
    query = f"select unnest([{', '.join(values)}]) as a"
    done = tracker("sql", query, "--home", filled)
    assert (done.code, done.err) == (0, "")
    assert "\x1b" not in done.out and not any(line.lstrip().startswith("::") for line in done.out.splitlines())


def test_error_message_cannot_steer_a_terminal(filled: Path, tracker: Callable[..., Any]) -> None:
    done = tracker("sql", "selec \x1b[2J\n::error::x", "--home", filled)
    assert done.code == 2 and "\x1b" not in done.err
    assert "Parser Error" in done.err and "::error::x" not in done.err.splitlines()
