"""The paragraph of `tracker registry explain`: publisher, model type, bases, roots, both origins."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.support.slow import first_of
from tracker.api.explain import explain
from tracker.demo.run import crawl_catalog
from tracker.errors import UsageError
from tracker.pipeline import build_home
from tracker.registry.entries import Base, Family, Lab, Organization, Origin, Registry, Relation, Role

NOW = datetime(2026, 8, 21, 6, tzinfo=UTC)
PAGE = "https://example.org"


def lab(handle: str, country: str) -> Organization:
    return Organization(handle=handle, lab=handle.lower(), country=country, role=Role.LAB, evidence=PAGE)


REGISTRY = Registry(
    origins=(
        Origin(code="CN", name="China", region="China"),
        Origin(code="US", name="United States", region="United States"),
    ),
    labs=(
        Lab(id="meta", name="Meta", country="US", evidence=PAGE),
        Lab(id="qwen", name="Alibaba", country="CN", evidence=PAGE),
    ),
    organizations=(lab("Meta", "US"), lab("Qwen", "CN")),
    families=(
        Family(
            id="llama",
            name="Llama",
            lab="meta",
            patterns=("^llama",),
            examples=("Meta/Llama-8B",),
            evidence=PAGE,
        ),
    ),
    bases=(Base(repo_id="Qwen/Hidden", parents=("Meta/Llama-8B",), relation=Relation.FINETUNE, evidence=PAGE),),
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


EXPLAINED = {
    "Meta/Llama-8B": """
        Meta/Llama-8B (as of 2026-08-19). Attributed by publisher to United States (US): published by 'Meta'
        (https://example.org). Lab Meta; family llama: name matches (?i)^llama, no generation's pattern does. Model
        type original (layer release): a lab's own weights, no base declared. Task class
        unknown: no known task, and its library and files do not decide. Size 8B parameters (name), bucket 5-10.
        Root: no base is known, so it is its own root. Attributed by base model to United States (US).
        """,
    "Qwen/Hidden": """
        Qwen/Hidden (as of 2026-08-19). Attributed by publisher to China (CN): published by 'Qwen'
        (https://example.org). Lab Alibaba; family none: no name pattern of lab 'qwen' matches. Model type fine-tune
        (layer derivative): built on Meta/Llama-8B by someone else. Task class
        unknown: no known task, and its library and files do not decide. Size unknown. Bases: Meta/Llama-8B (finetune,
        from the registry, found by name, used). Root: Meta/Llama-8B (weight 100.0%, family llama, 1 step away).
        Attributed by base model to United States (US). Mixed origin: the countries of its publisher and of a root
        differ.
        """,
    "USER/tuned": """
        user/tuned (as of 2026-08-19). Attributed by publisher to no country (unaffiliated): the registry has no
        organisation 'user'. Model type fine-tune (layer derivative): built on Meta/Llama-8B by someone else. Task class
        unknown: no known task, and its library and files do not decide. Size
        unknown. Bases: Meta/Llama-8B (finetune, from its tags, found by name, used); user/tuned (finetune, from its
        tags, found by name, not used: names itself as its base). Root: Meta/Llama-8B (weight 100.0%, family llama, 1
        step away). Attributed by base model to United States (US).
        """,
    "user/merged": """
        user/merged (as of 2026-08-19). Attributed by publisher to no country (unaffiliated): the registry has no
        organisation 'user'. Model type fine-tune (layer derivative): built on /cache/y by someone else. Task class
        unknown: no known task, and its library and files do not decide. Size
        unknown. Bases: /cache/y (merge, from its tags, known only by name, used); Qwen/Base (merge, from its tags,
        found by name, used); gone/x (merge, from its tags, known only by name, used); meta/llama-8b (merge, from its
        tags, found with different capitals, now Meta/Llama-8B, used). Roots: /cache/y (weight 25.0%, family none, 1
        step away, known only by name); Meta/Llama-8B (weight 25.0%, family llama, 1 step away); Qwen/Base (weight
        25.0%, family none, 1 step away); gone/x (weight 25.0%, family none, 1 step away, known only by name).
        Attributed by base model to an unknown origin 25.0%, United States (US) 25.0%, China (CN) 25.0%, no country
        (unaffiliated) 25.0%.
        """,
}


@pytest.mark.parametrize("repo_id", EXPLAINED)
def test_explain_reads_a_known_repository_from_the_warehouse(warehouse: Path, repo_id: str) -> None:
    assert explain(repo_id, warehouse, REGISTRY, NOW) == " ".join(EXPLAINED[repo_id].split())


def test_explain_lists_the_first_bases_and_counts_the_rest(warehouse: Path) -> None:
    assert explain("user/broad", warehouse, REGISTRY, NOW).count("; and 3 more.") == 2


@pytest.mark.parametrize("is_built", first_of([True, False]))
def test_explain_uses_name_and_registry_for_an_unread_repository(
    warehouse: Path, tmp_path: Path, is_built: bool
) -> None:
    base = Base(repo_id="Qwen/Unread", parents=("Meta/Llama-9B", "/cache/x"), relation=Relation.MERGE, evidence=PAGE)
    registry = replace(REGISTRY, bases=(base,))
    paragraph = explain("Qwen/Unread", warehouse if is_built else tmp_path / "none.duckdb", registry, NOW)
    start = "Qwen/Unread (not in the warehouse, explained by its name). Attributed by publisher to China (CN)"
    assert paragraph.startswith(start)
    bases = "Bases: /cache/x (merge, from the registry, known only by name, used); Meta/Llama-9B (merge, from the"
    assert bases in paragraph
    assert "Meta/Llama-9B (weight 50.0%, family llama, 1 step away, known only by name)" in paragraph
    assert paragraph.endswith("Mixed origin: the countries of its publisher and of a root differ.")
    other_case = explain("qwen/UNREAD", warehouse if is_built else tmp_path / "none.duckdb", registry, NOW)
    assert other_case == paragraph


@pytest.mark.slow
def test_explain_finds_names_in_any_case(warehouse: Path, tmp_path: Path) -> None:
    repo_id = next(iter(EXPLAINED))
    assert explain(repo_id.upper(), warehouse, REGISTRY, NOW) == explain(repo_id, warehouse, REGISTRY, NOW)
    unread = explain("QWEN/new-7B", tmp_path / "none.duckdb", REGISTRY, NOW)
    assert unread.startswith(
        "Qwen/new-7B (not in the warehouse, explained by its name). Attributed by publisher to China"
    )


@pytest.mark.parametrize("name", ["", "a/b/c", "a b", "/cache/x", "https://example.org/Qwen/Qwen3-8B"])
def test_explain_refuses_a_text_that_is_not_a_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="is not a repository name"):
        explain(name, tmp_path / "none.duckdb", REGISTRY, NOW)
