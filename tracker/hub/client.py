"""HTTP client for the Hub: rate limit, retries, redirects and the token."""

from __future__ import annotations

import platform
import random
import re
import sys
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

import requests
import urllib3
from requests.auth import AuthBase

from tracker.errors import HubError
from tracker.hub.listing import origin, same_host
from tracker.hub.rate_limit import RateLimiter, check_wait, parse_quota
from tracker.hub.retry import (
    RETRIED_STATUSES,
    RetryableError,
    network_reason,
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

FIRST_CONTACT_SECONDS = 20.0
"""Do not try again after this long without a first response."""

MAX_BODY_BYTES = 2**25
"""Largest body as sent, which is compressed. Usual pages have less than 1 MB."""

MAX_BODY_SECONDS = 300.0
"""Longest time for one body; a server could send a byte a minute."""

SAID_WAIT_SECONDS = 15.0
"""Waits from this length on are announced."""

_CHUNK_BYTES = 2**16

USER_AGENT = f"open-model-tracker/{VERSION}; requests/{requests.__version__}; python/{platform.python_version()}"
_MAX_REASON_BYTES = 5000
_RESUME = "Pages read so far are saved. Run the same command again to resume."


class InvalidBody(RetryableError):
    """A reader found a body cut off or not what was requested."""


class WebPageReceived(RetryableError):
    """A web page came instead of data: a network's login page, a proxy, or a Hub that is down."""


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


@dataclass(frozen=True, slots=True)
class Service:
    """What error messages call the server, and which settings they name."""

    name: str = "The Hub"
    endpoint_setting: str = "HF_ENDPOINT"
    token_setting: str = "HF_TOKEN"
    token_advice: str = "The token may be wrong or revoked: check HF_TOKEN, or run `hf auth login`."


@dataclass(slots=True)
class Counts:
    """Requests, retries and received bytes of one client."""

    requests: int = 0
    retries: int = 0
    bytes: int = 0
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
        timeouts: tuple[float, float] = (8.0, 60.0),
        on_wait: Callable[[str], None] = lambda text: None,
        service: Service = Service(),
        pause_seconds: float = 0.0,
    ) -> None:
        """`token` is called before every request, so that a short-lived token can be renewed. `now` is called only
        where the Hub sends no time of its own. `timeouts` are the seconds to connect and between bytes. `on_wait`
        receives a sentence before a long wait. `pause_seconds` pass between two requests, for servers that send no
        limits."""
        limits = f"{service.name.replace('The ', 'the ')}'s"

        def announced_sleep(seconds: float, because: str = f"as {limits} limits require") -> None:
            if seconds >= SAID_WAIT_SECONDS:
                on_wait(f"Waiting {seconds:,.0f} s, {because}; Ctrl-C stops; saved pages stay.")
            sleep(seconds)

        self.endpoint = endpoint
        self._service, self._pause_seconds = service, pause_seconds
        self._check_wait = partial(check_wait, server=service.name, token=service.token_setting)
        self.rate_limiter = RateLimiter(sleep=announced_sleep, clock=clock, check=self._check_wait)
        self.counts = Counts()
        self._clock = clock
        self._token, self._sleep, self._jitter, self._now, self._timeouts = (
            token,
            announced_sleep,
            jitter,
            now,
            timeouts,
        )
        self._first_timeouts = (timeouts[0], min(timeouts[1], FIRST_CONTACT_SECONDS))
        self._sessions = threading.local()
        self._was_reached = False

    def fetch(self, url: str, read: Callable[[Response], T]) -> T:
        """Get `url` and return what `read` makes of the response. `read` may raise InvalidBody for another attempt.

        Raises HubError if the Hub refuses the request, links to another host, or gives no usable response in
        `MAX_ATTEMPTS` attempts.
        """
        same_host(url, self.endpoint, "a saved address")
        attempt, started = 0, self._clock()
        while True:
            attempt += 1
            try:
                return read(self._get(url, attempt))
            except RetryableError as problem:
                error = problem
            if attempt >= self._attempts(error) or self._is_out_of_reach(started):
                raise HubError(self._failure(url, attempt, error)) from error
            with self.counts.lock:
                self.counts.retries += 1
            seconds = seconds_before_retry(error, attempt, self._jitter(), self._check_wait)
            if error.wait_seconds is None:
                self._sleep(seconds, f"then trying again ({error})")
            else:
                self._sleep(seconds)

    def _attempts(self, error: RetryableError) -> int:
        is_elsewhere = not self._was_reached or isinstance(error, WebPageReceived)
        return FIRST_CONTACT_ATTEMPTS if is_elsewhere else MAX_ATTEMPTS

    def _is_out_of_reach(self, started: float) -> bool:
        return not self._was_reached and self._clock() - started >= FIRST_CONTACT_SECONDS

    def _get(self, url: str, attempt: int) -> Response:
        """One attempt, with redirects on the same host."""
        target = url
        for _ in range(MAX_REDIRECTS):
            response, body = self._request(target)
            if response.is_redirect:
                target = same_host(response.headers["Location"], target, f"a redirect ({response.status_code})")
                continue
            self._check_status(response, body)
            _refuse_web_page(response, body)
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
        if self._pause_seconds and self.counts.requests:
            self._sleep(self._pause_seconds)
        with self.counts.lock:
            self.counts.requests += 1
        try:
            response = self._session().get(
                url,
                auth=_Bearer(self._token()),
                timeout=self._timeouts if self._was_reached else self._first_timeouts,
                allow_redirects=False,
                stream=True,
            )
            self._was_reached = True
            body = self._body(response)
        except ValueError as problem:
            raise HubError(f"{origin(url)} gave an address that cannot be used ({url[:80]!r}). {_RESUME}") from problem
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as problem:
            raise RetryableError(_network_problem(problem)) from problem
        self.rate_limiter.update(parse_quota(response.headers))
        with self.counts.lock:
            self.counts.bytes += len(body)
        return response, body

    def _body(self, response: requests.Response) -> bytes:
        """Read the body as it is sent. Raises HubError if it is too long, RetryableError if it takes too long."""
        parts: list[bytes] = []
        size, started = 0, time.monotonic()  # sockets know no other clock
        while part := response.raw.read1(_CHUNK_BYTES, decode_content=False):
            parts.append(part)
            size += len(part)
            if size > MAX_BODY_BYTES:
                response.close()
                raise HubError(
                    f"{origin(response.url)} sent more than {MAX_BODY_BYTES // 2**20} MB in one answer; it was not "
                    f"read. Check {self._service.endpoint_setting} and the network's proxy. {_RESUME}"
                )
            if time.monotonic() - started > MAX_BODY_SECONDS:
                response.close()
                raise RetryableError(f"the answer took longer than {MAX_BODY_SECONDS:.0f} seconds")
        return b"".join(parts)

    def _check_status(self, response: requests.Response, body: bytes) -> None:
        status = response.status_code
        if status == 200:
            return
        if status in RETRIED_STATUSES:
            raise RetryableError(f"status {status}", requested_wait_seconds(response.headers, self._now()))
        reason = _without_token(_stated_reason(response, body), response.request)
        if status in (401, 403):
            advice = self._service.token_advice
        elif status == 407:
            advice = "This is the network's proxy, which demands a login: check HTTPS_PROXY and HTTP_PROXY."
        else:
            advice = f"{self._service.name}'s API may have changed: look for a newer version of this program."
        raise HubError(f"{origin(response.url)} refused with status {status}: {reason.rstrip('.')}. {advice} {_RESUME}")

    def _failure(self, url: str, attempts: int, last: Exception) -> str:
        host = origin(url)
        if isinstance(last, WebPageReceived):
            return (
                f"{host} answered with {last} instead of data. A login page of this network or a proxy may be in "
                f"between: open {host} in a browser, and check HTTPS_PROXY and {self._service.endpoint_setting}. "
                f"{_RESUME}"
            )
        if not self._was_reached:
            return (
                f"Could not reach {host} ({last}; tried {attempts} times). Check the network, set "
                f"{self._service.endpoint_setting} if you use a mirror, or run `tracker demo`, which needs no network."
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
            body = zlib.decompressobj(wbits=31).decompress(body, _MAX_REASON_BYTES)
        except zlib.error:
            return ""
    return body[:_MAX_REASON_BYTES].decode("utf-8", errors="replace").strip()


def _stated_reason(response: requests.Response, body: bytes) -> str:
    """Why the server refused, in its own words; of a page for browsers only its title."""
    return _web_page(response, body) or _decoded(response, body)[:300] or "no reason given"


def _refuse_web_page(response: requests.Response, body: bytes) -> None:
    """Raise WebPageReceived if a page for browsers came."""
    if page := _web_page(response, body):
        raise WebPageReceived(page)


def _web_page(response: requests.Response, body: bytes) -> str | None:
    """What to call a page for browsers, with its title; None for other answers."""
    text = _decoded(response, body)
    if text[:1] != "<" and "html" not in response.headers.get("Content-Type", "").lower():
        return None
    title = re.search(r"<title[^>]*>\s*([^<]{1,80})", text, re.IGNORECASE)
    return "a web page" + (f" ({title[1].strip()!r})" if title else "")


def _network_problem(problem: Exception) -> str:
    """The innermost reason, without the object addresses that requests adds."""
    text = str(problem)
    if isinstance(problem, requests.exceptions.ProxyError):
        status = re.search(r"Tunnel connection failed: (\d{3})", text)
        reason = f"it answered with status {status[1]}" if status else network_reason(problem)
        login = ", which means that it demands a login" if status and status[1] == "407" else ""
        return f"the proxy of HTTPS_PROXY or HTTP_PROXY does not work: {reason}{login}"
    return network_reason(problem)
