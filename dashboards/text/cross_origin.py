"""What the page of origins across origins says. Pure."""

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

NO_MONTH = "No month has been counted yet. Run `tracker crawl` on two days or more, then `tracker build`."

CAVEAT = (
    "Bases are those that model cards declare and the registry corrects; a repository without a known base is its own "
    "root, so copies that hide their base count as the publisher's own. A model with several roots counts in each "
    "column by weight. Accounts outside the registry, unknown roots, and publishers that are international or do not "
    "say where they are have no country: the sentence above, the lines and the table leave them out."
)

_KINDS = {
    "release": "labs' own releases", "derivative": "derivatives", "repackaged": "repackaged copies",
    "other": "other models",
}  # fmt: skip


def month_name(month: date) -> str:
    """A month in words: October 2026."""
    return f"{month:%B %Y}"


def no_matrix(cells: pl.DataFrame, month: date, count: str) -> str:
    """Why a matrix cannot be shown: there is no such model, or the figure is not known."""
    if cells.is_empty():
        return f"No model of the chosen layers was counted in {month_name(month)}. Choose others."
    if count == "models":
        return (
            f"The number of models in {month_name(month)} is unknown: no listing was read whole in that month. "
            "Choose another month, or count downloads."
        )
    return (
        f"The downloads of {month_name(month)} are unknown: they are estimated from all-time counters that were read "
        "on two days or more. Choose another month, or count models."
    )


def axis_order(cells: pl.DataFrame, side: Literal["publisher", "root"]) -> tuple[str, ...]:
    """The codes of rows or columns: countries by what they have on both sides, then what is no single country."""
    of_others = cells.filter(pl.col("publisher") != pl.col("root"))
    both = pl.concat([cells.select("value", code="publisher"), of_others.select("value", code="root")])
    sums = both.group_by("code").agg(pl.col("value").sum()).sort("value", "code", descending=[True, False])
    here = set(cells[side])
    countries = [code for code in sums["code"] if code in here and code not in _LAST]
    return (*countries, *(code for code in _LAST if code in here))


def axis_names(codes: Sequence[str], origins: Mapping[str, str], side: Literal["publisher", "root"]) -> dict[str, str]:
    """Code -> name on one side of the matrix."""
    unknown = {"publisher": "Publisher not known", "root": "Root not known"}[side]
    special = {NOT_KNOWN: unknown, "ZZ": "Int. or undisclosed"}
    return {code: special.get(code) or origin_name(code, origins) for code in codes}


def matrix_cells(
    cells: pl.DataFrame, shown: Cells, rows: Mapping[str, str], columns: Mapping[str, str]
) -> pl.DataFrame:
    """The cells as the heat map draws them, with the words in them and those the pointer tells."""
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
    """Column of `drawn` -> what the pointer calls it."""
    return {
        "row": "Publisher", "column": "Root", "told_value": COUNTS[count],
        "told_row_share": "Of the publisher's", "told_column_share": "Of the root's",
    }  # fmt: skip


def largest_flow(cells: pl.DataFrame) -> dict[str, Any] | None:
    """The cell with most between two different countries; None if there is none."""
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
    """Who builds most on bases from elsewhere, in a few sentences written from the cells.

    `parts` are the layers of the largest flow between two countries, with what each has of it.
    """
    until = f", up to {last.day} {last:%b}" if last and _is_partial(month, last) else ""
    when = f"In {month_name(month)}{until}"
    first = largest_flow(cells)
    if first is None:
        return f"{when}, no large country published on the base of another."
    publisher, root = (in_sentence(names[first[side]]) for side in ("publisher", "root"))
    sentences = [
        f"{when}, the largest flow between two countries was {publisher} on bases of {root}: "
        f"{format.compact(first['value'])} {count}, {format.percent(first['row_share'])} of all that {publisher} "
        f"published. {_made_up_of(parts)}"
    ]
    outside = cells.filter((pl.col("publisher") == UNAFFILIATED) & ~pl.col("root").is_in(NO_COUNTRY))
    outside = outside.filter(pl.col("row_share").is_not_null()).sort("row_share", descending=True)
    if outside.height:
        largest = outside.row(0, named=True)
        sentences.append(
            f"Accounts outside the registry built most on {in_sentence(names[largest['root']])}: "
            f"{format.percent(largest['row_share'])} of their {count}."
        )
    return " ".join(sentences)


def _made_up_of(parts: Mapping[str, float]) -> str:
    """What a flow consists of: "All of it is repackaged copies."."""
    there = sorted(((value, layer) for layer, value in parts.items() if value), reverse=True)
    if not there:
        return "Its layers are not known."
    if len(there) == 1:
        return f"All of it is {_KINDS[there[0][1]]}."
    whole = sum(value for value, _ in there)
    return f"Of it, {', '.join(f'{format.percent(value / whole)} is {_KINDS[layer]}' for value, layer in there)}."


def _until(month: date, last: date | None) -> str:
    return f" up to {format.day(last)}" if _is_partial(month, last) else ""


def _is_partial(month: date, last: date | None) -> bool:
    return last is not None and (last.year, last.month) == (month.year, month.month)


def matrix_subtitle(definition: Definition, month: date, last: date | None, count: str, shown: Cells) -> str:
    """What the cells hold: unit, month and how far it goes, what is counted."""
    unit = {
        "row_share": f"Share of the publisher's {count}, in per cent; a row sums to 100",
        "column_share": f"Share of the {count} that go back to the root, in per cent; a column sums to 100",
        "value": f"Estimated {count} of the month" if count == "downloads" else "Models listed, by weight",
    }[shown]
    return (
        f"{unit}. {month_name(month)}{_until(month, last)}; {definition.counted()}. "
        "Outlined: bases of the same country. Blank: nothing there."
    )


def alt_text(cells: pl.DataFrame, shown: Cells, rows: Mapping[str, str], columns: Mapping[str, str]) -> str:
    """The heat map in words: the largest root of each publisher."""
    said = []
    for code, name in rows.items():
        row = cells.filter((pl.col("publisher") == code) & pl.col(shown).is_not_null()).sort(shown, descending=True)
        largest = [f"{columns[one['root']]} {_exact(shown)(one[shown])}" for one in row.head(2).to_dicts()]
        said.append(f"{name}: {', '.join(largest) if largest else 'unknown'}")
    return f"Heat map of publishers by root. Largest roots of each publisher: {'; '.join(said)}."


def matrix_data(cells: pl.DataFrame, rows: Mapping[str, str], columns: Mapping[str, str]) -> pl.DataFrame:
    """The cells as offered for download."""
    publisher = pl.col("publisher").replace_strict(rows, return_dtype=pl.String).alias("publisher_name")
    root = pl.col("root").replace_strict(columns, return_dtype=pl.String).alias("root_name")
    return cells.select("publisher", publisher, "root", root, "value", "row_share", "column_share")


def foreign_subtitle(definition: Definition, count: str) -> str:
    """What the lines of foreign bases show."""
    return (
        f"Share of the {count} of each publisher country whose root is of another country, by weight, by month; "
        f"{definition.counted()}. First and last month as far as days are known."
    )


def foreign_names(shares: pl.DataFrame, origins: Mapping[str, str]) -> dict[str, str]:
    """Code -> name of the countries with any month known."""
    if shares.is_empty():
        return {}
    known = shares.filter(pl.col("value").is_not_null())["code"].unique()
    return {code: origin_name(code, origins) for code in known}


def foreign_data(shares: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """The lines of foreign bases as offered for download."""
    name = pl.col("code").replace(all_origin_names(names)).alias("name")
    return shares.select("month", "code", name, "counted", "on_foreign", share="value")


def roots_text(roots: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> str:
    """ "Qwen/Qwen3-8B (China)", or with weights: "50% a/b (China) + 50% c/d (United States)"."""
    said = [f"{one['root']} ({origin_name(one['origin'], names)})" for one in roots]
    if len(said) == 1:
        return said[0]
    return " + ".join(f"{format.percent(one['weight'], 0)} {name}" for one, name in zip(roots, said, strict=True))


def _text(shown: Cells) -> Callable[[float | None], str]:
    """How the number in a cell reads: 1.16M, or per cent without their sign."""
    return format.compact if shown == "value" else _percent


def _short(shown: Cells) -> Callable[[float | None], str]:
    """The same in a cell of a phone: 1.2M."""
    return _two_digits if shown == "value" else _percent


def _exact(shown: Cells) -> Callable[[float | None], str]:
    """How it reads under the pointer and in words."""
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
