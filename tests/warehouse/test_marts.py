"""Public tables with simple logic: coverage_days, models, model_days, build, families, memberships."""

from collections.abc import Callable

import pytest


def test_coverage_shows_days_without_a_crawl_as_missing(becomes: Callable[..., None]) -> None:
    becomes(
        "coverage_days",
        """
        day        | scope | state    | is_complete | is_used | models | incomplete_because
        2026-08-17 | hub   | complete | true        | true    | 9      | -
        2026-08-18 | hub   | missing  | -           | false   | -      | -
        2026-08-19 | hub   | missing  | -           | false   | -      | -
        2026-08-20 | hub   | partial  | false       | false   | 4      | shrank
        2026-08-18 | labs  | complete | true        | true    | 3      | -
        """,
        lake_crawls="""
        day        | scope | is_complete | models | incomplete_because
        2026-08-17 | hub   | true        | 9      | -
        2026-08-20 | hub   | false       | 4      | shrank
        2026-08-18 | labs  | true        | 3      | -
        """,
    )


def test_model_has_latest_attributes_and_first_and_last_day(becomes: Callable[..., None]) -> None:
    becomes(
        "models",
        """
        hub_id | repo_id       | author | license | gated  | first_seen | last_seen  | is_listed | released_on
        1      | Qwen/Qwen3-8B | Qwen   | mit     | manual | 2026-08-18 | 2026-08-20 | true      | 2026-08-01
        2      | gpt2          | -      | -       | -      | 2026-08-18 | 2026-08-18 | false     | 2019-11-05
        3      | a/undated     | a      | -       | no     | 2026-08-20 | 2026-08-20 | true      | -
        """,
        lake_models="""
        hub_id | day        | repo_id       | created_at             | license | gated
        1      | 2026-08-18 | a/old-name    | 2026-08-01 23:59:59+00 | apache  | no
        1      | 2026-08-20 | Qwen/Qwen3-8B | 2026-08-01 23:59:59+00 | mit     | manual
        2      | 2026-08-18 | gpt2          | 2022-03-02 23:29:04+00 | -       | -
        3      | 2026-08-20 | a/undated     | -                      | -       | no
        """,
        lake_model_days="""
        hub_id | day
        1      | 2026-08-18
        1      | 2026-08-19
        1      | 2026-08-20
        2      | 2026-08-18
        3      | 2026-08-20
        """,
        lake_crawls="day\n2026-08-18\n2026-08-19\n2026-08-20",
        registry_releases="repo_id | released_on | evidence\ngpt2 | 2019-11-05 | blog",
    )


def test_unread_day_has_no_row_and_unread_counter_is_null(becomes: Callable[..., None]) -> None:
    becomes(
        "model_days",
        """
        hub_id | day        | downloads_30d | downloads_all_time | likes | source
        1      | 2026-08-18 | 0             | -                  | 2     | crawl
        1      | 2026-08-20 | -             | 7                  | -     | crawl
        """,
        lake_model_days="""
        hub_id | day        | downloads_30d | downloads_all_time | likes
        1      | 2026-08-18 | 0             | -                  | 2
        1      | 2026-08-20 | -             | 7                  | -
        """,
    )


@pytest.mark.parametrize(
    ("crawls", "last_day", "is_simulated"),
    [
        ("day | is_simulated", None, "false"),
        ("day | is_simulated\n2026-08-18 | false\n2026-08-20 | false", "2026-08-20", "false"),
        ("day | is_simulated\n2026-08-20 | true\n2026-08-18 | true", "2026-08-20", "true"),
    ],
)
def test_build_has_last_day_and_simulation_flag(
    becomes: Callable[..., None], crawls: str, last_day: str | None, is_simulated: str
) -> None:
    becomes(
        "build",
        "built_at | registry_version | last_day | is_simulated\n"
        f"2026-08-21 06:00:00 | tests | {last_day or '-'} | {is_simulated}",
        lake_crawls=crawls,
    )


def test_family_lists_its_patterns(becomes: Callable[..., None]) -> None:
    becomes(
        "families",
        "family | name | lab | patterns\nqwen | Qwen | alibaba | [^a, ^b]",
        registry_families="family | name | lab\nqwen | Qwen | alibaba",
        registry_family_patterns="family | lab | pattern\nqwen | alibaba | ^b\nqwen | alibaba | ^a",
    )


def test_memberships_give_each_reason(becomes: Callable[..., None]) -> None:
    becomes(
        "memberships",
        """
        hub_id | publisher_because                          | family_because                          | layer_because
        1      | published by 'Qwen' (its page)             | no name pattern of lab 'alibaba' matches | a lab's own weights, no base declared
        2      | the registry has no organisation 'someone' | -                                       | no base declared, and its publisher is not a registered lab
        """,  # noqa: E501 - one row a line
        lake_models="hub_id | repo_id\n1 | Qwen/x\n2 | someone/x",
        registry_organizations="handle | lab | origin\nQwen | alibaba | CN",
    )


FILES = "2026-08-01 | file-mine | file\n2026-08-03 | file-mine | file"


@pytest.mark.parametrize(
    ("crawls", "expected"),
    [
        (
            """
            2026-08-01 | labs      | crawl
            2026-08-02 | hub       | crawl
            2026-08-02 | labs      | crawl
            2026-08-03 | labs      | crawl
            2026-08-04 | file-mine | file
            2026-08-09 | hub       | crawl
            2026-09-08 | labs      | crawl
            """,
            """
            2026-08-01 | 1 | false | true  | -
            2026-08-02 | 3 | false | true  | 2026-08-01
            2026-08-03 | 1 | false | false | -
            2026-08-04 | 0 | false | false | -
            2026-08-09 | 3 | false | true  | 2026-08-02
            2026-09-08 | 1 | false | false | -
            """,
        ),
        (
            """
            2026-08-01 | labs        | crawl
            2026-08-02 | model-pulse | import
            2026-08-03 | labs        | crawl
            2026-08-04 | file-mine   | file
            2026-08-09 | families    | crawl
            2026-09-09 | labs        | crawl
            """,
            """
            2026-08-01 | 1 | false | true  | -
            2026-08-02 | 1 | true  | true  | 2026-08-01
            2026-08-03 | 1 | false | true  | 2026-08-02
            2026-08-04 | 0 | false | false | -
            2026-08-09 | 1 | true  | true  | 2026-08-03
            2026-09-09 | 1 | false | true  | 2026-08-09
            """,
        ),
        (FILES, "2026-08-01 | 0 | false | true | -\n2026-08-03 | 0 | false | true | 2026-08-01"),
        (
            f"{FILES}\n2026-09-20 | labs | crawl",
            "2026-08-01 | 0 | false | true | -\n2026-08-03 | 0 | false | true | 2026-08-01\n"
            "2026-09-20 | 1 | false | true | 2026-08-03",
        ),
        (
            f"2026-06-01 | labs | crawl\n{FILES}",
            "2026-06-01 | 1 | false | true | -\n2026-08-01 | 0 | false | false | -\n2026-08-03 | 0 | false | false | -",
        ),
    ],
    ids=["labs and hub", "labs long after wider days", "files alone", "files before a crawl", "files after a crawl"],
)
def test_part_of_a_wider_listing_is_not_a_whole_day(becomes: Callable[..., None], crawls: str, expected: str) -> None:
    becomes(
        "core_scope_days",
        f"day | width | is_cut | is_whole | whole_before\n{expected.strip()}",
        lake_crawls=f"day | scope | source\n{crawls.strip()}",
    )


def test_last_day_is_the_last_whole_one(becomes: Callable[..., None]) -> None:
    becomes(
        "build",
        "last_day\n2026-08-21",
        lake_crawls="day | scope | source\n2026-08-21 | hub | crawl\n2026-08-22 | labs | crawl",
    )
