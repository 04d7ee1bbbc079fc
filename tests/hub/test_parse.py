"""Rows that do not fit are set aside with their reason; their neighbours land."""

import json
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.support.slow import first_of
from tracker.demo.hub.faults import Fault, FaultKind
from tracker.demo.hub.server import EmbeddedHub
from tracker.domain import Manifest
from tracker.hub.client import Response
from tracker.hub.landing import Tally, land_pages
from tracker.hub.page import PageReader
from tracker.hub.scopes import HUB_MODELS
from tracker.hub.spool import Spool
from tracker.lake.bounds import MAX_COUNTER
from tracker.lake.lake import Lake

Row = dict[str, Any]
Landed = Callable[[Lake, str, Manifest], list[Row]]

GONE = object()
"""Marks a field that the row lacks."""

MISFITS: list[tuple[dict[str, Any], str]] = [
    ({"_id": "66c3"}, "_id is not 24 hex digits"),
    ({"_id": ""}, "_id is not 24 hex digits"),
    ({"_id": "g" * 24}, "_id is not 24 hex digits"),
    ({"_id": "A" * 24}, "_id is not 24 hex digits"),
    ({"_id": 7}, "_id is not 24 hex digits"),
    ({"_id": {"$oid": "a" * 24}}, "_id is not 24 hex digits"),
    ({"id": GONE}, "no id"),
    ({"id": ""}, "id is not a repository name"),
    ({"id": 7}, "id is not a repository name"),
    ({"id": "a b"}, "id is not a repository name"),
    ({"id": "a/b/c"}, "id is not a repository name"),
    ({"id": "/b"}, "id is not a repository name"),
    ({"id": 'a"b/c'}, "id is not a repository name"),
    ({"id": "../../etc/passwd"}, "id is not a repository name"),
    ({"downloads": "12"}, "downloads is text, not a whole number"),
    ({"downloads": "many"}, "downloads is text, not a whole number"),
    ({"downloads": 1.5}, "downloads is 1.5, not a whole number"),
    ({"downloads": -3}, "downloads is -3, not a whole number"),
    ({"downloads": True}, "downloads is true, not a whole number"),
    ({"downloads": []}, "downloads is a list, not a whole number"),
    ({"downloads": {}}, "downloads is an object, not a whole number"),
    ({"downloads": 2**63}, "downloads is 9223372036854775808, not a whole number"),
    ({"downloadsAllTime": "12"}, "downloadsAllTime is text, not a whole number"),
    ({"downloadsAllTime": -1}, "downloadsAllTime is -1, not a whole number"),
    ({"downloadsAllTime": 2**63}, "downloadsAllTime is 9223372036854775808, not a whole number"),
    ({"downloads": 2**63 - 1}, "downloads is 9223372036854775807, more than 1000000000000"),
    ({"downloadsAllTime": 10**12 + 1}, "downloadsAllTime is 1000000000001, more than 1000000000000"),
    ({"likes": 2**60}, "likes is 1152921504606846976, more than 1000000000000"),
    ({"safetensors": {"total": 2**60}}, "safetensors.total is 1152921504606846976, more than 72057594037927936"),
    ({"gguf": {"total": 2**60}}, "gguf.total is 1152921504606846976, more than 72057594037927936"),
    ({"trendingScore": 1e300}, "trendingScore is out of range"),
    ({"trendingScore": -1e16}, "trendingScore is out of range"),
    ({"id": "../.."}, "id is not a repository name"),
    ({"id": ".."}, "id is not a repository name"),
    ({"id": "a/.."}, "id is not a repository name"),
    ({"id": "./b"}, "id is not a repository name"),
    ({"id": "a/" + "b" * 10_000_000}, "id is longer than 200 characters"),
    ({"id": "a/b\x1b[2J"}, "id is not a repository name"),
    ({"createdAt": "infinity"}, "createdAt is a date out of range"),
    ({"createdAt": "-infinity"}, "createdAt is a date out of range"),
    ({"lastModified": "9999-12-31T23:59:59.999Z"}, "lastModified is a date out of range"),
    ({"lastModified": "0001-01-01T00:00:00.000Z"}, "lastModified is a date out of range"),
    ({"lastModified": "290000-01-01T00:00:00Z"}, "lastModified is a date out of range"),
    (
        {"safetensors": json.loads('{"total":' * 900 + "1" + "}" * 900)},
        "safetensors.total is an object, not a whole number",
    ),
    ({"pipeline_tag": "x" * 2000}, "pipeline_tag is longer than 1000 characters"),
    ({"library_name": "x" * 2000}, "library_name is longer than 1000 characters"),
    ({"tags": ["x" * 300_000]}, "tags is longer than 200000 characters"),
    ({"baseModels": {"models": [{"id": "x" * 300_000}]}}, "baseModels is longer than 200000 characters"),
    ({"likes": 0.5}, "likes is 0.5, not a whole number"),
    ({"likes": False}, "likes is false, not a whole number"),
    ({"trendingScore": "hot"}, "trendingScore is text, not a number"),
    ({"trendingScore": "1"}, "trendingScore is text, not a number"),
    ({"trendingScore": True}, "trendingScore is true, not a number"),
    ({"createdAt": "yesterday"}, "createdAt is not a date"),
    ({"createdAt": ""}, "createdAt is not a date"),
    ({"createdAt": "2026-02-30T08:00:00.000Z"}, "createdAt is not a date"),
    ({"createdAt": 1787140800}, "createdAt is not a date"),
    ({"lastModified": "2026-13-01T08:00:00.000Z"}, "lastModified is not a date"),
    ({"gated": True}, "gated is none of false, auto, manual"),
    ({"gated": "perhaps"}, "gated is none of false, auto, manual"),
    ({"disabled": "no"}, "disabled is text, not true or false"),
    ({"pipeline_tag": 7}, "pipeline_tag is a number, not text"),
    ({"library_name": ["transformers"]}, "library_name is a list, not text"),
    ({"tags": "license:mit"}, "tags is text, not a list"),
    ({"safetensors": [1]}, "safetensors is a list, not an object"),
    ({"gguf": "big"}, "gguf is text, not an object"),
    ({"baseModels": ["Qwen/Qwen3-8B"]}, "baseModels is a list, not an object"),
]
IRREGULAR_MISFITS: list[tuple[Any, str]] = [
    ({"_id": GONE}, "no _id"),
    ({"_id": None}, "_id is not 24 hex digits"),
    ({"id": None}, "id is not a repository name"),
    ({"downloads": None}, "downloads is null, not a whole number"),
    ({"downloadsAllTime": None}, "downloadsAllTime is null, not a whole number"),
    ({"likes": None}, "likes is null, not a whole number"),
    ({"trendingScore": None}, "trendingScore is null, not a number"),
    (None, "no _id"),
    (7, "no _id"),
    ("text", "no _id"),
    ([{"_id": "a" * 24, "id": "a/b"}], "no _id"),
    ([], "no _id"),
    ({}, "no _id"),
]
TOLERATED: list[dict[str, Any]] = [
    {"safetensors": {"total": 19_980_000_000_000_000}},
    {"gated": None},
    {"disabled": None},
    {"pipeline_tag": None},
    {"tags": None},
    {"createdAt": None},
    {"safetensors": None},
    {"baseModels": None},
    {"someday": {"new": "field"}},
    {"safetensors": {"total": None}},
    {"gguf": {}},
    {"tags": []},
    {"baseModels": {}},
    {"baseModels": {"relation": "finetune", "models": []}},
    {"baseModels": {"relation": 5, "models": "x"}},
    {"baseModels": {"relation": "finetune", "models": [None, 5, {"id": 7}]}},
    {"createdAt": "2026-07-01T08:00:00.123456Z"},
    {"lastModified": "2026-07-01T08:00:00.123456789Z"},
    {"lastModified": "2026-07-01T08:00:00+02:00"},
    {"tags": ["a nul \x00", "\x1b]0;title\x07"]},
    {"library_name": "a nul \x00"},
    {"baseModels": {"relation": "\x00", "models": [{"_id": "\x00", "id": "\x00"}]}},
    {"someday": json.loads("[" * 900 + "]" * 900)},
]


def changed(row: Row, change: Any) -> Any:
    """`row` with a change; a change that is no object, or is empty, replaces it."""
    if not isinstance(change, dict) or not change:
        return change
    return {name: value for name, value in (row | change).items() if value is not GONE}


@pytest.fixture
def land_with(
    serve: Callable[..., EmbeddedHub], crawls: Any, make_model: Callable[..., Row]
) -> Callable[[list[Any]], Manifest]:
    """Lands a listing in which every second row is changed."""

    def land_with(changes: list[Any]) -> Manifest:
        served = serve([make_model(number) for number in range(2 * len(changes) + 1)])

        def edit(position: int, row: Row) -> Any:
            at = (int(row["_id"][:8], 16) - 0x66000000) // 2
            return changed(row, changes[at]) if int(row["_id"], 16) % 2 else row

        served.faults.add(Fault(FaultKind.DAMAGE, edit=edit, times=99))
        manifest: Manifest = crawls(served.url).manifest
        return manifest

    return land_with


@pytest.fixture
def land_page(lake: Lake) -> Callable[[list[Any]], Tally]:
    """Lands one page with these rows, as a crawl saves it."""

    def land_page(rows: list[Any]) -> Tally:
        at = datetime(2026, 8, 19, 12, tzinfo=UTC)
        answer = Response("http://hub/api/models", None, json.dumps(rows).encode(), "", at, True, False, 1)
        with closing(Spool(lake.runs / "x")) as spool:
            page = spool.save("up", PageReader().read(answer), answer, None)
        _, tally = land_pages(lake, at.date(), "hub", spool.folder, [page])
        return tally

    return land_page


@pytest.mark.parametrize("table", [MISFITS, MISFITS + IRREGULAR_MISFITS], ids=["regular page", "irregular page"])
def test_misfits_are_counted_by_reason_and_their_neighbours_land(
    land_with: Callable[[list[Any]], Manifest],
    crawls: Any,
    landed: Landed,
    make_id: Callable[[int], str],
    table: list[tuple[Any, str]],
) -> None:
    manifest = land_with([change for change, _ in table])
    times = manifest.rows_read // (2 * len(table) + 1)
    assert manifest.refused_because == {reason: n * times for reason, n in Counter(why for _, why in table).items()}
    assert manifest.refused == len(table) * times
    good = [make_id(number) for number in range(0, 2 * len(table) + 1, 2)]
    for name in ("model_days", "models"):
        assert [row["hub_id"] for row in landed(crawls.lake, name, manifest)] == good
    assert manifest.models == len(good)
    assert str(manifest.incomplete_because).startswith(f"{manifest.refused} of {manifest.rows_read} rows were refused")


@pytest.mark.parametrize(("change", "reason"), first_of(MISFITS + IRREGULAR_MISFITS, 8))
def test_single_misfit_among_ordinary_rows_is_set_aside(
    land_page: Callable[[list[Any]], Tally], make_model: Callable[..., Row], change: Any, reason: str
) -> None:
    tally = land_page([make_model(0), changed(make_model(1), change), make_model(2)])
    assert (tally.refused_because, tally.rows_read, tally.models) == ({reason: 1}, 3, 2)


@pytest.mark.parametrize("change", first_of(TOLERATED, 4))
def test_single_odd_row_among_ordinary_ones_lands(
    land_page: Callable[[list[Any]], Tally], make_model: Callable[..., Row], change: Any
) -> None:
    tally = land_page([make_model(0), changed(make_model(1), change), make_model(2)])
    assert (tally.refused_because, tally.models) == ({}, 3)


@pytest.mark.parametrize("change", [{"likes": "x"}, {"likes": None}, None])
def test_each_reason_has_an_example(land_with: Callable[[list[Any]], Manifest], change: Any) -> None:
    manifest = land_with([change])
    (reason,) = manifest.refused_because
    name = "someone/model-1" if change else "a row without name"
    assert manifest.refused_examples == (f"{name}: {reason}",)


def test_odd_but_harmless_rows_land(
    land_with: Callable[[list[Any]], Manifest], crawls: Any, landed: Landed, make_id: Callable[[int], str]
) -> None:
    manifest = land_with(TOLERATED)
    everyone = [make_id(number) for number in range(2 * len(TOLERATED) + 1)]
    assert manifest.refused_because == {}
    assert [row["hub_id"] for row in landed(crawls.lake, "models", manifest)] == everyone


@pytest.mark.parametrize("is_regular", [True, False])
def test_absent_is_null_and_zero_is_zero(
    serve: Callable[..., EmbeddedHub], crawls: Any, landed: Landed, make_model: Callable[..., Row], is_regular: bool
) -> None:
    bare = {"_id": make_model(2)["_id"], "id": "gpt2"}
    zero = make_model(1, downloads=0, downloadsAllTime=0, likes=0, trendingScore=0)
    served = serve([zero, bare])
    if not is_regular:
        served.faults.add(Fault(FaultKind.DAMAGE, edit=lambda position, row: row | {"unknown": None}, times=9))
    manifest = crawls(served.url).manifest
    counters = ("downloads_30d", "downloads_all_time", "likes", "trending_score")
    days = landed(crawls.lake, "model_days", manifest)
    assert [[row[name] for name in counters] for row in days] == [[0, 0, 0, 0.0], [None] * 4]
    _, bare_row = landed(crawls.lake, "models", manifest)
    known = {name: value for name, value in bare_row.items() if value is not None and name != "fingerprint"}
    assert known == {"hub_id": bare["_id"], "repo_id": "gpt2"}


FULL: dict[str, Any] = dict(
    id="Qwen/Qwen3-8B.x_y",
    downloads=10**12,
    trendingScore=-1.25,
    gated="manual",
    disabled=True,
    createdAt="2024-02-29T23:59:59.999Z",
    lastModified="2026-08-19T00:00:00.000Z",
    pipeline_tag="text-generation",
    library_name="transformers",
    tags=[
        "transformers",
        "license:apache-2.0",
        "language:日本語",
        'a "quoted" \\ tag',
        "base_model:a/b",
        "region:us",
    ],
    safetensors={"parameters": {"BF16": 8}, "total": 8_190_735_360},
    gguf={"total": 751_632_384, "architecture": "qwen3", "chat_template": "{%" * 2000},
)
LANDED = {
    "repo_id": "Qwen/Qwen3-8B.x_y",
    "created_at": datetime(2024, 2, 29, 23, 59, 59, 999000, tzinfo=UTC),
    "last_modified": datetime(2026, 8, 19, tzinfo=UTC),
    "gated": "manual",
    "is_disabled": True,
    "pipeline_tag": "text-generation",
    "library_name": "transformers",
    "license": "apache-2.0",
    "safetensors_total": 8_190_735_360,
    "gguf_total": 751_632_384,
    "tags": ["transformers", "language:日本語", 'a "quoted" \\ tag', "region:us"],
}


@pytest.mark.parametrize("is_regular", [True, False])
def test_every_field_lands_as_it_was_sent(
    serve: Callable[..., EmbeddedHub], crawls: Any, landed: Landed, make_model: Callable[..., Row], is_regular: bool
) -> None:
    row = make_model(3, **FULL)
    served = serve([row] if is_regular else [row, make_model(4, likes="a misfit beside it")])
    manifest = crawls(served.url).manifest
    (day,) = landed(crawls.lake, "model_days", manifest)
    noon = datetime(2026, 8, 19, 12, tzinfo=UTC)
    assert day == {
        "hub_id": row["_id"],
        "downloads_30d": 10**12,
        "downloads_all_time": 300,
        "likes": 3,
        "trending_score": -1.25,
        "read_at": noon,
    }
    (model,) = landed(crawls.lake, "models", manifest)
    assert isinstance(model.pop("fingerprint"), int)
    assert model == {"hub_id": row["_id"]} | LANDED


def test_sum_of_largest_counters_fits_a_column() -> None:
    assert MAX_COUNTER * 2 * HUB_MODELS < 2**63
