"""What a day's partitions hold: base-model links, only what is new or changed, and one reading a day."""

import json
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from typing import Any

import pyarrow.parquet as pq
import pytest

from tracker.demo.hub.server import EmbeddedHub
from tracker.domain import Manifest, Page, Scope
from tracker.errors import DataError
from tracker.hub import spool
from tracker.hub.client import Response
from tracker.hub.landing import land_pages
from tracker.hub.page import PageReader
from tracker.hub.spool import Spool
from tracker.lake.lake import Lake

Row = dict[str, Any]
Landed = Callable[[Lake, str, Manifest], list[Row]]
FIRST, SECOND, THIRD = date(2026, 8, 19), date(2026, 8, 20), date(2026, 8, 21)
P, Q = "66c30000" + "0" * 16, "66c30001" + "0" * 16


@pytest.fixture
def edges_of(serve: Callable[..., EmbeddedHub], crawls: Any, landed: Landed, make_model: Callable[..., Row]) -> Any:
    """The links that one model lands with, as (parent_hub_id, parent_ref, relation, declared_in, position)."""

    def edges_of(**fields: Any) -> list[tuple[Any, ...]]:
        served = serve([make_model(0), make_model(1, **fields)])
        edges = landed(crawls.lake, "edges", crawls(served.url).manifest)
        assert {edge["hub_id"] for edge in edges} <= {make_model(1)["_id"]}
        names = ("parent_hub_id", "parent_ref", "relation", "declared_in", "position")
        return [tuple(edge[name] for name in names) for edge in edges]

    return edges_of


def linked(relation: Any, *models: Any) -> dict[str, Any]:
    return {"relation": relation, "models": [{"_id": hub_id, "id": name} for hub_id, name in models]}


FROM_LINKS = [
    (linked("finetune", (P, "a/p")), [(P, "a/p", "finetune", "baseModels", 1)]),
    (
        linked("merge", (Q, "b/q"), (P, "a/p")),
        [(Q, "b/q", "merge", "baseModels", 1), (P, "a/p", "merge", "baseModels", 2)],
    ),
    ({"models": [{"_id": P, "id": "a/p"}]}, [(P, "a/p", None, "baseModels", 1)]),
    ({"relation": "quantized", "models": [{"id": "a/p"}]}, [(None, "a/p", "quantized", "baseModels", 1)]),
    (linked("finetune"), []),
]


@pytest.mark.parametrize(("base_models", "edges"), FROM_LINKS)
def test_links_the_hub_has_resolved_land_with_their_ids(edges_of: Any, base_models: Any, edges: list[Any]) -> None:
    assert edges_of(baseModels=base_models, tags=["base_model:a/p", "base_model:b/q", "region:us"]) == [
        *edges,
        *((None, name, None, "tag", place) for place, name in ((1, "a/p"), (2, "b/q")) if name not in str(base_models)),
    ]


FROM_TAGS = [
    (["base_model:a/p", "base_model:finetune:a/p"], [("a/p", "finetune")]),
    (["base_model:quantized:a/p", "base_model:a/p"], [("a/p", "quantized")]),
    (["base_model:a/p"], [("a/p", None)]),
    (["base_model:adapter:a/p"], [("a/p", "adapter")]),
    (
        ["base_model:a/p", "base_model:merge:a/p", "base_model:b/q", "base_model:merge:b/q"],
        [("a/p", "merge"), ("b/q", "merge")],
    ),
    (["base_model:b/q", "base_model:a/p"], [("b/q", None), ("a/p", None)]),
    (["base_model:a/p", "base_model:a/p"], [("a/p", None)]),
    (["base_model:grandchild:a/p"], [("grandchild:a/p", None)]),
    (["base_model:/home/me/models/p"], [("/home/me/models/p", None)]),
    (["base_model:finetune:C:\\models\\p"], [("C:\\models\\p", "finetune")]),
    (["base_model:./out"], [("./out", None)]),
    (["base_model:gpt2"], [("gpt2", None)]),
    (["base_model:日本/モデル", "base_model:merge:日本/モデル"], [("日本/モデル", "merge")]),
    (["base_model:finetune"], [("finetune", None)]),
    (["region:us", "not_base_model:a/p"], []),
    ([], []),
]


@pytest.mark.parametrize(("tags", "edges"), FROM_TAGS, ids=lambda value: str(value)[:40])
def test_tags_give_edges_where_base_models_are_missing(
    edges_of: Any, tags: list[str], edges: list[tuple[str, str | None]]
) -> None:
    found = edges_of(tags=tags)
    assert [(parent, relation) for _, parent, relation, _, _ in found] == edges
    assert all((hub_id, declared_in) == (None, "tag") for hub_id, _, _, declared_in, _ in found)
    positions = [position for *_, position in found]
    assert positions == sorted(set(positions))


def test_two_thousand_tags_land_whole(
    serve: Callable[..., EmbeddedHub], crawls: Any, landed: Landed, make_model: Callable[..., Row]
) -> None:
    bases = [f"base_model:merge:someone/parent-{number}" for number in range(1000)]
    others = [f"dataset:set-{number}" for number in range(1000)]
    manifest = crawls(serve([make_model(0, tags=bases + others)]).url).manifest
    assert [model["tags"] for model in landed(crawls.lake, "models", manifest)] == [others]
    edges = landed(crawls.lake, "edges", manifest)
    assert [edge["parent_ref"] for edge in edges] == [tag.removeprefix("base_model:merge:") for tag in bases]


@pytest.fixture
def days(make_catalog: Callable[..., Any], make_model: Callable[..., Row]) -> Any:
    """Three days: on the second one repository comes, one goes, one is renamed, one gets a parent."""
    first = [make_model(number) for number in range(6)]
    second = [row | {"downloads": row["downloads"] + 5} for row in first[1:]] + [make_model(6)]
    second[1] |= {"id": "someone/renamed"}
    second[2] |= {"baseModels": linked("finetune", (P, "a/p"))}
    third = [row | {"likes": row["likes"] + 1} for row in second]
    return make_catalog({FIRST: first, SECOND: second, THIRD: third})


def test_attributes_land_only_when_new_or_changed(
    serve: Callable[..., EmbeddedHub], crawls: Any, landed: Landed, days: Any, make_id: Callable[[int], str]
) -> None:
    seen = []
    for day in (FIRST, SECOND, THIRD):
        served = serve(days, day=day)
        manifest = crawls(served.url, day=day).manifest
        names = [row["repo_id"].removeprefix("someone/") for row in landed(crawls.lake, "models", manifest)]
        seen.append((names, len(landed(crawls.lake, "edges", manifest)), manifest.new_models, manifest.changed_models))
        assert len(landed(crawls.lake, "model_days", manifest)) == 6
    assert seen == [
        ([f"model-{number}" for number in range(6)], 0, 6, 0),
        (["renamed", "model-3", "model-6"], 1, 1, 2),
        ([], 0, 0, 0),
    ]
    assert [file.path for file in crawls.lake.manifests()[-1].files] == ["model_days/day=2026-08-21/hub.parquet"]


def test_another_scope_on_the_same_day_keeps_the_first_reading(
    serve: Callable[..., EmbeddedHub],
    crawls: Any,
    landed: Landed,
    make_model: Callable[..., Row],
    make_registry: Callable[..., Any],
) -> None:
    crawls.registry = make_registry("Qwen")
    rows = [make_model(number, id=f"{'Qwen' if number % 2 else 'else'}/m{number}") for number in range(8)]
    first = crawls(serve(rows).url, scope=Scope.LABS).manifest
    later = [row | {"downloads": 999_999, "baseModels": linked("merge", (P, "a/p"))} for row in rows]
    second = crawls(serve(later).url, scope=Scope.HUB).manifest
    of_labs, of_rest = (landed(crawls.lake, "model_days", manifest) for manifest in (first, second))
    assert [row["downloads_30d"] for row in of_labs] == [10, 30, 50, 70]
    assert [row["hub_id"] for row in of_rest] == [row["_id"] for row in rows[::2]]
    assert (first.models, second.models) == (4, 8)
    assert {edge["hub_id"] for edge in landed(crawls.lake, "edges", second)} == {row["_id"] for row in rows[::2]}
    assert {row["hub_id"] for row in landed(crawls.lake, "models", second)} == {row["_id"] for row in rows[::2]}


@pytest.mark.parametrize("slice_pages", [spool.SLICE_PAGES, 1], ids=["one slice", "a slice a page"])
def test_row_on_two_pages_lands_once_as_it_was_read_first(
    lake: Lake, make_model: Callable[..., Row], monkeypatch: pytest.MonkeyPatch, slice_pages: int
) -> None:
    monkeypatch.setattr(spool, "SLICE_PAGES", slice_pages)
    pages = [
        page_of(lake, "oldest-first", [make_model(0), make_model(1, downloads=1)], minute=1),
        page_of(lake, "newest-first", [make_model(1, downloads=2), make_model(2)], minute=2),
        page_of(lake, "oldest-first", [make_model(1, downloads=3), make_model(1, downloads=4)], minute=0),
    ]
    files, tally = land_pages(lake, FIRST, "hub", lake.runs / "x", pages)
    assert (tally.rows_read, tally.models, tally.duplicates) == (6, 3, 3)
    assert [(file.path, file.rows) for file in files] == [
        ("model_days/day=2026-08-19/hub.parquet", 3),
        ("models/day=2026-08-19/hub.parquet", 3),
    ]
    rows = pq.ParquetFile(lake.partition_path("model_days", FIRST, "hub")).read().to_pylist()
    assert [row["hub_id"] for row in rows] == [make_model(number)["_id"] for number in range(3)]
    assert rows[1]["downloads_30d"] == 1


def test_half_a_surrogate_pair_does_not_cost_its_page(lake: Lake, make_model: Callable[..., Row]) -> None:
    rows = [make_model(0), make_model(1, tags=["license:mit", "odd \ud83d tag"]), make_model(2)]
    _, tally = land_pages(lake, FIRST, "hub", lake.runs / "x", [page_of(lake, "up", rows)])
    assert (tally.models, tally.refused_because) == (3, {})
    models = pq.ParquetFile(lake.partition_path("models", FIRST, "hub")).read().to_pylist()
    assert models[1]["tags"] == ["odd ? tag"]


@pytest.mark.parametrize("kept", [0, 0.5, 0.95])
def test_cut_page_is_named_and_nothing_lands(lake: Lake, make_model: Callable[..., Row], kept: float) -> None:
    page = page_of(lake, "up", [make_model(number) for number in range(30)])
    file = lake.runs / "x" / page.file
    file.write_bytes(file.read_bytes()[: int(file.stat().st_size * kept)])
    with pytest.raises(DataError, match=rf"{page.file}.* damaged .*Move .* away, then crawl again"):
        land_pages(lake, FIRST, "hub", lake.runs / "x", [page])
    assert not lake.partition_path("model_days", FIRST, "hub").exists()


def page_of(lake: Lake, walk: str, rows: list[Row], minute: int = 0) -> Page:
    """A page with these rows, read at a minute past noon and saved as a crawl saves it."""
    at = datetime(2026, 8, 19, 12, minute, tzinfo=UTC)
    answer = Response("http://hub/api/models", None, json.dumps(rows).encode(), "", at, True, False, 1)
    with closing(Spool(lake.runs / "x")) as opened:
        return opened.save(walk, PageReader().read(answer), answer, None)
