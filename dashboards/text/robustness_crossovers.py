"""The robustness page: when China passed the United States under each definition. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from dashboards.data import format
from dashboards.data.known_days import DaysKnown
from dashboards.text.robustness import BASELINE, BASELINE_MEANING, DIFFERENCE, crossover, wrapped


def has_crossovers(found: pl.DataFrame) -> bool:
    """Whether China passed the United States under any definition."""
    return found["crossed_on"].count() > 0


def summary(found: pl.DataFrame, known: DaysKnown | None) -> str:
    """Under how many definitions China passed the United States in the known days."""
    if known is None:
        return ""
    of = found.filter(pl.col("headline") == DIFFERENCE)
    crossed, throughout, number = of["crossed_on"].count(), int(of["is_ahead_throughout"].sum()), of.height
    if crossed:
        sentence = f"China passed the United States under {crossed} of {number} definitions in the {known.span()}."
    else:
        led = f"; it led throughout under {throughout if throughout < number else 'each'} of them" if throughout else ""
        sentence = f"China passed the United States under none of {number} definitions in the {known.span()}{led}."
    return f"{sentence} {known.reconstructed()}".strip()


def rows(found: pl.DataFrame, interval: pl.DataFrame, order: pl.DataFrame, first: date) -> pl.DataFrame:
    """The crossover under each definition, the baseline first, then in the order of the bars (`order`).

    Columns: name (wrapped), definition, text, said (text with interval), band (interval), crossed_on, low, high.
    """
    of = {row["definition"]: row for row in found.filter(pl.col("headline") == DIFFERENCE).to_dicts()}
    definitions = [BASELINE, *(name for name in order["definition"] if name in of)] if BASELINE in of else []
    ends = interval.row(0, named=True) if interval.height else {"low": None, "high": None}
    shown = [_row(of[name], ends if name == BASELINE else {"low": None, "high": None}, first) for name in definitions]
    dates = {"crossed_on": pl.Date, "low": pl.Date, "high": pl.Date}
    texts = {name: pl.String for name in ("name", "definition", "text", "said", "band")}
    return pl.DataFrame(shown, schema={**texts, **dates})


def subtitle(first: date, last: date) -> str:
    """Definition and period of the points."""
    return (
        f"First day of a lead of 14 days or more, by 7-day means of daily downloads, {format.day(first)} – "
        f"{format.day(last)}. {BASELINE_MEANING} Band: 95% interval of the baseline from 200 resamples."
    )


def alt_text(shown: pl.DataFrame) -> str:
    """Alternative text of the chart of crossovers."""
    return (
        "Crossover under each definition: "
        + "; ".join(f"{row['definition']}: {row['said']}" for row in shown.to_dicts())
        + "."
    )


def _row(row: Mapping[str, Any], ends: Mapping[str, date | None], first: date) -> dict[str, Any]:
    crossed_on, text = row["crossed_on"], crossover(row)
    interval = _interval(ends, first) if row["definition"] == BASELINE and crossed_on else ""
    return {
        "name": wrapped(row["definition"]),
        "definition": row["definition"],
        "text": text,
        "said": f"{text} ({interval})" if interval else text,
        "band": interval,
        "crossed_on": crossed_on,
        "low": ends["low"],
        "high": ends["high"],
    }


def _interval(ends: Mapping[str, date | None], first: date) -> str:
    low, high = ends["low"], ends["high"]
    if low is None:
        return "95%: unknown"
    since = f"{format.day(low)} or earlier" if low == first else format.day(low)
    return f"95%: {since} – {format.day(high)}" if high else f"95%: from {since}, no end yet"
