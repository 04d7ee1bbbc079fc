"""`tracker import`: the command and its report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from tracker.cli import environment
from tracker.cli.options import (
    DateFormat,
    Home,
    ImportFile,
    ImportSource,
    OnlyTracked,
    RegistryDir,
    Remove,
    Since,
    Until,
)
from tracker.domain import Source
from tracker.errors import UsageError

if TYPE_CHECKING:
    from tracker.history.types import ImportResult

_LISTED_DAYS = 10


def import_history(
    source: ImportSource = None,
    file: ImportFile = None,
    since: Since = None,
    until: Until = None,
    only_tracked: OnlyTracked = False,
    date_format: DateFormat = None,
    remove: Remove = None,
    home: Home = None,
    registry: RegistryDir = None,
) -> None:
    """Import history from a public archive or from a file of your own.

    Days that have landed are not fetched again. Where a crawl read the same repository on the same day, the crawl is
    used.
    """
    from tracker.history import imports
    from tracker.history.types import ImportOptions
    from tracker.history.values import date_format as known_date_format
    from tracker.lake.lake import Lake

    settings = environment.settings(home, registry)
    lake = Lake(settings.home)
    if remove is not None:
        if source is not None:
            raise UsageError("--remove deletes a source; do not name a source to import as well.")
        days = imports.remove(lake, remove)
        print(f"{remove}: {days:,} days removed." + (" Run `tracker build` to update the warehouse." if days else ""))
        return
    if source is None:
        raise UsageError(f"Name a source: {', '.join(Source)}.")
    if file is not None and source is not Source.FILE:
        raise UsageError(f"{file}: only `tracker import file` takes a file.")
    if date_format is not None and source is not Source.FILE:
        raise UsageError("--date-format is for `tracker import file`; the archives have one format.")
    first, last = (None if moment is None else moment.date() for moment in (since, until))
    if first and last and first > last:
        raise UsageError(f"--since {first} is after --until {last}.")
    written = None if date_format is None else known_date_format(date_format)
    order = ImportOptions(source, environment.now().date(), first, last, only_tracked, file, written)
    version = environment.registry(settings).version
    if source is Source.FILE:
        imported = imports.import_file(lake, order, version, environment.now)
    else:
        imported = imports.import_archive(
            lake, order, settings.endpoint, settings.is_offline, version, environment.now, environment.print_note
        )
    print("\n".join(import_lines(imported)))


def import_lines(imported: ImportResult) -> list[str]:
    """The report of an import."""
    lines = [_first_line(imported)]
    if imported.read:
        refused = sum(imported.refused_because.values())
        left_out = imported.outside + imported.untracked_rows
        lines.append(
            f"{imported.read:,} rows read: {imported.rows:,} landed, {imported.duplicates:,} duplicate, "
            f"{refused:,} refused, {left_out:,} left out."
        )
    if imported.unmatched:
        lines.append(
            f"Unmatched: up to {imported.unmatched_name_count:,} names in a file belong to no repository in the lake. "
            f"Their rows are stored as name:<repo_id>. Examples: {', '.join(imported.unmatched_names)}."
        )
    if imported.rematched:
        lines.append(f"{imported.rematched:,} rows stored by name were matched to repositories crawled since then.")
    if imported.untracked_rows:
        lines.append(f"{imported.untracked_rows:,} rows of untracked repositories were left out.")
    if imported.duplicates:
        lines.append(f"{imported.duplicates:,} rows repeat a repository on the same day; the first one counts.")
    for reason, count in sorted(imported.refused_because.items()):
        lines.append(f"Refused: {count:,} rows: {reason}. Example: {imported.refused_examples[reason]}.")
    if imported.skipped:
        lines.append(f"The archive marks {_day_list(imported.skipped)} as unusable; skipped.")
    if imported.partial:
        lines.append(f"The archive is incomplete on {_day_list(imported.partial)}; these days are left out of sums.")
    lines += imported.notes
    if imported.landed or imported.rematched:
        lines.append("Run `tracker build` to update the warehouse.")
    return lines


def _first_line(imported: ImportResult) -> str:
    if not imported.landed:
        before = f"; {imported.days_before:,} days landed earlier" if imported.days_before else ""
        end = "" if imported.rematched else " The lake is unchanged."
        return f"{imported.scope}: nothing new{before}.{end}"
    refused = sum(imported.refused_because.values())
    return (
        f"{imported.scope}: {len(imported.landed):,} days landed, {_span(imported.landed)}, {imported.rows:,} rows: "
        f"{imported.rows - imported.unmatched:,} matched, {imported.unmatched:,} unmatched, {refused:,} refused."
    )


def _span(days: Sequence[date]) -> str:
    return f"{min(days)} to {max(days)}" if len(days) > 1 else str(days[0])


def _day_list(days: Sequence[date]) -> str:
    listed = ", ".join(str(day) for day in sorted(days)[:_LISTED_DAYS])
    return f"{len(days)} days ({listed}{', ...' if len(days) > _LISTED_DAYS else ''})"
