"""The country-to-country page: matrix, lines and headline. Pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Literal

import polars as pl

from dashboards.data import format
from dashboards.data.definition import Definition
from dashboards.data.vocabulary import NOT_KNOWN, OTHER, UNAFFILIATED
from dashboards.text.terms import all_origin_names, in_sentence, origin_name

Cells = Literal["row_share", "column_share", "value"]

COUNTS = {"downloads": "Downloads", "models": "Models"}
CELLS: dict[Cells, str] = {"row_share": "Share of publisher", "column_share": "Share of base model", "value": "Total"}
_LAST = (OTHER, UNAFFILIATED, NOT_KNOWN)
NO_COUNTRY = (*_LAST, "ZZ")

NO_MONTH = "No month has been counted yet. Run `tracker crawl` on at least two days, then `tracker build`."

CAVEAT = (
    "Base models are those declared in model cards, corrected by the registry. A repository without a known base "
    "counts as its own base model, so copies that do not declare their base count for their publisher. A model with "
    "several base models counts in each column by weight. Accounts outside the registry, unknown base models, and "
    "publishers that are international or undisclosed have no country, so they count neither as home nor as abroad."
)

_KINDS = {
    "release": "originals", "derivative": "fine-tunes", "repackaged": "quantized copies",
    "other": "other models",
}  # fmt: skip


def month_name(month: date) -> str:
    """A month: October 2026."""
    return f"{month:%B %Y}"


def no_matrix(cells: pl.DataFrame, month: date, count: str, no_daily: str) -> str:
    """Why there is no matrix: no model matches, or the figures are unknown (downloads: `no_daily` says why)."""
    if cells.is_empty():
        return f"No models match these filters in {month_name(month)}. Change them above."
    if count == "models":
        return (
            f"The number of models in {month_name(month)} is unknown, because no complete listing was read in it. "
            "Choose another month, or count downloads."
        )
    return f"The downloads of {month_name(month)} are unknown. {no_daily} Choose another month, or count models."


def axis_order(cells: pl.DataFrame, side: Literal["publisher", "root"]) -> tuple[str, ...]:
    """The codes of rows or columns: countries by their total on both sides, then what is no single country."""
    of_others = cells.filter(pl.col("publisher") != pl.col("root"))
    both = pl.concat([cells.select("value", code="publisher"), of_others.select("value", code="root")])
    sums = both.group_by("code").agg(pl.col("value").sum()).sort("value", "code", descending=[True, False])
    here = set(cells[side])
    countries = [code for code in sums["code"] if code in here and code not in _LAST]
    return (*countries, *(code for code in _LAST if code in here))


def axis_names(codes: Sequence[str], origins: Mapping[str, str], side: Literal["publisher", "root"]) -> dict[str, str]:
    """Code -> name on one side of the matrix."""
    unknown = {"publisher": "Publisher unknown", "root": "Base model unknown"}[side]
    special = {NOT_KNOWN: unknown, "ZZ": "Int. or undisclosed"}
    return {code: special.get(code) or origin_name(code, origins) for code in codes}


def matrix_cells(
    cells: pl.DataFrame, shown: Cells, rows: Mapping[str, str], columns: Mapping[str, str]
) -> pl.DataFrame:
    """The cells of the heat map: row, column, heat (0 to 1), text, short (for phones), is_own, tooltips."""
    highest = cells["value"].max() if shown == "value" else 1.0
    return cells.select(
        pl.col("publisher").replace_strict(rows, return_dtype=pl.String).alias("row"),
        pl.col("root").replace_strict(columns, return_dtype=pl.String).alias("column"),
        (pl.col(shown) / highest).fill_null(0.0).alias("heat"),
        format.text_column(cells[shown], _text(shown), "text", unknown=_text(shown)(None)),
        format.text_column(cells[shown], _short(shown), "short", unknown="?"),
        ((pl.col("publisher") == pl.col("root")) & ~pl.col("publisher").is_in(NO_COUNTRY)).alias("is_own"),
        *(format.text_column(cells[name], _exact(name), f"told_{name}", unknown=format.UNKNOWN) for name in CELLS),
    )


def tooltips(count: str) -> dict[str, str]:
    """Column of `matrix_cells` -> its name in the tooltip."""
    return {
        "row": "Publisher", "column": "Base model", "told_value": COUNTS[count],
        "told_row_share": "Of the publisher's", "told_column_share": "Of the base models'",
    }  # fmt: skip


def largest_flow(cells: pl.DataFrame) -> dict[str, Any] | None:
    """The largest cell between two different countries; None if there is none."""
    foreign = cells.filter(
        ~pl.col("publisher").is_in(NO_COUNTRY) & ~pl.col("root").is_in(NO_COUNTRY)
        & (pl.col("publisher") != pl.col("root")) & pl.col("value").is_not_null()
    )  # fmt: skip
    return foreign.sort("value", descending=True).row(0, named=True) if foreign.height else None


def headline(
    cells: pl.DataFrame,
    month: date,
    last: date | None,
    count: str,
    names: Mapping[str, str],
    parts: Mapping[str, float],
) -> str:
    """The largest flow between two countries, and where unregistered accounts build most.

    `parts` has the layers of that flow and their values.
    """
    until = f", up to {last.day} {last:%b}" if last and _is_partial(month, last) else ""
    when = f"In {month_name(month)}{until}"
    first = largest_flow(cells)
    if first is None:
        return f"{when}, none of the largest countries published models built on those of another."
    publisher, root = (in_sentence(names[first[side]]) for side in ("publisher", "root"))
    sentences = [
        f"{when}, the largest flow between two countries is models from {publisher} built on base models from {root}: "
        f"{format.compact(first['value'])} {count}, {format.percent(first['row_share'])} of all from {publisher}. "
        f"{_composition(parts)}"
    ]
    outside = cells.filter((pl.col("publisher") == UNAFFILIATED) & ~pl.col("root").is_in(NO_COUNTRY))
    outside = outside.filter(pl.col("row_share").is_not_null()).sort("row_share", descending=True)
    if outside.height:
        largest = outside.row(0, named=True)
        sentences.append(
            f"Accounts outside the registry build most on base models from {in_sentence(names[largest['root']])}: "
            f"{format.percent(largest['row_share'])} of their {count}."
        )
    return " ".join(sentences)


def _composition(parts: Mapping[str, float]) -> str:
    """The model types of a flow: "All of these are quantized copies."."""
    there = sorted(((value, layer) for layer, value in parts.items() if value), reverse=True)
    if not there:
        return "Its model types are unknown."
    if len(there) == 1:
        return f"All of these are {_KINDS[there[0][1]]}."
    whole = sum(value for value, _ in there)
    return f"Of these, {', '.join(f'{format.percent(value / whole)} {_KINDS[layer]}' for value, layer in there)}."


def _until(month: date, last: date | None) -> str:
    return f" up to {format.day(last)}" if _is_partial(month, last) else ""


def _is_partial(month: date, last: date | None) -> bool:
    return last is not None and (last.year, last.month) == (month.year, month.month)


def matrix_subtitle(definition: Definition, month: date, last: date | None, count: str, shown: Cells) -> str:
    """Unit, month and filters of the cells."""
    unit = {
        "row_share": f"Share of the publisher's {count} in %; a row sums to 100",
        "column_share": f"Share of the {count} built on these base models in %; a column sums to 100",
        "value": f"Estimated {count} of the month" if count == "downloads" else "Models listed, by weight",
    }[shown]
    return (
        f"{unit}. {month_name(month)}{_until(month, last)}; {definition.counted()}. "
        "Outlined: base models of the same country. Blank: none."
    )


def alt_text(cells: pl.DataFrame, shown: Cells, rows: Mapping[str, str], columns: Mapping[str, str]) -> str:
    """Alternative text of the heat map: the largest base-model countries of each publisher country."""
    parts = []
    for code, name in rows.items():
        row = cells.filter((pl.col("publisher") == code) & pl.col(shown).is_not_null()).sort(shown, descending=True)
        largest = [f"{columns[one['root']]} {_exact(shown)(one[shown])}" for one in row.head(2).to_dicts()]
        parts.append(f"{name}: {', '.join(largest) if largest else 'unknown'}")
    return f"Heat map of publishers by base model. Largest of each publisher: {'; '.join(parts)}."


def matrix_data(cells: pl.DataFrame, rows: Mapping[str, str], columns: Mapping[str, str]) -> pl.DataFrame:
    """The data of the matrix for download."""
    publisher = pl.col("publisher").replace_strict(rows, return_dtype=pl.String).alias("publisher_name")
    root = pl.col("root").replace_strict(columns, return_dtype=pl.String).alias("root_name")
    return cells.select("publisher", publisher, "root", root, "value", "row_share", "column_share")


def foreign_subtitle(definition: Definition, count: str) -> str:
    """Definition and filters of the lines of foreign base models."""
    return (
        f"Share of the {count} of each publisher country whose base model is from another country, by month; "
        f"{definition.counted()}. The first and last month count their known days only, "
        "and a month with a break of the series those since."
    )


def foreign_names(shares: pl.DataFrame, origins: Mapping[str, str]) -> dict[str, str]:
    """Code -> name of the countries with a known month."""
    if shares.is_empty():
        return {}
    known = shares.filter(pl.col("value").is_not_null())["code"].unique()
    return {code: origin_name(code, origins) for code in known}


def foreign_data(shares: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """The data of the lines for download."""
    name = pl.col("code").replace(all_origin_names(names)).alias("name")
    return shares.select("month", "code", name, "counted", "on_foreign", share="value")


def roots_text(roots: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> str:
    """The roots of a model: "Qwen/Qwen3-8B (China)"; several with weights: "50% a/b (China) + 50% c/d (France)"."""
    parts = [f"{one['root']} ({origin_name(one['origin'], names)})" for one in roots]
    if len(parts) == 1:
        return parts[0]
    return " + ".join(f"{format.percent(one['weight'], 0)} {name}" for one, name in zip(roots, parts, strict=True))


def _text(shown: Cells) -> Callable[[float | None], str]:
    """The text of a cell: 1.16M, or a percentage without its sign."""
    return format.compact if shown == "value" else _percent


def _short(shown: Cells) -> Callable[[float | None], str]:
    """The shorter text for phones: 1.2M."""
    return _two_digits if shown == "value" else _percent


def _exact(shown: Cells) -> Callable[[float | None], str]:
    """The text in tooltips and alternative texts."""
    return format.exact if shown == "value" else lambda share: format.percent(share, 2)


def _percent(share: float | None) -> str:
    if share is None:
        return "?"
    return "<1" if 0 < share < 0.005 else f"{share * 100:.0f}"


def _two_digits(value: float | None) -> str:
    if value is None:
        return "?"
    text = format.compact(value)
    number = text.rstrip("KMB")
    letter = text.removeprefix(number)
    return f"{float(number):.2g}{letter}" if letter and float(number) < 10 else f"{number.partition('.')[0]}{letter}"
