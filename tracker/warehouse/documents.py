"""The warehouse's own documentation: glossary.toml, and the headers of SQL files."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tracker.warehouse.sql_files import FOLDER


@dataclass(frozen=True, slots=True)
class Term:
    """A term as readers see it."""

    term: str
    meaning: str
    sql: str
    """The column or value that stands for it in the tables; empty if there is none or it has the same name."""


@dataclass(frozen=True, slots=True)
class Glossary:
    """The content of warehouse/glossary.toml."""

    terms: tuple[Term, ...]
    questions: Mapping[str, str]
    """Public table -> the question it answers."""

    changes: tuple[tuple[date, str], ...]
    """Day on which the meaning of a number changed, and how."""

    final_days: str
    """When a day's downloads become final (Markdown)."""


@dataclass(frozen=True, slots=True)
class Header:
    """The comment lines at the top of a SQL file."""

    about: str
    """What a row is."""

    grain: str
    notes: str
    """Further lines as one paragraph; empty if there are none."""


def read_glossary() -> Glossary:
    """Read warehouse/glossary.toml."""
    return parse_glossary((FOLDER / "glossary.toml").read_text(encoding="utf-8"))


def parse_glossary(text: str) -> Glossary:
    """Parse the text of glossary.toml. Raises KeyError for an entry without a required key."""
    content = tomllib.loads(text)
    return Glossary(
        tuple(Term(entry["term"], entry["meaning"], entry.get("sql", "")) for entry in content["terms"]),
        content["questions"],
        tuple((entry["day"], entry["change"]) for entry in content["changes"]),
        content["final_days"].strip(),
    )


def header(sql: str) -> Header:
    """Return the header of a SQL file; empty strings for what it does not have."""
    lines = []
    for line in sql.splitlines():
        if not line.startswith("--"):
            break
        lines.append(line.removeprefix("--").strip())
    about, grain, *notes = [*lines, "", ""][: max(len(lines), 2)]
    notes = [line for line in notes if not line.startswith("incremental:")]
    return Header(about, grain.removeprefix("grain:").strip(), " ".join(notes))


def body(sql: str) -> str:
    """Return a SQL file without the comment lines at its top."""
    return re.sub(r"\A(--[^\n]*\n)+", "", sql).strip()
