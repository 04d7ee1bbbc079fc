"""Numbers, days and names as readers see them. Unknown (None) is the word "unknown", never 0."""

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl

UNKNOWN = "unknown"
_SUMMED = 1e-7
"""Per cent by which a whole may be off because it was added up."""

_UNITS = ((1_000_000_000, "B"), (1_000_000, "M"), (1_000, "K"))


def compact(value: float | None) -> str:
    """A count to three significant digits with K, M or B: 1.23B, 45.6M, 7.89K, 999."""
    if value is None:
        return UNKNOWN
    for size, letter in _UNITS:
        if abs(value) >= size * 0.9995:
            return f"{_three_digits(value / size)}{letter}"
    return f"{value:,.0f}"


def exact(value: float | None) -> str:
    """A count in full, with thousands separated by commas."""
    return UNKNOWN if value is None else f"{value:,.0f}"


def percent(share: float | None, digits: int = 1) -> str:
    """A share of 0 to 1 as a percentage: 0.412 is "41.2%".

    A share that would round to nothing is "< 0.1%", one that would round to the whole is "> 99.9%".
    """
    if share is None:
        return UNKNOWN
    smallest = 10.0**-digits
    if 0 < share * 100 < smallest / 2:
        return f"< {smallest:.{digits}f}%"
    if _SUMMED < (1 - share) * 100 < smallest / 2:
        return f"> {100 - smallest:.{digits}f}%"
    return f"{share * 100:.{digits}f}%"


def points(difference: float | None) -> str:
    """A difference of two shares (0.031) in percentage points with its sign: "+3.1 points"."""
    if difference is None:
        return UNKNOWN
    return f"{difference * 100:+.1f} points".replace("-0.0", "0.0").replace("+0.0", "0.0")


def without_signed_zeros(points: pl.Expr) -> pl.Expr:
    """Percentage points where values that round to zero at one decimal are 0, so that no table shows -0.0 or +0.0."""
    return pl.when(points.abs() < 0.05).then(0.0).otherwise(points)


def day(value: date | None) -> str:
    """A day: 22 Aug 2026."""
    return UNKNOWN if value is None else f"{value.day} {value:%b %Y}"


def between(after: date | None, on: date) -> str:
    """A day after `after` and not after `on`: "on 4 Mar 2026", or "between 17 Mar 2026 and 27 Mar 2026"."""
    if after is None or (on - after).days <= 1:
        return f"on {day(on)}"
    return f"between {day(after + timedelta(days=1))} and {day(on)}"


def count(number: int, singular: str, plural: str | None = None) -> str:
    """A number with its noun: "1 model", "1,204 models"."""
    noun = singular if number == 1 else plural or f"{singular}s"
    return f"{number:,} {noun}"


def text_column(
    values: pl.Series, to_text: Callable[[Any], str], name: str | None = None, *, unknown: str | None = None
) -> pl.Series:
    """The text of each value; null becomes `unknown`.

    Not with `map_elements`: Polars calls Python back from its own threads, and two pages doing so can deadlock.
    """
    texts = [unknown if value is None else to_text(value) for value in values.to_list()]
    return pl.Series(name or values.name, texts, dtype=pl.String)


def joined(words: Sequence[str], word: str = "and") -> str:
    """Words as a list in a sentence: "a", "a and b", "a, b and c"."""
    *most, last = words
    return f"{', '.join(most)} {word} {last}" if most else last


def escape_markdown(text: str) -> str:
    """Text that Markdown shows unchanged: every character with a meaning in Markdown is escaped.

    Streamlit's Markdown also turns addresses into links, and names between colons into icons, escaped or not; a word
    joiner (invisible) inside prevents it.
    """
    unlinked = re.sub(r"(?i)(?<=://)|(?<=www)(?=\.)|(?<=@)|(?<=:)(?=[a-z][\w/+-]*:)", "\u2060", text)
    return "".join(f"\\{char}" if char in "\\`*_{}[]()<>#+-.!|~$:^=&" else char for char in unlinked)


def file_stem(*parts: str) -> str:
    """A file name without its ending: lower case, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", "-".join(parts).lower()).strip("-")


def _three_digits(value: float) -> str:
    digits = 0 if abs(value) >= 99.95 else 1 if abs(value) >= 9.995 else 2
    return f"{value:.{digits}f}"
