"""core_families: family and generation by name patterns of the publisher's lab."""

from collections.abc import Callable

import pytest

SOURCES = {
    "registry_organizations": """
        handle  | lab     | origin
        Qwen    | alibaba | CN
        google  | google  | US
        """,
    "registry_family_patterns": """
        family | lab     | pattern
        qwen   | alibaba | (?i)^qwen
        qwq    | alibaba | (?i)^qwq
        qwq    | alibaba | (?i)^qwen-?qwq
        gemma  | google  | (?i)^gemma
        """,
    "registry_generations": """
        family | lab     | generation | pattern
        qwen   | alibaba | Qwen2.5    | (?i)^qwen2\\.5
        qwen   | alibaba | Qwen3      | (?i)^qwen3-
        gemma  | google  | Gemma 3    | (?i)^gemma-3-
        """,
}


def test_name_decides_the_family_within_a_lab(becomes: Callable[..., None]) -> None:
    becomes(
        "core_families",
        """
        hub_id | family | generation | family_because
        1      | qwen   | Qwen3      | name matches (?i)^qwen and (?i)^qwen3-
        2      | qwen   | Qwen2.5    | name matches (?i)^qwen and (?i)^qwen2\\.5
        3      | qwen   | -          | name matches (?i)^qwen, no generation's pattern does
        4      | gemma  | Gemma 3    | name matches (?i)^gemma and (?i)^gemma-3-
        5      | -      | -          | no name pattern of lab 'google' matches
        6      | -      | -          | no name pattern of lab 'alibaba' matches
        """,
        lake_models="""
        hub_id | repo_id
        1      | Qwen/Qwen3-8B
        2      | Qwen/qwen2.5-7b
        3      | Qwen/Qwen2x5
        4      | google/gemma-3-4b
        5      | google/Qwen3-8B
        6      | Qwen/gte-Qwen3
        7      | someone/Qwen3-8B
        8      | Qwen3-8B
        """,
        **SOURCES,
    )


def test_alphabetically_first_of_two_matching_families_counts(becomes: Callable[..., None]) -> None:
    becomes(
        "core_families",
        """
        hub_id | family | family_because
        1      | qwen   | name matches (?i)^qwen, no generation's pattern does
        """,
        lake_models="hub_id | repo_id\n1 | Qwen/Qwen-QwQ",
        **SOURCES,
    )


@pytest.mark.parametrize("patterns", [["(?i)^qwen", "(?i)^q"], ["(?i)^q", "(?i)^qwen"]])
def test_alphabetically_first_of_two_patterns_is_the_reason(becomes: Callable[..., None], patterns: list[str]) -> None:
    """In whatever order the registry lists them."""
    names = "\n".join(f"qwen | alibaba | {pattern}" for pattern in patterns)
    generations = "\n".join(f"qwen | alibaba | Qwen3 | {pattern}.*3" for pattern in patterns)
    becomes(
        "core_families",
        "hub_id | family_because\n1 | name matches (?i)^q and (?i)^q.*3",
        lake_models="hub_id | repo_id\n1 | Qwen/Qwen3-8B",
        registry_organizations=SOURCES["registry_organizations"],
        registry_family_patterns=f"family | lab | pattern\n{names}",
        registry_generations=f"family | lab | generation | pattern\n{generations}",
    )
