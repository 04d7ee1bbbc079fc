"""A chart of the report with its data, definition and table, or why it is missing. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from dashboards.charts.figure import Figure
from dashboards.data import format
from dashboards.text.report import HEADINGS


@dataclass(frozen=True, slots=True)
class Table:
    """A table with formatted cells."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]

    @classmethod
    def of(cls, title: str, frame: pl.DataFrame) -> "Table":
        """Format a frame: shares in per cent, counts in full, ISO days, null as a word."""
        cells = [[_cell(name, value) for name, value in row.items()] for row in frame.to_dicts()]
        return cls(title, [HEADINGS.get(name, name) for name in frame.columns], cells)


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One chart of the report."""

    slug: str
    """A name that never changes, so that links keep working."""

    figure: Figure
    findings: Sequence[str]
    """Sentences above the chart."""

    unit: str
    """Of the column `value`, or of all figures where there is none."""

    definition: str
    lens: str
    day: date
    """The last day that is counted."""

    table: Table

    @property
    def height(self) -> int:
        """Height of the chart in pixels, so that a page can reserve the space."""
        height = self.figure.chart.height
        assert isinstance(height, int)
        return height


@dataclass(frozen=True, slots=True)
class Missing:
    """A chart for which the warehouse has no data."""

    slug: str
    title: str
    because: str


_NULLS = {"crossed_on": "none to date", "interval": "not computed", "moved": ""}
"""Column in which null does not mean unknown -> what it means."""

_SHARES = ("share", "top1_share", "top10_share", "china", "united_states")


def _cell(name: str, value: object) -> str:
    match value:
        case None:
            return _NULLS.get(name, format.UNKNOWN)
        case str() | date():
            return str(value)
        case int():
            return format.exact(value)
        case float():
            return _number(name, value)
    raise TypeError(f"{name}: cannot format {value!r}")


def _number(name: str, value: float) -> str:
    if name in _SHARES:
        return format.percent(value)
    if name in ("share_change", "difference"):
        return format.points(value / 100)
    if name in ("hhi", "gini"):
        return f"{value:.4f}"
    return format.exact(value) if abs(value) >= 100 or value.is_integer() else f"{value:,.1f}"
