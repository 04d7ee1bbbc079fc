"""Progress of a crawl: the announcement, periodic lines in a pipe, a bar on a terminal."""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tracker.domain import Page, Scope
from tracker.hub.client import HubClient
from tracker.hub.crawl import CrawlOptions
from tracker.hub.rate_limit import parse_quota
from tracker.hub.scopes import ScopePlan
from tracker.progress import CrawlProgress, NoProgress, announcement

ORDER = CrawlOptions(date(2026, 8, 19), Scope.HUB)
NOW = datetime(2026, 8, 19, 6, tzinfo=UTC)


class Terminal(io.StringIO):
    """A stream that reports to be a terminal."""

    def isatty(self) -> bool:
        return True


def plan(requests: int) -> ScopePlan:
    return ScopePlan(lambda crawler: None, lambda: None, requests)


def page(rows: int) -> Page:
    return Page("w", 0, "http://hub/x", None, "0.json", rows, None, None, NOW, 1, False)


SLOW = "500 requests per 5 minutes without a token (half of that with one: set HF_TOKEN)"
ANNOUNCED = [
    (Scope.LABS, 286, 0, False, "Reading scope labs for 2026-08-19: about 286 requests."),
    (Scope.LABS, 450, 0, False, "Reading scope labs for 2026-08-19: about 450 requests."),
    (
        Scope.LABS, 451, 0, False,
        f"Reading scope labs for 2026-08-19: about 451 requests, at least 5 minutes at {SLOW}.",
    ),
    (
        Scope.HUB, 3_300, 0, False,
        f"Reading scope hub for 2026-08-19: about 3,300 requests, at least 35 minutes at {SLOW}.",
    ),
    (
        Scope.HUB, 3_300, 0, True,
        "Reading scope hub for 2026-08-19: about 3,300 requests, at least 15 minutes at 1000 requests per 5 minutes "
        "with a token.",
    ),
    (
        Scope.LABS, 1, 1_234, True,
        "Reading scope labs for 2026-08-19: about 1 requests. Resuming: 1,234 pages were read before.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("scope", "requests", "resumed", "has_token", "text"), ANNOUNCED)
def test_announcement_estimates_time_from_the_quota(
    scope: Scope, requests: int, resumed: int, has_token: bool, text: str
) -> None:
    assert announcement(CrawlOptions(ORDER.day, scope), plan(requests), resumed, has_token) == text


@pytest.fixture
def hub(clock: Any) -> HubClient:
    return HubClient("http://hub", sleep=clock.sleep, clock=clock, now=lambda: NOW)


def test_pipe_gets_a_line_every_fifteen_seconds(clock: Any, hub: HubClient) -> None:
    stream = io.StringIO()
    progress = CrawlProgress(clock, has_token=True, stream=stream)
    progress.begin(ORDER, plan(100), 0)
    for _ in range(50):
        clock.sleep(1)
        progress.page(page(1_000), hub)
    progress.landing(50)
    progress.end()
    assert stream.getvalue().splitlines() == [
        "Reading scope hub for 2026-08-19: about 100 requests.",
        "15 pages, 15,000 rows, 1,000 rows/s, about 0:01:25 left",
        "30 pages, 30,000 rows, 1,000 rows/s, about 0:01:10 left",
        "45 pages, 45,000 rows, 1,000 rows/s, about 0:00:55 left",
        "Read 50 pages; writing them into the lake.",
    ]


def test_short_crawl_in_a_pipe_prints_only_its_announcement(clock: Any, hub: HubClient) -> None:
    stream = io.StringIO()
    progress = CrawlProgress(clock, has_token=False, stream=stream)
    progress.begin(ORDER, plan(3), 0)
    progress.page(page(10), hub)
    progress.landing(1)
    assert stream.getvalue() == "Reading scope hub for 2026-08-19: about 3 requests.\n"


def test_remaining_quota_is_shown_once_known(clock: Any, hub: HubClient) -> None:
    stream = io.StringIO()
    progress = CrawlProgress(clock, has_token=False, stream=stream)
    progress.begin(ORDER, plan(1), 0)
    hub.rate_limiter.update(
        parse_quota({"RateLimit": '"api";r=498;t=200', "RateLimit-Policy": '"fixed window";"api";q=500;w=300'})
    )
    clock.sleep(20)
    progress.page(page(7), hub)
    assert stream.getvalue().splitlines()[1] == "1 pages, 7 rows, 0 rows/s, quota left 498, about 0:00:00 left"


def test_terminal_gets_a_bar_that_is_cleared(clock: Any, hub: HubClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "150")
    stream = Terminal()
    progress = CrawlProgress(clock, has_token=False, stream=stream)
    progress.begin(ORDER, plan(4), 1)
    clock.sleep(2)
    progress.page(page(1_000), hub)
    progress.landing(2)
    progress.end()
    text = stream.getvalue()
    assert "Resuming: 1 pages were read before." in text
    assert "hub" in text and "2 pages, 1,000 rows, 500 rows/s, about 0:00:02 left" in text
    assert text.rstrip("\r").endswith("\x1b[2K")


def test_bar_is_closed_when_a_crawl_fails(clock: Any, hub: HubClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()
    progress = CrawlProgress(clock, has_token=False, stream=stream)
    progress.begin(ORDER, plan(4), 0)
    progress.end()
    output = stream.getvalue()
    progress.end()
    assert stream.getvalue() == output and "\x1b[?25h" in output


@pytest.mark.parametrize("call", [
    lambda progress: progress.begin(ORDER, plan(1), 0),
    lambda progress: progress.page(page(1), None),
    lambda progress: progress.landing(1),
    lambda progress: progress.end(),
])  # fmt: skip
def test_no_progress_prints_nothing(call: Callable[[NoProgress], None], capfd: pytest.CaptureFixture[str]) -> None:
    call(NoProgress())
    assert capfd.readouterr() == ("", "")
