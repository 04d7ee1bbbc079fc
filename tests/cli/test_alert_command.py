"""`tracker alert` on the command line, against a real webhook."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import FIRST, SECOND
from tests.support.warehouse_file import run_sql
from tests.support.webhook import SECRET, webhook


@pytest.fixture
def rolled_back(own: Path) -> Path:
    """A home whose last day has an event."""
    run_sql(own, f"insert into quality_events values ('rollback', '{SECOND}', null, '9 of 12 repositories fell', 'no')")
    return own


def test_events_are_sent_once_in_the_format_chosen(tracker: Callable[..., Any], rolled_back: Path) -> None:
    with webhook() as receiver:
        done = tracker("alert", "--format", "slack", "--home", rolled_back, TRACKER_WEBHOOK=receiver.address)
    assert (done.code, done.err) == (0, "")
    assert done.out == f"1 event of {SECOND} sent to {receiver.url[7:]} as slack.\n"
    [message] = receiver.received
    assert message["text"].startswith("*Simulated data: Open Model Tracker, 19 Aug 2026*\n")
    assert "The Hub's download counters were rolled back.* 9 of 12 repositories fell." in message["text"]


def test_dry_run_prints_the_message_and_sends_nothing(tracker: Callable[..., Any], rolled_back: Path) -> None:
    with webhook() as receiver:
        arguments = ("alert", "--dry-run", "--base-url", "https://example.org", "--home", rolled_back)
        done = tracker(*arguments, TRACKER_WEBHOOK=receiver.address)
    assert receiver.received == [] and done.code == 0 and "Nothing was sent" in done.err
    message = json.loads(done.out)
    assert [event["id"] for event in message["events"]] == [f"rollback-{SECOND}"]
    assert message["url"] == f"https://example.org/news.html#{SECOND}"
    assert json.loads(tracker(*arguments).out) == message


def test_day_without_events_sends_nothing(tracker: Callable[..., Any], rolled_back: Path) -> None:
    with webhook() as receiver:
        done = tracker("alert", "--day", FIRST.isoformat(), "--home", rolled_back, TRACKER_WEBHOOK=receiver.address)
    assert (done.code, done.out) == (0, f"No events on {FIRST}; nothing was sent.\n")
    assert receiver.received == []


@pytest.mark.parametrize(
    ("arguments", "environ", "code", "message"),
    [
        (
            (),
            {},
            12,
            "tracker: TRACKER_WEBHOOK is not set, so nothing was sent. Set it to the address of a webhook, or",
        ),
        ((), {"TRACKER_WEBHOOK": f"hooks/{SECRET}"}, 12, "tracker: TRACKER_WEBHOOK is no web address"),
        (
            ("--day", "2026-08-20"),
            {"TRACKER_WEBHOOK": "http://127.0.0.1"},
            2,
            "the last day of this warehouse is 2026-",
        ),
        (
            ("--day", "2026-01-01"),
            {"TRACKER_WEBHOOK": "http://127.0.0.1"},
            2,
            "the first day of this warehouse is 2026-",
        ),
        (("--base-url", "x"), {"TRACKER_WEBHOOK": "http://127.0.0.1"}, 2, "--base-url x: give the address of the site"),
    ],
)
def test_mistakes_are_explained(
    tracker: Callable[..., Any],
    filled: Path,
    arguments: tuple[str, ...],
    environ: dict[str, str],
    code: int,
    message: str,
) -> None:
    done = tracker("alert", *arguments, "--home", filled, **environ)
    assert done.code == code and message in done.err and SECRET not in done.err and done.out == ""


def test_refusing_webhook_exits_with_15(tracker: Callable[..., Any], rolled_back: Path) -> None:
    with webhook(410) as receiver:
        done = tracker("alert", "--home", rolled_back, TRACKER_WEBHOOK=receiver.address)
    assert (done.code, done.out) == (15, "") and done.err.count("\n") == 1
    assert done.err.startswith(f"tracker: The webhook at {receiver.url[7:]} refused with status 410.")
