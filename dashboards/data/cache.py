"""A cache for the results of queries and figures, shared by all sessions.

Streamlit's own cache serialises arguments to hash them and pickles each result, which took a third of a page's time.
Here arguments are hashed as Python does, and results are shared. Nobody may change a result; of a frame each caller
gets a clone, which copies no column.
"""

from collections.abc import Callable
from functools import lru_cache, wraps
from threading import Lock
from typing import Any, Generic, ParamSpec, TypeVar

import polars as pl

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def cached(most: int) -> Callable[[Callable[Arguments, Result]], Callable[Arguments, Result]]:
    """Cache the `most` results of a function that were used last."""

    def decorate(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        @lru_cache(most)
        def entry(*args: Arguments.args, **kwargs: Arguments.kwargs) -> _Entry[Result]:
            return _Entry(lambda: function(*args, **kwargs))

        @wraps(function)
        def wrapper(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
            result: Result = _cloned(entry(*args, **kwargs).result())  # type: ignore[arg-type]  # arguments are hashable
            return result

        return wrapper

    return decorate


class _Entry(Generic[Result]):
    """A result that is computed once: other threads wait for it, and after an error the next caller tries again."""

    def __init__(self, compute: Callable[[], Result]) -> None:
        self._compute, self._lock = compute, Lock()
        self._results: list[Result] = []

    def result(self) -> Result:
        with self._lock:
            if not self._results:
                self._results.append(self._compute())
            return self._results[0]


def _cloned(result: Any) -> Any:
    """The result with its own frames over the same columns.

    Polars locks a frame while converting it to pandas, and two threads converting the same frame can deadlock.
    """
    if type(result) is tuple:
        return tuple(map(_cloned, result))
    return result.clone() if isinstance(result, pl.DataFrame) else result
