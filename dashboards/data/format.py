"""Numbers and days as people read them. Unknown (None) is the word "unknown", never 0."""

import re
from datetime import date

UNKNOWN = "unknown"
_STEPS = ((1_000_000_000, "B"), (1_000_000, "M"), (1_000, "K"))


def compact(value: float | None) -> str:
    """A count to three significant digits with K, M or B: 1.23B, 45.6M, 7.89K, 999."""
    if value is None:
        return UNKNOWN
    for size, letter in _STEPS:
        if abs(value) >= size * 0.9995:
            return f"{_three_digits(value / size)}{letter}"
    return f"{value:,.0f}"


def exact(value: float | None) -> str:
    """A count in full, with thousands separated by commas."""
    return UNKNOWN if value is None else f"{value:,.0f}"


def percent(share: float | None, digits: int = 1) -> str:
    """A share of 0 to 1 as a percentage: 0.412 is "41.2%"; a share too small to show is "< 0.1%"."""
    if share is None:
        return UNKNOWN
    smallest = 10.0**-digits
    if 0 < share * 100 < smallest / 2:
        return f"< {smallest:.{digits}f}%"
    return f"{share * 100:.{digits}f}%"


def points(difference: float | None) -> str:
    """A difference of two shares (0.031) in percentage points with its sign: "+3.1 points"."""
    if difference is None:
        return UNKNOWN
    return f"{difference * 100:+.1f} points".replace("-0.0", "0.0").replace("+0.0", "0.0")


def day(value: date | None) -> str:
    """A day: 22 Aug 2026."""
    return UNKNOWN if value is None else f"{value.day} {value:%b %Y}"


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """A number with its noun: "1 model", "1,204 models"."""
    noun = singular if number == 1 else plural or f"{singular}s"
    return f"{number:,} {noun}"


def plain(text: str) -> str:
    """Text that Markdown shows as it is: every character with a meaning there is escaped.

    Markdown as Streamlit shows it also turns what looks like an address into a link, escaped or not; an invisible
    character (word joiner) within such text keeps it from that.
    """
    unlinked = re.sub(r"(?i)(?<=://)|(?<=www)(?=\.)|(?<=@)", "\u2060", text)
    return "".join(f"\\{char}" if char in "\\`*_{}[]()<>#+-.!|~$:^=&" else char for char in unlinked)


def _three_digits(value: float) -> str:
    digits = 0 if abs(value) >= 99.95 else 1 if abs(value) >= 9.995 else 2
    return f"{value:.{digits}f}"
