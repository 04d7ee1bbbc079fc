"""A Hub, proxy or network whose answers are absurd: the client stops soon, with a sentence."""

import gzip
import json
import socket
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tracker.errors import HubError, SettingsError
from tracker.hub.client import MAX_BODY_BYTES, HubClient, Response
from tracker.hub.landing import MAX_REASONS, Tally, land_pages
from tracker.hub.page import MAX_PAGE_BYTES, PageReader
from tracker.hub.spool import Spool
from tracker.hub.walk import Crawler, Walk
from tracker.lake.lake import Lake

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
"""requests leaves the connection of an unusable redirect open."""

Client = Callable[..., HubClient]
NOW = datetime(2026, 8, 19, 12, tzinfo=UTC)


@pytest.fixture
def answering() -> Iterator[Callable[[bytes], str]]:
    """Starts a server that answers every request with these bytes, then closes; returns its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    answers: list[bytes] = []

    def answer() -> None:
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            with closing(peer):
                try:
                    peer.recv(65536)
                    peer.sendall(answers[0])
                except OSError:
                    pass  # the client had enough

    threading.Thread(target=answer, daemon=True).start()

    def answering(content: bytes) -> str:
        answers[:] = [content]
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield answering
    listener.close()


def page(body: bytes = b"[]", *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def rows_read(hub: HubClient) -> int:
    return hub.fetch(f"{hub.endpoint}/api/models", lambda response: PageReader().read(response)).rows


ODD_HEADERS = [
    "Date: Thu, 01 Jan 0001 00:00:00 +2359",
    "Date: Fri, 31 Dec 9999 23:59:59 -2359",
    "Date: infinity",
    "Date: ",
    "Date: 1 2 3 4 5 6 7",
    'RateLimit: "api";r=x;t=y',
    f'RateLimit: "api";r={"9" * 400};t=1',
    f'RateLimit: "api";r=1;t={"9" * 400}',
    f'RateLimit: "api";r={"9" * 5000};t=1',
    'RateLimit: "api";r=0;t=31536000000',
    f'RateLimit-Policy: "fixed window";"api";q={"9" * 400};w=300',
    "Retry-After: \xb2",
    "Link: <>; rel=next-but-not",
    "X-Odd: " + "x" * 60_000,
]


@pytest.mark.parametrize("header", ODD_HEADERS, ids=lambda value: value[:40])
def test_odd_header_of_a_good_answer_does_no_harm(
    answering: Callable[[bytes], str], client: Client, clock: Any, header: str
) -> None:
    hub = client(answering(page(b"[]", header)))
    response = hub.fetch(f"{hub.endpoint}/api/models", lambda response: response)
    assert response.read_at == NOW
    assert rows_read(hub) == 0
    assert clock.slept == []


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        (["Retry-After: 31536000"], "365 days"),
        ([f"Retry-After: {'9' * 400}"], "inf days"),
        (["Retry-After: 7200"], "2.0 hours"),
        (["Retry-After: Thu, 19 Aug 2027 12:00:00 GMT"], "365 days"),
        (['RateLimit: "api";r=0;t=31536000'], "365 days"),
    ],
    ids=repr,
)
@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
def test_wait_of_a_year_is_reported_and_not_slept(
    answering: Callable[[bytes], str], client: Client, clock: Any, headers: list[str], wait: str, status: str
) -> None:
    hub = client(answering(page(b"{}", *headers, status=status)))
    with pytest.raises(HubError, match=f"demands a wait of {wait} before the next request.*Run the same command"):
        rows_read(hub)
    assert clock.slept == []


def test_used_up_quota_for_a_year_is_not_slept(answering: Callable[[bytes], str], client: Client, clock: Any) -> None:
    policy = 'RateLimit-Policy: "fixed window";"api";q=500;w=31536000'
    hub = client(answering(page(b"[]", 'RateLimit: "api";r=0;t=31536000', policy)))
    assert rows_read(hub) == 0
    with pytest.raises(HubError, match="demands a wait of 365 days"):
        rows_read(hub)
    assert clock.slept == []


def test_long_wait_is_announced(answering: Callable[[bytes], str], client: Client, clock: Any) -> None:
    said: list[str] = []
    hub = client(answering(page(b"{}", "Retry-After: 90", status="503 Busy")), on_wait=said.append)
    with pytest.raises(HubError, match="gave no usable answer"):
        rows_read(hub)
    assert clock.slept == [90.0] * 7
    assert said == ["Waiting 90 s, as the Hub's limits require; Ctrl-C stops; saved pages stay."] * 7


def test_wait_after_a_failure_says_what_failed(answering: Callable[[bytes], str], client: Client) -> None:
    said: list[str] = []
    hub = client(answering(page(b"{}", status="503 Busy")), on_wait=said.append)
    with pytest.raises(HubError, match="gave no usable answer"):
        rows_read(hub)
    assert said and all("then trying again (" in text and "503" in text for text in said)
    assert not any("limits" in text for text in said)


LOGIN = b"<!DOCTYPE html><html><head><title> Hotel Wi-Fi </title></head></html>"


@pytest.mark.parametrize(
    "answer",
    [
        page(LOGIN, "Content-Type: text/html"),
        page(LOGIN),
        page(b"\n  " + LOGIN, "Content-Type: application/json"),
        page(gzip.compress(LOGIN), "Content-Type: text/html", "Content-Encoding: gzip"),
    ],
    ids=["html", "no type", "wrong type", "packed"],
)
def test_login_page_of_a_network_is_named_soon(
    answering: Callable[[bytes], str], client: Client, clock: Any, answer: bytes
) -> None:
    hub = client(answering(answer))
    with pytest.raises(HubError, match=r"answered with a web page \('Hotel Wi-Fi'\) instead of data.*login page"):
        rows_read(hub)
    assert sum(clock.slept) <= 10


@pytest.mark.parametrize(
    "location",
    [
        "http://[::1",
        "http://exa mple/\x07",
        "//",
        "http://\xff\xfe",
        "ftp://127.0.0.1/",
        "http://127.0.0.1:99999999/",
        "",
    ],
)
def test_odd_redirect_ends_with_a_sentence(
    answering: Callable[[bytes], str], client: Client, clock: Any, location: str
) -> None:
    hub = client(answering(page(b"", f"Location: {location}", status="302 Found")))
    with pytest.raises(HubError) as caught:
        rows_read(hub)
    assert str(caught.value).endswith(".") and sum(clock.slept) <= 10


def test_proxy_that_demands_a_login_is_named(
    answering: Callable[[bytes], str], client: Client, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = answering(page(b"", status="407 Proxy Authentication Required"))
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    monkeypatch.setenv("HTTP_PROXY", proxy)
    monkeypatch.setenv("http_proxy", proxy)
    for endpoint, said in (
        ("https://hub.invalid", "the proxy of HTTPS_PROXY or HTTP_PROXY does not work: it answered with status 407"),
        ("http://hub.invalid", "refused with status 407.*This is the network's proxy, which demands a login"),
    ):
        with pytest.raises(HubError, match=said):
            rows_read(client(endpoint))
    assert sum(clock.slept) <= 10


def test_dead_proxy_is_named(client: Client, clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{nobody_listens.getsockname()[1]}")
        with pytest.raises(HubError, match="the proxy of HTTPS_PROXY or HTTP_PROXY does not work: connection refused"):
            rows_read(client("https://hub.invalid"))
    assert sum(clock.slept) <= 10


@pytest.mark.parametrize(
    ("day", "is_today", "advice"),
    [
        (date(2026, 8, 18), False, "A Hub only serves its own day: leave out --day"),
        (date(2026, 8, 20), False, "A Hub only serves its own day: leave out --day"),
        (date(2026, 8, 18), True, "Set this machine's clock"),
    ],
)
def test_live_hub_is_not_stored_under_another_day(
    answering: Callable[[bytes], str],
    crawls: Any,
    monkeypatch: pytest.MonkeyPatch,
    day: date,
    is_today: bool,
    advice: str,
) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("http_proxy", answering(page(b"[]", "Date: Wed, 19 Aug 2026 11:00:00 GMT")))
    with pytest.raises(SettingsError, match=f"must not be stored as those of {day}. {advice}"):
        crawls("http://hub.invalid", day=day, is_today=is_today)
    assert (crawls.lake.manifests(), crawls.lake.unfinished_runs()) == ([], [])
    assert crawls("http://hub.invalid").manifest.day == date(2026, 8, 19)


def test_endless_body_is_cut_off(answering: Callable[[bytes], str], client: Client) -> None:
    endless = b"HTTP/1.1 200 OK\r\n\r\n[" + b" " * (MAX_BODY_BYTES + 100_000)
    with pytest.raises(HubError, match="sent more than 32 MB in one answer; it was not read"):
        rows_read(client(answering(endless)))


def bomb(size: int) -> bytes:
    """`size` blanks, packed to a thousandth."""
    packer = zlib.compressobj(wbits=31)
    megabyte = b" " * 2**20
    return b"".join([packer.compress(b"["), *(packer.compress(megabyte) for _ in range(size >> 20)), packer.flush()])


def test_page_that_unpacks_without_end_is_not_unpacked(answering: Callable[[bytes], str], client: Client) -> None:
    packed = bomb(MAX_PAGE_BYTES + 2**20)
    assert len(packed) < 200_000
    with pytest.raises(HubError, match="unpacks to more than 64 MB; it was not read"):
        rows_read(client(answering(page(packed, "Content-Encoding: gzip"))))


def test_refusal_with_a_web_page_names_its_title(answering: Callable[[bytes], str], client: Client) -> None:
    body = b"<!doctype html><html><head><title>Not here</title></head><body><p>Sorry</p></body></html>"
    with pytest.raises(HubError, match=r"refused with status 404: a web page \('Not here'\)\. The Hub's API") as caught:
        rows_read(client(answering(page(body, status="404 Not Found"))))
    assert "<" not in str(caught.value)


@pytest.mark.slow
def test_packed_refusal_is_not_unpacked_as_a_whole(answering: Callable[[bytes], str], client: Client) -> None:
    packed = page(bomb(2**29), "Content-Encoding: gzip", status="400 Bad Request")
    with pytest.raises(HubError, match="refused with status 400"):
        rows_read(client(answering(packed)))


@pytest.fixture
def land(lake: Lake) -> Callable[[bytes], Tally]:
    """Lands one page with this body, as a crawl saves it."""

    def land(body: bytes) -> Tally:
        answer = Response("http://hub/api/models", None, body, "", NOW, True, False, 1)
        with closing(Spool(lake.runs / "x")) as spool:
            saved = spool.save("up", PageReader().read(answer), answer, None)
        return land_pages(lake, NOW.date(), "hub", spool.folder, [saved])[1]

    return land


@pytest.mark.parametrize("name", ["someday", "baseModels", "tags", "safetensors", "cardData"])
@pytest.mark.parametrize("depth", [2_000, 200_000])
def test_deep_json_does_not_end_a_crawl(
    land: Callable[[bytes], Tally], make_model: Callable[..., Any], name: str, depth: int
) -> None:
    deep = f'"{name}":' + "[" * depth + "]" * depth
    rows = [json.dumps(make_model(number, **{name: None})) for number in range(3)]
    tally = land(f"[{rows[0]},{rows[1][:-1]},{deep}}},{rows[2]}]".encode())
    assert tally.models >= 2 and tally.rows_read == 3


def test_reasons_of_refused_rows_are_bounded(land: Callable[[bytes], Tally], make_model: Callable[..., Any]) -> None:
    rows = [make_model(number, downloads=-number) for number in range(1, 900)]
    tally = land(json.dumps(rows).encode())
    assert len(tally.refused_because) == len(tally.refused_examples) == MAX_REASONS + 1
    assert sum(tally.refused_because.values()) == 899
    assert tally.refused_because["other reasons"] == 899 - MAX_REASONS


def test_listing_that_never_ends_is_left(
    serve: Callable[..., Any],
    client: Client,
    lake: Lake,
    make_model: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tracker.hub.walk.MAX_PAGES", 5)
    served = serve([make_model(number) for number in range(50)])
    walk = Walk("all", f"{served.url}/api/models?limit=1&sort=createdAt&direction=1")
    with closing(Spool(lake.runs / "x")) as spool, pytest.raises(HubError, match="has more than 5 pages and may never"):
        Crawler(client(served.url), spool).run([walk])
