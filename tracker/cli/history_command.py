"""`tracker import`: what was typed becomes an order, an import or a removal, and a report."""

import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from tracker.cli.imports import imported_lines
from tracker.config import Settings
from tracker.domain import Source
from tracker.errors import UsageError
from tracker.history.imports import import_archive, import_file, remove
from tracker.history.types import Order
from tracker.lake.lake import Lake


def run(
    settings: Settings,
    source: Source | None,
    file: Path | None,
    days: tuple[date | None, ...],
    is_tracked_only: bool,
    removed: Source | None,
    registry_version: Callable[[], str],
    now: Callable[[], datetime],
) -> None:
    """Runs one import or removal and prints its report. Raises UsageError for what does not go together."""
    lake = Lake(settings.home)
    if removed is not None:
        if source is not None:
            raise UsageError("--remove takes a source out; name no other to bring in.")
        gone = remove(lake, removed)
        print(f"{removed}: {gone:,} days removed." + (" Run `tracker build` to see it." if gone else ""))
        return
    if source is None:
        raise UsageError(f"Name a source: {', '.join(Source)}.")
    if file is not None and source is not Source.FILE:
        raise UsageError(f"{file}: only `tracker import file` takes a file.")
    since, until = days
    if since and until and since > until:
        raise UsageError(f"--since {since} is after --until {until}.")
    order = Order(source, now().date(), since, until, is_tracked_only, file)
    version = registry_version()
    if source is Source.FILE:
        found = import_file(lake, order, version, now)
    else:
        found = import_archive(lake, order, settings.endpoint, settings.is_offline, version, now, _tell)
    print("\n".join(imported_lines(found)))


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
