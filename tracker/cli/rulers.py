"""`tracker crawl --source`: other rulers than the Hub, each on its own, so that one failing harms no other."""

import sys
from collections.abc import Callable, Iterator
from datetime import date

from tracker.cli.environment import now, print_note, registry
from tracker.cli.options import Ruler
from tracker.config import Settings
from tracker.domain import Axis
from tracker.errors import TrackerError
from tracker.hub.checks import check_not_future
from tracker.messages import source_line
from tracker.pipeline import read_source


def crawl_rulers(
    settings: Settings, source: Ruler, day: date | None, *, force: bool, crawl_hub: Callable[[], None]
) -> None:
    """Read one source, or all, the Hub first. Failures are reported at the end, and the first decides the exit code."""
    today = now()
    if day:
        check_not_future(day, today)

    chosen = registry(settings)

    def read(axis: Axis) -> None:
        outcome = read_source(
            settings, axis, day or today.date(), chosen, now, force=force, is_today=day is None, on_wait=print_note
        )
        print(source_line(outcome))

    failures = list(_failures(source, crawl_hub, read))
    if failures:
        for failure in failures[1:]:
            print(f"tracker: {failure}", file=sys.stderr)
        raise failures[0]


def _failures(source: Ruler, crawl_hub: Callable[[], None], read: Callable[[Axis], None]) -> Iterator[TrackerError]:
    if source is Ruler.ALL:
        try:
            crawl_hub()
        except TrackerError as failure:
            yield failure
    for axis in Axis if source is Ruler.ALL else [Axis(source.value)]:
        try:
            read(axis)
        except TrackerError as failure:
            yield failure
