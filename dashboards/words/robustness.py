"""What the page of robustness says. Pure."""

import textwrap
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl

from dashboards import format
from dashboards.worded import worded

BASELINE = "baseline"
DIFFERENCE = "share of China less share of the United States"
HEADLINES = {
    DIFFERENCE: "China less United States",
    "share of China": "China",
    "share of the United States": "United States",
}
_WIDTH = 22
"""Letters a line of the names beside a chart holds, so that a phone has room for the chart."""

_BASELINE = "Baseline: all models, by the country of the publisher."

NOTHING = (
    "No day has known downloads yet: they are estimated from all-time counters that were read on two days or more. "
    "Run `tracker crawl` daily, then `tracker build`."
)
NOTE = (
    "The baseline counts the downloads of all models, by the country of the publisher, over the last 30 days with "
    "known downloads; each definition moves one switch and leaves the others. Shares are of all downloads that the "
    "definition counts, those of unaffiliated publishers among them. A crossover is the first day from which the 7-day "
    "mean of China's downloads stays above that of the United States for 14 days or more, after a day on which it did "
    "not. The interval holds the middle 95 % of 200 resamples of the models; it is computed for the baseline alone."
)


def lines(definition: str) -> str:
    """A definition as it stands beside a chart: broken into short lines."""
    return "\n".join(textwrap.wrap(definition, _WIDTH))


def bars(found: pl.DataFrame, headline: str) -> pl.DataFrame:
    """The switches by how far they move a headline, the furthest first: name, value, move, and their words."""
    of = found.filter((pl.col("headline") == headline) & pl.col("value").is_not_null())
    baseline = of.filter(pl.col("definition") == BASELINE)["value"]
    if baseline.is_empty():
        return pl.DataFrame()
    moved = of.filter(pl.col("definition") != BASELINE).with_columns(move=pl.col("value") - baseline[0])
    moved = moved.sort(pl.col("move").abs(), "number", descending=[True, False])
    return moved.select(
        worded(moved["definition"], lines, "name"),
        pl.col("definition").alias("told"),
        "value",
        "move",
        worded(moved["move"], format.points, "text"),
        worded(moved["value"], lambda value: _shown(value, headline), "exact"),
    )


def baseline_value(found: pl.DataFrame, headline: str) -> float | None:
    """The headline under the baseline; None if it is not known."""
    value = found.filter((pl.col("headline") == headline) & (pl.col("definition") == BASELINE))["value"]
    return None if value.is_empty() else value[0]


def verdict(found: pl.DataFrame, headline: str) -> str:
    """Which switch moves the headline most, and whether any changes who is ahead."""
    baseline, moved = baseline_value(found, headline), bars(found, headline)
    if baseline is None:
        return "The baseline is unknown."
    parts = [f"Under the baseline, {_sentence(baseline, headline)}."]
    if moved.height:
        most = moved.row(0, named=True)
        parts.append(
            f'The switch that moves it most is "{most["told"]}": {most["text"]}, to {_shown(most["value"], headline)}.'
        )
    parts.append(_who_is_ahead(found))
    return " ".join(parts)


def rows(found: pl.DataFrame, interval: pl.DataFrame, order: pl.DataFrame, first: date) -> pl.DataFrame:
    """When China passed under each definition, the baseline first, then in the order of the bars."""
    of = {row["definition"]: row for row in found.filter(pl.col("headline") == DIFFERENCE).to_dicts()}
    told = [BASELINE, *(name for name in order["told"] if name in of)] if BASELINE in of else []
    ends = interval.row(0, named=True) if interval.height else {"low": None, "high": None}
    shown = [_row(of[name], ends if name == BASELINE else {"low": None, "high": None}, first) for name in told]
    dates = {"crossed_on": pl.Date, "low": pl.Date, "high": pl.Date}
    texts = {name: pl.String for name in ("name", "told", "text", "said", "band")}
    return pl.DataFrame(shown, schema={**texts, **dates})


def title(headline: str) -> str:
    """The title of the tornado chart."""
    return f"How {_named(headline)} moves with the definition"


def subtitle(baseline: float, headline: str, last: date) -> str:
    """What the bars show."""
    return (
        f"Bars from the baseline ({_shown(baseline, headline)}) to the value with one switch moved, in points. "
        f"Share of estimated downloads of the {_thirty(last)}. {_BASELINE}"
        + (" Dashed: nobody is ahead." if headline == DIFFERENCE else "")
    )


def crossings_subtitle(first: date, last: date) -> str:
    """What the points show."""
    return (
        f"First day of a lead of 14 days or more, by 7-day means of daily downloads, {format.long_day(first)} to "
        f"{format.long_day(last)}. {_BASELINE} Band: 95 % interval of the baseline from 200 resamples."
    )


def described_bars(moved: pl.DataFrame, baseline: float, headline: str) -> str:
    """The tornado chart in words."""
    said = "; ".join(f"{row['told']} {row['text']}" for row in moved.to_dicts())
    return f"Bars from the baseline of {_shown(baseline, headline)}, largest move first: {said}."


def described_rows(shown: pl.DataFrame) -> str:
    """The crossovers in words."""
    return (
        "Crossover under each definition: "
        + "; ".join(f"{row['told']}: {row['said']}" for row in shown.to_dicts())
        + "."
    )


def data(found: pl.DataFrame, headline: str) -> pl.DataFrame:
    """The bars as offered for download, the baseline among them."""
    return found.filter(pl.col("headline") == headline).select("headline", "definition", "value")


def table(found: pl.DataFrame) -> pl.DataFrame:
    """All headlines under each definition, the baseline first: a row per definition."""
    columns = {"share of China": "china", "share of the United States": "united_states", DIFFERENCE: "difference"}
    wide = found.pivot("headline", index=["number", "definition"], values="value").sort("number")
    gap = found.filter(pl.col("headline") == DIFFERENCE)
    crossings = {row["definition"]: _crossing(row) for row in gap.to_dicts()}
    crossed = pl.col("definition").replace_strict(crossings, default=None, return_dtype=pl.String)
    named = [pl.col(name).alias(code) for name, code in columns.items() if name in wide.columns]
    return wide.select("definition", *named, crossed.alias("crossover")).with_columns(pl.col("difference") * 100)


def _row(row: Mapping[str, Any], ends: Mapping[str, date | None], first: date) -> dict[str, Any]:
    crossed_on, text = row["crossed_on"], _crossing(row)
    interval = _interval(ends, first) if row["definition"] == BASELINE and crossed_on else ""
    return {
        "name": lines(row["definition"]),
        "told": row["definition"],
        "text": text,
        "said": f"{text} ({interval})" if interval else text,
        "band": interval,
        "crossed_on": crossed_on,
        "low": ends["low"],
        "high": ends["high"],
    }


def _crossing(row: Mapping[str, Any]) -> str:
    """The day on which China passed, or in words why there is none."""
    if row["crossed_on"]:
        return _short(row["crossed_on"])
    if row["is_ahead_throughout"] is None:
        return format.UNKNOWN
    return "China ahead throughout" if row["is_ahead_throughout"] else "no crossover"


def _short(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _interval(ends: Mapping[str, date | None], first: date) -> str:
    low, high = ends["low"], ends["high"]
    if low is None:
        return "95 %: unknown"
    since = f"{_short(low)} or earlier" if low == first else _short(low)
    return f"95 %: {since}, to {_short(high) if high else 'not yet'}"


def _who_is_ahead(found: pl.DataFrame) -> str:
    gaps = {
        row["definition"]: row["value"]
        for row in found.filter((pl.col("headline") == DIFFERENCE) & pl.col("value").is_not_null()).to_dicts()
    }
    if BASELINE not in gaps:
        return "Who is ahead is unknown."
    ahead = gaps[BASELINE] > 0
    others = [name for name, gap in gaps.items() if (gap > 0) != ahead]
    country, other = ("China", "the United States") if ahead else ("the United States", "China")
    if not others:
        return f"No switch changes who is ahead: {country} is, under each of the {len(gaps)} definitions."
    named = " and ".join(f'"{name}"' for name in others)
    return f"{country[0].upper()}{country[1:]} is ahead under the baseline; {other} is ahead or level under {named}."


def _sentence(value: float, headline: str) -> str:
    if headline != DIFFERENCE:
        return f"{_named(headline)} is {format.percent(value)}"
    ahead, behind = ("China", "the United States") if value > 0 else ("the United States", "China")
    return f"{ahead} is ahead of {behind} by {format.points(abs(value)).lstrip('+')}"


def _named(headline: str) -> str:
    if headline == DIFFERENCE:
        return "China's lead over the United States"
    return f"the {headline}"


def _shown(value: float, headline: str) -> str:
    return format.points(value) if headline == DIFFERENCE else format.percent(value)


def _thirty(last: date) -> str:
    return f"30 days from {format.long_day(last - timedelta(days=29))} to {format.long_day(last)}"
