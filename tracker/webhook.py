"""Post a message to a webhook. Its address is a secret: no message and no error shows more of it than the host.

A message is sent again only where the webhook cannot have it: no connection was made, or it answered that it is busy.
Where it is not known whether a message arrived, it is not sent a second time.
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

from tracker.errors import SettingsError, WebhookError
from tracker.version import VERSION

SETTING = "TRACKER_WEBHOOK"
MAX_ATTEMPTS = 4
MAX_WAIT_SECONDS = 120.0
"""Longest wait that a webhook may demand."""

_TIMEOUTS = (8.0, 30.0)
_WRONG_ADDRESS = (401, 403, 404, 405, 410)
_WRONG_FORMAT = (400, 413, 415, 422)
_SLACK = ("hooks.slack.com", "hooks.slack-gov.com")
_DISCORD = ("discord.com", "discordapp.com")


class WebhookFormat(StrEnum):
    """How a message is written."""

    SLACK = "slack"
    DISCORD = "discord"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where messages go."""

    host: str
    address: str = field(repr=False)

    @classmethod
    def parse(cls, address: str) -> "Webhook":
        """Return the webhook at an address. Raises SettingsError, without the address, if it is none of the web."""
        try:
            parts = urlsplit(address.strip())
            host = parts.hostname if parts.scheme in ("http", "https") else None
            port = f":{parts.port}" if parts.port else ""
        except ValueError:
            host = None
        if not host:
            raise SettingsError(
                f"{SETTING} is no web address; it must begin with https:// or http:// and name a host. Nothing was "
                "sent."
            )
        return cls(f"{host}{port}", address.strip())

    @property
    def format(self) -> WebhookFormat:
        """The format that the address suggests. Discord also takes messages for Slack, at an address of their own."""
        host, path = self.host.partition(":")[0], urlsplit(self.address).path.rstrip("/")
        if host in _SLACK:
            return WebhookFormat.SLACK
        if host in _DISCORD or host.endswith(tuple(f".{name}" for name in _DISCORD)):
            return WebhookFormat.SLACK if path.endswith("/slack") else WebhookFormat.DISCORD
        return WebhookFormat.JSON


def post(
    webhook: Webhook,
    body: bytes,
    form: WebhookFormat,
    now: Callable[[], datetime],
    *,
    sleep: Callable[[float], None] = time.sleep,
    jitter: Callable[[], float] = random.random,
) -> None:
    """Send JSON to a webhook. Raises WebhookError if it cannot be reached, refuses, or does not answer."""
    from tracker.hub.retry import RetryableError, seconds_before_retry

    attempt = 0
    while True:
        attempt += 1
        try:
            return _send(webhook, body, form, now)
        except RetryableError as problem:
            error = problem
        if attempt == MAX_ATTEMPTS:
            raise WebhookError(
                f"The webhook at {webhook.host} took no message in {attempt} tries; the last: {error}. "
                "Check the network, and run the same command again later."
            )
        sleep(seconds_before_retry(error, attempt, jitter(), lambda seconds: _check_wait(webhook, seconds)))


def _send(webhook: Webhook, body: bytes, form: WebhookFormat, now: Callable[[], datetime]) -> None:
    import requests

    from tracker.hub.retry import RETRIED_STATUSES, RetryableError, requested_wait_seconds

    headers = {"Content-Type": "application/json", "User-Agent": f"open-model-tracker/{VERSION}"}
    try:
        response = requests.post(
            webhook.address, body, headers=headers, timeout=_TIMEOUTS, allow_redirects=False, stream=True
        )
    except (requests.RequestException, ValueError, OSError) as problem:
        # The errors of requests contain the address, so none of them is shown or chained.
        reason = _not_connected(problem)
        if reason is None:
            raise WebhookError(
                f"The webhook at {webhook.host} gave no answer. It may have the message, so it was not sent again: "
                "look there before you run the same command again."
            ) from None
        raise RetryableError(reason) from None
    response.close()  # what it says is not needed, and may be long
    status = response.status_code
    if status in RETRIED_STATUSES:
        raise RetryableError(f"status {status}", requested_wait_seconds(response.headers, now()))
    if not 200 <= status < 300:
        raise WebhookError(f"The webhook at {webhook.host} refused with status {status}. {_advice(status, form)}")


def _not_connected(problem: BaseException) -> str | None:
    """Why no connection was made; None if there may have been one."""
    import requests
    from urllib3.exceptions import NameResolutionError, NewConnectionError

    reason = getattr(problem.args[0] if problem.args else None, "reason", None)
    if isinstance(problem, requests.exceptions.SSLError):
        return "its certificate cannot be trusted"
    if isinstance(problem, requests.exceptions.ProxyError):
        return "the network's proxy refused"
    if isinstance(problem, requests.exceptions.ConnectTimeout):
        return "no connection in time"
    if isinstance(reason, NameResolutionError):
        return "the name of the host is not known"
    if isinstance(reason, NewConnectionError):
        return "the connection was refused"
    if isinstance(problem, ValueError):
        return "its address cannot be used"
    return None


def _advice(status: int, form: WebhookFormat) -> str:
    if 300 <= status < 400:
        return f"That is a redirect, which is not followed: set {SETTING} to the address that it leads to."
    if status in _WRONG_ADDRESS:
        return f"Its address may be wrong or revoked: check {SETTING}."
    if status in _WRONG_FORMAT:
        return f"It may not take messages for {form}: choose another --format."
    return f"Check {SETTING}."


def _check_wait(webhook: Webhook, seconds: float) -> None:
    if seconds > MAX_WAIT_SECONDS:
        raise WebhookError(
            f"The webhook at {webhook.host} demands a wait of {seconds:,.0f} seconds, longer than the "
            f"{MAX_WAIT_SECONDS:.0f} that this program waits. Nothing was sent: run the same command again later."
        )
