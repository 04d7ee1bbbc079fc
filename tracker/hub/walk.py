"""Walks over listings: page by page, each page on disk before the next request."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass

from tracker.domain import Page
from tracker.errors import DataError, HubError
from tracker.hub.client import HubClient, Response
from tracker.hub.listing import listing_url, next_url
from tracker.hub.page import PageReader, PageSummary
from tracker.hub.spool import Spool

WALKERS = 2
"""Requests in flight. Two halve the time; more would burden a free service."""

MAX_PAGES = 20_000
"""Pages of one listing; six times as many as the whole Hub had in 2026."""

OLDEST_FIRST, NEWEST_FIRST = "oldest-first", "newest-first"


@dataclass(frozen=True, slots=True)
class Walk:
    """One listing, read to its end."""

    name: str
    url: str
    """URL of the first page."""


class BudgetSpent(DataError):
    """The number of requests that the user allowed is used up. Downloaded pages stay."""


class Crawler:
    """Runs walks, two at a time, and saves their pages in a spool. Resumes where an earlier run stopped."""

    def __init__(
        self,
        hub: HubClient,
        spool: Spool,
        *,
        max_requests: int | None = None,
        check: Callable[[Response], None] = lambda response: None,
        on_page: Callable[[Page], None] = lambda page: None,
    ) -> None:
        """`check` is called before a response is saved and may raise; `on_page` is called after.

        Both may be called from several threads.
        """
        self._hub, self._spool, self._max_requests = hub, spool, max_requests
        self._check, self._on_page = check, on_page
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._granted = 0

    def run(self, walks: Sequence[Walk], is_done: Callable[[], bool] = lambda: False) -> None:
        """Read all walks to their ends, or until `is_done`. Raises the first error of any walk; downloaded pages stay.

        BudgetSpent is ignored if the other walk completes the sweep at the same time.
        """
        pool = ThreadPoolExecutor(WALKERS)
        running = [pool.submit(self._walk, walk, is_done) for walk in walks]
        try:
            ended, _ = wait(running, return_when=FIRST_EXCEPTION)
        except BaseException:
            self._stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        failed = [future for future in ended if future.exception() is not None]
        if failed:
            self._stop.set()
        pool.shutdown(wait=True, cancel_futures=bool(failed))
        for future in failed:
            if not (isinstance(future.exception(), BudgetSpent) and is_done()):
                future.result()

    def _walk(self, walk: Walk, is_done: Callable[[], bool]) -> None:
        reader = PageReader()
        saved = self._spool.pages(walk.name)
        url = saved[-1].next_url if saved else walk.url
        visited = {page.url for page in saved}
        while url is not None and not self._stop.is_set() and not is_done():
            if url in visited:
                raise HubError(
                    f"The listing {walk.name} links back to a page already read, {url}, and would never end."
                )
            if len(visited) >= MAX_PAGES:
                raise HubError(
                    f"The listing {walk.name} has more than {MAX_PAGES:,} pages and may never end; reading stopped. "
                    "Check HF_ENDPOINT."
                )
            visited.add(url)
            self._spend()
            summary, response = self._hub.fetch(url, lambda response: (reader.read(response), response))
            self._check(response)
            url = self._save(walk, summary, response)

    def _save(self, walk: Walk, summary: PageSummary, response: Response) -> str | None:
        following = next_url(response.link, response.url)
        self._on_page(self._spool.save(walk.name, summary, response, following))
        return following

    def _spend(self) -> None:
        """Take one page from the budget, or raise BudgetSpent. Retries are counted after they were sent."""
        with self._lock:
            spent = max(self._granted, self._hub.counts.requests)
            if self._max_requests is None or spent < self._max_requests:
                self._granted = spent + 1
                return
        raise BudgetSpent(
            f"Stopped after {spent} requests (--max-requests). Nothing has been added to the lake yet; "
            "run the same command again to resume."
        )


@dataclass(frozen=True, slots=True)
class Sweep:
    """A sweep of the whole Hub from both ends: one walk from the oldest repository up, one from the newest down.

    The order of creation is the order of `_id`, which never changes. The sweep is complete when one walk has reached an
    id that the other has passed.
    """

    spool: Spool

    def walks(self, endpoint: str) -> list[Walk]:
        """Both walks."""
        return [
            Walk(OLDEST_FIRST, listing_url(endpoint)),
            Walk(NEWEST_FIRST, listing_url(endpoint, newest_first=True)),
        ]

    def has_met(self) -> bool:
        """Return True when no repository between the two walks is missing."""
        highest, lowest = self._reached()
        return bool(highest and lowest and highest >= lowest)

    def gap(self) -> str | None:
        """Return a sentence that names the missing range of ids; None if the sweep is complete or the Hub is empty."""
        highest, lowest = self._reached()
        if self.has_met() or not any(page.rows for page in self.spool.pages()):
            return None
        return f"the listing ended early: nothing was read between ids {highest or '(none)'} and {lowest or '(none)'}"

    def _reached(self) -> tuple[str | None, str | None]:
        """The highest id of the upward walk and the lowest of the downward walk."""
        up, down = self.spool.pages(OLDEST_FIRST), self.spool.pages(NEWEST_FIRST)
        return (
            next((page.last_id for page in reversed(up) if page.last_id), None),
            next((page.first_id for page in reversed(down) if page.first_id), None),
        )
