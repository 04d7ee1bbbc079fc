"""Sections and tables of Markdown, headers of SQL files."""

import pytest

from dashboards.text import documents
from dashboards.text.documents import Header
from tracker.warehouse.sql_files import FOLDER

TEXT = """# A title

Before.

## One

| word | means |
|---|---|
| `a`, b | first; `b_c` |
| c \\| d |  |

After.

| not | read |
|:--|--:|
| x | y |

## Two
### Below two
Last.
"""


@pytest.mark.parametrize(
    ("title", "start", "end"), [("One", "| word", "| x | y |"), ("Two", "### Below two", "Last."), ("Three", "", "")]
)
def test_a_section_ends_where_the_next_of_its_rank_begins(title: str, start: str, end: str) -> None:
    found = documents.section(TEXT, title)
    assert found.startswith(start) and found.endswith(end)
    assert bool(found) == bool(start)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (TEXT, [{"word": "a, b", "means": "first; b_c"}, {"word": "c | d", "means": ""}]),
        ("| a | b |\n|---|---|\n", []),
        ("no table", []),
        ("", []),
        ("|---|\n| a |", []),
    ],
)
def test_the_first_table_is_read_by_its_headings(text: str, rows: list[dict[str, str]]) -> None:
    assert documents.table(text) == rows


def test_a_row_with_a_cell_too_few_is_no_row() -> None:
    with pytest.raises(ValueError):
        documents.table("| a | b |\n|---|---|\n| only one |")


@pytest.mark.parametrize(
    ("sql", "header", "body"),
    [
        ("-- Row.\n-- grain: a, b\n-- Odd.\n-- Odder.\nselect 1\n", Header("Row.", "a, b", "Odd. Odder."), "select 1"),
        ("-- A row.\n-- grain: a\nselect 1 -- one\n", Header("A row.", "a", ""), "select 1 -- one"),
        ("select 1", Header("", "", ""), "select 1"),
        ("-- Alone", Header("Alone", "", ""), "-- Alone"),
        ("", Header("", "", ""), ""),
    ],
)  # fmt: skip
def test_a_header_is_what_stands_above_the_select(sql: str, header: Header, body: str) -> None:
    assert documents.header(sql) == header
    assert documents.body(sql) == body


@pytest.mark.parametrize("title", ["Metrics", "Glossary", "Changes of meaning", "Examples"])
def test_the_readme_of_the_warehouse_has_the_sections_that_pages_show(title: str) -> None:
    rows = documents.table(documents.section((FOLDER / "README.md").read_text(), title))
    assert rows and all(all(row.values()) for row in rows)
