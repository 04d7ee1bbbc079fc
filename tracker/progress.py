"""Progress of a crawl on stderr: a bar on a terminal, otherwise a line every 15 seconds."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, TextIO

from tracker.domain import Page
from tracker.hub.client import HubClient
from tracker.hub.crawl import CrawlOptions
from tracker.hub.scopes import ScopePlan

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_LINE_EVERY_SECONDS = 15.0
_ANONYMOUS_QUOTA, _TOKEN_QUOTA, _WINDOW_SECONDS = 500, 1000, 300
"""The Hub's documented quotas per five minutes; only used to estimate how long a crawl takes."""


def announcement(options: CrawlOptions, plan: ScopePlan, resumed_pages: int, has_token: bool) -> str:
    """What a crawl is about to do, in one or two sentences."""
    quota = _TOKEN_QUOTA if has_token else _ANONYMOUS_QUOTA
    windows = max(0, plan.expected_requests - 1) // (quota - quota // 10)
    text = f"Reading scope {options.scope} for {options.day}: about {plan.expected_requests:,} requests"
    if windows:
        minutes = windows * _WINDOW_SECONDS // 60
        text += f", at least {minutes} minutes at {quota} requests per 5 minutes "
        text += "with a token" if has_token else "without a token (half of that with one: set HF_TOKEN)"
    if resumed_pages:
        text += f". Resuming: {resumed_pages:,} pages were read before"
    return text + "."


class CrawlProgress:
    """Progress of one crawl. Thread-safe."""

    def __init__(
        self,
        clock: Callable[[], float],
        has_token: bool,
        stream: TextIO = sys.stderr,
        terminal: TextIO | None = None,
    ) -> None:
        """`terminal` is the same stream as it is below any filter, because a bar moves the cursor."""
        self._terminal = terminal or stream
        self._clock, self._has_token, self._stream = clock, has_token, stream
        self._lock = threading.Lock()
        self._pages = self._rows = 0
        self._expected = 1
        self._started = self._last_line = clock()
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def begin(self, options: CrawlOptions, plan: ScopePlan, resumed_pages: int) -> None:
        """Announce the plan and open the bar."""
        self._say(announcement(options, plan, resumed_pages, self._has_token))
        self._pages, self._expected = resumed_pages, max(1, plan.expected_requests)
        self._started = self._last_line = self._clock()
        if self._stream.isatty():
            self._bar = _bar(self._terminal)
            self._bar.start()
            self._task = self._bar.add_task(str(options.scope), total=self._expected, completed=resumed_pages, facts="")

    def page(self, page: Page, hub: HubClient) -> None:
        """Count a page and show the progress."""
        with self._lock:
            self._pages += 1
            self._rows += page.rows
            facts = self._facts(hub)
            if self._bar is not None and self._task is not None:
                self._bar.update(self._task, completed=self._pages, total=max(self._expected, self._pages), facts=facts)
            elif self._clock() - self._last_line >= _LINE_EVERY_SECONDS:
                self._last_line = self._clock()
                self._say(facts)

    def landing(self, pages: int) -> None:
        """Close the bar; after a long crawl, print a line."""
        self.end()
        if self._clock() - self._started >= _LINE_EVERY_SECONDS:
            self._say(f"Read {pages:,} pages; writing them into the lake.")

    def end(self) -> None:
        """Close the bar if it is open."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _facts(self, hub: HubClient) -> str:
        seconds = max(self._clock() - self._started, 0.001)
        left = max(0, self._expected - self._pages)
        limiter = hub.rate_limiter
        quota = f", quota left {limiter.remaining:,}" if limiter.quota else ""
        eta = timedelta(seconds=round(left * seconds / max(1, self._pages)))
        return (
            f"{self._pages:,} pages, {self._rows:,} rows, {self._rows / seconds:,.0f} rows/s{quota}, about {eta} left"
        )

    def _say(self, text: str) -> None:
        print(text, file=self._stream, flush=True)


def _bar(stream: TextIO) -> Progress:
    from rich.console import Console  # here, so that only a terminal pays for it
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[facts]}"), TimeElapsedColumn())
    return Progress(*columns, console=Console(file=stream), transient=True)


class NoProgress:
    """Progress without output."""

    def begin(self, options: CrawlOptions, plan: ScopePlan, resumed_pages: int) -> None:
        """Do nothing."""

    def page(self, page: Page, hub: HubClient) -> None:
        """Do nothing."""

    def landing(self, pages: int) -> None:
        """Do nothing."""

    def end(self) -> None:
        """Do nothing."""
