"""What is compared, and how it is drawn: the state of the page that compares. Pure."""

from dataclasses import dataclass, replace
from datetime import date

from dashboards.charts.axes import Axes, Step, View
from dashboards.data.definition import ALL_SWITCHES, Definition

MOST = 8
"""How many lines a chart may have."""

METRICS = {
    "daily": "downloads",
    "30d": "downloads_30d",
    "all_time": "downloads_all_time",
    "likes": "likes",
    "root": "downloads",
}
"""Measure -> the metric of the Python API; new derivatives are no metric of a day."""

_FLOWS = ("daily", "root")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Which lines, of what, against which axes."""

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
    """mean or raw: whether downloads of a day are drawn as their centred 7-day mean."""

    since: date | None = None
    """The first day that is drawn on the calendar; None draws from the first known one on."""

    until: date | None = None
    """The last one, likewise."""

    @property
    def is_cut(self) -> bool:
        """Whether a reader has chosen which days of the calendar are drawn."""
        return self.axes.x == "day" and (self.since is not None or self.until is not None)

    @property
    def can_be_aligned(self) -> bool:
        """Whether there are days of release to count from: countries and months of derivatives have none."""
        return self.kind != "origins" and self.measure != "derivatives"

    @property
    def has_steps(self) -> bool:
        """Whether days may be gathered; derivatives come by month."""
        return self.measure != "derivatives"

    @property
    def step(self) -> Step:
        """The step drawn; derivatives are counted by month."""
        return "month" if self.measure == "derivatives" else self.every

    @property
    def axes(self) -> Axes:
        """What the lines are drawn against."""
        aligned = self.against == "release" and self.can_be_aligned
        return Axes("age" if aligned else "day", self.step, "log" if self.scale == "log" else "linear")

    @property
    def view(self) -> View:
        """The figure drawn."""
        return "share" if self.scale == "share" else "index" if self.scale == "index" else "value"

    @property
    def is_flow(self) -> bool:
        """Whether periods are sums of days; counters stand at their last value."""
        return self.measure in _FLOWS

    @property
    def is_sum(self) -> bool:
        """Whether a step has what was counted within it, and not what a counter stood at."""
        return self.is_flow or self.measure == "derivatives"

    @property
    def is_mean(self) -> bool:
        """Whether 7-day means are drawn: of days alone, as weeks and months are sums."""
        return self.is_flow and self.step == "day" and self.smooth == "mean"

    @property
    def is_of_roots(self) -> bool:
        """Whether single models are counted as roots: then those that are built on others have no figure."""
        return self.kind == "models" and self.measure in ("derivatives", "root")

    @property
    def moved_by(self) -> frozenset[str]:
        """The switches of the definition that move the lines: none where single models or new derivatives are drawn."""
        if self.kind == "models" or self.measure == "derivatives":
            return frozenset()
        return ALL_SWITCHES - {"lens"} if self.measure == "root" else ALL_SWITCHES

    @property
    def metric(self) -> str:
        """The metric of the Python API that is drawn."""
        return "downloads_7d_mean" if self.is_mean else METRICS[self.measure]

    def counted_by(self, definition: Definition) -> Definition:
        """The definition that holds: root-credited downloads are by root whatever the lens."""
        return replace(definition, lens="root") if self.measure == "root" else definition
