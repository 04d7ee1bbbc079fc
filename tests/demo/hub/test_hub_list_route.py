"""The list route over the wire."""

import base64
import json
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from tracker.demo.catalog import Listing
from tracker.demo.hub.server import EmbeddedHub

Ask = Callable[..., requests.Response]
Rows = list[dict[str, Any]]


def ids(response: requests.Response) -> list[str]:
    response.raise_for_status()
    return [row["id"] for row in response.json()]


def walk(ask: Ask, path: str) -> list[Rows]:
    """The pages of a listing, by its Links."""
    pages = []
    while path:
        response = ask(path)
        response.raise_for_status()
        pages.append(response.json())
        link = urlsplit(response.links.get("next", {}).get("url", ""))
        path = f"{link.path}?{link.query}" if link.path else ""
    return pages


def test_row_without_expand_has_the_default_fields(ask: Ask) -> None:
    (row,) = ask("/api/models", params={"author": "Qwen"}).json()
    assert row == {
        "_id": "66000001" + "0" * 15 + "1",
        "id": "Qwen/Qwen3-8B",
        "likes": 1,
        "trendingScore": 1,
        "private": False,
        "downloads": 10,
        "tags": ["transformers", "license:apache-2.0", "region:us"],
        "pipeline_tag": "text-generation",
        "library_name": "transformers",
        "createdAt": "2026-07-02T08:00:00.000Z",
        "modelId": "Qwen/Qwen3-8B",
    }


@pytest.mark.parametrize("key", ["expand", "expand[]"])
def test_expanded_row_has_the_fields_of_expand(ask: Ask, key: str) -> None:
    query = {key: ["author", "downloadsAllTime", "safetensors", "baseModels", "likes"], "search": "merged"}
    assert ask("/api/models", params=query).json() == [
        {"_id": "66000006" + "0" * 15 + "6", "id": "bo/Merged", "author": "bo", "downloadsAllTime": 600},
        {"_id": "66000005" + "0" * 15 + "5", "id": "bo/merged", "author": "bo", "downloadsAllTime": 500, "likes": 2},
    ]


@pytest.mark.parametrize(
    ("extra", "added"),
    [
        ({"cardData": "true"}, {"cardData"}),
        ({"full": "true"}, {"author", "lastModified", "gated"}),
        ({"config": "true"}, set()),
        ({"full": "false"}, set()),
    ],
)
def test_older_switches_add_their_fields(ask: Ask, extra: dict[str, str], added: set[str]) -> None:
    (plain,) = ask("/api/models", params={"author": "meta-llama"}).json()
    (row,) = ask("/api/models", params={"author": "meta-llama"} | extra).json()
    assert set(row) - set(plain) == added


TINY = [f"ada/tiny-{number}" for number in range(19, 7, -1)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("author=Qwen", ["Qwen/Qwen3-8B"]),
        ("author=qwen", []),
        ("author=bo", ["bo/Merged", "bo/merged", "bo/Qwen3-8B-GGUF"]),
        ("search=QWEN3", ["bo/Qwen3-8B-GGUF", "Qwen/Qwen3-8B"]),
        ("search=na%C3%AFve", ["ünï/naïve"]),
        ("search=nothing-like-it", []),
        ("filter=license:mit", ["ünï/naïve", "ada/qwen-ft"]),
        ("filter=base_model:Qwen/Qwen3-8B", ["bo/merged", "bo/Qwen3-8B-GGUF", "ada/qwen-ft"]),
        ("filter=base_model:qwen/qwen3-8b", []),
        ("filter=base_model%3Amerge%3Ameta-llama%2FLlama-3.1-8B", ["bo/merged"]),
        ("filter=base_model:Qwen/Qwen3-8B&filter=license:mit", ["ada/qwen-ft"]),
        ("filter=license:mit&filter=license:apache-2.0", []),
        ("filter=language:日本語", ["ünï/naïve"]),
        ("filter=license:mit&author=ada", ["ada/qwen-ft"]),
        ("author=ada&search=tiny", TINY),
        ("gated=true", ["bo/Merged", "meta-llama/Llama-3.1-8B"]),
        ("gated=false&author=bo", ["bo/merged", "bo/Qwen3-8B-GGUF"]),
        ("pipeline_tag=text-generation", ["Qwen/Qwen3-8B"]),
        ("num_parameters=min:6B,max:128B", ["bo/Qwen3-8B-GGUF", "Qwen/Qwen3-8B"]),
        ("num_parameters=max:6B", []),
        ("author=bo&library=timm", ["bo/Merged", "bo/merged", "bo/Qwen3-8B-GGUF"]),
    ],
)
def test_rows_are_selected_by(ask: Ask, query: str, expected: list[str]) -> None:
    assert ids(ask(f"/api/models?sort=createdAt&{query}")) == expected


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("", ["ünï/naïve", "bo/Merged", "bo/Qwen3-8B-GGUF"]),
        ("direction=1", ["gpt2", "bo/merged", "ada/tiny-8"]),
        ("sort=createdAt&direction=1", ["gpt2", "Qwen/Qwen3-8B", "meta-llama/Llama-3.1-8B"]),
        ("sort=createdAt&direction=-1", ["ada/tiny-19", "ada/tiny-18", "ada/tiny-17"]),
        ("sort=downloads", ["ada/tiny-19", "ada/tiny-18", "ada/tiny-17"]),
        ("sort=likes&direction=1", ["bo/Merged", "gpt2", "ada/qwen-ft"]),
        ("sort=likes", ["meta-llama/Llama-3.1-8B", "bo/merged", "ada/tiny-8"]),
        ("sort=lastModified", ["ada/tiny-8", "ada/tiny-16", "bo/merged"]),
    ],
)
def test_rows_are_ordered_by(ask: Ask, query: str, first: list[str]) -> None:
    assert ids(ask(f"/api/models?{query}"))[:3] == first


@pytest.mark.parametrize("sort", ["createdAt", "downloads", "lastModified", "likes", "trendingScore"])
@pytest.mark.parametrize("direction", ["1", "-1"])
def test_links_lead_through_every_row_once_in_order(ask: Ask, rows: Rows, sort: str, direction: str) -> None:
    whole = ids(ask(f"/api/models?sort={sort}&direction={direction}"))
    pages = walk(ask, f"/api/models?sort={sort}&direction={direction}&limit=3")
    assert [len(page) for page in pages] == [3, 3, 3, 3, 3, 3, 2]
    assert [row["id"] for page in pages for row in page] == whole
    assert sorted(whole) == sorted(row["id"] for row in rows)


@pytest.mark.parametrize(("limit", "sizes"), [(10, [10, 10]), (20, [20]), (21, [20]), (19, [19, 1])])
def test_last_page_has_no_link_even_when_it_is_full(ask: Ask, limit: int, sizes: list[int]) -> None:
    assert [len(page) for page in walk(ask, f"/api/models?limit={limit}")] == sizes


def test_page_has_a_thousand_rows_at_most_and_without_a_limit(
    make_catalog: Callable[..., Any], make_model: Callable[..., dict[str, Any]]
) -> None:
    many = [make_model(number, f"a/m{number}", createdAt="2026-07-01T00:00:00.000Z") for number in range(1001)]
    with EmbeddedHub(make_catalog({date(2026, 8, 1): Listing(many)})) as hub, requests.Session() as session:
        session.trust_env = False
        for query in ("", "?limit=1000", "?limit=5000"):
            response = session.get(hub.url + "/api/models" + query, timeout=10)
            assert len(response.json()) == 1000
            assert len(session.get(response.links["next"]["url"], timeout=10).json()) == 1


def test_link_is_absolute_and_keeps_the_parameters(ask: Ask, hub: EmbeddedHub) -> None:
    first = "/api/models?expand[]=likes&expand=tags&filter=region%3Aus&sort=likes&direction=-1&limit=2"
    second = ask(first).links["next"]["url"]
    third = ask(second.removeprefix(hub.url)).links["next"]["url"]
    for url in (second, third):
        assert url.startswith(hub.url + "/api/models?")
        *kept, (last, _) = parse_qsl(urlsplit(url).query)
        assert kept == parse_qsl(urlsplit(first).query)
        assert last == "cursor"


@pytest.mark.parametrize(
    ("query", "keyset"),
    [
        ("sort=createdAt&direction=1&limit=1", {"_id": {"$gt": "66000000" + "0" * 16}}),
        ("sort=createdAt&limit=19", {"_id": {"$lt": "66000001" + "0" * 15 + "1"}}),
        (
            "sort=downloads&limit=1",
            {
                "$or": [
                    {"downloads": 190, "_id": {"$gt": "66000013" + "0" * 14 + "13"}},
                    {"downloads": {"$lt": 190}},
                    {"downloads": None},
                ]
            },
        ),
    ],
)
def test_cursor_is_a_keyset_filter_in_base64(ask: Ask, query: str, keyset: dict[str, Any]) -> None:
    url = ask(f"/api/models?{query}").links["next"]["url"]
    assert json.loads(base64.b64decode(dict(parse_qsl(urlsplit(url).query))["cursor"])) == keyset


def cursor(keyset: Any) -> str:
    return base64.b64encode(json.dumps(keyset).encode()).decode()


def test_forged_cursor_starts_the_walk_anywhere(ask: Ask) -> None:
    after = cursor({"_id": {"$gt": "66000010" + "f" * 16}})
    found = ask("/api/models", params={"sort": "createdAt", "direction": "1", "cursor": after})
    assert ids(found) == ["ada/tiny-17", "ada/tiny-18", "ada/tiny-19"]


BAD = [
    ("expand=nope", '"author"|"baseModels"', "→ at expand[0]"),
    ("expand[]=author&expand[]=cardData.license", "Invalid option", "→ at expand[1]"),
    ("expand=childrenModelCount", "Invalid option", "→ at expand[0]"),
    ("expand=usedStorage", "Invalid option", "→ at expand[0]"),
    ("expand=_id", "Invalid option", "→ at expand[0]"),
    ("sort=stars", '"createdAt"|"downloads"|"lastModified"|"likes"|"trendingScore"', "→ at sort"),
    ("direction=2", "Invalid option", "→ at direction"),
    ("gated=maybe", "Invalid option", "→ at gated"),
    ("limit=0", "expected number", "→ at limit"),
    ("limit=-5", "expected number", "→ at limit"),
    ("limit=ten", "expected number", "→ at limit"),
    ("num_parameters=6B", "expected min:6B,max:128B", "→ at num_parameters"),
    ("num_parameters=min:many", "expected min:6B,max:128B", "→ at num_parameters"),
    ("cursor=%25%25", "Invalid cursor", ""),
    ("cursor=" + cursor([1]), "Invalid cursor", ""),
    ("cursor=" + cursor({"_id": {"$gt": "x"}}), "Invalid cursor", ""),
    ("sort=createdAt&cursor=" + cursor({"_id": {"$gt": "x"}}), "Invalid cursor", ""),
    ("sort=createdAt&cursor=" + cursor({"_id": {"$lt": 5}}), "Invalid cursor", ""),
    ("sort=likes&cursor=" + cursor({"$or": [{"likes": "3", "_id": {"$gt": "x"}}]}), "Invalid cursor", ""),
    ("sort=likes&cursor=" + cursor({"$or": []}), "Invalid cursor", ""),
]


@pytest.mark.parametrize(("query", "text", "where"), BAD)
def test_bad_parameter_is_refused_with_the_reason(ask: Ask, query: str, text: str, where: str) -> None:
    response = ask(f"/api/models?{query}")
    assert response.status_code == 400
    assert text in response.json()["error"]
    assert response.json()["error"].endswith(where)


def test_rows_follow_the_day(ask: Ask, hub: EmbeddedHub) -> None:
    query = "/api/models?author=Qwen&expand=downloads"
    before = ask(query).json()[0]["downloads"]
    hub.day = date(2026, 8, 20)
    assert ask(query).json()[0]["downloads"] == before + 1


def test_walk_across_midnight_goes_on_after_the_same_row(ask: Ask, hub: EmbeddedHub) -> None:
    first = ask("/api/models?sort=createdAt&direction=1&limit=7")
    hub.day = date(2026, 8, 20)
    rest = ask(first.links["next"]["url"].removeprefix(hub.url))
    assert ids(rest)[0] == "ünï/naïve"
