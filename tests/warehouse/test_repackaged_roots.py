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
