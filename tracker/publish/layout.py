"""Paths in the dataset."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from tracker.domain import LakeFile

CRAWLS = "lake/crawls.jsonl"
"""The manifests of all crawls, one per line."""

STATE_FOLDER = "state"
STATE = "state/manifest.json"
"""What the next build needs; see tracker/publish/state.py."""

LATEST = "latest.json"
CARD = "README.md"
COMPACT = "marts.duckdb"
"""The tables that pages read, in one file; see tracker/publish/compact.py."""

MARTS_NOTE = "marts.json"
"""In a home: where its tables were pulled from."""

READ_STEPS = (
    "booked_days",
    "bridge_steps",
    "comparison_days",
    "crossover_observations",
    "family_members",
    "large_counts",
    "latest_counts",
    "memberships",
    "model_formats",
    "ranking_counts",
    "ranking_group_weeks",
    "ranking_groups",
    "ranking_weeks",
    "robustness_days",
    "root_days",
    "root_derivatives_months",
    "tasks",
    "used_edges",
)
"""Tables of the schema `steps` that pages or the Python API read; a test finds them there."""

MARTS = (
    "adoption_days",
    "origin_months",
    "family_months",
    "models",
    "edges",
    "lineage",
    "model_flows",
    "derivatives_months",
    "origin_flows",
    "origin_days",
    "family_days",
    "momentum",
    "concentration_days",
    "concentration_means",
    "crossovers",
    "lead_changes",
    "robustness",
    "axes",
    "axis_days",
    "axis_shares",
    "origins",
    "labs",
    "organizations",
    "families",
    "generations",
    "events",
    "published_figures",
    "reproductions",
    "crawls",
    "coverage_days",
    "lineage_coverage_days",
    "series_days",
    "segments",
    "panel_days",
    "quality_events",
    "large_changes",
    "identity_deviations",
    "check_findings",
    "build",
)
"""Public tables that are published as Parquet. `model_days` is not: the lake has its readings. Of the views, those that
are small: the others repeat large tables."""

BY_MONTH = ("model_flows",)
"""Marts with one file per month, so that a month without changes is not sent again."""


@dataclass(frozen=True, slots=True, order=True)
class MonthFile:
    """A compacted month of one table and scope."""

    table: str
    month: str
    """Such as `2026-08`."""

    name: str
    """Name of its day files: the scope, with a number for files added to a crawl later."""

    @classmethod
    def of(cls, file: LakeFile) -> Self:
        """Return the month of a day file."""
        table, folder, name = file.path.split("/")
        return cls(table, folder.removeprefix("day=")[:7], name.removesuffix(".parquet"))

    @property
    def path(self) -> str:
        """Its path in the dataset."""
        return f"lake/{self.table}/month={self.month}/{self.name}.parquet"


def month(day: date) -> str:
    """Return the month of a day, such as `2026-08`."""
    return day.isoformat()[:7]


def day_of(file: LakeFile) -> date:
    """Return the day of a day file."""
    return date.fromisoformat(file.path.split("/")[1].removeprefix("day="))


def day_path(file: LakeFile) -> str:
    """Return the path of a day file whose month is not compacted."""
    return f"lake/{file.path}"


def mart_path(table: str, of_month: str | None = None) -> str:
    """Return the path of a mart, or of one month of it."""
    return f"marts/{table}.parquet" if of_month is None else f"marts/{table}/month={of_month}.parquet"
