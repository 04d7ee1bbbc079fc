"""core_publishers: publisher by handle and by the period of the handle."""

from collections.abc import Callable

ORGANIZATIONS = """
handle | lab     | origin | role       | since      | until      | evidence
Qwen   | alibaba | CN     | lab        | -          | -          | its page
THUDM  | zhipu   | CN     | lab        | -          | 2025-07-01 | renamed
unsloth| -       | US     | repackager | 2023-11-30 | -          | its page
"""
MODELS = """
hub_id | repo_id            | created_at
1      | Qwen/Qwen3-8B      | 2025-04-27 08:00:00+00
2      | gpt2               | 2022-03-02 23:29:04+00
3      | someone/qwen       | 2025-05-01 00:00:00+00
4      | qwen/Qwen3-8B      | 2025-05-01 00:00:00+00
5      | THUDM/glm-4        | 2025-06-30 23:59:59+00
6      | THUDM/glm-fake     | 2025-07-01 00:00:00+00
7      | THUDM/glm-unknown  | -
8      | unsloth/Qwen3-GGUF | 2023-01-01 00:00:00+00
9      | it's/odd           | 2025-05-01 00:00:00+00
"""


def test_repository_counts_for_the_organisation_of_its_handle(becomes: Callable[..., None]) -> None:
    becomes(
        "core_publishers",
        """
        hub_id | handle  | publisher_lab | publisher_origin | publisher_role
        1      | Qwen    | alibaba       | CN               | lab
        2      | -       | -             | unaffiliated     | unknown
        3      | -       | -             | unaffiliated     | unknown
        4      | -       | -             | unaffiliated     | unknown
        5      | THUDM   | zhipu         | CN               | lab
        6      | -       | -             | unaffiliated     | unknown
        7      | THUDM   | zhipu         | CN               | lab
        8      | unsloth | -             | US               | repackager
        9      | -       | -             | unaffiliated     | unknown
        """,
        lake_models=MODELS,
        registry_organizations=ORGANIZATIONS,
    )


def test_publisher_reason_names_the_deciding_fact(becomes: Callable[..., None]) -> None:
    becomes(
        "core_publishers",
        """
        hub_id | publisher_because
        1      | published by 'Qwen' (its page)
        2      | the name has no owner
        3      | the registry has no organisation 'someone'
        4      | the registry has no organisation 'qwen'
        5      | published by 'THUDM' (renamed)
        6      | 'THUDM' belonged to its organisation until 2025-07-01, before this repository was created
        7      | published by 'THUDM' (renamed)
        8      | published by 'unsloth' (its page)
        9      | the registry has no organisation 'it's'
        """,
        lake_models=MODELS,
        registry_organizations=ORGANIZATIONS,
    )


def test_renamed_repository_counts_for_its_latest_owner(becomes: Callable[..., None]) -> None:
    becomes(
        "core_publishers",
        """
        hub_id | handle | publisher_origin
        1      | Qwen   | CN
        """,
        lake_models="""
        hub_id | day        | repo_id
        1      | 2026-08-19 | someone/qwen
        1      | 2026-08-20 | Qwen/Qwen3-8B
        """,
        registry_organizations=ORGANIZATIONS,
    )
