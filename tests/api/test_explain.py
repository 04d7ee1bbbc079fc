"""What `tracker registry explain` says of a repository: publisher, layer, bases, roots, both origins."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tracker.api.explain import explain
from tracker.errors import UsageError
from tracker.pipeline import build_home, crawl_catalog
from tracker.registry.entries import Base, Family, Lab, Organization, Origin, Registry, Relation, Role

NOW = datetime(2026, 8, 21, 6, tzinfo=UTC)
PAGE = "https://example.org"


def lab(handle: str, country: str) -> Organization:
    return Organization(handle, handle.lower(), country, Role.LAB, None, None, None, False, PAGE, None)


REGISTRY = Registry(
    origins=(Origin("CN", "China", "China"), Origin("US", "United States", "United States")),
    labs=(Lab("meta", "Meta", "US", False, PAGE, None), Lab("qwen", "Alibaba", "CN", False, PAGE, None)),
    organizations=(lab("Meta", "US"), lab("Qwen", "CN")),
    families=(Family("llama", "Llama", "meta", ("^llama",), ("Meta/Llama-8B",), PAGE, ()),),
    releases=(),
    parameters=(),
    bases=(Base("Qwen/Hidden", ("Meta/Llama-8B",), Relation.FINETUNE, PAGE),),
    events=(),
    version="tests",
)
ROWS: tuple[tuple[str, list[str]], ...] = (
    ("Meta/Llama-8B", []),
    ("Qwen/Base", []),
    ("Qwen/Hidden", []),
    ("user/tuned", ["finetune:Meta/Llama-8B", "finetune:user/tuned"]),
    ("user/merged", ["merge:meta/llama-8b", "merge:Qwen/Base", "merge:gone/x", "merge:/cache/y"]),
    ("user/broad", [f"merge:gone/{number}" for number in range(9)]),
)


@pytest.fixture(scope="module")
def warehouse(make_model: Any, make_catalog: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [
        make_model(number, id=name, tags=[f"base_model:{tag}" for tag in bases])
        for number, (name, bases) in enumerate(ROWS, start=1)
    ]
    home = tmp_path_factory.mktemp("home")
    crawl_catalog(make_catalog({date(2026, 8, 19): rows}), home, REGISTRY, lambda: NOW, lambda outcome: None)
    return build_home(home, REGISTRY, NOW).path


SAID = {
    "Meta/Llama-8B": """
        Meta/Llama-8B (as of 2026-08-19) counts for United States (US), lens publisher: published by 'Meta'
        (https://example.org). Lab Meta; family llama: name matches (?i)^llama, no generation's pattern does. Layer
        release: a lab's own weights, no base declared. Size 8B parameters (name), bucket 5-10. Root: no base is known,
        so it is its own root. Lens root: it counts for United States (US). Its origin is not mixed.
        """,
    "Qwen/Hidden": """
        Qwen/Hidden (as of 2026-08-19) counts for China (CN), lens publisher: published by 'Qwen' (https://example.org).
        Lab Alibaba; family none: no name pattern of lab 'qwen' matches. Layer derivative: built on Meta/Llama-8B of
        somebody else. Its size is not known. Bases: Meta/Llama-8B (finetune, from the registry, found by its name,
        used). Root: Meta/Llama-8B (weight 100.0%, family llama, 1 step away). Lens root: it counts for
        United States (US). Its origin is mixed: the countries of its publisher and of a root differ.
        """,
    "USER/tuned": """
        user/tuned (as of 2026-08-19) counts as unaffiliated, lens publisher: the registry has no organisation 'user'.
        Layer derivative: built on Meta/Llama-8B of somebody else. Its size is not known. Bases: Meta/Llama-8B
        (finetune, from its tags, found by its name, used); user/tuned (finetune, from its tags, found by its name, not
        used: names itself as its base). Root: Meta/Llama-8B (weight 100.0%, family llama, 1 step away). Lens root:
        it counts for United States (US). Its origin is not mixed.
        """,
    "user/merged": """
        user/merged (as of 2026-08-19) counts as unaffiliated, lens publisher: the registry has no organisation 'user'.
        Layer derivative: built on /cache/y of somebody else. Its size is not known. Bases: /cache/y (merge, from its
        tags, known by its name only, used); Qwen/Base (merge, from its tags, found by its name, used); gone/x (merge,
        from its tags, known by its name only, used); meta/llama-8b (merge, from its tags, found in another case, now
        Meta/Llama-8B, used). Roots: /cache/y (weight 25.0%, family none, 1 step away, known by its name only);
        Meta/Llama-8B (weight 25.0%, family llama, 1 step away); Qwen/Base (weight 25.0%, family none, 1 step away);
        gone/x (weight 25.0%, family none, 1 step away, known by its name only). Lens root: it counts 25.0% for no known
        origin, 25.0% for United States (US), 25.0% for China (CN), 25.0% as unaffiliated. Its origin is not mixed.
        """,
}


@pytest.mark.parametrize("repo_id", SAID)
def test_a_held_repository_is_explained_from_the_warehouse(warehouse: Path, repo_id: str) -> None:
    assert explain(repo_id, warehouse, REGISTRY, NOW) == " ".join(SAID[repo_id].split())


def test_of_many_bases_and_roots_the_first_are_told_and_the_rest_counted(warehouse: Path) -> None:
    said = explain("user/broad", warehouse, REGISTRY, NOW)
    assert said.count("; and 3 more.") == 2


@pytest.mark.parametrize("is_built", [False, True])
def test_a_repository_that_nobody_has_read_is_explained_by_its_name_and_the_registry(
    warehouse: Path, tmp_path: Path, is_built: bool
) -> None:
    registry = Registry(
        **{name: getattr(REGISTRY, name) for name in Registry.__slots__ if name != "bases"},
        bases=(Base("Qwen/Unread", ("Meta/Llama-9B", "/cache/x"), Relation.MERGE, PAGE),),
    )
    said = explain("Qwen/Unread", warehouse if is_built else tmp_path / "none.duckdb", registry, NOW)
    assert said.startswith("Qwen/Unread (by its name alone, the warehouse does not hold it) counts for China (CN)")
    told = "Bases: /cache/x (merge, from the registry, known by its name only, used); Meta/Llama-9B (merge, from the"
    assert told in said
    assert "Meta/Llama-9B (weight 50.0%, family llama, 1 step away, known by its name only)" in said
    assert said.endswith("Its origin is mixed: the countries of its publisher and of a root differ.")


@pytest.mark.parametrize("name", ["", "a/b/c", "a b", "/cache/x", "https://example.org/Qwen/Qwen3-8B"])
def test_what_can_be_no_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="is no name of a repository; give owner/name"):
        explain(name, tmp_path / "none.duckdb", REGISTRY, NOW)
