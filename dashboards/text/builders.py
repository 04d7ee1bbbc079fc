"""Who builds on a family or lab: titles, bars, captions. Pure."""

from collections.abc import Mapping

import polars as pl

from dashboards.charts.colours import FIRST
from dashboards.data import format
from dashboards.data.vocabulary import layer_names
from dashboards.text.family import by_country
from dashboards.text.rankings import FORMATS
from dashboards.text.terms import origin_name

NOTHING = "No models that others built on it match these filters, or their downloads are unknown."
HINT = "Click a bar to filter by it. To undo, empty the filter above."
SUBTITLE = (
    "Models of others than its lab, credited to the base model by weight. GGUF repositories count every fetched file, "
    "others one file per load."
)
NOTE = (
    "Credited: 30-day downloads times the share of each model that goes back to it. Share: of all that others build on "
    "it, whatever the filters of country, type and format. An account that is not registered is unaffiliated."
)
_PLAIN = "Models of others"


def title(name: str, part: str) -> str:
    """Title of a chart of bars."""
    by = "country of the publisher" if part == "origin" else "format or method"
    return f"Who builds on {name}: 30-day downloads by {by}"


def heading(name: str) -> str:
    """Above the table of accounts."""
    return f"Accounts that build on {name}"


def country_bars(parts: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """Downloads by country as bars: group, code, part, value, share."""
    summed = parts.group_by("origin", maintain_order=True).agg(pl.col("downloads_30d").sum())
    return by_country(summed, names)


def format_bars(parts: pl.DataFrame) -> pl.DataFrame:
    """Downloads by format as bars, the largest first: group, part, value, share."""
    return plain_bars(parts, "format", FORMATS)


def plain_bars(parts: pl.DataFrame, column: str, names: Mapping[str, str]) -> pl.DataFrame:
    """Downloads by the values of a column as bars of one colour, the largest first: group, part, value, share."""
    known = parts.filter(pl.col("downloads_30d").is_not_null())
    summed = known.group_by(column).agg(value=pl.col("downloads_30d").sum())
    return summed.sort("value", column, descending=[True, False]).select(
        pl.col(column).replace(names).alias("group"), pl.lit(_PLAIN).alias("part"), "value",
        share=pl.col("value") / pl.col("value").sum(),
    )  # fmt: skip


def format_colours() -> dict[str, str]:
    """The colour of the bars of formats."""
    return {_PLAIN: FIRST}


def code_of(part: str, group: str, names: Mapping[str, str]) -> str | None:
    """The value of a filter for a bar; None for a bar of several groups."""
    if part == "format":
        return next((code for code, name in FORMATS.items() if name == group), None)
    codes = {origin_name(code, names): code for code in (*names, "unaffiliated")}
    return codes.get(group)


def type_names() -> dict[str, str]:
    """Layer -> the model type that readers see."""
    return layer_names()


def joined(values: list[str], names: Mapping[str, str]) -> str:
    """Several types or formats in one cell."""
    return ", ".join(sorted(names.get(value, value) for value in values))


def shown(name: str, found: pl.DataFrame) -> str:
    """How many accounts match, and the three largest."""
    total = int(found["accounts"][0])
    first = [f"{row['author']} ({format.percent(row['share'])})" for row in found.head(3).to_dicts()]
    verb = "builds" if total == 1 else "build"
    return (
        f"{format.count(total, 'account')} {verb} on {name} under these filters; the largest: {format.joined(first)} "
        f"of all downloads built on {name}."
    )
