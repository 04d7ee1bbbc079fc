"""Which days of a long history are shown where room is short: all of the last ones, of earlier ones one of some weeks.

Pure.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Self

import polars as pl

_LEAST_DAILY = 90
"""Days that are always shown one by one."""

_MONDAY = 3
"""1970-01-01, from which Polars counts days, is so many days after a Monday."""


@dataclass(frozen=True, slots=True)
class Thinning:
    """Before the day `since` one day of every `weeks` weeks, then every day."""

    since: date
    weeks: int

    @classmethod
    def of(cls, frame: pl.DataFrame, most: int | None) -> Self | None:
        """Shows at most so many (not under 100) of the days from the first to the last of `frame`; None if all fit."""
        if most is None or frame.is_empty():
            return None
        first, last = frame["day"].min(), frame["day"].max()
        assert isinstance(first, date) and isinstance(last, date)
        days = (last - first).days + 1
        if days <= most:
            return None
        within = max(most, 100) - 2  # the first and the last of the weeks may be cut
        for weeks in count(1):
            every = 7 * weeks
            daily = (every * within - days) // (every - 1)
            if daily >= _LEAST_DAILY:
                break
        return cls(last - timedelta(days=daily - 1), weeks)

    def days(self, frame: pl.DataFrame, column: str) -> pl.Series:
        """The days shown: of earlier weeks the last one on which a line of `column` is known, else the last of all."""
        day, known = pl.col("day"), frame.filter(pl.col(column).is_not_null())["day"].unique()
        calendar = pl.DataFrame({"day": pl.date_range(frame["day"].min(), frame["day"].max(), eager=True)})  # type: ignore[arg-type]
        early = (
            calendar.filter(day < self.since)
            .group_by((day.cast(pl.Int32) + _MONDAY) // (7 * self.weeks))
            .agg(pl.coalesce(day.filter(day.is_in(known.implode())).max(), day.max()).alias("shown"))
        )
        return pl.concat([early["shown"], calendar.filter(day >= self.since)["day"]]).sort().alias("day")


def thinned(frame: pl.DataFrame, column: str, thinning: Thinning | None) -> pl.DataFrame:
    """The rows of a frame (day, ...) on the days shown; all if nothing is thinned."""
    return frame.filter(pl.col("day").is_in(thinning.days(frame, column).implode())) if thinning else frame
