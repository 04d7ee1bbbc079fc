"""The finding of a comparison (the largest line and its lead) and the table of its lines. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import polars as pl

from dashboards.data import format
from dashboards.text import compare
from dashboards.text.comparison import Comparison
from dashboards.text.terms import in_sentence

Named = tuple[str, float]
"""A line's name and its figure."""

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight")
_AGES = {"week": "seven", "month": "thirty"}
_INDEX_MEANING = "An index shows growth, not size."


def finding(
    comparison: Comparison, found: pl.DataFrame, names: Mapping[str, str], at: date | int, base: date | int | None
) -> str:
    """The largest line at the step `at`, and its lead; `found` has the lines: code, value, share, index."""
    figures = found.select("code", comparison.view).drop_nulls().sort(comparison.view, "code", descending=[True, False])
    ranked = [(names[code], float(figure)) for code, figure in figures.iter_rows()]
    when = _when(comparison, at)
    if comparison.view == "index":
        return f"{when}{_grown(comparison, ranked, base)} {_INDEX_MEANING}"
    if len(ranked) == 1:
        (name, figure) = ranked[0]
        had = _shown(figure, comparison) if comparison.view == "share" else format.compact(figure)
        of = " of all" if comparison.view == "share" else ""
        return f"{when}, {in_sentence(name)} had {had}{of} {_what(comparison)}."
    most = "the largest share of" if comparison.view == "share" else "the most"
    return (
        f"{when}{_known_all(comparison)}, {in_sentence(ranked[0][0])} had {most} {_what(comparison)} of the "
        f"{_NUMBERS[len(ranked)]} {comparison.kind} compared: {_ahead(ranked, comparison)}."
    )


def no_common_age(comparison: Comparison, first_read: date, followed: Sequence[str]) -> str:
    """That no age is known for all lines, and what can be compared instead; `followed` are names of examples."""
    first = "they" if comparison.kind == "models" else "their first models"
    sentence = (
        f"No age is known for all of these {comparison.kind}: {first} were released far apart, and readings begin on "
        f"{format.day(first_read)}."
    )
    if len(followed) > 1:
        return f"{sentence} Examples released since then: {', '.join(followed)}."
    if comparison.kind == "models":
        return f"{sentence} Choose models released since then."
    return f"{sentence} Few {comparison.kind} are new since then; choose models instead."


def late_lines(late: Iterable[str], first_read: date) -> str:
    """Which lines lack their first days, because they were released before readings began."""
    named = ", ".join(late)
    return f"First days missing, because readings began later, on {format.day(first_read)}: {named}."


def table(
    outcome: pl.DataFrame, comparison: Comparison, names: Mapping[str, str], first_read: pl.DataFrame | None = None
) -> pl.DataFrame:
    """The table of lines: name, figures, change in per cent or points; without columns that are unknown.

    `first_read` are the days (day, code, share, read_on) on which a large part of a line is read for the first time. A
    note names them where they cut the change off.
    """
    name = pl.col("code").replace_strict(names, return_dtype=pl.String).alias("name")
    shown = outcome.select("code", name, *(pl.col(column) for column in outcome.columns if column != "code"))
    shown = shown.with_columns(pl.col("change") * 100)
    if comparison.measure != "derivatives":
        counts = ["value"] if comparison.view == "share" else ["value", "peak"]
        shown = shown.with_columns(pl.col(counts).round().cast(pl.Int64))
    index = ["index"] if comparison.view == "index" else []
    share = ["share"] if shown["share"].count() else []
    notes = _cut_off(outcome, comparison, first_read)
    shown = shown.with_columns(note=pl.col("code").replace_strict(notes, default=None, return_dtype=pl.String))
    note = ["note"] if notes else []
    return shown.select("name", *index, "value", *share, "at", "change", "since", *note, "peak", "peak_at")


def _cut_off(outcome: pl.DataFrame, comparison: Comparison, first_read: pl.DataFrame | None) -> dict[str, str]:
    """Code -> why its change does not reach back the usual time; those that do are left out."""
    if first_read is None or first_read.is_empty() or comparison.axes.x != "day":
        return {}
    usual = pl.col("at").dt.offset_by("-1mo")
    found = first_read.join(outcome.select("code", "at"), on="code").filter(pl.col("day").is_between(usual, "at"))
    return {
        row["code"]: f"{format.percent(row['share'])} of it was read for the first time on {format.day(row['read_on'])}"
        for row in found.sort("day").iter_rows(named=True)
    }


def _when(comparison: Comparison, at: date | int) -> str:
    """The step at the beginning of a sentence."""
    of_counter = "" if comparison.is_sum else "At the last reading of "
    if isinstance(at, date):
        step = compare.step_name(comparison, at)
    elif comparison.step == "day":
        return f"{format.count(at, 'day')} after release"
    else:
        step = f"in the {_AGES[comparison.step]} days from day {at} after release"
    if of_counter and comparison.step != "day":
        return of_counter + step.removeprefix("in ")
    return step[0].upper() + step[1:]


def _known_all(comparison: Comparison) -> str:
    return ", the last age at which all are known" if comparison.axes.x == "age" else ""


def _what(comparison: Comparison) -> str:
    """The measure without the step that the sentence names already."""
    what = compare.measure_name(comparison)
    if comparison.step != "day":
        what = what.removeprefix("weekly ").removeprefix("monthly ").removesuffix(" per month")
    return f"{what} (7-day mean)" if comparison.is_mean else what


def _ahead(ranked: Sequence[Named], comparison: Comparison) -> str:
    """The largest figure and its lead over the next."""
    (_, most), (name, next_most) = ranked[:2]
    leads, follows = (_shown(figure, comparison) for figure in (most, next_most))
    if comparison.view == "share":
        ahead = format.points(most - next_most).lstrip("+")
        return f"{leads}, {ahead} more than {in_sentence(name)} with {follows}"
    if next_most <= 0:
        return f"{leads}; {in_sentence(name)} had none"
    if most >= 2 * next_most:
        return f"{leads}, {most / next_most:.1f} times as many as {in_sentence(name)} with {follows}"
    if most == next_most:
        return f"{leads}, as many as {in_sentence(name)}"
    return f"{leads}, {format.percent(most / next_most - 1)} more than {in_sentence(name)} with {follows}"


def _grown(comparison: Comparison, ranked: Sequence[Named], base: date | int | None) -> str:
    (name, most), *others = ranked
    highest = f" the highest of the {_NUMBERS[len(ranked)]} {comparison.kind} compared," if others else ""
    following = f", followed by {in_sentence(others[0][0])} at {others[0][1]:,.0f}" if others else ""
    return (
        f"{_known_all(comparison)}, {in_sentence(name)} is{highest} at {most:,.0f}{following}; 100 is the level of "
        f"each {compare.step_name(comparison, base)}."
    )


def _shown(figure: float, comparison: Comparison) -> str:
    return format.percent(figure) if comparison.view == "share" else format.compact(figure)
