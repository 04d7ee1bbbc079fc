"""Texts that explain the data: the glossary, the tables with their columns, and example queries."""

from pathlib import Path

from tracker.errors import UsageError
from tracker.mcp.about import opened
from tracker.sql.query import COLUMNS, TABLES
from tracker.warehouse.documents import body, header, read_glossary
from tracker.warehouse.sql_files import FOLDER


def glossary() -> str:
    """Return terms and changes of meaning, as Markdown."""
    found = read_glossary()
    terms = [f"- **{term.term}**{f' (`{term.sql}`)' if term.sql else ''}: {term.meaning}" for term in found.terms]
    changes = [f"- {day}: {change}" for day, change in found.changes]
    return "\n".join(["# Glossary", "", *terms, "", "# Changes of meaning", "", *changes])


def schema(home: Path) -> str:
    """Return the tables of the warehouse with the questions they answer, as Markdown."""
    questions = read_glossary().questions
    with opened(home) as warehouse:
        tables = [row["name"] for row in warehouse.rows(TABLES)]
    asked = [f"- `{name}`: {questions[name]}" for name in questions if name in tables]
    others = ", ".join(f"`{name}`" for name in tables if name not in questions)
    more = "`describe TABLE` in the tool sql, or the resource tracker://schema/TABLE, has the columns."
    return "\n".join(["# Tables", "", more, "", *asked, "", f"Also: {others}."])


def columns(home: Path, table: str) -> str:
    """Return the columns of a table and what they mean, as Markdown. Raises UsageError for an unknown table."""
    with opened(home) as warehouse:
        if table not in {row["name"] for row in warehouse.rows(TABLES)}:
            raise UsageError(f"There is no table {table!r}. The resource tracker://schema lists them.")
        found = warehouse.rows(COLUMNS.format(name=table, schema="main"))
    lines = [f"- `{row['column_name']}` {row['column_type']}: {row['comment'] or ''}".rstrip(": ") for row in found]
    return "\n".join([f"# {table}", "", *lines])


def examples() -> str:
    """Return questions with the SQL that answers them, as Markdown."""
    parts = ["# Example queries"]
    for path in sorted((FOLDER / "examples").glob("*.sql")):
        text = path.read_text(encoding="utf-8")
        parts.append(f"{header(text).about}\n\n```sql\n{body(text)}\n```")
    return "\n\n".join(parts)
