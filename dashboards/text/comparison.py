"""The state of the compare page: what is compared and how it is drawn. Pure."""

from dataclasses import dataclass, replace
from datetime import date

from dashboards.charts.axes import Axes, Step, View
from dashboards.data.definition import ALL_SWITCHES, Definition

MOST = 8
"""Lines that a chart may have."""

METRICS = {
    "daily": "downloads",
    "30d": "downloads_30d",
    "all_time": "downloads_all_time",
    "likes": "likes",
    "root": "downloads",
}
"""Measure -> metric of the Python API; new derivatives have no daily metric."""

_FLOWS = ("daily", "root")


@dataclass(frozen=True, slots=True)
class Comparison:
    """The selected lines, measure, scale and axes."""

    kind: str
    """origins, labs, families, generations or models."""

    codes: tuple[str, ...]
    measure: str = "daily"
    """daily, 30d, all_time, likes, derivatives or root."""

    scale: str = "linear"
    """linear, log, share or index."""

    against: str = "calendar"
    """calendar, or release: days since release."""

    every: Step = "day"
    smooth: str = "mean"
    """mean (daily downloads as centred 7-day means, all-time downloads of groups added up) or raw."""

    since: date | None = None
    """First day of the date range; None: the first known day."""

    until: date | None = None
    """Last day of the date range; None: the last known day."""

    @property
    def is_cut(self) -> bool:
        """Whether a date range limits the days of the calendar."""
        return self.axes.x == "day" and (self.since is not None or self.until is not None)

    @property
    def can_be_aligned(self) -> bool:
        """Whether lines can start at their release: countries and monthly derivatives have none."""
        return self.kind != "origins" and self.measure != "derivatives"

    @property
    def has_steps(self) -> bool:
        """Whether days can be grouped into periods; derivatives are monthly."""
        return self.measure != "derivatives"

    @property
    def step(self) -> Step:
        """The period of a point; derivatives are monthly."""
        return "month" if self.measure == "derivatives" else self.every

    @property
    def axes(self) -> Axes:
        """The axes of the lines."""
        aligned = self.against == "release" and self.can_be_aligned
        return Axes("age" if aligned else "day", self.step, "log" if self.scale == "log" else "linear")

    @property
    def view(self) -> View:
        """The figure drawn."""
        return "share" if self.scale == "share" else "index" if self.scale == "index" else "value"

    @property
    def is_flow(self) -> bool:
        """Whether a period is the sum of its days; counters have their last value."""
        return self.measure in _FLOWS

    @property
    def is_sum(self) -> bool:
        """Whether a point counts what happened within its period, rather than the value of a counter."""
        return self.is_flow or self.measure == "derivatives"

    @property
    def is_mean(self) -> bool:
        """Whether 7-day means are drawn: only for days, because weeks and months are sums."""
        return self.is_flow and self.step == "day" and self.smooth == "mean"

    @property
    def can_add_up(self) -> bool:
        """Whether all-time downloads of groups are drawn, which are added up from daily downloads or as read."""
        return self.measure == "all_time" and self.kind != "models"

    @property
    def is_added_up(self) -> bool:
        """Whether a counter that restarts, or a model that leaves, moves no line."""
        return self.can_add_up and self.smooth == "mean"

    @property
    def is_of_roots(self) -> bool:
        """Whether only root base models have figures; models built on others have none."""
        return self.kind == "models" and self.measure in ("derivatives", "root")

    @property
    def has_breaks(self) -> bool:
        """Whether a change of the models read changes the lines: those of single models only as shares."""
        return self.measure != "derivatives" and (self.kind != "models" or self.view == "share")

    @property
    def moved_by(self) -> frozenset[str]:
        """The switches of the definition that affect the lines: none for single models."""
        if self.kind == "models":
            return frozenset()
        if self.measure == "derivatives":
            return frozenset({"class"})
        return ALL_SWITCHES - {"lens"} if self.measure == "root" else ALL_SWITCHES

    @property
    def metric(self) -> str:
        """The drawn metric of the Python API."""
        return "downloads_7d_mean" if self.is_mean else METRICS[self.measure]

    def counted_by(self, definition: Definition) -> Definition:
        """The definition that applies: downloads credited to base models ignore the lens, single models the class."""
        counted = replace(definition, models="all") if self.kind == "models" else definition
        return replace(counted, lens="root") if self.measure == "root" else counted
