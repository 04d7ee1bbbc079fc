"""The warehouse's own documents, read as data: sections and tables of its README, headers of its SQL files. Pure."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Header:
    """What a SQL file of the warehouse says of itself."""

    about: str
    """What a row is."""

    grain: str
    notes: str
    """What is surprising, in one paragraph; empty if nothing is."""


def section(text: str, title: str) -> str:
    """What stands under `## title` of a Markdown text, up to the next heading of that rank; empty if nothing does."""
    found = re.search(rf"^## {re.escape(title)}\n(?P<body>.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return found["body"].strip() if found else ""


def table(text: str) -> list[dict[str, str]]:
    """The rows of the first Markdown table of a text, by its headings, without marks of code; none if it has no table.

    A row that has not as many cells as there are headings raises ValueError: it would be read wrongly.
    """
    lines = [line.strip() for line in text.splitlines()]
    start = next((number for number, line in enumerate(lines) if _is_rule(line)), 0)
    if start == 0:
        return []
    names = _cells(lines[start - 1])
    rows = []
    for line in lines[start + 1 :]:
        if not line.startswith("|"):
            break
        rows.append(dict(zip(names, _cells(line), strict=True)))
    return rows


def header(sql: str) -> Header:
    """The comment lines at the top of a SQL file: what a row is, its grain, then what is surprising."""
    lines = []
    for line in sql.splitlines():
        if not line.startswith("--"):
            break
        lines.append(line.removeprefix("--").strip())
    about, grain, *notes = [*lines, "", ""][: max(len(lines), 2)]
    return Header(about, grain.removeprefix("grain:").strip(), " ".join(notes))


def body(sql: str) -> str:
    """A SQL file without the comment lines at its top."""
    return re.sub(r"\A(--[^\n]*\n)+", "", sql).strip()


def _is_rule(line: str) -> bool:
    return re.fullmatch(r"\|(\s*:?-+:?\s*\|)+", line) is not None


def _cells(line: str) -> list[str]:
    parts = re.split(r"(?<!\\)\|", line.strip("|"))
    return [part.strip().replace("\\|", "|").replace("`", "") for part in parts]
