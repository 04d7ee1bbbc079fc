"""What the report shows: charts with their data, definition and table, or the words for why there is none. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from dashboards.charts.figure import Figure
from dashboards.data import format
from dashboards.text.report import HEADINGS


@dataclass(frozen=True, slots=True)
class Table:
    """A table in words, ready to be printed."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]

    @classmethod
    def of(cls, title: str, frame: pl.DataFrame) -> "Table":
        """A frame in words: shares in per cent, counts in full, days as dates, unknown as a word."""
        cells = [[_cell(name, value) for name, value in row.items()] for row in frame.to_dicts()]
        return cls(title, [HEADINGS.get(name, name) for name in frame.columns], cells)


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One chart of the report, under a name that stays the same from day to day."""

    slug: str
    figure: Figure
    said: Sequence[str]
    """What is found, in sentences."""

    unit: str
    """Of the column `value`, or of all figures where there is none."""

    definition: str
    lens: str
    day: date
    """The last day that is counted."""

    table: Table

    @property
    def height(self) -> int:
        """Pixels of the chart, so that a page can keep room for it before it is drawn."""
        height = self.figure.chart.height
        assert isinstance(height, int)
        return height


@dataclass(frozen=True, slots=True)
class Missing:
    """A chart that cannot be drawn of this warehouse."""

    slug: str
    title: str
    because: str


_NOTHING = {"crossed_on": "none to date", "interval": "not computed"}
"""Columns in which nothing does not mean unknown -> what it means."""

_SHARES = ("share", "top1_share", "top10_share", "china", "united_states")


def _cell(name: str, value: object) -> str:
    match value:
        case None:
            return _NOTHING.get(name, format.UNKNOWN)
        case str() | date():
            return str(value)
        case int():
            return format.exact(value)
        case float():
            return _number(name, value)
    raise TypeError(f"{name}: no words for {value!r}")


def _number(name: str, value: float) -> str:
    if name in _SHARES:
        return format.percent(value)
    if name in ("share_change", "difference"):
        return format.points(value / 100)
    if name in ("hhi", "gini"):
        return f"{value:.4f}"
    return format.exact(value) if abs(value) >= 100 or value.is_integer() else f"{value:,.1f}"
