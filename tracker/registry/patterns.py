"""Check the name patterns of families and generations: syntax, and that each example matches exactly one."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from tracker.registry.entries import Family
from tracker.registry.toml_files import Entry, Problem

_TOKEN = re.compile(r"(?P<odd>\\[1-9ZAzGK]|\(\?(?!:)|\(\*|[*+?}]\+)|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)


def pattern_problems(families: Iterable[tuple[Entry, Family]], lab_of: Mapping[str, str | None]) -> Iterator[Problem]:
    """Yield the problems of the patterns of `families`, tested on their examples.

    `lab_of` maps each registered handle to its lab. A pattern is matched against the repository's name without the
    owner, in any case, and only for repositories of the family's own lab.
    """
    by_lab: defaultdict[str, list[_Patterns]] = defaultdict(list)
    for entry, family in families:
        problems = list(_syntax_problems(entry, family))
        yield from problems
        if not problems:
            by_lab[family.lab].append(_Patterns.of(entry, family))
    for siblings in by_lab.values():
        for patterns in siblings:
            yield from _example_problems(patterns, siblings, lab_of)


def syntax_message(pattern: str) -> str | None:
    """Return why `pattern` is refused, or None. It must be anchored and mean the same to Python and RE2 (DuckDB)."""
    try:
        re.compile(pattern)
    except re.error as error:
        return f"pattern '{pattern}' is not a regular expression: {error}"
    odd = next((token["odd"] for token in _TOKEN.finditer(pattern) if token["odd"]), None)
    if odd is not None:
        return f"pattern '{pattern}' uses '{odd}', which RE2 does not support; use plain groups or (?:...)"
    if not all(branch.startswith("^") for branch in _branches(pattern)):
        return f"pattern '{pattern}' must start with ^ in each of its alternatives"
    return None


def _branches(pattern: str) -> list[str]:
    """Split a pattern at each `|` outside of groups."""
    branches, depth = [""], 0
    for token in _TOKEN.finditer(pattern):
        depth += {"(": 1, ")": -1}.get(token[0], 0)
        if token[0] == "|" and depth == 0:
            branches.append("")
        else:
            branches[-1] += token[0]
    return branches


def _syntax_problems(entry: Entry, family: Family) -> Iterator[Problem]:
    for pattern in family.patterns:
        if message := syntax_message(pattern):
            yield entry.problem(message)
    for number, generation in enumerate(family.generations):
        if message := syntax_message(generation.pattern):
            yield entry.problem(message, number)


@dataclass(frozen=True, slots=True)
class _Patterns:
    """A family with its patterns compiled."""

    entry: Entry
    family: Family
    patterns: Sequence[re.Pattern[str]]
    generation_patterns: Sequence[re.Pattern[str]]

    @classmethod
    def of(cls, entry: Entry, family: Family) -> Self:
        return cls(
            entry,
            family,
            [re.compile(pattern, re.IGNORECASE) for pattern in family.patterns],
            [re.compile(generation.pattern, re.IGNORECASE) for generation in family.generations],
        )

    def matching(self, name: str) -> str | None:
        """Return the first pattern of the family that matches."""
        return next((pattern.pattern for pattern in self.patterns if pattern.search(name)), None)

    def examples(self) -> Iterator[tuple[int | None, str]]:
        """Yield each example with the number of its generation, None for examples of the family."""
        yield from ((None, example) for example in self.family.examples)
        for number, generation in enumerate(self.family.generations):
            yield from ((number, example) for example in generation.examples)


def _example_problems(
    patterns: _Patterns, siblings: Sequence[_Patterns], lab_of: Mapping[str, str | None]
) -> Iterator[Problem]:
    family = patterns.family
    for number, example in patterns.examples():
        handle, name = example.split("/")
        if lab_of.get(handle) != family.lab:
            yield patterns.entry.problem(
                f"example '{example}': '{handle}' is not a handle of lab '{family.lab}'", number
            )
        if patterns.matching(name) is None:
            yield patterns.entry.problem(f"example '{example}' matches no pattern of family '{family.id}'", number)
        for other in siblings:
            pattern = other.matching(name) if other is not patterns else None
            if pattern is not None:
                yield other.entry.problem(
                    f"pattern '{pattern}' also matches '{example}' of family '{family.id}'; make one narrower"
                )
        yield from _generation_problems(patterns, number, example)


def _generation_problems(patterns: _Patterns, number: int | None, example: str) -> Iterator[Problem]:
    name, generations = example.partition("/")[2], patterns.family.generations
    matching = [index for index, pattern in enumerate(patterns.generation_patterns) if pattern.search(name)]
    if number is not None and number not in matching:
        message = f"example '{example}' does not match the pattern of generation '{generations[number].id}'"
        yield patterns.entry.problem(message, number)
    if len(matching) > 1:
        first, second = (generations[index] for index in matching[:2])
        yield patterns.entry.problem(
            f"pattern '{second.pattern}' of generation '{second.id}' matches '{example}', "
            f"and so does generation '{first.id}'; make one narrower",
            matching[1],
        )
