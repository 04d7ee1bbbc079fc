"""The method page: summary, tables, colours, sources and citations. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from dashboards.charts.colour_vision import VISIONS, contrast, nearest, simulated
from dashboards.charts.colours import DARK_BACKGROUND, LIGHT_BACKGROUND, ORIGINS
from dashboards.data import format, vocabulary
from dashboards.data.definition import Definition
from dashboards.data.vocabulary import LANGUAGE
from dashboards.data.warehouse import Build
from dashboards.text import citation
from dashboards.text.terms import LENSES, origin_name
from tracker.warehouse import documents
from tracker.warehouse.documents import Term

CHAPTERS = {
    "definitions": "Tables and columns",
    "glossary": "Glossary",
    "changes": "Changes",
    "colours": "Colours",
    "sources": "Sources and citing",
}

SUMMARY = (
    "A download is a request for a model's query file, not a user. GGUF repositories are counted per file, others per "
    "load. Downloads are attributed to the country of the publishing organisation or of the base model's lab (lens "
    "publisher or root in the tables), by the registry; accounts outside the registry are unaffiliated. Daily "
    "downloads are estimated from differences of the all-time counters, so that they sum to what the Hub counted. "
    "Unknown is blank, never zero. Incomplete listings are left out of sums."
)

COLOURS_MEANING = (
    "The colours of countries with normal sight, protanopia, deuteranopia and tritanopia (simulated after Machado, "
    "Oliveira and Fernandes, 2009). The distance is the CIE76 delta E of the two most similar colours; 2.3 is just "
    "noticeable side by side. Dashes and labels at the ends of lines show the same without colour."
)

_SOURCES = (
    "Counters, names, tags and declared bases: the public API of the Hugging Face Hub, read once a day.",
    "Who is who (organisations, labs, families, countries): this project's registry, each entry with its evidence; "
    "Apache-2.0, like the program.",
    "Figures are derived from these. Cite the day, scope, attribution and version, as below.",
)


def table_rows(columns: pl.DataFrame, questions: Mapping[str, str]) -> pl.DataFrame:
    """Return a row per table: table, meaning (of a row), question (if it answers one), columns (their number)."""
    name = pl.col("table").str.strip_prefix("steps.")
    question = name.replace_strict(questions, default=None, return_dtype=pl.String)
    return (
        columns.group_by("table", "table_comment", maintain_order=True)
        .agg(columns=pl.len())
        .select("table", meaning="table_comment", question=question, columns="columns")
    )


def matching(columns: pl.DataFrame, text: str, table: str = "") -> pl.DataFrame:
    """The columns (of `table`, if one is named) whose table, name or comment contains `text`, whatever its case."""
    hit = pl.any_horizontal(
        pl.col(name).fill_null("").str.to_lowercase().str.contains(text.lower(), literal=True)
        for name in ("table", "column", "comment")
    )
    wanted = columns.filter(hit & ((pl.col("table") == table) | pl.lit(table == "")))
    return wanted.select("table", "column", "type", meaning="comment")


def table_notes(sql: str) -> str:
    """What the header of a table's SQL file says: what a row is, its grain, what is surprising (Markdown)."""
    header = documents.header(sql)
    if not header.about:
        return ""
    return "\n\n".join(map(format.escape_markdown, (f"{header.about} One row for each: {header.grain}.", header.notes)))


def glossary(terms: Sequence[Term]) -> str:
    """Return the terms with their meaning and SQL, as a Markdown list."""
    lines = []
    for term in terms:
        sql = f" (`{term.sql}`)" if term.sql else ""
        lines.append(f"- **{format.escape_markdown(term.term)}**{sql}: {format.escape_markdown(term.meaning)}")
    return "\n".join(lines)


def changes(changes: Sequence[tuple[date, str]]) -> str:
    """Return the changes of meaning with their day, as a Markdown list."""
    return "\n".join(f"- **{format.day(day)}**: {format.escape_markdown(change)}" for day, change in changes)


def palette_names(origins: dict[str, str]) -> dict[str, str]:
    """Name -> colour of all that a chart by country may draw."""
    names = {vocabulary.NOT_KNOWN: "Not known"}
    return {names.get(code) or origin_name(code, origins): colour for code, colour in ORIGINS.items()}


def swatches(colours: dict[str, str]) -> pl.DataFrame:
    """Each colour under each kind of colour vision: name, vision, colour."""
    rows = [(name, vision, simulated(colour, vision)) for name, colour in colours.items() for vision in VISIONS]
    return pl.DataFrame(rows, schema=["name", "vision", "colour"], orient="row")


def distances(colours: dict[str, str]) -> pl.DataFrame:
    """For each kind of colour vision the two colours that are most alike, and their distance."""
    rows = []
    for vision in VISIONS:
        one, other, apart = nearest(colours, vision)
        rows.append((vision, round(apart, 1), f"{one}, {other}"))
    return pl.DataFrame(rows, schema=["vision", "distance", "most_alike"], orient="row")


def contrasts(colours: dict[str, str]) -> pl.DataFrame:
    """Each colour with its contrast on the light and on the dark background."""
    rows = [
        (name, colour, *(contrast(colour, ground) for ground in (LIGHT_BACKGROUND, DARK_BACKGROUND)))
        for name, colour in colours.items()
    ]
    return pl.DataFrame(rows, schema=["name", "colour", "on_light", "on_dark"], orient="row")


def sources() -> str:
    """Sources and licence, a point each (Markdown)."""
    return "\n".join(f"- {format.escape_markdown(point)}" for point in _SOURCES)


def citations(build: Build, registry_version: str | None, coverage: pl.DataFrame, models: str = LANGUAGE) -> list[str]:
    """How to name a figure's source, for either lens."""
    return [citation.source(build, registry_version, coverage, Definition(lens, models)) for lens in LENSES]
