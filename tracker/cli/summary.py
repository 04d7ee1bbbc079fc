"""The state of a home as Markdown, for the summary of a scheduled job: shares by origin, then what `status` says."""

from datetime import date, timedelta
from pathlib import Path

import polars as pl

from dashboards.data.format import UNKNOWN, exact, percent, points
from tracker.api.tracker import Tracker
from tracker.cli.status import status
from tracker.lake.lake import Lake
from tracker.warehouse.build import FILE

ORIGINS = 8
"""Rows of the table, those of the largest share under either lens; the other origins are counted in one line."""


def summary(home: Path) -> str:
    """Markdown of the latest day's 30-day downloads by origin under both lenses, and of the home's state.

    Without a warehouse only the state. Raises DataError for a warehouse that cannot be read, HomeError for a damaged
    manifest.
    """
    said = ["  " * line.startswith("  ") + f"- {line.strip()}" for line in status(Lake(home))]
    shares = _shares(Tracker.of_home(home)) if (home / FILE).exists() else []
    return "\n".join([*shares, "### The home", "", *said])


def _shares(data: Tracker) -> list[str]:
    by_publisher, by_root = (_latest(data, lens) for lens in ("publisher", "root"))
    if by_publisher.is_empty():
        return []
    day: date = by_publisher["day"][0]
    rows = (
        by_publisher.join(by_root, on="origin", how="full", coalesce=True, nulls_equal=True, suffix="_root")
        .sort(pl.max_horizontal("share", "share_root"), "origin", descending=[True, False], nulls_last=True)
        .select("origin", "downloads_30d", "share", "gain", "share_root", "gain_root")
        .rows()
    )
    return [
        f"### Downloads of 30 days on {day}, by origin",
        "",
        "| origin | downloads by publisher | share by publisher | in a week | share by root | in a week |",
        "|---|--:|--:|--:|--:|--:|",
        *(_row(*row) for row in rows[:ORIGINS]),
        "",
        *([f"{len(rows) - ORIGINS} more origins are in the warehouse.", ""] if len(rows) > ORIGINS else []),
    ]


def _latest(data: Tracker, lens: str) -> pl.DataFrame:
    """One row an origin: day, origin, downloads_30d, share (0 to 1), gain (of share in seven days, null if unknown)."""
    found = data.adoption(by="origin", lens=lens, metric="downloads_30d")
    last = found.filter(pl.col("day") == pl.col("day").max())
    if last.is_empty():
        return last.with_columns(gain=pl.lit(None, pl.Float64))
    before = found.filter(pl.col("day") == last["day"][0] - timedelta(days=7)).select("origin", was="share")
    return last.join(before, on="origin", how="left", nulls_equal=True).with_columns(
        gain=pl.col("share") - pl.col("was")
    )


def _row(origin: str | None, downloads: float | None, *shares: float | None) -> str:
    share, gain, share_root, gain_root = shares
    cells = [exact(downloads), percent(share), points(gain), percent(share_root), points(gain_root)]
    return f"| {origin or UNKNOWN} | {' | '.join(cells)} |"
