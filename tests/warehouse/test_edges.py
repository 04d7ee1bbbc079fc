"""edges: declared bases and the repositories they mean."""

from collections.abc import Callable

MODELS = """
hub_id | repo_id
1      | Qwen/Qwen3-8B
2      | old/reborn
3      | old/reborn
4      | a/Twin
5      | a/TWIN
6      | child/one
7      | child/two
8      | gpt2
"""


def edges(*lines: str) -> str:
    return "\n".join(["hub_id | parent_hub_id | parent_ref | relation", *lines])


def test_base_is_resolved_by_id_name_then_case(
    becomes: Callable[..., None],
) -> None:
    becomes(
        "core_resolved_edges",
        """
        child_id | parent_ref      | parent_id | resolved_by | relation
        6        | was/renamed     | 1         | id          | finetune
        6        | a/Twin          | 5         | id          | finetune
        6        | Qwen/Qwen3-8B   | 1         | name        | quantized
        6        | qwen/QWEN3-8b   | 1         | case        | merge
        6        | old/reborn      | 3         | name        | adapter
        6        | OLD/Reborn      | 3         | case        | adapter
        7        | a/Twin          | 4         | name        | unknown
        7        | a/twin          | -         | unresolved  | finetune
        7        | gpt2            | 8         | name        | finetune
        7        | /cache/models/x | -         | unresolved  | finetune
        7        | C:\\models\\x   | -         | unresolved  | finetune
        7        | unknown/model  | -         | unresolved  | finetune
        7        | Qwen/Qwen3      | -         | unresolved  | finetune
        """,
        lake_models=MODELS,
        lake_edges=edges(
            "6 | 1   | was/renamed     | finetune",
            "6 | 5   | a/Twin          | finetune",
            "6 | 99  | Qwen/Qwen3-8B   | quantized",
            "6 | -   | qwen/QWEN3-8b   | merge",
            "6 | -   | old/reborn      | adapter",
            "6 | -   | OLD/Reborn      | adapter",
            "7 | -   | a/Twin          | -",
            "7 | -   | a/twin          | finetune",
            "7 | -   | gpt2            | finetune",
            "7 | -   | /cache/models/x | finetune",
            "7 | -   | C:\\models\\x   | finetune",
            "7 | 99  | unknown/model  | finetune",
            "7 | -   | Qwen/Qwen3      | finetune",
        ),
    )


def test_former_name_resolves_unless_taken(becomes: Callable[..., None]) -> None:
    becomes(
        "core_resolved_edges",
        """
        child_id | parent_ref | parent_id | resolved_by
        9        | a/first    | 1         | rename
        9        | a/second   | 1         | rename
        9        | a/third    | 1         | name
        9        | b/reused   | 3         | name
        9        | c/passed   | 5         | rename
        9        | A/First    | -         | unresolved
        """,
        lake_models="""
        hub_id | day        | repo_id
        1      | 2026-08-17 | a/first
        1      | 2026-08-18 | a/second
        1      | 2026-08-20 | a/third
        2      | 2026-08-17 | b/reused
        2      | 2026-08-18 | b/moved
        3      | 2026-08-20 | b/reused
        4      | 2026-08-19 | c/passed
        4      | 2026-08-20 | c/fourth
        5      | 2026-08-20 | c/passed
        5      | 2026-08-21 | c/fifth
        9      | 2026-08-20 | d/child
        """,
        lake_edges="""
        hub_id | day        | parent_ref
        9      | 2026-08-20 | a/first
        9      | 2026-08-20 | a/second
        9      | 2026-08-20 | a/third
        9      | 2026-08-20 | b/reused
        9      | 2026-08-20 | c/passed
        9      | 2026-08-20 | A/First
        """,
    )


def test_link_to_itself_is_not_used(becomes: Callable[..., None]) -> None:
    becomes(
        "edges",
        """
        child_id | parent_ref    | parent_id | is_used | not_used_because
        1        | Qwen/Qwen3-8B | 1         | false   | names itself as its base
        1        | was/renamed   | 1         | false   | names itself as its base
        6        | Qwen/Qwen3-8B | 1         | true    | -
        6        | unknown/else   | -         | true    | -
        3        | old/reborn    | 2         | false   | names itself as its base
        """,
        lake_models=MODELS,
        lake_edges=edges(
            "1 | -   | Qwen/Qwen3-8B | finetune",
            "1 | 1   | was/renamed   | finetune",
            "6 | -   | Qwen/Qwen3-8B | finetune",
            "6 | -   | unknown/else   | finetune",
            "3 | 2   | old/reborn    | finetune",
        ),
    )


def test_latest_declaration_of_a_base_counts(becomes: Callable[..., None]) -> None:
    becomes(
        "edges",
        "child_id | parent_ref | relation\n6 | b/second | quantized",
        lake_models="hub_id | day | repo_id\n6 | 2026-08-19 | child/one\n6 | 2026-08-20 | child/one",
        lake_edges="""
        hub_id | day        | parent_ref | relation
        6      | 2026-08-19 | a/first    | finetune
        6      | 2026-08-19 | b/second   | finetune
        6      | 2026-08-20 | b/second   | quantized
        """,
    )


def test_name_means_its_holder_when_the_child_was_created(becomes: Callable[..., None]) -> None:
    """1 was renamed before 2 took its name; 3 was deleted before 4 was created under its name."""
    becomes(
        "edges",
        """
        child_id | parent_ref | parent_id | resolved_by
        5        | lab/base   | 1         | rename
        6        | lab/base   | 2         | name
        5        | lab/gone   | 3         | name
        6        | lab/gone   | 4         | name
        7        | lab/base   | 2         | name
        """,
        lake_models="""
        hub_id | day        | repo_id  | created_at
        1      | 2026-08-19 | lab/base | 2025-01-01
        1      | 2026-08-21 | lab/new  | 2025-01-01
        2      | 2026-08-22 | lab/base | 2026-08-22
        3      | 2026-08-19 | lab/gone | 2025-01-01
        4      | 2026-08-22 | lab/gone | 2026-08-22
        5      | 2026-08-19 | a/before | 2025-06-01
        6      | 2026-08-23 | a/after  | 2026-08-23
        7      | 2026-08-19 | a/unsure | -
        """,
        lake_edges="""
        hub_id | day        | parent_hub_id | parent_ref
        5      | 2026-08-19 | -             | lab/base
        5      | 2026-08-19 | -             | lab/gone
        6      | 2026-08-23 | -             | lab/base
        6      | 2026-08-23 | -             | lab/gone
        7      | 2026-08-19 | -             | lab/base
        """,
    )
