"""Cases of parametrised tests: few run by default, the others, which repeat these with other values, with `-m slow`."""

from collections.abc import Collection, Iterable
from typing import Any

import pytest


def slow(*values: Any, id: str | None = None) -> Any:
    """A case that only runs with `-m slow`."""
    return pytest.param(*values, marks=pytest.mark.slow, id=id)


def first_of(cases: Iterable[Any], count: int = 1) -> list[Any]:
    """The cases, all but the first `count` slow. A case is a value, or a tuple of values for several arguments."""
    return [case if number < count else _slow(case) for number, case in enumerate(cases)]


def only(cases: Iterable[Any], quick: Collection[Any]) -> list[Any]:
    """The cases, slow except those whose value (of several, the first) is in `quick`, which names no missing case."""
    cases = list(cases)
    names = [case[0] if isinstance(case, tuple) else case for case in cases]
    assert all(name in names for name in quick), f"{quick} names a case that is not among {names}"
    return [case if name in quick else _slow(case) for name, case in zip(names, cases, strict=True)]


def _slow(case: Any) -> Any:
    return slow(*case) if isinstance(case, tuple) else slow(case)
