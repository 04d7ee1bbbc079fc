"""Addresses of the list route, and links that may be followed."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tracker.errors import HubError
from tracker.hub.listing import FIELDS, is_on_this_machine, listing_url, next_url, origin, same_host

HERE = "http://127.0.0.1:8000/api/models?limit=1000"


def test_asks_for_exactly_the_fields_the_lake_keeps() -> None:
    query = parse_qs(urlsplit(listing_url("https://hub.example")).query)
    assert query.pop("expand") == list(FIELDS)
    assert query == {"sort": ["createdAt"], "direction": ["1"], "limit": ["1000"]}


@pytest.mark.parametrize(
    ("newest_first", "filters", "wanted"),
    [
        (True, {}, {"direction": ["-1"]}),
        (False, {"author": "Qwen"}, {"direction": ["1"], "author": ["Qwen"]}),
        (False, {"filter": "base_model:Qwen/Qwen3 8B&x"}, {"filter": ["base_model:Qwen/Qwen3 8B&x"]}),
    ],
)
def test_writes_direction_and_filters_into_the_address(
    newest_first: bool, filters: dict[str, str], wanted: dict[str, list[str]]
) -> None:
    query = parse_qs(urlsplit(listing_url("https://hub.example", newest_first=newest_first, **filters)).query)
    assert {name: query[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (None, None),
        ("", None),
        ('<http://127.0.0.1:8000/api/models?cursor=a%3D>; rel="next"', "http://127.0.0.1:8000/api/models?cursor=a%3D"),
        ("<http://127.0.0.1:8000/x>;rel=next", "http://127.0.0.1:8000/x"),
        ("</api/models?cursor=b>; rel=\"next\"", "http://127.0.0.1:8000/api/models?cursor=b"),
        ('<http://127.0.0.1:8000/p>; rel="prev", <http://127.0.0.1:8000/n>; rel="next"', "http://127.0.0.1:8000/n"),
        ('<http://elsewhere.example/p>; rel="prev"', None),
        ('<HTTP://127.0.0.1:8000/n>; title="x"; rel="next"', "HTTP://127.0.0.1:8000/n"),
    ],
)  # fmt: skip
def test_finds_where_the_listing_goes_on(header: str | None, found: str | None) -> None:
    followed = next_url(header, HERE)
    assert (followed and followed.lower()) == (found and found.lower())


@pytest.mark.parametrize(
    "target",
    [
        "http://elsewhere.example/api/models",
        "https://127.0.0.1:8000/api/models",
        "http://127.0.0.1:8001/api/models",
        "http://127.0.0.1/api/models",
        "//elsewhere.example/api/models",
        "http://127.0.0.1:8000@elsewhere.example/api/models",
        r"http://elsewhere.example\@127.0.0.1:8000/api/models",
        "http://127.0.0.1.elsewhere.example:8000/",
        "http://127.0.0.1:80000/",
        "http://[::1/api/models",
        "file:///etc/passwd",
        "javascript:alert(1)",
    ],
)
def test_refuses_a_link_to_anywhere_else(target: str) -> None:
    with pytest.raises(HubError, match="nothing was sent there") as caught:
        next_url(f'<{target}>; rel="next"', HERE)
    assert caught.value.exit_code == 10


def test_names_who_led_elsewhere_and_where() -> None:
    with pytest.raises(HubError) as caught:
        same_host("https://b.example/x", "https://a.example/y", "a redirect (307)")
    assert "https://a.example:443 answered with a redirect (307)" in str(caught.value)
    assert "https://b.example:443" in str(caught.value)


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("https://Hub.Example/a", "https://hub.example:443"),
        ("http://hub.example", "http://hub.example:80"),
        ("http://hub.example:8080/x", "http://hub.example:8080"),
        ("https://name:word@hub.example/x", "https://hub.example:443"),
    ],
)
def test_compares_scheme_host_and_port_only(url: str, same: str) -> None:
    assert origin(url) == same


@pytest.mark.parametrize(
    ("url", "is_here"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://127.9.9.9", True),
        ("http://[::1]:80", True),
        ("http://localhost:1", True),
        ("http://hub.localhost", True),
        ("https://huggingface.co", False),
        ("http://127.0.0.1.example.org", False),
        ("http://localhost.example.org", False),
        ("http://10.0.0.1", False),
        ("http://127.0.0.1@example.org", False),
        ("http://[::1", False),
    ],
)
def test_loopback_addresses_are_on_this_machine(url: str, is_here: bool) -> None:
    assert is_on_this_machine(url) == is_here
