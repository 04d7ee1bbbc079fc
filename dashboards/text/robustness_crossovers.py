"""The robustness page: when China last passed the United States under each definition. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from dashboards.data import format
from dashboards.data.known_days import VAGUE, DaysKnown
from dashboards.text.robustness import BASELINE, DIFFERENCE, baseline_meaning, crossover, wrapped


def has_crossovers(found: pl.DataFrame) -> bool:
    """Whether the lead of China and the United States changed under any definition."""
    return found["crossed_on"].count() + found["lost_on"].count() > 0


def summary(found: pl.DataFrame, known: DaysKnown | None) -> str:
    """Under how many definitions the lead of China and the United States changed in the known days, and to whom."""
    if known is None:
        return ""
    rows = found.filter(pl.col("headline") == DIFFERENCE).to_dicts()
    number, days = len(rows), f"in the {known.span()}"
    states = [_state(row) for row in rows]
    parts = [f"{words} under {states.count(state)}" for state, words in _STATES.items() if state in states]
    if not parts and known.is_vague:
        sentence = VAGUE
    elif not parts:
        sentence = f"No lasting change of the lead under any of {number} definitions {days}."
    else:
        parts += [f"no lasting change under {states.count('')}"] if "" in states else []
        sentence = f"Of {number} definitions {days}: {'; '.join(parts)}."
    return f"{sentence} {known.reconstructed()}".strip()


def rows(found: pl.DataFrame, interval: pl.DataFrame, order: pl.DataFrame, first: date) -> pl.DataFrame:
    """The crossover under each definition, the baseline first, then in the order of the bars (`order`).

    Columns: name (wrapped), definition, text, said (text with interval), band (interval), crossed_on, low, high,
    lost_on.
    """
    of = {row["definition"]: row for row in found.filter(pl.col("headline") == DIFFERENCE).to_dicts()}
    definitions = [BASELINE, *(name for name in order["definition"] if name in of)] if BASELINE in of else []
    ends = interval.row(0, named=True) if interval.height else {"low": None, "high": None}
    shown = [_row(of[name], ends if name == BASELINE else {"low": None, "high": None}, first) for name in definitions]
    dates = dict.fromkeys(("crossed_on", "low", "high", "lost_on"), pl.Date)
    texts = {name: pl.String for name in ("name", "definition", "text", "said", "band")}
    return pl.DataFrame(shown, schema={**texts, **dates})


def subtitle(models: str, first: date, last: date) -> str:
    """Definition and period of the points."""
    return (
        "First day of the last lead of 14 days or more of China (filled) and of the United States (hollow), by 7-day "
        f"means of daily downloads, {format.count((last - first).days + 1, 'day')} to {format.day(last)}. "
        f"{baseline_meaning(models)} "
        "Band: 95% interval of the baseline from 200 resamples."
    )


def alt_text(shown: pl.DataFrame) -> str:
    """Alternative text of the chart of crossovers."""
    return (
        "Crossover under each definition: "
        + "; ".join(f"{row['definition']}: {row['said']}" for row in shown.to_dicts())
        + "."
    )


_STATES = {
    "passed": "China passed the United States and has led since",
    "interrupted": "China passed the United States, without leading on the last days",
    "lost": "the United States passed China and has led since",
    "lost again": "the United States passed China, without leading on the last days",
    "ahead": "China led throughout",
    "behind": "the United States led throughout",
}
"""What became of the lead under a definition -> the words for it."""


def _state(row: Mapping[str, Any]) -> str:
    passed, lost = row["crossed_on"], row["lost_on"]
    if lost is not None and (passed is None or lost > passed):
        return "lost" if row["is_lost"] else "lost again"
    if passed is not None:
        return "passed" if row["holds"] else "interrupted"
    return "ahead" if row["is_ahead_throughout"] else "behind" if row["is_behind_throughout"] else ""


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
        "lost_on": row["lost_on"],
    }


def _interval(ends: Mapping[str, date | None], first: date) -> str:
    low, high = ends["low"], ends["high"]
    if low is None:
        return "95%: unknown"
    since = f"{format.day(low)} or earlier" if low == first else format.day(low)
    return f"95%: {since} – {format.day(high)}" if high else f"95%: from {since}, no end yet"
