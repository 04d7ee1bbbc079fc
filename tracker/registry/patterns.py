"""Check the name patterns of families and generations: syntax, and that each example matches exactly one."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import product

from tracker.registry.entries import Alias, Family
from tracker.registry.matcher import matches, refusals
from tracker.registry.toml_files import Entry, Problem

_ODD = r"\\[1-9ZAzGK]|\(\?(?!:)|\(\*|[*+?}]\+"
_AMBIGUOUS = r"\{,|\[\^?\[|\[[^\]]*\[:"
"""What Python and RE2 read differently."""
_TOKEN = re.compile(rf"(?P<odd>{_ODD})|(?P<ambiguous>{_AMBIGUOUS})|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)

_Families = Sequence[tuple[Entry, Family]]


def pattern_problems(families: Iterable[tuple[Entry, Family]], lab_of: Mapping[str, str | None]) -> Iterator[Problem]:
    """Yield the problems of the patterns of `families`, tested on their examples.

    `lab_of` maps each registered handle to its lab. A pattern is matched against the repository's name without the
    owner, in any case, and only for repositories of the family's own lab.
    """
    checked = list(families)
    refused = refusals({pattern for _, family in checked for pattern in _patterns(family)})
    by_lab: defaultdict[str, list[tuple[Entry, Family]]] = defaultdict(list)
    for entry, family in checked:
        problems = list(_syntax_problems(entry, family, refused))
        yield from problems
        if not problems:
            by_lab[family.lab].append((entry, family))
    found = matches({pair for siblings in by_lab.values() for pair in _pairs(siblings)})
    for siblings in by_lab.values():
        for entry, family in siblings:
            yield from _example_problems(entry, family, siblings, lab_of, found)


def alias_problems(aliases: Sequence[tuple[Entry, Alias]]) -> Iterator[Problem]:
    """Yield the problems of the patterns of aliases: syntax, and whom they name."""
    refused = refusals({alias.pattern for _, alias in aliases}) if aliases else {}
    for entry, alias in aliases:
        if message := syntax_message(alias.pattern, refused):
            yield entry.problem(message)
        if alias.family and not alias.lab:
            yield entry.problem(f"family '{alias.family}' needs the key 'lab'")
        if alias.is_undisclosed and (alias.lab or alias.is_open is not None):
            yield entry.problem("an undisclosed maker has neither 'lab' nor 'is_open'; delete them")


def syntax_message(pattern: str, refused: Mapping[str, str] | None = None) -> str | None:
    """Return why `pattern` is refused, or None. It must be anchored and mean the same to Python and RE2 (DuckDB).

    `refused` holds the patterns that RE2 cannot use with their reasons, if they are known.
    """
    for token in _TOKEN.finditer(pattern):
        if token["odd"]:
            return f"pattern '{pattern}' uses '{token['odd']}', which RE2 does not support; use plain groups or (?:...)"
        if token["ambiguous"]:
            return f"pattern '{pattern}' uses '{token['ambiguous']}', which RE2 reads differently; write it another way"
    try:
        compiled(pattern)
    except re.error as error:
        return f"pattern '{pattern}' is not a regular expression: {error}"
    if reason := (refusals([pattern]) if refused is None else refused).get(pattern):
        return f"pattern '{pattern}' cannot be used by RE2, the matcher of the warehouse: {reason}"
    if not all(branch.startswith("^") for branch in _branches(pattern)):
        return f"pattern '{pattern}' must start with ^ in each of its alternatives"
    return None


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return the pattern for Python, with the meaning that it has in the warehouse.

    Cached here, because a registry has more patterns than the cache of `re`.
    """
    return re.compile(pattern, re.IGNORECASE | re.ASCII)


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


def _syntax_problems(entry: Entry, family: Family, refused: Mapping[str, str]) -> Iterator[Problem]:
    for pattern in family.patterns:
        if message := syntax_message(pattern, refused):
            yield entry.problem(message)
    for number, generation in enumerate(family.generations):
        if message := syntax_message(generation.pattern, refused):
            yield entry.problem(message, number)


def _patterns(family: Family) -> Iterator[str]:
    """Yield the patterns of a family and of its generations."""
    yield from family.patterns
    yield from (generation.pattern for generation in family.generations)


def _examples(family: Family) -> Iterator[tuple[int | None, str]]:
    """Yield each example with the number of its generation, None for examples of the family."""
    yield from ((None, example) for example in family.examples)
    for number, generation in enumerate(family.generations):
        yield from ((number, example) for example in generation.examples)


def _pairs(siblings: _Families) -> Iterator[tuple[str, str]]:
    """Yield each pattern of a lab's families with the name of each of their examples."""
    names = {_name(example) for _, family in siblings for _, example in _examples(family)}
    return product({pattern for _, family in siblings for pattern in _patterns(family)}, names)


def _name(example: str) -> str:
    return example.partition("/")[2]


def _matching(family: Family, name: str, found: Collection[tuple[str, str]]) -> str | None:
    """Return the first pattern of the family that matches."""
    return next((pattern for pattern in family.patterns if (pattern, name) in found), None)


def _example_problems(
    entry: Entry,
    family: Family,
    siblings: _Families,
    lab_of: Mapping[str, str | None],
    found: Collection[tuple[str, str]],
) -> Iterator[Problem]:
    for number, example in _examples(family):
        handle, name = example.split("/")
        if lab_of.get(handle) != family.lab:
            yield entry.problem(f"example '{example}': '{handle}' is not a handle of lab '{family.lab}'", number)
        if _matching(family, name, found) is None:
            yield entry.problem(f"example '{example}' matches no pattern of family '{family.id}'", number)
        for other_entry, other in siblings:
            pattern = _matching(other, name, found) if other is not family else None
            if pattern is not None:
                yield other_entry.problem(
                    f"pattern '{pattern}' also matches '{example}' of family '{family.id}'; make one narrower"
                )
        yield from _generation_problems(entry, family, number, example, found)


def _generation_problems(
    entry: Entry, family: Family, number: int | None, example: str, found: Collection[tuple[str, str]]
) -> Iterator[Problem]:
    generations = family.generations
    matching = [i for i, generation in enumerate(generations) if (generation.pattern, _name(example)) in found]
    if number is not None and number not in matching:
        message = f"example '{example}' does not match the pattern of generation '{generations[number].id}'"
        yield entry.problem(message, number)
    if len(matching) > 1:
        first, second = (generations[index] for index in matching[:2])
        yield entry.problem(
            f"pattern '{second.pattern}' of generation '{second.id}' matches '{example}', "
            f"and so does generation '{first.id}'; make one narrower",
            matching[1],
        )
