"""Which days of daily downloads are known, and which of them lie before the first reading. Pure."""

from dataclasses import dataclass
from datetime import date

from dashboards.data import format


@dataclass(frozen=True, slots=True)
class DaysKnown:
    """The days with daily downloads."""

    first: date
    last: date
    days: int
    read_from: date | None
    """The first day whose listing was read whole; None if none was."""

    def first_of(self, metric: str) -> date:
        """The first day of a metric of the table `crossovers`: all-time downloads are known once they are read."""
        return self.read_from or self.first if metric == "downloads_all_time" else self.first

    def span(self) -> str:
        """How many days, from when to when."""
        days = format.count(self.days, "day")
        return f"{days} known ({format.day(self.first)} to {format.day(self.last)})"

    def told_of(self, day: date) -> str:
        """That a day lies before the first reading, in brackets; empty where it does not."""
        if self.read_from is None or self.read_from <= day:
            return ""
        return f" (before the first reading on {format.day(self.read_from)}, reconstructed from 30-day counters)"

    def reconstructed(self) -> str:
        """That the days before the first reading are told by 30-day counters; empty where none is."""
        if self.read_from is None or not self.told_of(self.first):
            return ""
        return (
            f"Readings began on {format.day(self.read_from)}; the days up to then are reconstructed from 30-day "
            "counters."
        )
