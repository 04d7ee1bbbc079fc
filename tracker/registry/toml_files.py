"""Registry files as text: their entries with the line each one starts on."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.registry.schema import GENERATION, Kind

_HEADER = re.compile(r"\s*\[\[\s*([\w.\-]+)\s*\]\]")
_PLACE = re.compile(r"\(at (?:line (\d+), column \d+|end of document)\)")
_FENCE = re.compile(r'"""|' + "'''")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a registry file, and where."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        """`file:line: message`."""
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One table of a registry file, unchecked."""

    kind: Kind
    file: str
    line: int
    values: Mapping[str, Any]
    nested_lines: tuple[int, ...] = ()
    """The lines of its nested generations, in order."""

    @property
    def key(self) -> str:
        """The text that names it among its kind; missing parts are empty."""
        return " ".join(str(self.values.get(part, "")) for part in self.kind.key)

    def problem(self, message: str, nested: int | None = None) -> Problem:
        """A problem at this entry, or at its nested generation of that number."""
        lines = self.nested_lines
        return Problem(self.file, self.line if nested is None or nested >= len(lines) else lines[nested], message)


def entries(kind: Kind, file: str, text: str) -> tuple[list[Entry], list[Problem]]:
    """The entries of one file's `text`, and what keeps it from being read as such."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return [], [_syntax_problem(file, text, str(error))]
    problems = [
        Problem(file, _line_of_key(text, name), f"unknown key '{name}'; this file holds [[{kind.name}]] entries only")
        for name in document
        if name != kind.name
    ]
    rows = document.get(kind.name, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return [], [*problems, Problem(file, _line_of_key(text, kind.name), f"write each entry as [[{kind.name}]]")]
    return list(_located(kind, file, rows, text)), problems


def _located(kind: Kind, file: str, rows: Sequence[Mapping[str, Any]], text: str) -> Iterator[Entry]:
    starts: list[tuple[int, list[int]]] = []
    for line, name in _headers(text):
        if name == kind.name:
            starts.append((line, []))
        elif name == f"{kind.name}.{GENERATION.name}" and starts:
            starts[-1][1].append(line)
    for number, row in enumerate(rows):
        line, nested = starts[number] if number < len(starts) else (1, [])
        yield Entry(kind, file, line, row, tuple(nested))


def _headers(text: str) -> Iterator[tuple[int, str]]:
    """The array-of-tables headers of a file, skipping those inside multi-line strings."""
    fence: str | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        found = _HEADER.match(line) if fence is None else None
        if found:
            yield number, found[1]
        if "'''" in line or '"""' in line:
            for mark in _FENCE.findall(line):
                fence = mark if fence is None else (None if fence == mark else fence)


def _syntax_problem(file: str, text: str, message: str) -> Problem:
    found = _PLACE.search(message)
    line = int(found[1]) if found and found[1] else max(1, len(text.splitlines()))
    return Problem(file, line, f"not valid TOML: {_PLACE.sub('', message).strip()}")


def _line_of_key(text: str, name: str) -> int:
    starts = re.compile(rf"""\s*\[*\s*["']?{re.escape(name)}\b""")
    return next((number for number, line in enumerate(text.splitlines(), start=1) if starts.match(line)), 1)
