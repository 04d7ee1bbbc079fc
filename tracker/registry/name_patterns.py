"""Patterns of families for names that others give to copies: separators may differ or be missing.

Repackagers write Wan_2.1 for Wan2.1 and z_image for Z-Image. Each pattern comes with the first two letters or digits of
the names that it can match, so that a name is compared with few patterns.
"""

import re
from collections.abc import Iterable
from itertools import product
from re import _parser  # type: ignore[attr-defined]
from string import ascii_lowercase, digits
from typing import Any

_ALPHABET = digits + ascii_lowercase
_SEPARATORS = "-_. "
_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?:|.", re.DOTALL)


def loosened(pattern: str) -> str:
    """Return `pattern` with optional separators where it has one, and between letters and digits.

    A separator at the end may also be a digit, or the end of the name.
    """
    tokens = _TOKEN.findall(pattern)
    found: list[str] = []
    for place, token in enumerate(tokens):
        following = tokens[place + 1] if place + 1 < len(tokens) else ")"
        members = token[1:-1] if token.startswith("[") else token.removeprefix("\\")
        if members and all(member in _SEPARATORS + "\\" for member in members):
            found.append("(?:[-_. 0-9]|$)" if following in (")", "|") else "[-_. ]?")
            continue
        if token.startswith("[") and not token.startswith("[^") and _has_separator(members):
            token = f"[{members.strip('-')}_. -]"
        is_digit = token.isdigit() or token.startswith("[0-9") or token == "\\d"
        if is_digit and found and found[-1].isalpha():
            found.append("[-_. ]?")
        found.append(token)
    return "".join(found)


def _has_separator(members: str) -> bool:
    """Whether a class has a separator; a hyphen between two members is a range."""
    return any(one in members for one in "_. ") or members.startswith("-") or members.endswith("-")


def initials(pattern: str) -> set[str]:
    """Return the first two letters or digits of names that `pattern` can match, without separators, in lower case."""
    found: set[str] = set()
    for start in _starts(_parser.parse(pattern)):
        found |= {start + "".join(rest) for rest in product(_ALPHABET, repeat=2 - len(start))}
    return found


def _starts(items: Iterable[tuple[Any, Any]]) -> set[str]:
    """Return what a match can start with, up to two characters; fewer where anything can follow."""
    found = {""}
    for operation, argument in items:
        options = _options(str(operation), argument)
        if options is None:
            break
        found = {(start + option)[:2] for start in found for option in options}
    return found


def _options(operation: str, argument: Any) -> set[str] | None:
    """Return the starts of one part of a pattern; None if it can be anything."""
    match operation:
        case "AT":
            return {""}
        case "LITERAL":
            return {_kept(argument)}
        case "IN" if all(str(kind) in ("LITERAL", "RANGE") for kind, _ in argument):
            ranges = [(value, value) if str(kind) == "LITERAL" else value for kind, value in argument]
            return {_kept(code) for first, last in ranges for code in range(first, last + 1)}
        case "BRANCH":
            return {start for branch in argument[1] for start in _starts(branch)}
        case "SUBPATTERN":
            return _starts(argument[3])
        case "MAX_REPEAT":
            return _starts(argument[2]) | ({""} if argument[0] == 0 else set())
    return None


def _kept(code: int) -> str:
    letter = chr(code).lower()
    return letter if letter in _ALPHABET else ""
