"""Name patterns of families and generations: their syntax, and that each name falls to one alone."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.registry.schema import GENERATION
from tracker.registry.toml_files import Entry, Problem

_TOKEN = re.compile(r"(?P<odd>\\[1-9ZAzGK]|\(\?(?!:)|\(\*|[*+?}]\+)|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)


def pattern_problems(families: Iterable[Entry], handles: Mapping[str, str | None]) -> Iterator[Problem]:
    """What is wrong with the patterns of `families`, tried on the examples in them.

    `handles` names the lab of each registered handle. A pattern sees the part of a repository's
    name after the owner, in any case, and only repositories of the family's own lab.
    """
    by_lab: defaultdict[str, list[_Names]] = defaultdict(list)
    for entry in families:
        wrong = list(_syntax_problems(entry))
        yield from wrong
        if not wrong:
            by_lab[entry.values["lab"]].append(_Names.of(entry))
    for siblings in by_lab.values():
        for names in siblings:
            yield from _example_problems(names, siblings, handles)


def syntax_message(pattern: str) -> str | None:
    """Why `pattern` is not one that both Python and RE2 read alike and that is anchored; None if it is."""
    try:
        re.compile(pattern)
    except re.error as error:
        return f"pattern '{pattern}' is not a regular expression: {error}"
    odd = next((token["odd"] for token in _TOKEN.finditer(pattern) if token["odd"]), None)
    if odd is not None:
        return f"pattern '{pattern}' uses '{odd}', which RE2 does not know; only plain groups and (?:...) work"
    if not all(branch.startswith("^") for branch in _branches(pattern)):
        return f"pattern '{pattern}' must start with ^ in each of its alternatives"
    return None


def _branches(pattern: str) -> list[str]:
    """The alternatives of a pattern that are not inside a group."""
    branches, depth = [""], 0
    for token in _TOKEN.finditer(pattern):
        depth += {"(": 1, ")": -1}.get(token[0], 0)
        if token[0] == "|" and depth == 0:
            branches.append("")
        else:
            branches[-1] += token[0]
    return branches


def _syntax_problems(entry: Entry) -> Iterator[Problem]:
    for pattern in entry.values["patterns"]:
        message = syntax_message(pattern)
        if message:
            yield entry.problem(message)
    for number, generation in enumerate(entry.values.get(GENERATION.name, [])):
        message = syntax_message(generation["pattern"])
        if message:
            yield entry.problem(message, number)


@dataclass(frozen=True, slots=True)
class _Names:
    """A family's entry with its patterns compiled."""

    entry: Entry
    patterns: Sequence[re.Pattern[str]]
    generations: Sequence[tuple[Mapping[str, Any], re.Pattern[str]]]

    @classmethod
    def of(cls, entry: Entry) -> "_Names":
        return cls(
            entry,
            [re.compile(pattern, re.IGNORECASE) for pattern in entry.values["patterns"]],
            [(part, re.compile(part["pattern"], re.IGNORECASE)) for part in entry.values.get(GENERATION.name, [])],
        )

    def matching(self, name: str) -> str | None:
        """The text of the first pattern of the family that matches."""
        return next((pattern.pattern for pattern in self.patterns if pattern.search(name)), None)

    def examples(self) -> Iterator[tuple[int | None, str]]:
        """Every example with the number of the generation it stands in, None for the family's own."""
        yield from ((None, example) for example in self.entry.values["examples"])
        for number, (generation, _) in enumerate(self.generations):
            yield from ((number, example) for example in generation["examples"])


def _example_problems(
    names: _Names, siblings: Sequence[_Names], handles: Mapping[str, str | None]
) -> Iterator[Problem]:
    lab, family = names.entry.values["lab"], names.entry.values["id"]
    for number, example in names.examples():
        handle, name = example.split("/")
        if handles.get(handle) != lab:
            yield names.entry.problem(f"example '{example}': '{handle}' is no handle of lab '{lab}'", number)
        if names.matching(name) is None:
            yield names.entry.problem(f"example '{example}' matches no pattern of family '{family}'", number)
        for other in siblings:
            pattern = other.matching(name) if other is not names else None
            if pattern is not None:
                yield other.entry.problem(
                    f"pattern '{pattern}' also matches '{example}' of family '{family}'; make one narrower"
                )
        yield from _generation_problems(names, number, example)


def _generation_problems(names: _Names, number: int | None, example: str) -> Iterator[Problem]:
    matching = [
        index for index, (_, pattern) in enumerate(names.generations) if pattern.search(example.partition("/")[2])
    ]
    if number is not None and number not in matching:
        yield names.entry.problem(
            f"example '{example}' does not match the pattern of generation '{names.generations[number][0]['id']}'",
            number,
        )
    if len(matching) > 1:
        first, second = (names.generations[index][0] for index in matching[:2])
        yield names.entry.problem(
            f"pattern '{second['pattern']}' of generation '{second['id']}' matches '{example}', "
            f"and so does generation '{first['id']}'; make one narrower",
            matching[1],
        )
