"""Messages to webhooks: what is sent again, what is refused, and that no error shows the address."""

import socket
from datetime import UTC, datetime

import pytest

from tests.support.webhook import HANG_UP, SECRET, webhook
from tracker.errors import SettingsError, WebhookError
from tracker.webhook import Webhook, WebhookFormat, post

NOW = datetime(2026, 11, 21, tzinfo=UTC)
JSON = WebhookFormat.JSON


def send(address: str, slept: list[float] | None = None) -> None:
    """Post a message without waiting; `slept` gets the waits."""
    waits = [] if slept is None else slept
    post(Webhook.parse(address), b'{"text": "news"}', JSON, lambda: NOW, sleep=waits.append, jitter=lambda: 1.0)


def refusal(address: str) -> str:
    """The message of the error, after checking that neither it nor its causes show the secret."""
    with pytest.raises(WebhookError) as raised:
        send(address)
    problem: BaseException | None = raised.value
    while problem is not None:
        assert SECRET not in str(problem) and "x9y8z7" not in repr(problem)
        problem = None if problem.__suppress_context__ else problem.__cause__ or problem.__context__
    return str(raised.value)


def test_message_arrives_once_as_json() -> None:
    with webhook(204) as receiver:
        send(receiver.address)
    assert (receiver.received, receiver.types) == ([{"text": "news"}], ["application/json"])


def test_busy_webhook_gets_the_message_again() -> None:
    waits: list[float] = []
    with webhook(503, 500, 200) as receiver:
        send(receiver.address, waits)
    assert len(receiver.received) == 3 and waits == [1.0, 2.0]


def test_wait_that_a_webhook_demands_is_respected() -> None:
    waits: list[float] = []
    with webhook(429, 200, Retry_After="7") as receiver:
        send(receiver.address, waits)
    assert len(receiver.received) == 2 and waits == [7.0]


def test_long_wait_is_reported() -> None:
    with webhook(429, Retry_After="3600") as receiver:
        assert "demands a wait of 3,600 seconds, longer than the 120" in refusal(receiver.address)
    assert len(receiver.received) == 1


def test_webhook_that_stays_busy_is_given_up() -> None:
    with webhook(503) as receiver:
        assert "took no message in 4 tries; the last: status 503. Check the network" in refusal(receiver.address)
    assert len(receiver.received) == 4


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (404, "Its address may be wrong or revoked: check TRACKER_WEBHOOK."),
        (400, "It may not take messages for json: choose another --format."),
        (301, "That is a redirect, which is not followed: set TRACKER_WEBHOOK to the address that it leads to."),
        (418, "Check TRACKER_WEBHOOK."),
    ],
)
def test_refusal_says_what_to_do(status: int, advice: str) -> None:
    with webhook(status, Location=f"/elsewhere/{SECRET}") as receiver:
        message = refusal(receiver.address)
        assert message == f"The webhook at {receiver.url[7:]} refused with status {status}. {advice}"
    assert len(receiver.received) == 1


def test_message_that_may_have_arrived_is_not_sent_again() -> None:
    with webhook(HANG_UP) as receiver:
        assert "gave no answer. It may have the message, so it was not sent again" in refusal(receiver.address)
    assert len(receiver.received) == 1


def test_dead_webhook_is_tried_again_and_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    message = refusal(f"http://127.0.0.1:{port}/services/{SECRET}")
    assert message.startswith(
        f"The webhook at 127.0.0.1:{port} took no message in 4 tries; the last: the connection was"
    )


@pytest.mark.parametrize(
    "address",
    [SECRET, f"ftp://example.org/{SECRET}", f"https:///{SECRET}", f"https://example.org:{SECRET}", "https://["],
)
def test_address_that_is_none_is_refused_unseen(address: str) -> None:
    with pytest.raises(SettingsError, match="TRACKER_WEBHOOK is no web address") as raised:
        Webhook.parse(address)
    assert SECRET not in str(raised.value)
    assert raised.value.__suppress_context__ or raised.value.__context__ is None


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("https://hooks.slack.com/services/T/B/x", "slack"),
        ("https://discord.com/api/webhooks/1/x", "discord"),
        ("https://ptb.discord.com/api/webhooks/1/x", "discord"),
        ("https://discord.com/api/webhooks/1/x/slack", "slack"),
        ("https://example.org/hooks.slack.com", "json"),
        ("https://notdiscord.com/api/webhooks/1/x", "json"),
    ],
)
def test_format_follows_from_the_address(address: str, form: str) -> None:
    found = Webhook.parse(address)
    assert found.format == form and "/x" not in repr(found)
