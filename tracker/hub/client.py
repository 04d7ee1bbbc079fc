"""HTTP client for the Hub: rate limit, retries, redirects and the token."""

from __future__ import annotations

import platform
import random
import sys
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import requests
import urllib3
from requests.auth import AuthBase

from tracker.errors import HubError
from tracker.hub.listing import origin, same_host
from tracker.hub.rate_limit import RateLimiter, parse_quota
from tracker.hub.retry import (
    RETRIED_STATUSES,
    RetryableError,
    requested_wait_seconds,
    seconds_before_retry,
    server_time,
)
from tracker.version import VERSION

T = TypeVar("T")

MAX_ATTEMPTS = 8
MAX_REDIRECTS = 5
FIRST_CONTACT_ATTEMPTS = 3
"""Before the first response, a dead network is more likely than a brief failure: give up sooner."""

USER_AGENT = f"open-model-tracker/{VERSION}; requests/{requests.__version__}; python/{platform.python_version()}"
_RESUME = "Pages read so far are saved. Run the same command again to resume."


class InvalidBody(RetryableError):
    """A reader found a body cut off or not what was requested."""


@dataclass(frozen=True, slots=True)
class Response:
    """A response with status 200 and its undecoded body."""

    url: str
    link: str | None
    body: bytes
    encoding: str
    """Compression of `body`: `gzip` or empty."""

    read_at: datetime
    """The Hub's clock (its `Date` header), else this machine's; UTC."""

    is_simulated: bool
    is_replayed: bool
    """The Hub serves a simulated or past day, and its clock shows that day."""

    attempts: int


@dataclass(slots=True)
class Counts:
    """Requests and retries of one client."""

    requests: int = 0
    retries: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


class HubClient:
    """Client of one endpoint. Thread-safe."""

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
        """`token` is called before every request, so that a short-lived token can be renewed. `now` is called only
        where the Hub sends no time of its own. `timeouts` are the seconds to connect and between bytes."""
        self.endpoint = endpoint
        self.rate_limiter = RateLimiter(sleep=sleep, clock=clock)
        self.counts = Counts()
        self._token, self._sleep, self._jitter, self._now, self._timeouts = token, sleep, jitter, now, timeouts
        self._sessions = threading.local()
        self._was_reached = False

    def fetch(self, url: str, read: Callable[[Response], T]) -> T:
        """Get `url` and return what `read` makes of the response. `read` may raise InvalidBody for another attempt.

        Raises HubError if the Hub refuses the request, links to another host, or gives no usable response in
        `MAX_ATTEMPTS` attempts.
        """
        same_host(url, self.endpoint, "a saved address")
        attempt = 0
        while True:
            attempt += 1
            try:
                return read(self._get(url, attempt))
            except RetryableError as problem:
                error = problem
            if attempt >= (MAX_ATTEMPTS if self._was_reached else FIRST_CONTACT_ATTEMPTS):
                raise HubError(self._failure(url, attempt, error)) from error
            with self.counts.lock:
                self.counts.retries += 1
            self._sleep(seconds_before_retry(error, attempt, self._jitter()))

    def _get(self, url: str, attempt: int) -> Response:
        """One attempt, with redirects on the same host."""
        target = url
        for _ in range(MAX_REDIRECTS):
            response, body = self._request(target)
            if response.is_redirect:
                target = same_host(response.headers["Location"], target, f"a redirect ({response.status_code})")
                continue
            self._check_status(response, body)
            is_simulated = _is_true(response, "X-Simulated")
            return Response(
                url=target,
                link=response.headers.get("Link"),
                body=body,
                encoding=response.headers.get("Content-Encoding", "").lower(),
                read_at=server_time(response.headers) or self._now(),
                is_simulated=is_simulated,
                is_replayed=is_simulated or _is_true(response, "X-Replayed"),
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
            self._was_reached = True
            body = response.raw.read(decode_content=False)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as problem:
            raise RetryableError(_network_problem(problem)) from problem
        self.rate_limiter.update(parse_quota(response.headers))
        return response, body

    def _check_status(self, response: requests.Response, body: bytes) -> None:
        status = response.status_code
        if status == 200:
            return
        if status in RETRIED_STATUSES:
            raise RetryableError(f"status {status}", requested_wait_seconds(response.headers, self._now()))
        reason = _without_token(_decoded(response, body)[:300], response.request) or "no reason given"
        if status in (401, 403):
            advice = "The token may be wrong or revoked: check HF_TOKEN, or run `hf auth login`."
        else:
            advice = "The Hub's API may have changed: look for a newer version of this program."
        raise HubError(f"{origin(response.url)} refused with status {status}: {reason.rstrip('.')}. {advice} {_RESUME}")

    def _failure(self, url: str, attempts: int, last: Exception) -> str:
        host = origin(url)
        if not self._was_reached:
            return (
                f"Could not reach {host} ({last}; tried {attempts} times). Check the network, set HF_ENDPOINT if you "
                "use a mirror, or run `tracker demo`, which needs no network."
            )
        return f"{host} gave no usable answer in {attempts} tries; the last: {last}. {_RESUME}"

    def _session(self) -> requests.Session:
        """The session of this thread. requests does not promise that sessions are thread-safe."""
        if not hasattr(self._sessions, "session"):
            session = requests.Session()
            session.headers.update({"User-Agent": USER_AGENT, "Accept-Encoding": "gzip", "Accept": "application/json"})
            # Read proxies and certificates from the environment once, not before every request.
            found = session.merge_environment_settings(self.endpoint, {}, None, None, None)
            session.proxies, session.verify = dict(found["proxies"]), found["verify"]
            session.trust_env = False
            self._sessions.session = session
        existing: requests.Session = self._sessions.session
        return existing


class _Bearer(AuthBase):
    """Sends the token, if any. Having an `auth` also keeps requests from sending a password from ~/.netrc."""

    def __init__(self, token: str | None) -> None:
        if token and not (token.isascii() and token.isprintable()):
            raise HubError("The token holds characters that no token has: check HF_TOKEN, or run `hf auth login`.")
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def token_source(is_named: bool) -> Callable[[], str | None]:
    """Return a function that gives the token: `hub_token` if the environment names one or one is saved, else None.

    The check is separate because importing huggingface_hub's authentication takes as long as 30 pages of a crawl.
    """
    from huggingface_hub import constants

    if is_named or Path(constants.HF_TOKEN_PATH).exists() or "google.colab" in sys.modules:
        return hub_token
    return lambda: None


def hub_token() -> str | None:
    """Return the token that huggingface_hub finds: OIDC exchange, HF_TOKEN or `hf auth login`; None if there is none.

    Raises HubError if HF_OIDC_RESOURCE requests an OIDC exchange and the exchange fails.
    """
    from huggingface_hub import get_token
    from huggingface_hub.errors import HfHubHTTPError, OIDCError
    from huggingface_hub.utils import httpx  # type: ignore[attr-defined]  # exported, but lazily

    try:
        return get_token()
    except (OIDCError, HfHubHTTPError, httpx.HTTPError) as problem:
        raise HubError(f"HF_OIDC_RESOURCE is set, but the token exchange failed: {problem}") from problem


def _is_true(response: requests.Response, header: str) -> bool:
    return bool(response.headers.get(header, "").lower() == "true")


def _without_token(text: str, request: requests.PreparedRequest) -> str:
    """Remove the token from a message, in case the Hub repeats it."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return text.replace(token, "(token)") if token else text


def _decoded(response: requests.Response, body: bytes) -> str:
    if response.headers.get("Content-Encoding", "").lower() == "gzip":
        try:
            body = zlib.decompress(body, wbits=31)
        except zlib.error:
            return ""
    return body.decode("utf-8", errors="replace").strip()


def _network_problem(problem: Exception) -> str:
    """The innermost reason, without the object addresses that requests adds."""
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
