"""The SQL page: introduction, and texts about a result. Pure."""

import re
from typing import Literal

from dashboards.charts.query_result import MOST_COLOURS, Choice
from dashboards.data import format

INTRODUCTION = (
    "Query the warehouse, the DuckDB file behind all pages. A query can only read the warehouse, runs for at most "
    "{seconds:g} seconds and returns at most {rows:,} rows."
)
PLACEHOLDER = (
    "select origin_name, sum(downloads_30d) as downloads_30d from models_now "
    "where task_class = 'language' group by origin_name"
)
NOTHING_ASKED = "Write a query, or choose an example."
NOTHING_TO_DRAW = "No chart: it needs a column of numbers and another of days, names or numbers."

KINDS: dict[Literal["line", "bar", "scatter", "none"], str] = {
    "line": "Line",
    "bar": "Bar",
    "scatter": "Scatter",
    "none": "No chart",
}
NO_COLOUR = "One colour"


def result_size(rows: int, is_cut: bool, seconds: float) -> str:
    """The number of rows of a result, whether it is cut, and its duration."""
    took = f"{seconds:.1f} seconds"
    if is_cut:
        return f"The first {format.count(rows, 'row')} in {took}; there are more."
    return f"{format.count(rows, 'row')} in {took}."


def title(query: str) -> str:
    """The comment at the start of a query, or a default title."""
    asked = re.match(r"\s*--[ \t]*(?P<question>\S[^\n]*)", query)
    return asked["question"].strip() if asked else "Result of a query"


def subtitle(choice: Choice, drawn: int, rows: int) -> str:
    """The columns drawn, and how many rows are left out."""
    apart = f", coloured by {choice.colour}" if choice.colour else ""
    sentence = f"{choice.y} by {choice.x}{apart}."
    if drawn == rows:
        return sentence
    most = f", of the {MOST_COLOURS} largest of {choice.colour}" if choice.colour else ""
    return f"{sentence} {drawn:,} of {format.count(rows, 'row')} drawn{most}."
