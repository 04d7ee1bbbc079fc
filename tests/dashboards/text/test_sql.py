"""Texts of the SQL page."""

import pytest

from dashboards.charts.query_result import Choice
from dashboards.text import sql


@pytest.mark.parametrize(
    ("rows", "is_cut", "seconds", "expected"),
    [
        (1, False, 0.349, "1 row in 0.3 seconds."),
        (0, False, 1.0, "0 rows in 1.0 seconds."),
        (10_000, True, 2.25, "The first 10,000 rows in 2.2 seconds; there are more."),
        (10_000, False, 2.25, "10,000 rows in 2.2 seconds."),
    ],
)
def test_result_size(rows: int, is_cut: bool, seconds: float, expected: str) -> None:
    assert sql.result_size(rows, is_cut, seconds) == expected


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("-- Who is ahead?\nselect 1", "Who is ahead?"),
        ("\n  --Who? \nselect 1", "Who?"),
        ("select 1 -- Who?", "Result of a query"),
        ("--\nselect 1", "Result of a query"),
        ("", "Result of a query"),
    ],
)
def test_title_is_the_first_comment(query: str, title: str) -> None:
    assert sql.title(query) == title


@pytest.mark.parametrize(
    ("choice", "drawn", "rows", "expected"),
    [
        (Choice("bar", "a", "n", None), 5, 5, "n by a."),
        (Choice("bar", "a", "n", "c"), 5, 5, "n by a, coloured by c."),
        (Choice("bar", "a", "n", None), 50, 70, "n by a. 50 of 70 rows drawn."),
        (
            Choice("line", "a", "n", "c"), 50, 70,
            "n by a, coloured by c. 50 of 70 rows drawn, of the 8 largest of c.",
        ),
    ],
)  # fmt: skip
def test_subtitle_counts_rows_left_out(choice: Choice, drawn: int, rows: int, expected: str) -> None:
    assert sql.subtitle(choice, drawn, rows) == expected
