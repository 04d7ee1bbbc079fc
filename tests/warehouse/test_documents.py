"""The warehouse's documentation: glossary.toml and headers of SQL files."""

from datetime import date

import pytest

from dashboards.data.vocabulary import layer_names
from dashboards.text.terms import LENSES
from tracker.warehouse import documents
from tracker.warehouse.documents import Header, Term
from tracker.warehouse.sql_files import FOLDER, ColumnComments

GLOSSARY = documents.parse_glossary((FOLDER / "glossary.toml").read_text())

MINIMAL = r"""
final_days = "\nAfter a month.\n"
[[terms]]
term = "Model type"
sql = "layer"
meaning = "What kind."
[[terms]]
term = "Day"
meaning = "UTC."
[questions]
models = "Which?"
[[changes]]
day = 2026-11-22
change = "More."
"""


def test_glossary_is_parsed_into_its_parts() -> None:
    assert documents.parse_glossary(MINIMAL) == documents.Glossary(
        (Term("Model type", "What kind.", "layer"), Term("Day", "UTC.", "")),
        {"models": "Which?"},
        ((date(2026, 11, 22), "More."),),
        "After a month.",
    )


def test_term_without_meaning_is_an_error() -> None:
    with pytest.raises(KeyError, match="meaning"):
        documents.parse_glossary(MINIMAL.replace('meaning = "UTC."', ""))


def test_shipped_glossary_has_every_part() -> None:
    assert len(GLOSSARY.terms) > 30 and GLOSSARY.changes and "model_flows" in GLOSSARY.final_days
    assert len({term.term for term in GLOSSARY.terms}) == len(GLOSSARY.terms)
    assert all(term.meaning.endswith(".") for term in GLOSSARY.terms)


def test_glossary_maps_model_types_as_pages_name_them() -> None:
    named = {term.sql: term.term for term in GLOSSARY.terms}
    assert {f"layer = '{layer}'": name for layer, name in layer_names().items()}.items() <= named.items()


def test_glossary_maps_lenses_as_pages_name_them() -> None:
    named = {term.sql: term.term for term in GLOSSARY.terms}
    expected = {f"lens = '{lens}'": f"Attribute to: {name.lower()}" for lens, name in LENSES.items()}
    assert expected.items() <= named.items()


def test_glossary_names_existing_columns_and_tables() -> None:
    columns = ColumnComments.load().columns
    used = [column.split(" = ")[0] for term in GLOSSARY.terms if term.sql for column in term.sql.split(", ")]
    assert [column for column in used if column not in columns] == []
    tables = {path.stem for layer in ("marts", "views") for path in (FOLDER / layer).rglob("*.sql")}
    assert len(GLOSSARY.questions) > 10 and GLOSSARY.questions.keys() <= tables


@pytest.mark.parametrize(
    ("sql", "header", "body"),
    [
        ("-- Row.\n-- grain: a, b\n-- One.\n-- Two.\nselect 1\n", Header("Row.", "a, b", "One. Two."), "select 1"),
        ("-- A row.\n-- grain: a\nselect 1 -- one\n", Header("A row.", "a", ""), "select 1 -- one"),
        ("-- Row.\n-- grain: a\n-- incremental: append\n-- Note.\nselect 1", Header("Row.", "a", "Note."), "select 1"),
        ("select 1", Header("", "", ""), "select 1"),
        ("-- Alone", Header("Alone", "", ""), "-- Alone"),
        ("", Header("", "", ""), ""),
    ],
)  # fmt: skip
def test_header_is_separated_from_the_select(sql: str, header: Header, body: str) -> None:
    assert documents.header(sql) == header
    assert documents.body(sql) == body
