"""`tracker status`: days by scope, gaps, the last crawl, failed checks and sizes, as text or as Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.database import rows
from tracker.domain import CRAWL, Manifest
from tracker.lake import axis_days
from tracker.lake.axis_days import AxisManifest
from tracker.lake.lake import Lake
from tracker.publish.compact import read_note
from tracker.sql.query import open_warehouse
from tracker.warehouse.build import FAILED, FILE
from tracker.warehouse.day_files import FOLDER, MISSING, day_files

if TYPE_CHECKING:
    import polars as pl

    from tracker.api.tracker import Tracker

TABLE_ROWS = 8
"""Origins in the Markdown table, by their larger share; one line counts the others."""

_LISTED_GAPS = 10


def status_lines(lake: Lake) -> list[str]:
    """What the home holds and what is wrong with it. Raises HomeError for a damaged manifest."""
    manifests = lake.manifests()
    lines = [f"Home: {lake.home.resolve()}"]
    note = read_note(lake.home)
    if note is not None and not manifests:
        lines.append(f"Tables of {note.repo_id} ({note.revision[:7]}), pulled without readings, up to {note.last_day}")
    elif not manifests:
        lines.append("No crawl has landed yet. Run `tracker up`, or `tracker demo` for simulated data.")
    if any(manifest.is_simulated for manifest in manifests):
        lines.append("The data are SIMULATED.")
    for scope in sorted({manifest.scope for manifest in manifests}):
        lines.extend(_scope_lines(scope, [manifest for manifest in manifests if manifest.scope == scope]))
    crawled = [manifest for manifest in manifests if manifest.source == CRAWL]
    if crawled:
        last = max(crawled, key=lambda manifest: (manifest.ended_at, manifest.day))
        lines.append(
            f"Last crawl: {last.crawl}, {last.models:,} models in {last.pages:,} pages, {last.refused:,} rows refused, "
            f"{last.seconds:,.0f} s, ended {last.ended_at:%Y-%m-%d %H:%M} UTC"
        )
    lines.extend(_ruler_lines(axis_days.manifests(lake)))
    for folder in lake.unfinished_runs():
        lines.append(f"Unfinished: {folder}; run the same crawl again to resume it")
    lines.extend(lake.file_problems(manifests))
    if absent := lake.remote_files().paths:
        where = lake.remote_files().repo_id
        lines.append(f"Only in {where}: {len(absent):,} files of readings; `tracker pull {where}` fetches them")
    lines.extend(f"{path} belongs to no crawl; it is ignored" for path in lake.unlisted_files(manifests))
    lines.append(f"Lake: {_size(lake.folder)}")
    lines.extend(_warehouse_lines(lake.home))
    return lines


def status_markdown(lake: Lake) -> str:
    """The latest shares by origin under both lenses, then the lines of `status_lines`; for the summary of a job.

    Without a warehouse, the lines alone. Raises DataError for an unreadable warehouse, HomeError for a damaged
    manifest.
    """
    lines = ["  " * line.startswith("  ") + f"- {line.strip()}" for line in status_lines(lake)]
    table: list[str] = []
    if (lake.home / FILE).exists():
        from tracker.api.tracker import Tracker

        table = _share_table(Tracker.of_home(lake.home))
    return "\n".join([*table, "### The home", "", *lines])


def missing_days(days: list[date]) -> list[date]:
    """The days between the first and the last of `days` that are not in it."""
    present = {day.toordinal() for day in days}
    return [date.fromordinal(n) for n in range(min(present), max(present)) if n not in present] if present else []


def _ruler_lines(readings: list[AxisManifest]) -> Iterator[str]:
    for axis in sorted({reading.axis for reading in readings}):
        own = [reading for reading in readings if reading.axis == axis]
        yield (
            f"Ruler {axis}: {len(own):,} readings, the last on {own[-1].day}; values of "
            f"{min(reading.first_day for reading in own)} to {max(reading.last_day for reading in own)}"
        )


def _scope_lines(scope: str, manifests: list[Manifest]) -> Iterator[str]:
    days = sorted(manifest.day for manifest in manifests)
    is_imported = manifests[0].source != CRAWL
    kind = "Import" if is_imported else "Scope"
    recorded = ", from recorded listings, a selection" if any(manifest.is_recorded for manifest in manifests) else ""
    yield (
        f"{kind} {scope}: {len(days):,} days, {days[0]} to {days[-1]}, {manifests[-1].models:,} models on the last"
        f"{recorded}"
    )
    if gaps := [] if is_imported else missing_days(days):
        listed = ", ".join(str(day) for day in gaps[:_LISTED_GAPS])
        yield f"  {len(gaps):,} days missing: {listed}{', ...' if len(gaps) > _LISTED_GAPS else ''}"
    for manifest in manifests:
        if not manifest.is_complete:
            yield f"  {manifest.day} is partial and left out of sums: {manifest.incomplete_because}"


def _warehouse_lines(home: Path) -> Iterator[str]:
    path = home / FILE
    if not path.exists():
        yield "Warehouse: none yet; run `tracker build`"
    else:
        with open_warehouse(path) as connection:
            [(built_at, last_day)] = rows(
                connection, "select strftime(built_at, '%Y-%m-%d %H:%M UTC'), last_day from build"
            )
            files = day_files(connection) or []
            findings = rows(
                connection, "select severity, check_name, claim, rows from check_findings order by severity, 2"
            )
        yield f"Warehouse: {path}, {path.stat().st_size / 1e6:,.1f} MB, built {built_at}, last day {last_day}"
        if any(not file.is_in(home) for file in files):
            yield f"  {MISSING}"
        elif files:
            size = sum(file.bytes for file in files)
            yield f"  {len(files):,} day files in {home / FOLDER}, {size / 1e6:,.1f} MB"
        for severity, name, claim, count in findings:
            yield f"  {severity}: {name}: {count:,} rows break: {claim}"
    if (home / FAILED).exists():
        yield f"A build failed its checks; its warehouse is in {home / FAILED}"


def _size(folder: Path) -> str:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return f"{len(files):,} files, {sum(path.stat().st_size for path in files) / 1e6:,.1f} MB"


def _share_table(tracker: Tracker) -> list[str]:
    import polars as pl

    by_publisher, by_root = (_latest_shares(tracker, lens) for lens in ("publisher", "root"))
    if by_publisher.is_empty():
        return []
    day: date = by_publisher["day"][0]
    origins = (
        by_publisher.join(by_root, on="origin", how="full", coalesce=True, nulls_equal=True, suffix="_root")
        .sort(pl.max_horizontal("share", "share_root"), "origin", descending=[True, False], nulls_last=True)
        .select("origin", "downloads_30d", "share", "gain", "share_root", "gain_root")
        .rows()
    )
    more = len(origins) - TABLE_ROWS
    return [
        f"### Downloads of language models by origin, 30 days to {day}",
        "",
        "| origin | downloads by publisher | share by publisher | in a week | share by base model | in a week |",
        "|---|--:|--:|--:|--:|--:|",
        *(_table_row(*origin) for origin in origins[:TABLE_ROWS]),
        "",
        *([f"{more} more origins are in the warehouse.", ""] if more > 0 else []),
    ]


def _latest_shares(tracker: Tracker, lens: str) -> pl.DataFrame:
    """One row an origin: day, origin, downloads_30d, share (0 to 1), gain (of share in seven days, null if unknown)."""
    import polars as pl

    found = tracker.adoption(by="origin", lens=lens, metric="downloads_30d")
    last = found.filter(pl.col("day") == pl.col("day").max())
    if last.is_empty():
        return last.with_columns(gain=pl.lit(None, pl.Float64))
    day: date = last["day"][0]
    is_comparable = (pl.col("day") == day - timedelta(days=7)) & (pl.col("segment") == last["segment"][0])
    week_ago = found.filter(is_comparable).select("origin", share_before="share")
    return last.join(week_ago, on="origin", how="left", nulls_equal=True).with_columns(
        gain=pl.col("share") - pl.col("share_before")
    )


def _table_row(origin: str | None, downloads: float | None, *shares: float | None) -> str:
    from dashboards.data.format import UNKNOWN, exact, percent, points

    share, gain, share_root, gain_root = shares
    cells = [exact(downloads), percent(share), points(gain), percent(share_root), points(gain_root)]
    return f"| {origin or UNKNOWN} | {' | '.join(cells)} |"
