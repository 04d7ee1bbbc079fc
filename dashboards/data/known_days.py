"""Which days have known daily downloads, and which of them are before the first reading."""

from dataclasses import dataclass
from datetime import date

from dashboards.data import format

VAGUE = "No change of the lead can be dated: most days are known only as sums over more than a week."


@dataclass(frozen=True, slots=True)
class DaysKnown:
    """The days with daily downloads."""

    first: date
    last: date
    days: int
    read_from: date | None
    """The first day with a complete listing; None if there is none."""

    is_vague: bool = False
    """Whether most days are known only as sums over more than a week, so that no lead can be dated."""

    is_later_segment: bool = False
    """Whether other models were read before `read_from`, so that earlier days are not comparable."""

    def first_of(self, metric: str) -> date:
        """The first day of a metric of `crossovers`: all-time downloads are known from the first reading on."""
        return self.read_from or self.first if metric == "downloads_all_time" else self.first

    def span(self) -> str:
        """The number of days and their range."""
        days = format.count(self.days, "day")
        return f"{days} known ({format.day(self.first)} to {format.day(self.last)})"

    def told_of(self, day: date) -> str:
        """A note in brackets if a day is before the first reading, otherwise empty."""
        if self.read_from is None or self.read_from <= day:
            return ""
        return f" (before the first reading on {format.day(self.read_from)}, reconstructed from 30-day counters)"

    def reconstructed(self) -> str:
        """A sentence on days reconstructed from 30-day counters; empty if there are none."""
        if self.read_from is None or not self.told_of(self.first):
            return ""
        began = "Readings of the same models" if self.is_later_segment else "Readings"
        return (
            f"{began} began on {format.day(self.read_from)}; the days up to then are reconstructed from 30-day "
            "counters."
        )
