"""Walks: listings read page by page, each page on disk before the next is asked for."""

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
"""Requests in flight. Two halve the time; more would press a service that is free of charge."""

OLDEST_FIRST, NEWEST_FIRST = "oldest-first", "newest-first"


@dataclass(frozen=True, slots=True)
class Walk:
    """One listing to be read to its end."""

    name: str
    url: str
    """Its first page."""


class BudgetSpent(DataError):
    """The number of requests the user allowed is used up; what was read is kept."""


class Crawler:
    """Runs walks over one spool, two at a time, going on where an earlier run was stopped."""

    def __init__(
        self,
        hub: HubClient,
        spool: Spool,
        *,
        max_requests: int | None = None,
        accept: Callable[[Response], None] = lambda answer: None,
        on_page: Callable[[Page], None] = lambda page: None,
    ) -> None:
        """`accept` raises to refuse an answer before it is saved, `on_page` hears of every page newly saved; both from
        the walkers' threads."""
        self._hub, self._spool, self._max_requests = hub, spool, max_requests
        self._accept, self._on_page = accept, on_page
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._granted = 0

    def run(self, walks: Sequence[Walk], is_done: Callable[[], bool] = lambda: False) -> None:
        """Reads all walks to their ends, or until `is_done`. Raises the first error of any; pages read stay.

        One walker may find the allowance spent while the other reads the page that ends the sweep: that is no error.
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
        asked = {page.url for page in saved}
        while url is not None and not self._stop.is_set() and not is_done():
            if url in asked:
                raise HubError(f"The listing {walk.name} leads back to a page already read, {url}; it would never end.")
            asked.add(url)
            self._spend()
            look, answer = self._hub.fetch(url, lambda answer: (reader.look(answer), answer))
            self._accept(answer)
            url = self._save(walk, look, answer)

    def _save(self, walk: Walk, look: PageSummary, answer: Response) -> str | None:
        following = next_url(answer.link, answer.url)
        self._on_page(self._spool.save(walk.name, look, answer, following))
        return following

    def _spend(self) -> None:
        """Lets one more page be asked for; a walker's first request is counted before it is sent, its retries after."""
        with self._lock:
            spent = max(self._granted, self._hub.counts.requests)
            if self._max_requests is None or spent < self._max_requests:
                self._granted = spent + 1
                return
        raise BudgetSpent(
            f"Stopped after {spent} requests, as --max-requests asks. Nothing has landed yet; "
            "run the same command again to go on from here."
        )


@dataclass(frozen=True, slots=True)
class Sweep:
    """The two-ended sweep of everything: one walker from the oldest repository up, one from the newest down.

    The order of creation is the order of `_id`, which never changes, so the two have met as soon as one has seen an
    id the other has passed.
    """

    spool: Spool

    def walks(self, endpoint: str) -> list[Walk]:
        """Both walks."""
        return [
            Walk(OLDEST_FIRST, listing_url(endpoint)),
            Walk(NEWEST_FIRST, listing_url(endpoint, newest_first=True)),
        ]

    def has_met(self) -> bool:
        """True once everything between the two has been read, or one has come to the other's end."""
        highest, lowest = self._reached()
        return bool(highest and lowest and highest >= lowest)

    def gap(self) -> str | None:
        """Where the walks ended without having met, in words; None if the sweep is whole or the Hub is empty."""
        highest, lowest = self._reached()
        if self.has_met() or not any(page.rows for page in self.spool.pages()):
            return None
        return f"the listing ended early: nothing was read between ids {highest or '(none)'} and {lowest or '(none)'}"

    def _reached(self) -> tuple[str | None, str | None]:
        """The highest id seen from the oldest up, and the lowest seen from the newest down."""
        up, down = self.spool.pages(OLDEST_FIRST), self.spool.pages(NEWEST_FIRST)
        return (
            next((page.last_id for page in reversed(up) if page.last_id), None),
            next((page.first_id for page in reversed(down) if page.first_id), None),
        )
