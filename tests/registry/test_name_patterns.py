"""Patterns of families in names that others write: separators differ or are missing."""

import re

import pytest

from tracker.registry.load import load
from tracker.registry.matcher import matches, refusals, sql_pattern
from tracker.registry.name_patterns import initials, loosened

NAMES = [
    ("^ltx-", "ltx-2", True),
    ("^ltx-", "LTX_2", True),
    ("^ltx-", "ltx2.3", True),
    ("^ltx-", "ltx", True),
    ("^ltx-", "ltxfoo", False),
    (r"^wan2\.1", "Wan_2.1_ComfyUI_repackaged", True),
    (r"^wan2\.1", "wan21", True),
    (r"^wan2\.1", "wan2.2", False),
    ("^z-image", "z_image_turbo", True),
    ("^z-image", "ZImage", True),
    ("^(?:code)?qwen(?:[0-9.-]|$)", "Qwen_Image", True),
    ("^(?:code)?qwen(?:[0-9.-]|$)", "qwenish", False),
    ("^sam[-_]", "Samantha-7B", False),
    ("^k2", "k-2", True),
]


@pytest.mark.parametrize(("pattern", "name", "is_match"), NAMES)
def test_separators_are_the_same_in_loosened_patterns(pattern: str, name: str, is_match: bool) -> None:
    found = matches([(loosened(pattern), name)])
    assert bool(found) == is_match
    letters = re.sub("[^a-z0-9]", "", name.lower())
    assert not is_match or letters[:2] in initials(pattern)


def test_shipped_patterns_match_their_examples_when_loosened() -> None:
    """And DuckDB accepts them all."""
    families = load().families
    patterns = {family.id: [loosened(pattern) for pattern in family.patterns] for family in families}
    assert refusals([pattern for each in patterns.values() for pattern in each]) == {}
    pairs = [(pattern, name.split("/")[1]) for f in families for name in f.examples for pattern in patterns[f.id]]
    found = matches(pairs)
    for family in families:
        for example in family.examples:
            name = example.split("/")[1]
            assert any((pattern, name) in found for pattern in patterns[family.id]), example
            start = re.sub("[^a-z0-9]", "", name.lower())[:2]
            assert any(start in initials(pattern) for pattern in family.patterns), example


def test_sql_gets_loosened_patterns_in_any_case() -> None:
    assert sql_pattern(loosened("^ltx-")) == "(?i)^ltx(?:[-_. 0-9]|$)"
