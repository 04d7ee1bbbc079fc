"""One reader's page is drawn at a time.

Readers' pages run in threads of one process. Polars calls Python back from its own threads for texts of cells, and two
pages that do so at once can wait for each other for ever: ten readers at once hung the app within seconds. Drawing is
Python's work anyway, which runs on one core at a time, so taking turns costs next to nothing.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

_TURN = threading.Lock()
_OURS = threading.local()


@contextmanager
def taken() -> Iterator[None]:
    """While it lasts, no other page is drawn."""
    with _TURN:
        _OURS.is_held = True
        try:
            yield
        finally:
            _OURS.is_held = False


@contextmanager
def given_away() -> Iterator[None]:
    """While it lasts, others may draw theirs: for waiting on another process. Does nothing for who holds no turn."""
    if not getattr(_OURS, "is_held", False):
        yield
        return
    _TURN.release()
    try:
        yield
    finally:
        _TURN.acquire()
