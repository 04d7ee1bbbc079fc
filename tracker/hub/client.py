"""The one place that asks the Hub: pacing, retries, redirects, the token. All politeness lives here."""

from __future__ import annotations

import platform
import random
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TypeVar

import requests
import urllib3
from requests.auth import AuthBase

from tracker.errors import HubError
from tracker.hub.listing import origin, same_host
from tracker.hub.rate_limit import RateLimiter
from tracker.hub.ratelimit import MARGIN_SECONDS, quota, retry_after_seconds
from tracker.version import VERSION

T = TypeVar("T")

MAX_ATTEMPTS = 8
MAX_REDIRECTS = 5
FIRST_CONTACT_ATTEMPTS = 3
"""Before anything has answered, a dead network is likelier than a hiccup: give up sooner."""

LONGEST_BACKOFF_SECONDS = 60.0
USER_AGENT = f"open-model-tracker/{VERSION}; requests/{requests.__version__}; python/{platform.python_version()}"
_RETRIED_STATUSES = {408, 429, 500, 502, 503, 504}
_KEPT = "Pages already read are kept: the same command goes on from there."


class InvalidBody(Exception):
    """A reader refuses an answer's body as cut or not what was asked for; asking again may mend it."""


class _Again(Exception):
    """This attempt failed for a passing reason; `seconds` is how long the Hub asks to wait, if it says."""

    def __init__(self, reason: str, seconds: float | None = None) -> None:
        super().__init__(reason)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Response:
    """A 200 from the Hub, the body as it came over the wire."""

    url: str
    link: str | None
    body: bytes
    encoding: str
    """`gzip` or empty: how `body` is packed."""

    read_at: datetime
    """The Hub's own clock (its `Date` header), else ours; UTC."""

    is_simulated: bool
    is_replayed: bool
    """The Hub tells a day that is made up or past, by the clock of that day."""

    attempts: int


@dataclass(slots=True)
class Counts:
    """What a client has done so far."""

    requests: int = 0
    retries: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


class HubClient:
    """Asks one endpoint, politely. Safe to share between threads."""

    def __init__(
        self,
        endpoint: str,
        *,
        token: Callable[[], str | None] = lambda: None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
        now: Callable[[], datetime],
        timeouts: tuple[float, float] = (10.0, 60.0),
    ) -> None:
        """`token` is called before each request, so that a short-lived one is renewed; `now` is only asked where the
        Hub does not tell its own time; `timeouts` are seconds to connect and between bytes."""
        self.endpoint = endpoint
        self.rate_limiter = RateLimiter(sleep=sleep, clock=clock)
        self.counts = Counts()
        self._token, self._sleep, self._jitter, self._now, self._timeouts = token, sleep, jitter, now, timeouts
        self._sessions = threading.local()
        self._has_answered = False

    def fetch(self, url: str, read: Callable[[Response], T]) -> T:
        """The answer to `url` as `read` makes it; `read` may raise BadBody to have it asked again.

        Raises HubError when the Hub refuses, leads elsewhere, or gives no usable answer in `MAX_ATTEMPTS` tries.
        """
        same_host(url, self.endpoint, "a saved address")
        attempt = 0
        while True:
            attempt += 1
            try:
                return read(self._answer(url, attempt))
            except InvalidBody as problem:
                again = _Again(str(problem))
            except _Again as problem:
                again = problem
            limit = MAX_ATTEMPTS if self._has_answered else FIRST_CONTACT_ATTEMPTS
            if attempt >= limit:
                raise HubError(self._given_up(url, attempt, again)) from again
            with self.counts.lock:
                self.counts.retries += 1
            self._sleep(again.seconds if again.seconds is not None else self._backoff_seconds(attempt))

    def _answer(self, url: str, attempt: int) -> Response:
        """One try, following redirects on the same host."""
        asked = url
        for _ in range(MAX_REDIRECTS):
            response, body = self._request(asked)
            if response.is_redirect:
                asked = same_host(response.headers["Location"], asked, f"a redirect ({response.status_code})")
                continue
            self._refuse_or_retry(response, body)
            encoding = response.headers.get("Content-Encoding", "").lower()
            return Response(
                url=asked,
                link=response.headers.get("Link"),
                body=body,
                encoding=encoding,
                read_at=_server_time(response) or self._now(),
                is_simulated=_says(response, "X-Simulated"),
                is_replayed=_says(response, "X-Simulated") or _says(response, "X-Replayed"),
                attempts=attempt,
            )
        raise HubError(f"{url} redirects more than {MAX_REDIRECTS} times; nothing was read from it.")

    def _request(self, url: str) -> tuple[requests.Response, bytes]:
        self.rate_limiter.wait()
        with self.counts.lock:
            self.counts.requests += 1
        try:
            response = self._session().get(
                url,
                auth=_Bearer(self._token()),
                timeout=self._timeouts,
                allow_redirects=False,
                stream=True,
            )
            self._has_answered = True
            body = response.raw.read(decode_content=False)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as problem:
            raise _Again(_in_words(problem)) from problem
        self.rate_limiter.update(quota(response.headers))
        return response, body

    def _refuse_or_retry(self, response: requests.Response, body: bytes) -> None:
        status = response.status_code
        if status == 200:
            return
        if status in _RETRIED_STATUSES:
            raise _Again(f"status {status}", self._asked_to_wait(response))
        said = _without_token(_plain(response, body)[:300], response.request)
        if status in (401, 403):
            advice = "The token may be wrong or revoked: check HF_TOKEN, or run `hf auth login`."
        else:
            advice = "The Hub's API may have changed: look for a newer version of this program."
        raise HubError(
            f"{origin(response.url)} refused with status {status}: {(said or 'no reason given').rstrip('.')}. {advice} "
            f"{_KEPT}"
        )

    def _asked_to_wait(self, response: requests.Response) -> float | None:
        """Seconds the Hub asks for: the longer of the window's rest (when used up) and `Retry-After`."""
        left = quota(response.headers)
        waits = [retry_after_seconds(response.headers.get("Retry-After"), _server_time(response) or self._now())]
        if left is not None and left.remaining == 0:
            waits.append(left.resets_in_seconds + MARGIN_SECONDS)
        return max((seconds for seconds in waits if seconds is not None), default=None)

    def _backoff_seconds(self, attempt: int) -> float:
        return min(LONGEST_BACKOFF_SECONDS, 2.0 ** (attempt - 1)) * (0.5 + self._jitter() / 2)

    def _given_up(self, url: str, attempts: int, last: Exception) -> str:
        host = origin(url)
        if not self._has_answered:
            return (
                f"Could not reach {host} ({last}; tried {attempts} times). Check the network, set HF_ENDPOINT if you "
                "use a mirror, or run `tracker demo`, which needs no network."
            )
        return f"{host} gave no usable answer in {attempts} tries; the last: {last}. {_KEPT}"

    def _session(self) -> requests.Session:
        """One session a thread: requests does not promise that sessions may be shared."""
        if not hasattr(self._sessions, "session"):
            session = requests.Session()
            session.headers.update({"User-Agent": USER_AGENT, "Accept-Encoding": "gzip", "Accept": "application/json"})
            # The environment's proxies and certificates, looked up once instead of before every request.
            found = session.merge_environment_settings(self.endpoint, {}, None, None, None)
            session.proxies, session.verify = dict(found["proxies"]), found["verify"]
            session.trust_env = False
            self._sessions.session = session
        held: requests.Session = self._sessions.session
        return held


class _Bearer(AuthBase):
    """The token, or nothing. Being set, it also keeps requests from sending a password out of ~/.netrc."""

    def __init__(self, token: str | None) -> None:
        if token and not (token.isascii() and token.isprintable()):
            raise HubError("The token holds characters that no token has: check HF_TOKEN, or run `hf auth login`.")
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def token_source(is_named: bool) -> Callable[[], str | None]:
    """Where the token comes from: `hub_token` if the environment names one or one is saved, else nowhere.

    Asking huggingface_hub costs an import as long as the reading of thirty pages.
    """
    from huggingface_hub import constants

    if is_named or Path(constants.HF_TOKEN_PATH).exists() or "google.colab" in sys.modules:
        return hub_token
    return lambda: None


def hub_token() -> str | None:
    """The token as huggingface_hub finds it: OIDC exchange, HF_TOKEN, or `hf auth login`; None if there is none.

    Raises HubError if an OIDC exchange was asked for (HF_OIDC_RESOURCE) and failed.
    """
    from huggingface_hub import get_token
    from huggingface_hub.errors import HfHubHTTPError, OIDCError
    from huggingface_hub.utils import httpx  # type: ignore[attr-defined]  # exported, but lazily

    try:
        return get_token()
    except (OIDCError, HfHubHTTPError, httpx.HTTPError) as problem:
        raise HubError(f"HF_OIDC_RESOURCE is set, but no token could be had for it: {problem}") from problem


def _says(response: requests.Response, header: str) -> bool:
    return bool(response.headers.get(header, "").lower() == "true")


def _server_time(response: requests.Response) -> datetime | None:
    try:
        return parsedate_to_datetime(response.headers["Date"]).astimezone(UTC)
    except (KeyError, ValueError):
        return None


def _without_token(text: str, request: requests.PreparedRequest) -> str:
    """What a Hub said, should it repeat the token it was sent."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return text.replace(token, "(token)") if token else text


def _plain(response: requests.Response, body: bytes) -> str:
    import zlib

    if response.headers.get("Content-Encoding", "").lower() == "gzip":
        try:
            body = zlib.decompress(body, wbits=31)
        except zlib.error:
            return ""
    return body.decode("utf-8", errors="replace").strip()


def _in_words(problem: Exception) -> str:
    """The innermost reason, without the object addresses that requests wraps it in."""
    text = str(problem)
    for words, reason in (
        ("NameResolutionError", "the name could not be resolved"),
        ("Connection refused", "connection refused"),
        ("timed out", "timed out"),
        ("IncompleteRead", "the answer was cut"),
        ("reset by peer", "connection reset"),
        ("SSLError", "no secure connection"),
        ("unreachable", "network unreachable"),
        ("RemoteDisconnected", "the connection was closed without an answer"),
    ):
        if words in text or words == type(problem).__name__:
            return reason
    return type(problem).__name__
