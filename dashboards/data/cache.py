"""What was found, kept by what was asked: each answer is found once, and shared by all who ask the same.

Streamlit's own cache writes out arguments to hash them and pickles each answer, which took a third of a page's time.
Here arguments are hashed as Python does, and answers are shared; nobody changes one. Of a frame each asker has a clone,
which copies no column.
"""

from collections.abc import Callable
from functools import lru_cache, wraps
from threading import Lock
from typing import Any, Generic, ParamSpec, TypeVar

import polars as pl

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


def remembered(most: int) -> Callable[[Callable[Asked, Answer]], Callable[Asked, Answer]]:
    """Keeps the `most` answers of a function that were asked for last."""

    def remembering(find: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
        @lru_cache(most)
        def place(*asked: Asked.args, **named: Asked.kwargs) -> _Place[Answer]:
            return _Place(lambda: find(*asked, **named))

        @wraps(find)
        def found(*asked: Asked.args, **named: Asked.kwargs) -> Answer:
            answer: Answer = _own(place(*asked, **named).answer())  # type: ignore[arg-type]  # what is asked is hashable
            return answer

        return found

    return remembering


class _Place(Generic[Answer]):
    """Where an answer is kept once it is found; whoever asks meanwhile waits for it. After an error it is empty."""

    def __init__(self, find: Callable[[], Answer]) -> None:
        self._find, self._lock = find, Lock()
        self._found: list[Answer] = []

    def answer(self) -> Answer:
        with self._lock:
            if not self._found:
                self._found.append(self._find())
            return self._found[0]


def _own(answer: Any) -> Any:
    """The answer with frames of the asker's own over the same columns.

    Polars locks a frame while it turns it into pandas: two threads that do so to one can wait for each other for ever.
    """
    if type(answer) is tuple:
        return tuple(map(_own, answer))
    return answer.clone() if isinstance(answer, pl.DataFrame) else answer
