"""What was found, kept by what was asked: each answer is found once, and shared by all who ask the same.

Streamlit's own cache hashes what stands in the arguments and copies each answer, which took a third of a page's time.
Here arguments are hashed as Python does, and answers are shared: nobody changes one.
"""

from collections.abc import Callable
from functools import lru_cache, wraps
from threading import Lock
from typing import Generic, ParamSpec, TypeVar

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
            return place(*asked, **named).answer()  # type: ignore[arg-type]  # what is asked is hashable

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
