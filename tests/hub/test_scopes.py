"""What each scope reads."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import pytest

from tracker.demo.hub.server import EmbeddedHub
from tracker.domain import Manifest, Scope
from tracker.errors import SettingsError
from tracker.hub.scopes import plan_scope
from tracker.hub.spool import Spool
from tracker.lake.lake import Lake
from tracker.registry.entries import Family

Row = dict[str, Any]
Landed = Callable[[Lake, str, Manifest], list[Row]]


@pytest.fixture
def registry(make_registry: Callable[..., Any]) -> Any:
    def family(name: str, lab: str, pattern: str, example: str) -> Family:
        return Family(
            id=name, name=name, lab=lab, patterns=(pattern,), examples=(example,), evidence="https://example.org"
        )

    families = (family("qwen", "qwen", "^qwen[0-9]", "Qwen3-8B"), family("gemma", "google", "^gemma", "gemma-3"))
    return make_registry("Qwen", "google", families=families)


@pytest.fixture
def family_tree(make_model: Callable[..., Row]) -> list[Row]:
    """Two releases and their derivatives; the grandchild of an unused child has no downloads."""

    def named(number: int, name: str, base: str | None = None, **more: Any) -> Row:
        tags = [f"base_model:{base}", f"base_model:finetune:{base}"] if base else ["region:us"]
        return make_model(number, id=name, tags=tags, **more)

    return [
        named(1, "Qwen/Qwen3-8B"),
        named(2, "google/gemma-3"),
        named(3, "Qwen/tokenizer"),
        named(4, "ada/child", "Qwen/Qwen3-8B"),
        named(5, "bo/grandchild", "ada/child"),
        named(6, "cy/great-grandchild", "bo/grandchild", downloads=0),
        named(7, "bo/unused", "Qwen/Qwen3-8B", downloads=0, likes=None),
        named(8, "cy/of-unused", "bo/unused"),
        named(9, "ada/of-gemma", "google/gemma-3"),
        named(10, "eve/alone"),
        named(11, "eve/loop", "eve/loop"),
    ]


def test_labs_reads_the_models_of_every_organisation(
    serve: Callable[..., EmbeddedHub], crawls: Any, landed: Landed, registry: Any, family_tree: list[Row]
) -> None:
    crawls.registry = registry
    served = serve(family_tree)
    manifest = crawls(served.url, scope=Scope.LABS).manifest
    names = [row["repo_id"] for row in landed(crawls.lake, "models", manifest)]
    assert sorted(names) == ["Qwen/Qwen3-8B", "Qwen/tokenizer", "google/gemma-3"]
    assert len(served.requests) == 2


def test_families_scope_adds_all_used_descendants(
    serve: Callable[..., EmbeddedHub], crawls: Any, landed: Landed, registry: Any, family_tree: list[Row]
) -> None:
    crawls.registry = registry
    served = serve(family_tree)
    manifest = crawls(served.url, scope=Scope.FAMILIES, families=("Qwen",)).manifest
    names = {row["repo_id"] for row in landed(crawls.lake, "models", manifest)}
    labs = {"Qwen/Qwen3-8B", "Qwen/tokenizer", "google/gemma-3"}
    assert names == labs | {"ada/child", "bo/grandchild", "cy/great-grandchild", "bo/unused"}
    filters = [parse_qs(request.query).get("filter", ["-"])[0] for request in served.requests]
    assert sorted(filters) == ["-", "-", *(f"base_model:{name}" for name in (
        "Qwen/Qwen3-8B", "ada/child", "bo/grandchild", "cy/great-grandchild"))]  # fmt: skip
    assert manifest.families == ("Qwen",)


def test_cycle_of_derivatives_comes_to_an_end(
    serve: Callable[..., EmbeddedHub], crawls: Any, registry: Any, make_model: Callable[..., Row]
) -> None:
    crawls.registry = registry
    rows = [
        make_model(1, id="Qwen/Qwen3-8B", tags=["base_model:ada/a"]),
        make_model(2, id="ada/a", tags=["base_model:Qwen/Qwen3-8B", "base_model:ada/a"]),
    ]
    served = serve(rows)
    assert crawls(served.url, scope=Scope.FAMILIES, families=("qwen",)).manifest.models == 2
    assert len(served.requests) == 4


def test_another_family_on_a_finished_day_is_not_taken_for_done(
    serve: Callable[..., EmbeddedHub], crawls: Any, registry: Any, family_tree: list[Row]
) -> None:
    crawls.registry = registry
    served = serve(family_tree)
    crawls(served.url, scope=Scope.FAMILIES, families=("qwen",))
    assert crawls(served.url, scope=Scope.FAMILIES, families=("QWEN",)).was_complete
    with pytest.raises(SettingsError, match=r"already has a crawl of the families qwen.*--force"):
        crawls(served.url, scope=Scope.FAMILIES, families=("gemma",))
    both = crawls(served.url, scope=Scope.FAMILIES, families=("qwen", "gemma"), force=True).manifest
    assert both.models == 8


@pytest.mark.parametrize(
    ("scope", "last_models", "requests"),
    [
        (Scope.LABS, None, 200),
        (Scope.LABS, 500_000, 502),
        (Scope.HUB, None, 3300),
        (Scope.HUB, 3_117_871, 3118),
        (Scope.HUB, 1, 1),
    ],
)
def test_scope_estimates_its_requests(
    lake: Lake, registry: Any, scope: Scope, last_models: int | None, requests: int
) -> None:
    spool = Spool(lake.runs / "x")
    assert plan_scope(scope, "https://hub.example", registry, spool, (), last_models).expected_requests == requests
    spool.close()


@pytest.mark.parametrize(
    ("families", "said"), [((), "needs at least one --family"), (("x",), "--family x: the registry has no such")]
)
def test_names_the_families_there_are(lake: Lake, registry: Any, families: tuple[str, ...], said: str) -> None:
    with pytest.raises(SettingsError, match=said) as caught:
        plan_scope(Scope.FAMILIES, "https://hub.example", registry, Spool(lake.runs / "x"), families, None)
    assert "known families: qwen, gemma" in str(caught.value)
    assert caught.value.exit_code == 12
