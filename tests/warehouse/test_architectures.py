"""Roots of repositories that declare no base, by an architecture that only one family has."""

from collections.abc import Callable

SOURCES = {
    "registry_organizations": """
        handle | lab     | origin | role
        Qwen   | alibaba | CN     | lab
        maker  | maker   | FR     | lab
        dealer | -       | US     | company
        """,
    "registry_labs": "lab | origin\nalibaba | CN\ngoogle | US",
    "registry_architectures": """
        architecture | family | lab
        qwen3_5      | qwen   | alibaba
        qwen3_5_moe  | qwen   | alibaba
        gemma4       | gemma  | google
        """,
    "lake_model_days": "hub_id\n1\n2\n3\n4\n5\n6\n7\n8\n9",
    "lake_models": """
        hub_id | repo_id            | tags
        1      | someone/Ornith-35B | [transformers, qwen3_5_moe]
        2      | someone/both       | [qwen3_5, qwen3_5_moe]
        3      | someone/unclear    | [qwen3_5, gemma4]
        4      | someone/plain      | [llama]
        5      | maker/own          | [qwen3_5]
        6      | dealer/own         | [gemma4]
        7      | someone/tuned      | [gemma4]
        8      | someone/path       | [gemma4]
        9      | Qwen/Qwen3.5-9B    | [qwen3_5]
        """,
    "lake_edges": """
        hub_id | parent_ref        | relation  | declared_in
        1      | someone/Ornith-35B | finetune | tag
        7      | Qwen/Qwen3.5-9B   | finetune  | tag
        8      | /cache/model      | adapter   | tag
        """,
}


def test_architecture_gives_the_root_family(becomes: Callable[..., None]) -> None:
    becomes(
        "core_root_attributes",
        """
        hub_id | root_id | root_ref                 | root_lab | root_family | root_origin
        1      | -       | architecture:qwen3_5_moe | alibaba  | qwen        | CN
        2      | -       | architecture:qwen3_5     | alibaba  | qwen        | CN
        3      | 3       | someone/unclear          | -        | -           | unaffiliated
        4      | 4       | someone/plain            | -        | -           | unaffiliated
        5      | 5       | maker/own                | maker    | -           | FR
        6      | -       | architecture:gemma4      | google   | gemma       | US
        7      | 9       | Qwen/Qwen3.5-9B          | alibaba  | -           | CN
        8      | -       | architecture:gemma4      | google   | gemma       | US
        9      | 9       | Qwen/Qwen3.5-9B          | alibaba  | -           | CN
        """,
        **SOURCES,
    )


def test_architecture_is_a_link_of_its_own(becomes: Callable[..., None]) -> None:
    becomes(
        "edges",
        """
        child_id | parent_ref               | relation | declared_in  | resolved_by  | is_used
        1        | architecture:qwen3_5_moe | unknown  | architecture | architecture | true
        1        | someone/Ornith-35B       | finetune | tag          | name         | false
        2        | architecture:qwen3_5     | unknown  | architecture | architecture | true
        6        | architecture:gemma4      | unknown  | architecture | architecture | true
        7        | Qwen/Qwen3.5-9B          | finetune | tag          | name         | true
        8        | /cache/model             | adapter  | tag          | unresolved   | false
        8        | architecture:gemma4      | unknown  | architecture | architecture | true
        """,
        **SOURCES,
    )


def test_base_outside_the_lake_has_the_architecture_of_its_copies(becomes: Callable[..., None]) -> None:
    """Not one of a lab, whose own weights it may be, nor one whose copies disagree."""
    becomes(
        "core_root_attributes",
        """
        hub_id | root_ref             | root_family | root_origin  | depth
        1      | architecture:qwen3_5 | qwen        | CN           | 2
        2      | architecture:qwen3_5 | qwen        | CN           | 2
        3      | maker/gone           | -           | FR           | 1
        4      | gone/mixed           | -           | unaffiliated | 1
        5      | gone/mixed           | -           | unaffiliated | 1
        """,
        **{
            **SOURCES,
            "lake_model_days": "hub_id\n1\n2\n3\n4\n5",
            "lake_models": """
                hub_id | repo_id       | tags
                1      | a/Gone-GGUF   | [gguf, qwen3_5]
                2      | b/gone-tuned  | -
                3      | a/copy        | [qwen3_5]
                4      | a/mixed-GGUF  | [qwen3_5]
                5      | b/mixed-GGUF  | [gemma4]
                """,
            "lake_edges": """
                hub_id | parent_ref | relation
                1      | gone/Gone  | quantized
                2      | gone/gone  | finetune
                3      | maker/gone | quantized
                4      | gone/mixed | quantized
                5      | gone/mixed | quantized
                """,
        },
    )
