"""What a chart of lines is drawn against: days or ages, in steps, on a linear or a logarithmic scale. Pure."""

import math
from dataclasses import dataclass
from typing import Any, Literal

import altair as alt
import polars as pl

from dashboards.charts.thinning import Thinning

Step = Literal["day", "week", "month"]
View = Literal["share", "value", "index"]

_COUNT_AXIS = "replace(format(datum.value, '~s'), 'G', 'B')"
_INTERVALS: dict[Step, str] = {"day": "1d", "week": "1w", "month": "1mo"}
_STEP_DAYS: dict[Step, int] = {"day": 1, "week": 7, "month": 30}
_STEP_NAMES: dict[Step, str] = {"day": "Day", "week": "Week of", "month": "Month of"}
_MOST_TICKS = 8


@dataclass(frozen=True, slots=True)
class Axes:
    """How a chart of lines lies in the plane; also names the column of its frame that runs to the right."""

    x: Literal["day", "age"] = "day"
    """The calendar, or days since release."""

    step: Step = "day"
    scale: Literal["linear", "log"] = "linear"
    thinning: Thinning | None = None
    """Which days of the calendar are drawn; None draws all."""

    @property
    def interval(self) -> str:
        """One step of the calendar, as Polars writes it."""
        return _INTERVALS[self.step]

    @property
    def step_days(self) -> int:
        """Days of one step counted from a release: a month of age has thirty."""
        return _STEP_DAYS[self.step]

    @property
    def step_name(self) -> str:
        """What stands before a place on the axis: "Day", "Week of"."""
        return "Days since release" if self.x == "age" else _STEP_NAMES[self.step]

    def ends(self, frame: pl.DataFrame) -> tuple[float, float]:
        """First and last place on the axis of a frame that has rows: ages, or milliseconds since 1970."""
        places = self.placed(frame)[self.x]
        return float(places.min()), float(places.max())  # type: ignore[arg-type]  # a column of numbers

    def placed(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame as the browser takes it."""
        if self.x == "age":
            return frame
        # Milliseconds since 1970 in UTC: a date alone would shift by a day west of Greenwich.
        return frame.with_columns(day=pl.col("day").cast(pl.Datetime("ms")).dt.epoch("ms").cast(pl.Float64))

    def across(self, frame: pl.DataFrame) -> alt.X:
        """The axis that runs to the right."""
        first, last = self.ends(frame)
        days = (last - first) / (1 if self.x == "age" else 86_400_000)
        # Vega thins out values that are more than a tick count, so there is the one or the other.
        ticks = (
            {"tickCount": min(max(round(days), 1), 6)} if self.step == "day" else {"values": self._steps_named(frame)}
        )
        shown: dict[str, Any] = {"grid": False, "labelOverlap": True, "labelFlush": True, **ticks}
        if self.x == "age":
            axis = alt.Axis(title="Days since release", titleFontWeight="normal", **shown)
            return alt.X("age:Q", axis=axis, scale=alt.Scale(domain=[first, max(last, first + 1)], nice=False))
        is_day = self.step == "week" or (self.step == "day" and days <= 120)
        axis = alt.Axis(title=None, format="%-d %b %Y" if is_day else "%b %Y", **shown)
        return alt.X("day:T", axis=axis, scale=alt.Scale(type="utc"))

    def _steps_named(self, frame: pl.DataFrame) -> list[Any]:
        """The steps drawn that are named below the axis: all, or every second, third and so on where there are many."""
        steps = frame[self.x].unique().sort().to_list()
        named = steps[:: math.ceil(len(steps) / _MOST_TICKS)]
        if self.x == "age":
            return named
        return [{"year": day.year, "month": day.month, "date": day.day, "utc": True} for day in named]


@dataclass(frozen=True, slots=True)
class Ruler:
    """The upright axis: from `low` to `high`, linear or logarithmic."""

    view: View
    low: float
    high: float
    scale: Literal["linear", "log"] = "linear"

    @classmethod
    def over(cls, frame: pl.DataFrame, view: View, axes: Axes) -> "Ruler":
        """An axis that holds all known values, with a little room above; a logarithmic one only those above zero."""
        known = frame[view].drop_nulls()
        positive = known.filter(known > 0)
        high = _number(positive.max())
        if high is None:
            return cls(view, 0.0, 1.0)
        if axes.scale == "linear":
            return cls(view, 0.0, high * 1.08)
        low = _number(positive.min()) or high
        return cls(view, low / 1.15, high * 1.3, "log")

    def part(self, value: float) -> float:
        """How far up a value stands: 0 at the bottom, 1 at the top."""
        if self.scale == "log":
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def value(self, part: float) -> float:
        """The value that stands so far up; `part` undone."""
        if self.scale == "log":
            return float(self.low * (self.high / self.low) ** part)
        return self.low + part * (self.high - self.low)

    def ticks(self) -> list[float]:
        """Where a logarithmic axis has its lines: at 1, 2 and 5 times powers of ten, or at these alone."""
        powers = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
        steps = (1, 2, 5) if len(powers) <= 5 else (1,)
        found = [step * 10.0**power for power in powers for step in steps]
        return [tick for tick in found if self.low <= tick <= self.high]

    def up(self) -> alt.Y:
        """The axis that runs up."""
        shown: dict[str, Any] = {"title": None, "tickCount": 5, "domain": False, "ticks": False}
        if self.view == "share":
            shown["format"] = ".0%" if self.high > 0.05 else ".1%"
        else:
            shown["labelExpr"] = _COUNT_AXIS
        if self.scale == "log":
            shown["values"] = self.ticks()
        scale = alt.Scale(domain=[self.low, self.high], nice=False, type="log" if self.scale == "log" else "linear")
        return alt.Y(f"{self.view}:Q", axis=alt.Axis(**shown), scale=scale)


def _number(found: object) -> float | None:
    return float(found) if isinstance(found, int | float) else None
