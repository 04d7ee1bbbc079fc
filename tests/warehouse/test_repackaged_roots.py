"""core_root_attributes: roots held by a repackager count for the maker."""

from collections.abc import Callable

SOURCES = {
    "registry_organizations": """
        handle     | lab     | origin | role
        Qwen       | alibaba | CN     | lab
        meta-llama | meta    | US     | lab
        unsloth    | -       | US     | repackager
        huggyllama | meta    | ZZ     | repackager
        """,
    "registry_labs": """
        lab     | origin
        alibaba | CN
        meta    | US
        """,
    "registry_family_patterns": """
        family | lab     | pattern
        qwen   | alibaba | (?i)^qwen
        llama  | meta    | (?i)^llama
        """,
    "registry_name_patterns": """
        family | lab     | initials | pattern
        qwen   | alibaba | qw       | (?i)^qwen
        llama  | meta    | ll       | (?i)^llama
        """,
}


def test_repackaged_root_counts_for_the_maker_in_its_name(becomes: Callable[..., None]) -> None:
    becomes(
        "core_root_attributes",
        """
        hub_id | root_ref          | root_lab | root_family | root_origin
        1      | unsloth/Qwen3-8B  | alibaba  | qwen        | CN
        2      | unsloth/some-8B   | -        | -           | -
        3      | unsloth/Llama-2-7B | meta    | llama       | US
        4      | huggyllama/thing  | meta     | -           | US
        5      | Qwen/Qwen3-4B     | alibaba  | qwen        | CN
        """,
        lake_models="""
        hub_id | repo_id
        1      | me/tuned
        2      | me/other
        3      | unsloth/Llama-2-7B
        4      | huggyllama/thing
        5      | Qwen/Qwen3-4B
        """,
        lake_edges="""
        hub_id | parent_ref       | relation
        1      | unsloth/Qwen3-8B | finetune
        2      | unsloth/some-8B  | finetune
        """,
        lake_model_days="hub_id\n1\n2\n3\n4\n5",
        **SOURCES,
    )


def test_repackaged_root_counts_for_the_makers_lab_in_groups(becomes: Callable[..., None]) -> None:
    becomes(
        "core_group_roots",
        """
        hub_id | lab     | family | origin
        1      | alibaba | qwen   | CN
        2      | meta    | llama  | US
        """,
        lake_models="hub_id | repo_id\n1 | me/tuned\n2 | unsloth/Llama-2-7B",
        lake_edges="hub_id | parent_ref | relation\n1 | unsloth/Qwen3-8B | finetune",
        lake_model_days="hub_id\n1\n2",
        **SOURCES,
    )


def test_family_in_a_copys_name_outranks_declared_bases(becomes: Callable[..., None]) -> None:
    """1 declares a part of it, 2 a model of nobody; 3 and 4 lead to the family; 5 has none; 6 is of no repackager."""
    becomes(
        "edges",
        """
        child_id | parent_ref        | is_used | not_used_because
        1        | meta-llama/Llama-2 | false  | its publisher repackages models, and its name says family qwen
        2        | nobody/Image      | false   | its publisher repackages models, and its name says family qwen
        3        | nobody/Qwen-tuned | true    | -
        4        | Qwen/Qwen-gone    | true    | -
        5        | nobody/Image      | true    | -
        6        | meta-llama/Llama-2 | true   | -
        8        | Qwen/Qwen3        | true    | -
        """,
        lake_models="""
        hub_id | repo_id
        1      | unsloth/Qwen_Image
        2      | unsloth/qwen.image
        3      | unsloth/Qwen-tuned-GGUF
        4      | unsloth/Qwen-gone-GGUF
        5      | unsloth/image
        6      | someone/Qwen-Image
        7      | meta-llama/Llama-2
        8      | nobody/Qwen-tuned
        9      | Qwen/Qwen3
        """,
        lake_edges="""
        hub_id | parent_ref         | relation  | declared_in
        1      | meta-llama/Llama-2 | finetune  | baseModels
        2      | nobody/Image       | finetune  | baseModels
        3      | nobody/Qwen-tuned  | quantized | baseModels
        4      | Qwen/Qwen-gone     | quantized | baseModels
        5      | nobody/Image       | finetune  | baseModels
        6      | meta-llama/Llama-2 | finetune  | baseModels
        8      | Qwen/Qwen3         | finetune  | baseModels
        """,
        **SOURCES,
    )
