"""Syntax of name patterns, and that every example matches one family and generation."""

import re
from collections import defaultdict

import duckdb
import pytest

from tracker.registry.load import load
from tracker.registry.matcher import matches
from tracker.registry.patterns import compiled, syntax_message

GOOD = [
    "^qwen3-",
    "^a|^b",
    "^(?:a|b)-[0-9]+b",
    r"^dots\.",
    "^a[|]b",
    "^a(b|c)$",
    r"^a\(?b",
    r"^a\\1",
    "^a[(?!]",
    r"^a\++",
]
UNSUPPORTED = {
    "^a(?=b)": "(?",
    "^a(?!b)": "(?",
    "^(?<=b)a": "(?",
    "^(?i)a": None,
    "^(?P<n>a)(?P=n)": "(?",
    r"^(a)\1": r"\1",
    r"^a\Z": r"\Z",
    "^a++": "++",
    "^(?>a)": "(?",
}
READ_DIFFERENTLY = {
    "^a{,2}b": "{,",
    "^[[:alpha:]]b": "'[['",
    "^[^x[:digit:]]b": "[^x[:",
    "^a{1001}": "invalid repetition size",
    r"^wan\u0032": "invalid escape sequence",
    r"^wan\N{DIGIT TWO}": "invalid escape sequence",
    r"^wan\x{32}": "is not a regular expression",
}
UNANCHORED = ["a", "^a|b", "(^a)", "^a||^b", ""]


@pytest.mark.parametrize("pattern", GOOD)
def test_anchored_pattern_is_accepted(pattern: str) -> None:
    assert syntax_message(pattern) is None


@pytest.mark.parametrize("pattern", UNSUPPORTED)
def test_pattern_only_python_supports_is_refused(pattern: str) -> None:
    message = syntax_message(pattern)
    assert message is not None
    assert UNSUPPORTED[pattern] is None or f"uses '{UNSUPPORTED[pattern]}', which RE2 does not support" in message


@pytest.mark.parametrize("pattern", READ_DIFFERENTLY)
def test_pattern_the_warehouse_reads_differently_is_refused(pattern: str) -> None:
    assert READ_DIFFERENTLY[pattern] in (syntax_message(pattern) or "")


@pytest.mark.parametrize("pattern", [*GOOD, *UNSUPPORTED, *READ_DIFFERENTLY, r"^\w\d\b", r"^a\_b", "^[]a]", "^a.*?b"])
def test_accepted_pattern_works_alike_everywhere(pattern: str) -> None:
    names = ["a", "A1", "ab", "aab", "a_b", "a\\1", "b", "qwen3-8b", "é1", "a|b", "dots.1", "a+", "a(b", "alpha"]
    if syntax_message(pattern) is None:
        pairs = [(pattern, name) for name in names]
        assert matches(pairs) == {pair for pair in pairs if compiled(pattern).search(pair[1])}
    else:
        assert pattern not in GOOD


@pytest.mark.parametrize("pattern", UNANCHORED)
def test_pattern_without_anchor_is_refused(pattern: str) -> None:
    assert syntax_message(pattern) == f"pattern '{pattern}' must start with ^ in each of its alternatives"


def test_example_matches_one_family_and_generation() -> None:
    families = load().families
    siblings = defaultdict(list)
    for family in families:
        siblings[family.lab].append(family)
    for family in families:
        for generation in family.generations:
            for example in generation.examples:
                name = example.split("/")[1]
                owners = [f.id for f in siblings[family.lab] if any(re.search(p, name, re.I) for p in f.patterns)]
                ages = [g.id for g in family.generations if re.search(g.pattern, name, re.I)]
                assert (owners, ages) == ([family.id], [generation.id]), example


def test_duckdb_and_python_match_the_same_names() -> None:
    registry = load()
    patterns = {p for f in registry.families for p in [*f.patterns, *(g.pattern for g in f.generations)]}
    names = {
        e.split("/")[1]
        for f in registry.families
        for e in [*f.examples, *(x for g in f.generations for x in g.examples)]
    }
    connection = duckdb.connect()
    connection.execute("create table patterns as select unnest($1::varchar[]) as pattern", [sorted(patterns)])
    connection.execute("create table names as select unnest($1::varchar[]) as name", [sorted(names)])
    rows = connection.execute(
        "select pattern, name from patterns, names where regexp_matches(name, '(?i)' || pattern)"
    ).fetchall()
    compiled = {pattern: re.compile(pattern, re.I) for pattern in patterns}
    assert set(rows) == {(p, name) for p in patterns for name in names if compiled[p].search(name)}
