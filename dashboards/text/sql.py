"""What the page of SQL says. Pure."""

import re
from typing import Literal

from dashboards.charts.query_result import MOST_COLOURS, Choice
from dashboards.data import format

INTRODUCTION = (
    "The warehouse is one DuckDB file; whatever the pages show can be asked of it, and more. A query reads the "
    "warehouse and nothing else, for at most {seconds:g} seconds, and gives at most {rows:,} rows."
)
PLACEHOLDER = "select origin, sum(downloads_30d) as downloads_30d from adoption_days where lens = 'publisher' and ..."
NOTHING_ASKED = "Write a query, or choose an example."
NOTHING_TO_DRAW = "Nothing to draw: that takes a column of numbers, and days, names or other numbers beside it."

KINDS: dict[Literal["line", "bar", "scatter", "none"], str] = {
    "line": "Line",
    "bar": "Bar",
    "scatter": "Scatter",
    "none": "No chart",
}
NO_COLOUR = "One colour"


def result_size(rows: int, is_cut: bool, seconds: float) -> str:
    """How many rows an answer has, whether there were more, and what it took."""
    took = f"{seconds:.1f} seconds"
    if is_cut:
        return f"The first {format.count(rows, 'row')} of more, in {took}."
    return f"{format.count(rows, 'row')} in {took}."


def title(query: str) -> str:
    """The question a query begins with as a comment, else that it is a query's result."""
    asked = re.match(r"\s*--[ \t]*(?P<question>\S[^\n]*)", query)
    return asked["question"].strip() if asked else "Result of a query"


def subtitle(choice: Choice, drawn: int, rows: int) -> str:
    """What is drawn of a result, and what is left out."""
    apart = f", coloured by {choice.colour}" if choice.colour else ""
    said = f"{choice.y} by {choice.x}{apart}."
    if drawn == rows:
        return said
    most = f", of the {MOST_COLOURS} largest of {choice.colour}" if choice.colour else ""
    return f"{said} Drawn are {drawn:,} of {format.count(rows, 'row')}{most}."
