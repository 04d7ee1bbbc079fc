"""The robustness page: how each definition changes the headline. Pure."""

import textwrap
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl

from dashboards.data import format
from dashboards.data.vocabulary import universe_name

BASELINE = "baseline"
DIFFERENCE = "share of China less share of the United States"
HEADLINES = {
    DIFFERENCE: "China minus United States",
    "share of China": "China",
    "share of the United States": "United States",
}
_WIDTH = 22
"""Characters in a line of the labels left of a chart, so that the chart fits on a phone."""

NOTE = (
    "The baseline counts the estimated downloads of the models named above over the last 30 known days, by the "
    "country of the publisher; every other definition changes one thing. A capped model counts on no "
    "day with more than the 99th percentile of its own daily downloads. Shares are of all downloads that a definition "
    "counts, including those of unaffiliated publishers. A crossover is the first day of a lead of China "
    "over the United States of 14 days or more, by 7-day means, that follows a day without it; the last one is given, "
    "and whether the United States passed China later. Days known only as one sum date nothing: then it is a span. "
    "The interval is the middle 95% of 200 resamples of the models, computed for the baseline only. Figures are "
    "rounded, so differences may be off by 0.1."
)
NOT_TRIED = (
    "Other metrics (likes, models, all-time downloads) and single model types are not among these definitions; the "
    "overview covers them."
)


def baseline_meaning(models: str) -> str:
    """What the baseline counts."""
    return f"Baseline: {universe_name(models)}, by the country of the publisher."


def wrapped(definition: str) -> str:
    """A definition broken into two short lines at most, as a label of the chart."""
    return "\n".join(textwrap.wrap(definition.replace("contested organisations", "contested"), _WIDTH))


def bars(found: pl.DataFrame, headline: str) -> pl.DataFrame:
    """The definitions by how much they change a headline, the largest change first.

    Columns: name (wrapped), definition, value, move (change from the baseline), text, exact.
    """
    of = found.filter((pl.col("headline") == headline) & pl.col("value").is_not_null())
    baseline = of.filter(pl.col("definition") == BASELINE)["value"]
    if baseline.is_empty():
        return pl.DataFrame()
    moved = of.filter(pl.col("definition") != BASELINE).with_columns(move=pl.col("value") - baseline[0])
    moved = moved.sort(pl.col("move").abs(), "number", descending=[True, False])
    return moved.select(
        format.text_column(moved["definition"], wrapped, "name"),
        "definition",
        "value",
        "move",
        format.text_column(moved["move"], format.points, "text"),
        format.text_column(moved["value"], lambda value: _shown(value, headline), "exact"),
    )


def baseline_value(found: pl.DataFrame, headline: str) -> float | None:
    """The headline under the baseline; None if unknown."""
    value = found.filter((pl.col("headline") == headline) & (pl.col("definition") == BASELINE))["value"]
    return None if value.is_empty() else value[0]


def verdict(found: pl.DataFrame, headline: str) -> str:
    """The largest change of the headline, and whether any definition changes who leads."""
    baseline, moved = baseline_value(found, headline), bars(found, headline)
    if baseline is None:
        return "The baseline is unknown."
    parts = [f"Under the baseline, {_sentence(baseline, headline)}."]
    if moved.height and _is_still(moved):
        parts.append("No other definition changes this by 0.1 points or more.")
    elif moved.height:
        most = moved.row(0, named=True)
        parts.append(
            f'Of {format.count(moved.height, "other definition")}, "{most["definition"]}" changes this most: '
            f"{most['text']}, to {_shown(most['value'], headline)}."
        )
    parts.append(_who_is_ahead(found))
    return " ".join(parts)


def overview_note(found: pl.DataFrame) -> str:
    """The result of this page in a sentence for the overview; empty where it is unknown."""
    moved, baseline = bars(found, DIFFERENCE), baseline_value(found, DIFFERENCE)
    if baseline is None or moved.is_empty():
        return ""
    most, values = moved.row(0, named=True), [baseline, *moved["value"]]
    agree = sum((value > 0) == (baseline > 0) for value in values)
    under = "all of them" if agree == len(values) else f"{agree} of them"
    compared = (
        f"The page Robustness compares {len(values)} definitions on the estimated downloads of 30 days: "
        f"{_pair(baseline)[0]} leads under {under}"
    )
    if _is_still(moved):
        return f"{compared}, and none changes China's lead over the United States by 0.1 points or more."
    return (
        f"{compared}; "
        f'"{most["definition"]}" changes China\'s lead over the United States most, '
        f"from {_shown(baseline, DIFFERENCE)} to {_shown(most['value'], DIFFERENCE)}."
    )


def title(headline: str) -> str:
    """Title of the bar chart."""
    return f"How {_named(headline)} changes with the definition"


def subtitle(models: str, baseline: float, headline: str, last: date) -> str:
    """Baseline and period of the bars."""
    return (
        f"Each bar runs from the baseline ({_shown(baseline, headline)}) to the value with one thing changed. "
        f"Share of estimated downloads of the {_thirty(last)}. {baseline_meaning(models)}"
        + (" Dashed: no difference." if headline == DIFFERENCE else "")
    )


def alt_text(moved: pl.DataFrame, baseline: float, headline: str) -> str:
    """Alternative text of the bar chart."""
    listed = "; ".join(f"{row['definition']} {row['text']}" for row in moved.to_dicts())
    return f"Bars from the baseline of {_shown(baseline, headline)}, largest move first: {listed}."


def data(found: pl.DataFrame, headline: str) -> pl.DataFrame:
    """The data of the bars for download, with the baseline."""
    return found.filter(pl.col("headline") == headline).select("headline", "definition", "value")


def table(found: pl.DataFrame) -> pl.DataFrame:
    """All headlines, a row for each definition, the baseline first."""
    columns = {"share of China": "china", "share of the United States": "united_states", DIFFERENCE: "difference"}
    wide = found.pivot("headline", index=["number", "definition"], values="value").sort("number")
    gap = found.filter(pl.col("headline") == DIFFERENCE)
    crossings = {row["definition"]: crossover(row) for row in gap.to_dicts()}
    crossed = pl.col("definition").replace_strict(crossings, default=None, return_dtype=pl.String)
    named = [pl.col(name).alias(code) for name, code in columns.items() if name in wide.columns]
    difference = format.without_signed_zeros(pl.col("difference") * 100).alias("difference")
    return wide.select("definition", *named, crossed.alias("crossover")).with_columns(difference)


def crossover(row: Mapping[str, Any]) -> str:
    """When China last passed the United States and was passed again, or why there is no date."""
    passed, lost = row["crossed_on"], row["lost_on"]
    if passed is None and lost is None:
        if row["is_ahead_throughout"] is None:
            return format.UNKNOWN
        return "China led throughout" if row["is_ahead_throughout"] else "no crossover"
    when = format.between(row["crossed_after"], passed).removeprefix("on ") if passed else ""
    if lost is None or (passed and lost < passed):
        return when
    passed_again = f"United States passed {format.between(row['lost_after'], lost)}"
    return f"{when}, {passed_again}" if when else passed_again


def _is_still(moved: pl.DataFrame) -> bool:
    """Whether the largest change rounds to nothing."""
    return bool(moved["text"][0] == format.points(0.0))


def _who_is_ahead(found: pl.DataFrame) -> str:
    gaps = {
        row["definition"]: row["value"]
        for row in found.filter((pl.col("headline") == DIFFERENCE) & pl.col("value").is_not_null()).to_dicts()
    }
    if BASELINE not in gaps:
        return "Who leads is unknown."
    country, other = _pair(gaps[BASELINE])
    others = [name for name, gap in gaps.items() if (gap > 0) != (gaps[BASELINE] > 0)]
    if not others:
        return f"{_upper(country)} leads under all {len(gaps)} definitions."
    named = " and ".join(f'"{name}"' for name in others)
    return f"{_upper(country)} leads under the baseline; {other} leads or is level under {named}."


def _sentence(value: float, headline: str) -> str:
    if headline != DIFFERENCE:
        return f"{_named(headline)} is {format.percent(value)}"
    ahead, behind = _pair(value)
    return f"{ahead} leads {behind} by {format.points(abs(value)).lstrip('+')}"


def _pair(gap: float) -> tuple[str, str]:
    """The leader and the follower by China's share minus that of the United States."""
    return ("China", "the United States") if gap > 0 else ("the United States", "China")


def _upper(name: str) -> str:
    return f"{name[0].upper()}{name[1:]}"


def _named(headline: str) -> str:
    if headline == DIFFERENCE:
        return "China's lead over the United States"
    return f"the {headline}"


def _shown(value: float, headline: str) -> str:
    return format.points(value) if headline == DIFFERENCE else format.percent(value)


def _thirty(last: date) -> str:
    return f"30 days {format.day(last - timedelta(days=29))} – {format.day(last)}"
