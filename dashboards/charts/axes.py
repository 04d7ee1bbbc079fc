"""The axes of a line chart: days or ages in steps, a linear or logarithmic scale, and thinning of long histories."""

import math
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any, Literal, Self

import altair as alt
import polars as pl

Step = Literal["day", "week", "month", "checkpoint"]
"""The distance of two places on the axis. Checkpoints are the ages in the data, at any distance."""

View = Literal["share", "value", "index"]
"""The column of a frame that is drawn."""

Unit = Literal["share", "count", "index", "number", "ratio"]
"""A ratio is drawn on a logarithmic axis around 1; all other units on an axis from 0."""

DAY_FORMAT = "%-d %b %Y"
DAY_MILLISECONDS = 86_400_000
COUNT_LABELS = "upper(replace(format(datum.value, '~s'), 'G', 'B'))"
"""Vega expression for the labels of a count: 10K, 1.5M, 2B."""

_UNITS: dict[str, Unit] = {"share": "share", "value": "count", "index": "index"}
_INTERVALS: dict[Step, str] = {"day": "1d", "week": "1w", "month": "1mo"}
_STEP_DAYS: dict[Step, int] = {"day": 1, "week": 7, "month": 30}
_STEP_NAMES: dict[Step, str] = {"day": "Day", "week": "Week of", "month": "Month"}
_MOST_TICKS = 8
_LEAST_DAILY = 90
_MONDAY = 3
"""Polars counts days from 1970-01-01, which is this many days after a Monday."""


def milliseconds(column: str) -> pl.Expr:
    """A day or time as milliseconds since 1970 in UTC: a browser shifts a plain date by a day west of Greenwich."""
    return pl.col(column).cast(pl.Datetime("ms")).dt.epoch("ms").cast(pl.Float64)


@dataclass(frozen=True, slots=True)
class Thinning:
    """Which days of a long history are drawn: one of every `weeks` weeks before `since`, every day from then on."""

    since: date
    weeks: int
    column: str = "code"
    """Of the days of a week, the last one on which a line has a value in this column is drawn."""

    @classmethod
    def of(cls, frame: pl.DataFrame, most: int | None, column: str = "code") -> Self | None:
        """Reduce the days of `frame` to at most `most` (but not below 100); None if all days fit."""
        if most is None or frame.is_empty():
            return None
        first, last = frame["day"].min(), frame["day"].max()
        assert isinstance(first, date) and isinstance(last, date)
        days = (last - first).days + 1
        if days <= most:
            return None
        within = max(most, 100) - 2  # the first and the last of the weeks may be incomplete
        for weeks in count(1):
            every = 7 * weeks
            daily = (every * within - days) // (every - 1)
            if daily >= _LEAST_DAILY:
                break
        return cls(last - timedelta(days=daily - 1), weeks, column)

    def days(self, frame: pl.DataFrame) -> pl.Series:
        """The days drawn. A week without any value is represented by its last day."""
        day, known = pl.col("day"), frame.filter(pl.col(self.column).is_not_null())["day"].unique()
        calendar = pl.DataFrame({"day": pl.date_range(frame["day"].min(), frame["day"].max(), eager=True)})  # type: ignore[arg-type]
        early = (
            calendar.filter(day < self.since)
            .group_by((day.cast(pl.Int32) + _MONDAY) // (7 * self.weeks))
            .agg(pl.coalesce(day.filter(day.is_in(known.implode())).max(), day.max()).alias("drawn"))
        )
        return pl.concat([early["drawn"], calendar.filter(day >= self.since)["day"]]).sort().alias("day")


def thinned(frame: pl.DataFrame, thinning: Thinning | None) -> pl.DataFrame:
    """The rows of `frame` (day, ...) on the days drawn; all rows without a thinning."""
    return frame.filter(pl.col("day").is_in(thinning.days(frame).implode())) if thinning else frame


@dataclass(frozen=True, slots=True)
class Axes:
    """How a line chart is laid out. `x` is also the column of its frame that runs to the right."""

    x: Literal["day", "age"] = "day"
    """Calendar days, or days since release."""

    step: Step = "day"
    scale: Literal["linear", "log"] = "linear"
    thinning: Thinning | None = None
    unit: Unit | None = None
    """Unit of the column drawn; None means the usual unit of that column."""

    floor: float = 0.0
    """Where a linear y axis begins."""

    @property
    def interval(self) -> str:
        """One step of the calendar, in Polars notation."""
        return _INTERVALS[self.step]

    @property
    def step_days(self) -> int:
        """Days of one step counted from a release, where a month has thirty."""
        return _STEP_DAYS[self.step]

    @property
    def step_name(self) -> str:
        """The title of a place on the axis: "Day", "Week of", "Days since release"."""
        return "Days since release" if self.x == "age" else _STEP_NAMES[self.step]

    @property
    def place_text(self) -> str:
        """Vega expression for a place on the axis."""
        if self.x == "age":
            return "format(datum.age, ',')"
        return f"utcFormat(datum.day, '{'%B %Y' if self.step == 'month' else DAY_FORMAT}')"

    def unit_of(self, column: str) -> Unit:
        """The unit of the column drawn."""
        return self.unit or _UNITS[column]

    def ends(self, frame: pl.DataFrame) -> tuple[float, float]:
        """First and last place on the axis of a non-empty frame: ages, or milliseconds since 1970."""
        places = self.placed(frame)[self.x]
        return float(places.min()), float(places.max())  # type: ignore[arg-type]  # a column of numbers

    def placed(self, frame: pl.DataFrame, *others: str) -> pl.DataFrame:
        """The frame with its days in milliseconds, and those of other columns."""
        return frame if self.x == "age" else frame.with_columns(milliseconds(name) for name in ("day", *others))

    def across(self, frame: pl.DataFrame) -> alt.X:
        """The x axis for a non-empty frame."""
        first, last = self.ends(frame)
        days = (last - first) / (1 if self.x == "age" else DAY_MILLISECONDS)
        # Vega drops some of the values if there is also a tick count.
        ticks = {"tickCount": min(max(round(days), 1), 6)} if self.step == "day" else {"values": self._ticks(frame)}
        shown: dict[str, Any] = {"grid": False, "labelOverlap": True, "labelFlush": True, **ticks}
        if self.x == "age":
            axis = alt.Axis(title="Days since release", titleFontWeight="normal", **shown)
            return alt.X(
                field="age",
                type="quantitative",
                axis=axis,
                scale=alt.Scale(domain=[first, max(last, first + 1)], nice=False),
            )
        is_day = self.step == "week" or (self.step == "day" and days <= 120)
        axis = alt.Axis(title=None, format=DAY_FORMAT if is_day else "%b %Y", **shown)
        return alt.X(field="day", type="temporal", axis=axis, scale=alt.Scale(type="utc"))

    def _ticks(self, frame: pl.DataFrame) -> list[Any]:
        """The steps with a label: all of them, or every second, third and so on if there are many."""
        steps = frame[self.x].unique().sort().to_list()
        labelled = steps[:: math.ceil(len(steps) / _MOST_TICKS)]
        if self.x == "age":
            return labelled
        return [{"year": day.year, "month": day.month, "date": day.day, "utc": True} for day in labelled]


@dataclass(frozen=True, slots=True)
class Ruler:
    """The y axis of a column from `low` to `high`."""

    column: str
    unit: Unit
    low: float
    high: float
    scale: Literal["linear", "log"] = "linear"

    @classmethod
    def over(cls, frame: pl.DataFrame, column: str, axes: Axes) -> "Ruler":
        """An axis with room for all known values; a logarithmic one for the positive values, a ratio also for 1."""
        unit, known = axes.unit_of(column), frame[column].drop_nulls().cast(pl.Float64).to_list()
        if axes.scale == "log":
            positive = [value for value in known if value > 0] + ([1.0] if unit == "ratio" else [])
            if positive:
                return cls(column, unit, min(positive) / 1.15, max(positive) * 1.3, "log")
        highest = max(known, default=0.0)
        if highest <= axes.floor:
            return cls(column, unit, axes.floor, axes.floor + (0.01 if axes.floor else 1.0))
        high = axes.floor + (highest - axes.floor) * 1.08
        return cls(column, unit, axes.floor, min(high, 1.0) if axes.floor else high)

    def part(self, value: float) -> float:
        """The height of a value: 0 at the bottom, 1 at the top."""
        if self.scale == "log":
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def value(self, part: float) -> float:
        """The value at a height; the inverse of `part`."""
        if self.scale == "log":
            return float(self.low * (self.high / self.low) ** part)
        return self.low + part * (self.high - self.low)

    def ticks(self) -> list[float]:
        """The labels of a logarithmic axis: 1, 2 and 5 times powers of ten, or only the powers on a long axis."""
        powers = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
        steps = (1, 2, 5) if len(powers) <= 5 else (1,)
        found = [step * 10.0**power for power in powers for step in steps]
        return [tick for tick in found if self.low <= tick <= self.high]

    def up(self) -> alt.Y:
        """The y axis as Altair takes it."""
        shown: dict[str, Any] = {"title": None, "tickCount": 5, "domain": False, "ticks": False}
        if self.unit == "share":
            span = self.high - self.low
            shown["format"] = ".0%" if span > 0.05 else ".1%" if span > 0.005 else ".2%"
        elif self.unit in ("number", "ratio"):
            shown["format"] = "~g"
        else:
            shown["labelExpr"] = COUNT_LABELS
        if self.scale == "log":
            shown["values"] = self.ticks()
        scale = alt.Scale(domain=[self.low, self.high], nice=False, type="log" if self.scale == "log" else "linear")
        return alt.Y(field=self.column, type="quantitative", axis=alt.Axis(**shown), scale=scale)
