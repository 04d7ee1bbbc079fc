"""Links and roots of small worlds: which links count, why others do not, and the weights of the roots."""

from collections.abc import Callable
from typing import Any

import pytest

MODELS = """
hub_id | repo_id       | created_at
a      | lab/base      | 2026-01-01
b      | lab/instruct  | 2026-01-02
c      | other/base    | 2026-01-03
d      | user/one      | 2026-02-01
e      | user/two      | 2026-02-02
f      | user/three    | 2026-02-03
g      | user/g        | 2026-02-04
h      | user/h        | 2026-02-05
"""
"""Repositories in order of creation."""

WORLDS = {
    "a chain": (
        ["b <- lab/base", "d <- lab/instruct"],
        "",
        "a = a 0 1, b = a 1 1, d = a 2 1",
    ),
    "a self-reference": (
        ["a <- lab/base"],
        "a lab/base: names itself as its base",
        "a = a 0 1",
    ),
    "a base and itself": (
        ["d <- lab/base, user/one"],
        "d user/one: names itself as its base",
        "d = a 1 1",
    ),
    "a cycle of two": (
        ["d <- lab/base, user/two", "e <- user/one"],
        "d user/two: closes a cycle: this base is newer than the repository built on it",
        "d = a 1 1, e = a 2 1",
    ),
    "a cycle of three against the order of creation": (
        ["d <- user/three", "e <- user/one", "f <- user/two"],
        "d user/three: closes a cycle: this base is newer than the repository built on it",
        "d = d 0 1, e = d 1 1, f = d 2 1",
    ),
    "a cycle of three with two links to newer bases": (
        ["d <- user/two", "e <- user/three", "f <- user/one"],
        "d user/two: closes a cycle: this base is newer than the repository built on it"
        " & e user/three: closes a cycle: this base is newer than the repository built on it",
        "d = d 0 1, e = e 0 1, f = d 1 1",
    ),
    "two cycles that share a link": (
        ["d <- user/two, user/three", "e <- user/one", "f <- user/two"],
        "d user/two: closes a cycle: this base is newer than the repository built on it"
        " & d user/three: closes a cycle: this base is newer than the repository built on it",
        "d = d 0 1, e = d 1 1, f = d 2 1",
    ),
    "a newer base without a cycle": (
        ["d <- user/three", "f <- lab/base"],
        "",
        "d = a 2 1, f = a 1 1",
    ),
    "a newer base above a cycle": (
        ["c <- user/one", "d <- user/two", "e <- user/one"],
        "d user/two: closes a cycle: this base is newer than the repository built on it",
        "c = d 1 1, d = d 0 1, e = d 1 1",
    ),
    "a name in another case, and unresolved names": (
        ["d <- LAB/base, user/G2, user/unknown"],
        "",
        "d = a 1 0.333 + ~user/G2 1 0.333 + ~user/unknown 1 0.333",
    ),
    "a local path and a bare name": (
        ["d <- /cache/models/x", "e <- llama", "f <- C:\\models\\x"],
        "",
        "d = ~/cache/models/x 1 1, e = ~llama 1 1, f = ~C:\\models\\x 1 1",
    ),
    "a local path or a bare name with a named base": (
        ["d <- lab/base, /cache/models/base", "e <- llama, gone/llama", "f <- /cache/a, llama", "g <- user/g, llama"],
        "d /cache/models/base: has no owner and cannot be resolved, while another declared base can or has an owner"
        " & e llama: has no owner and cannot be resolved, while another declared base can or has an owner"
        " & g user/g: names itself as its base",
        "d = a 1 1, e = ~gone/llama 1 1, f = ~/cache/a 1 0.5 + ~llama 1 0.5, g = ~llama 1 1",
    ),
    "a merge with a local path": (
        ["d <- lab/base, /cache/models/base: merge"],
        "",
        "d = a 1 0.5 + ~/cache/models/base 1 0.5",
    ),
    "two parents": (
        ["d <- lab/base, other/base"],
        "",
        "d = a 1 0.5 + c 1 0.5",
    ),
    "the same parent twice, in upper and lower case": (
        ["d <- lab/base, LAB/BASE, other/base"],
        "d LAB/BASE: means the same base as another link",
        "d = a 1 0.5 + c 1 0.5",
    ),
    "the same unresolved parent twice, in upper and lower case": (
        ["d <- gone/x, Gone/X"],
        "d Gone/X: means the same base as another link",
        "d = ~gone/x 1 1",
    ),
    "a diamond": (
        ["d <- lab/base", "e <- lab/base", "f <- user/one, user/two"],
        "",
        "f = a 2 1",
    ),
    "a merge of merges, with a short and a long path to one root": (
        ["d <- lab/base, other/base", "e <- user/one, other/base, gone/x", "f <- user/two, lab/base"],
        "",
        "e = a 2 0.167 + c 1 0.5 + ~gone/x 1 0.333, f = a 1 0.583 + c 2 0.25 + ~gone/x 2 0.167",
    ),
    "nothing declared": (
        [],
        "",
        "a = a 0 1, h = h 0 1",
    ),
}
"""Name -> links, unused links with reasons, roots as "repository = root depth weight"; ~ means by name only."""


def fill(small: Any, links: list[str], read: Callable[..., Any]) -> None:
    small.fill("lake_models", read(MODELS))
    for link in links:
        link, _, relation = link.partition(": ")
        child, _, parents = link.partition(" <- ")
        for position, parent in enumerate(parents.split(", ")):
            edge = {"hub_id": child, "parent_ref": parent, "position": str(position), "relation": relation or None}
            small.fill("lake_edges", [edge])


@pytest.mark.parametrize("world", WORLDS)
def test_roots_of_a_small_world(small: Any, read_cells: Callable[..., Any], world: str) -> None:
    links, unused, roots = WORLDS[world]
    fill(small, links, read_cells)
    small.make("lineage")
    not_used = small.text("core_edges where not is_used", ["child_id", "parent_ref", "not_used_because"])
    assert {f"{child} {ref}: {why}" for child, ref, why in not_used} == set(filter(None, unused.split(" & ")))
    found: dict[str, set[str]] = {}
    columns = ["hub_id", "coalesce(root_id, '~' || root_ref)", "depth", "round(weight, 3)"]
    for hub_id, root, depth, weight in small.text("lineage", columns):
        found.setdefault(hub_id, set()).add(f"{root} {depth} {float(weight):g}")
    for line in roots.split(", "):
        hub_id, _, expected = line.partition(" = ")
        assert found[hub_id] == set(expected.split(" + ")), hub_id
    assert set(found) == set("abcdefgh")


def test_higher_id_is_newer_at_the_same_creation_time(becomes: Callable[..., None]) -> None:
    becomes(
        "edges",
        """
        child_id | parent_ref | is_used
        2        | a/three    | false
        3        | a/two      | true
        4        | a/five     | false
        5        | a/four     | true
        """,
        lake_models="""
        hub_id | repo_id | created_at
        2      | a/two   | 2022-03-02 23:29:04
        3      | a/three | 2022-03-02 23:29:04
        4      | a/four  | -
        5      | a/five  | 2022-03-02 23:29:04
        """,
        lake_edges="hub_id | parent_ref\n2 | a/three\n3 | a/two\n4 | a/five\n5 | a/four",
    )


REGISTRY = {
    "registry_organizations": """
        handle  | lab     | origin | until
        Qwen    | alibaba | CN     | -
        meta    | meta    | US     | -
        THUDM   | zai     | CN     | 2025-01-01
        bigsci  | bigsci  | ZZ     | -
        """,
    "registry_family_patterns": "family | lab | pattern\nqwen | alibaba | (?i)^qwen\nllama | meta | (?i)^llama",
}


def test_unresolved_root_counts_for_the_organisation_in_its_name(becomes: Callable[..., None]) -> None:
    becomes(
        "lineage",
        """
        hub_id | root_id | root_ref        | root_family | root_origin
        1      | -       | Qwen/Qwen3-8B   | qwen        | CN
        2      | -       | qwen/QWEN3-8b   | qwen        | CN
        3      | -       | Qwen/other      | -           | CN
        4      | -       | THUDM/chatglm   | -           | CN
        5      | -       | someone/llama   | -           | unaffiliated
        6      | -       | llama           | -           | -
        7      | -       | /cache/Qwen/x   | -           | -
        8      | -       | C:\\Qwen\\x     | -           | -
        9      | -       | ./Qwen/x        | -           | -
        """,
        lake_models="\n".join(["hub_id | repo_id", *(f"{n} | u/{n}" for n in range(1, 10))]),
        lake_edges="""
        hub_id | parent_ref
        1      | Qwen/Qwen3-8B
        2      | qwen/QWEN3-8b
        3      | Qwen/other
        4      | THUDM/chatglm
        5      | someone/llama
        6      | llama
        7      | /cache/Qwen/x
        8      | C:\\Qwen\\x
        9      | ./Qwen/x
        """,
        **REGISTRY,
    )


def test_model_has_what_its_roots_agree_on(becomes: Callable[..., None]) -> None:
    becomes(
        "models",
        """
        repo_id        | publisher_origin | root_origin  | root_family | is_mixed_origin
        Qwen/Qwen3-8B  | CN               | CN           | qwen        | false
        Qwen/Qwen3-9B  | CN               | CN           | qwen        | false
        meta/Llama-8B  | US               | US           | llama       | false
        bigsci/bloom   | ZZ               | ZZ           | -           | false
        Qwen/distilled | CN               | US           | llama       | true
        Qwen/on-bloom  | CN               | ZZ           | -           | false
        user/tuned     | unaffiliated     | US           | llama       | false
        user/merged    | unaffiliated     | -            | -           | false
        user/doubled   | unaffiliated     | CN           | qwen        | false
        meta/merged    | US               | -            | -           | true
        meta/from-path | US               | -            | -           | false
        user/from-user | unaffiliated     | unaffiliated | -           | false
        """,
        lake_models="""
        hub_id | repo_id
        10     | Qwen/Qwen3-8B
        11     | Qwen/Qwen3-9B
        12     | meta/Llama-8B
        13     | bigsci/bloom
        20     | Qwen/distilled
        21     | Qwen/on-bloom
        22     | user/tuned
        23     | user/merged
        24     | user/doubled
        25     | meta/merged
        26     | meta/from-path
        27     | user/from-user
        """,
        lake_model_days="\n".join(["hub_id", *map(str, (10, 11, 12, 13, *range(20, 28)))]),
        lake_edges="""
        hub_id | parent_ref
        20     | meta/Llama-8B
        21     | bigsci/bloom
        22     | meta/Llama-8B
        23     | meta/Llama-8B
        23     | Qwen/Qwen3-8B
        24     | Qwen/Qwen3-8B
        24     | Qwen/Qwen3-9B
        25     | meta/Llama-8B
        25     | Qwen/Qwen3-8B
        26     | /cache/x
        27     | user/gone
        """,
        **REGISTRY,
    )


def test_root_reason_says_how_roots_were_found(becomes: Callable[..., None]) -> None:
    becomes(
        "memberships",
        """
        hub_id | root_because
        1      | no base is known, so it is its own root
        2      | none of its bases is used, so it is its own root
        3      | its used bases lead to roots that are in the lake
        4      | its used bases lead to roots known by name only
        5      | its used bases lead to roots, some of which are known by name only
        """,
        lake_models="hub_id | repo_id\n1 | a/one\n2 | a/two\n3 | a/three\n4 | a/four\n5 | a/five",
        lake_edges="hub_id | parent_ref\n2 | a/two\n3 | a/one\n4 | gone/x\n5 | a/one\n5 | gone/x",
    )


SIZES = {
    "lake_models": """
        hub_id | repo_id     | safetensors_total | gguf_total
        1      | a/base      | 8000              | -
        2      | a/curated   | 10                | -
        3      | b/awq       | 1000              | -
        4      | b/awq-again | 900               | -
        5      | b/fp8       | 5000              | -
        6      | b/padded    | 8500              | -
        7      | b/two-bases | 1200              | -
        8      | b/tuned     | 1300              | -
        9      | b/mixed     | 1400              | -
        10     | b/gone      | -                 | 1500
        11     | b/unsized   | -                 | -
        12     | b/exact     | 50                | -
        13     | b/of-exact   | 20                | -
        """,
    "lake_edges": """
        hub_id | parent_ref | relation
        3      | a/base     | quantized
        4      | b/awq      | quantized
        5      | a/curated  | quantized
        6      | a/base     | quantized
        7      | a/base     | quantized
        7      | a/curated  | quantized
        8      | a/base     | finetune
        9      | a/base     | quantized
        9      | a/curated  | merge
        10     | gone/x     | quantized
        11     | a/base     | quantized
        12     | a/base     | quantized
        13     | b/exact    | quantized
        """,
    "registry_parameters": """
        repo_id   | params_total | params_active
        a/curated | 9000         | 700
        b/exact   | 100          | -
        """,
}


def test_quantized_copy_has_the_size_of_its_base(becomes: Callable[..., None]) -> None:
    becomes(
        "core_sizes",
        """
        hub_id | params_total | params_active | params_source
        1      | 8000         | -             | safetensors
        2      | 9000         | 700           | curated
        3      | 8000         | -             | safetensors
        4      | 8000         | -             | safetensors
        5      | 9000         | 700           | curated
        6      | 8500         | -             | safetensors
        7      | 1200         | -             | safetensors
        8      | 1300         | -             | safetensors
        9      | 1400         | -             | safetensors
        10     | 1500         | -             | gguf
        11     | 8000         | -             | safetensors
        12     | 100          | -             | curated
        13     | 100          | -             | curated
        """,
        **SIZES,
    )


def test_registry_supplies_bases_that_cards_omit(becomes: Callable[..., None]) -> None:
    becomes(
        "edges",
        """
        child_id | parent_ref | parent_id | relation | declared_in | resolved_by | is_used
        1        | lab/base   | 9         | finetune | registry    | curated     | true
        2        | lab/gone   | -         | merge    | registry    | unresolved  | true
        3        | lab/other  | -         | finetune | tag         | unresolved  | false
        3        | lab/base   | 9         | finetune | registry    | curated     | true
        4        | a/four     | 4         | finetune | tag         | name        | false
        4        | lab/base   | 9         | finetune | registry    | curated     | true
        """,
        lake_models="hub_id | repo_id\n1 | a/one\n2 | a/two\n3 | a/three\n4 | a/four\n9 | lab/base",
        lake_edges="""
        hub_id | parent_ref | relation | declared_in
        3      | lab/other  | finetune | tag
        4      | a/four     | finetune | tag
        """,
        registry_bases="""
        repo_id | parent_ref | relation
        a/one   | lab/base   | finetune
        a/two   | lab/gone   | merge
        a/three | lab/base   | finetune
        a/four  | lab/base   | finetune
        """,
    )


def test_registry_corrects_declared_bases(becomes: Callable[..., None]) -> None:
    becomes(
        "edges",
        """
        child_id | parent_ref | parent_id | relation | declared_in | resolved_by | not_used_because
        1        | lab/part   | 8         | finetune | baseModels  | id          | corrected by the registry
        1        | lab/gone   | -         | merge    | tag         | unresolved  | corrected by the registry
        1        | lab/base   | 9         | finetune | registry    | curated     | -
        2        | lab/base   | 9         | finetune | registry    | curated     | -
        3        | lab/base   | 9         | finetune | baseModels  | id          | -
        4        | lab/base   | 9         | finetune | tag         | name        | -
        4        | lab/part   | 8         | finetune | baseModels  | id          | corrected by the registry
        """,
        lake_models="hub_id | repo_id\n1 | a/one\n2 | a/two\n3 | a/three\n4 | a/four\n8 | lab/part\n9 | lab/base",
        lake_edges="""
        hub_id | parent_hub_id | parent_ref | relation  | declared_in
        1      | 8             | lab/part   | finetune  | baseModels
        1      | -             | lab/gone   | merge     | tag
        2      | 9             | lab/base   | quantized | baseModels
        3      | 9             | lab/base   | finetune  | baseModels
        4      | 8             | lab/part   | finetune  | baseModels
        4      | -             | lab/base   | finetune  | tag
        """,
        registry_bases="""
        repo_id | parent_ref | relation
        a/one   | lab/base   | finetune
        a/two   | lab/base   | finetune
        a/three | lab/base   | finetune
        a/four  | lab/base   | finetune
        """,
    )


def test_registry_names_bases_outside_the_lake(becomes: Callable[..., None]) -> None:
    """2 of its bases lead to a repository of the lake, 3 and 4 to names; 5 names a model that is built on 5."""
    becomes(
        "core_root_attributes",
        """
        hub_id | root_id | root_ref | root_lab | root_origin  | depth | weight
        1      | -       | lab/old  | lab      | US           | 3     | 1.0
        2      | 9       | lab/base | lab      | US           | 3     | 0.5
        2      | -       | Gone/y   | -        | unaffiliated | 2     | 0.5
        5      | 5       | a/five   | -        | unaffiliated | 0     | 1.0
        9      | 9       | lab/base | lab      | US           | 0     | 1.0
        """,
        lake_models="hub_id | repo_id\n1 | a/one\n2 | a/two\n5 | a/five\n9 | lab/base",
        lake_model_days="hub_id\n1\n2\n5\n9",
        lake_edges="""
        hub_id | parent_ref | relation
        1      | gone/X     | quantized
        2      | gone/two   | finetune
        5      | gone/five  | finetune
        """,
        registry_bases="""
        repo_id    | parent_ref | relation
        gone/x     | gone/mid   | finetune
        gone/mid   | lab/old    | finetune
        gone/two   | gone/three | merge
        gone/two   | Gone/y     | merge
        gone/three | lab/base   | finetune
        gone/five  | a/five     | finetune
        """,
        registry_organizations="handle | lab | origin\nlab | lab | US",
    )


def test_base_in_tags_only_is_not_used(becomes: Callable[..., None]) -> None:
    becomes(
        "edges",
        """
        child_id | parent_ref | parent_id | declared_in | is_used | not_used_because
        1        | a/linked   | 8         | baseModels  | true    | -
        1        | A/Linked   | 8         | tag         | false   | means the same base as another link
        1        | a/gone     | -         | tag         | false   | is in the tags only, while the Hub links other bases
        2        | a/gone     | -         | tag         | true    | -
        """,
        lake_models="hub_id | repo_id\n1 | b/one\n2 | b/two\n8 | a/linked",
        lake_edges="""
        hub_id | parent_hub_id | parent_ref | declared_in | position
        1      | 8             | a/linked   | baseModels  | 1
        1      | -             | A/Linked   | tag         | 2
        1      | -             | a/gone     | tag         | 3
        2      | -             | a/gone     | tag         | 1
        """,
    )


def test_link_to_a_deleted_base_counts_until_the_card_changes(becomes: Callable[..., None]) -> None:
    becomes(
        "edges",
        """
        child_id | parent_ref | parent_id | is_used
        1        | a/deleted  | 7         | true
        1        | a/left     | 8         | true
        2        | a/left     | 8         | true
        3        | a/left     | 8         | true
        """,
        lake_crawls="day\n2026-08-18\n2026-08-19",
        lake_models="""
        hub_id | day        | repo_id   | last_modified
        1      | 2026-08-18 | b/merged  | 2026-08-01
        1      | 2026-08-19 | b/merged  | 2026-08-01
        2      | 2026-08-18 | b/edited  | 2026-08-01
        2      | 2026-08-19 | b/edited  | 2026-08-19
        3      | 2026-08-18 | b/unlink  | 2026-08-01
        3      | 2026-08-19 | b/unlink  | 2026-08-01
        7      | 2026-08-18 | a/deleted | -
        8      | 2026-08-18 | a/left    | -
        9      | 2026-08-18 | a/listed  | -
        """,
        lake_model_days="""
        hub_id | day
        7      | 2026-08-18
        8      | 2026-08-19
        9      | 2026-08-19
        """,
        lake_edges="""
        hub_id | day        | parent_hub_id | parent_ref | declared_in
        1      | 2026-08-18 | 7             | a/deleted  | baseModels
        1      | 2026-08-18 | 8             | a/left     | baseModels
        1      | 2026-08-19 | 8             | a/left     | baseModels
        2      | 2026-08-18 | 7             | a/deleted  | baseModels
        2      | 2026-08-18 | 8             | a/left     | baseModels
        2      | 2026-08-19 | 8             | a/left     | baseModels
        3      | 2026-08-18 | 9             | a/listed   | baseModels
        3      | 2026-08-18 | 8             | a/left     | baseModels
        3      | 2026-08-19 | 8             | a/left     | baseModels
        """,
    )
