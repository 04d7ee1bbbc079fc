"""Tables and columns as the pages Method and SQL list them."""

import polars as pl
import pytest

from dashboards.text import method

COLUMNS = pl.DataFrame(
    {
        "table": ["models", "models", "steps.panels"],
        "table_comment": ["A repository.", "A repository.", "A day."],
        "column": ["repo_id", "size_bucket", "day"],
        "type": ["varchar", "varchar", "date"],
        "comment": ["Name (owner/name).", "Size: <1 to 250+ billion.", None],
    }
)


@pytest.mark.parametrize(
    ("text", "table", "found"),
    [
        ("", "", ["repo_id", "size_bucket", "day"]),
        ("", "models", ["repo_id", "size_bucket"]),
        ("OWNER", "", ["repo_id"]),
        ("Day", "models", []),
        ("(owner", "", ["repo_id"]),
        ("250+", "", ["size_bucket"]),
        (".", "steps.panels", ["day"]),
        ("o.e", "", []),
    ],
)
def test_search_finds_columns_by_plain_text_in_any_case(text: str, table: str, found: list[str]) -> None:
    assert method.matching(COLUMNS, text, table)["column"].to_list() == found


def test_tables_are_listed_once_with_their_question() -> None:
    rows = method.table_rows(COLUMNS, {"panels": "Which days compare?"}).rows()
    assert rows == [("models", "A repository.", None, 2), ("steps.panels", "A day.", "Which days compare?", 1)]
