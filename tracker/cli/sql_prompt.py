"""The SQL prompt: one statement after another, until the end of input."""

import sys
from typing import TextIO

from tracker.cli.output import Format, write
from tracker.database import Connection
from tracker.errors import UsageError
from tracker.sql.query import run_statement

_WELCOME = "The warehouse can be read and nothing else. End a statement with ';', leave with Ctrl-D. Try: show tables;"


def prompt(connection: Connection, source: TextIO) -> None:
    """Reads statements from `source` and prints their rows.

    At a terminal, a failed statement prints its error and the prompt continues. A file or pipe raises UsageError.
    """
    is_person = source.isatty()
    if is_person:
        import readline  # noqa: F401  # importing it gives input() history and editing

        print(_WELCOME)
    pending = ""
    while True:
        try:
            line = input("sql> " if not pending else "...> ") if is_person else source.readline()
        except EOFError:
            break
        if not is_person and not line:
            break
        pending += line + "\n"
        if pending.strip().endswith(";"):
            _answer(connection, pending, is_person)
            pending = ""
    if pending.strip():
        _answer(connection, pending, is_person)


def _answer(connection: Connection, statement: str, is_person: bool) -> None:
    try:
        write(run_statement(connection, statement), Format.TABLE, None)
    except UsageError as problem:
        if not is_person:
            raise
        print(problem, file=sys.stderr)
