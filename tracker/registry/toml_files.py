"""Parse registry files into entries, each with the line it starts on."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.registry.entries import Kind

NESTED = "generation"
"""Nested array of tables in a family: `[[family.generation]]`."""

_HEADER = re.compile(r"\s*\[\[\s*([\w.\-]+)\s*\]\]")
_POSITION = re.compile(r"\(at (?:line (\d+), column \d+|end of document)\)")
_TRIPLE_QUOTE = re.compile(r'"""|' + "'''")


@dataclass(frozen=True, slots=True)
class Problem:
    """An error in a registry file."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        """`file:line: message`."""
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One table of a registry file, not yet validated."""

    kind: Kind
    file: str
    line: int
    key: str
    """The text that identifies it among its kind; missing parts are empty."""
    values: Mapping[str, Any]
    nested_lines: tuple[int, ...] = ()
    """The lines of its nested generations, in order."""

    def problem(self, message: str, nested: int | None = None) -> Problem:
        """Make a problem at the line of this entry, or of its nested generation number `nested`."""
        lines = self.nested_lines
        return Problem(self.file, self.line if nested is None or nested >= len(lines) else lines[nested], message)


def parse(kind: Kind, file: str, text: str) -> tuple[list[Entry], list[Problem]]:
    """Return the entries of the file with this `text`, and the problems that prevent parsing it."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return [], [_syntax_problem(file, text, str(error))]
    problems = [
        Problem(file, _line_of_key(text, name), f"unknown key '{name}'; this file holds [[{kind.name}]] entries only")
        for name in document
        if name != kind.name
    ]
    tables = document.get(kind.name, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        return [], [*problems, Problem(file, _line_of_key(text, kind.name), f"write each entry as [[{kind.name}]]")]
    return list(_entries(kind, file, tables, text)), problems


def _entries(kind: Kind, file: str, tables: Sequence[Mapping[str, Any]], text: str) -> Iterator[Entry]:
    lines: list[tuple[int, list[int]]] = []
    for line, name in _headers(text):
        if name == kind.name:
            lines.append((line, []))
        elif name == f"{kind.name}.{NESTED}" and lines:
            lines[-1][1].append(line)
    for number, values in enumerate(tables):
        line, nested = lines[number] if number < len(lines) else (1, [])
        key = " ".join(str(values.get(part, "")) for part in kind.key)
        yield Entry(kind, file, line, key, values, tuple(nested))


def _headers(text: str) -> Iterator[tuple[int, str]]:
    """Yield the array-of-tables headers with their lines, except those inside multi-line strings."""
    fence: str | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        found = _HEADER.match(line) if fence is None else None
        if found:
            yield number, found[1]
        if "'''" in line or '"""' in line:
            for mark in _TRIPLE_QUOTE.findall(line):
                fence = mark if fence is None else (None if fence == mark else fence)


def _syntax_problem(file: str, text: str, message: str) -> Problem:
    found = _POSITION.search(message)
    line = int(found[1]) if found and found[1] else max(1, len(text.splitlines()))
    return Problem(file, line, f"not valid TOML: {_POSITION.sub('', message).strip()}")


def _line_of_key(text: str, name: str) -> int:
    starts = re.compile(rf"""\s*\[*\s*["']?{re.escape(name)}\b""")
    return next((number for number, line in enumerate(text.splitlines(), start=1) if starts.match(line)), 1)
