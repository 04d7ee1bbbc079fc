"""The SQL prompt: one statement after another, until the end of input."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TextIO

from tracker.cli.interrupts import interrupts
from tracker.cli.output import Format, answer
from tracker.database import Connection
from tracker.errors import UsageError

HISTORY = ".sql_history"
"""File in the home with the lines typed at the prompt."""

_HISTORY_LINES = 1000
_WELCOME = (
    "The warehouse can be read and nothing else. End a statement with ';', leave with Ctrl-D or exit. "
    "Try: show tables; or describe models_now; or .help"
)
_HELP = """\
.tables          list the tables
.describe TABLE  list the columns of a table and what they mean
.help            show this help
exit, quit       leave (also .exit, .quit, Ctrl-D)
Ctrl-C           clear the line, or stop a running query
A statement may take several lines and ends with ';'."""
_LEAVE = {"exit", "quit", ".exit", ".quit", ".q", "\\q"}


def prompt(connection: Connection, source: TextIO, history: Path | None = None) -> None:
    """Reads statements from `source` and prints their rows.

    At a terminal, a failed statement prints its error and the prompt continues; `history` is the file of earlier lines.
    A file or pipe raises UsageError.
    """
    is_person = source.isatty()
    with _line_editing(history) if is_person else nullcontext():
        if is_person:
            print(_WELCOME)
        _read(connection, source, is_person)


def _read(connection: Connection, source: TextIO, is_person: bool) -> None:
    pending = ""
    while True:
        try:
            line = input("sql> " if not pending else "...> ") if is_person else source.readline()
        except EOFError:
            break
        except KeyboardInterrupt:
            _go_on_after_interrupt(is_person)
            pending = ""
            continue
        if not is_person and not line:
            break
        if not pending:
            command = line.strip().rstrip(";").strip()
            if command.lower() in _LEAVE:
                return
            if command.startswith("."):
                _run_command(connection, command, is_person)
                continue
        pending += line + "\n"
        if pending.strip().endswith(";"):
            _answer(connection, pending, is_person)
            pending = ""
    if pending.strip():
        _answer(connection, pending, is_person)


def _run_command(connection: Connection, command: str, is_person: bool) -> None:
    name, _, argument = command.partition(" ")
    if name == ".help":
        print(_HELP)
    elif name in (".tables", ".schema") and not argument:
        _answer(connection, "show tables", is_person)
    elif name in (".describe", ".schema") and argument:
        _answer(connection, 'describe "' + argument.strip().replace('"', '""') + '"', is_person)
    else:
        problem = f"There is no command {name} here; .help lists them."
        if not is_person:
            raise UsageError(problem)
        print(problem, file=sys.stderr)


def _answer(connection: Connection, statement: str, is_person: bool) -> None:
    try:
        answer(connection, statement, Format.TABLE)
    except KeyboardInterrupt:
        _go_on_after_interrupt(is_person)
    except Exception as problem:
        if interrupts.last:  # DuckDB reports the interrupt of a query as an error of its own
            _go_on_after_interrupt(is_person)
        elif not is_person or not isinstance(problem, UsageError):
            raise
        else:
            print(problem, file=sys.stderr)


def _go_on_after_interrupt(is_person: bool) -> None:
    """Continue after Ctrl-C at a terminal. Raises KeyboardInterrupt for other signals, and for input from a file."""
    if not is_person or interrupts.last == signal.SIGTERM:
        raise KeyboardInterrupt
    interrupts.handled()
    print()


@contextmanager
def _line_editing(history: Path | None) -> Iterator[None]:
    """Give `input` editing and a history, which is read before and written after."""
    try:
        import readline
    except ImportError:  # Windows
        yield
        return
    readline.set_history_length(_HISTORY_LINES)
    if history is not None:
        with suppress(OSError):
            readline.read_history_file(history)
    try:
        yield
    finally:
        if history is not None:
            with suppress(OSError):
                readline.write_history_file(history)
