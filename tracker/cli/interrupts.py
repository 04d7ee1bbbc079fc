"""End the program within two seconds of Ctrl-C or SIGTERM, whatever it is doing.

Python runs signal handlers between two steps of the main thread. A query in DuckDB or a thread that waits for the Hub's
quota can delay that for minutes. So another thread receives the signals: it interrupts the running query, gives
the main thread a moment to end in order, and then ends the process. A home survives that, as it survives `kill -9`.
"""

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

GRACE_SECONDS = 1.5
"""Time to end in order."""

SERVER_GRACE_SECONDS = 15.0
"""The same for commands with a dashboard, which on a busy machine takes a while to stop."""

_WAKE_SECONDS = 0.1
"""Time until the main thread is woken, and woken again."""

_CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}


class Interrupts:
    """The signals that this process received while `watched`."""

    def __init__(self) -> None:
        self.last: int | None = None
        """The last signal that was not handled; None if there was none."""

        self._grace_seconds = GRACE_SECONDS
        self._condition = threading.Condition()
        self._raised = self._received = self._handled = 0  # signals, in the main thread and in the other one
        self._stop_query: Callable[[], None] = lambda: None

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Watch signals during the body of the `with`. Only the main thread of a program can do this."""
        ours, theirs = socket.socketpair()
        for end in (ours, theirs):
            end.setblocking(end is theirs)
        handlers = {kind: signal.signal(kind, self._raise) for kind in _CODES}
        wakeup = signal.set_wakeup_fd(ours.fileno(), warn_on_full_buffer=False)
        thread = threading.Thread(target=self._watch, args=(theirs,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            signal.set_wakeup_fd(wakeup)
            for kind, handler in handlers.items():
                signal.signal(kind, handler)
            self.handled()
            ours.close()
            thread.join(GRACE_SECONDS)
            theirs.close()

    @contextmanager
    def stopping(self, stop_query: Callable[[], None]) -> Iterator[None]:
        """Call `stop_query` at once, from another thread, for a signal during the body of the `with`."""
        self._stop_query = stop_query
        try:
            yield
        finally:
            self._stop_query = lambda: None

    @contextmanager
    def patient(self) -> Iterator[None]:
        """Wait longer than usual for the end of the `with`, which has to stop a server."""
        self._grace_seconds = SERVER_GRACE_SECONDS
        try:
            yield
        finally:
            self._grace_seconds = GRACE_SECONDS

    def handled(self) -> None:
        """Go on with the program: the signal only ended what the user sees as one step."""
        with self._condition:
            self.last = None
            self._raised = self._handled = max(self._raised, self._received)  # two quick signals raise once
            self._condition.notify_all()

    def end(self) -> NoReturn:
        """End the process with one sentence and the exit code of the signal."""
        line_end = "\n" if sys.stderr.isatty() else ""  # the terminal shows ^C
        print(f"{line_end}tracker: {_SENTENCE}", file=sys.stderr, flush=True)
        os._exit(_CODES.get(signal.Signals(self.last or signal.SIGINT), 130))  # threads may sleep for minutes

    def _raise(self, kind: int, frame: FrameType | None) -> None:
        self.last = kind
        self._raised += 1
        raise KeyboardInterrupt

    def _watch(self, signals: socket.socket) -> None:
        while received := signals.recv(1):
            if received[0] in list(_CODES):
                self._end_unless_handled(received[0])

    def _end_unless_handled(self, kind: int) -> None:
        """Signals are counted, because the main thread may handle one before this thread receives it."""
        with self._condition:
            self._received += 1
            number = self._received
            if self._handled >= number:
                return
            self.last = kind
        self._stop_query()
        last_moment = time.monotonic() + self._grace_seconds
        with self._condition:
            while not self._condition.wait_for(lambda: self._handled >= number, _WAKE_SECONDS):
                if time.monotonic() > last_moment:
                    self.last = kind
                    self.end()
                _wake_main_thread()


def _wake_main_thread() -> None:
    """Let a main thread that waits for input run its signal handlers.

    A signal that comes just before readline waits is otherwise seen at the next key only. A change of the window's size
    ends the wait and does nothing else.
    """
    main = threading.main_thread().ident
    if main is not None and hasattr(signal, "SIGWINCH"):  # not on Windows
        signal.pthread_kill(main, signal.SIGWINCH)


_SENTENCE = "Interrupted; what was saved is not lost, and the same command can be run again."

interrupts = Interrupts()
"""Those of this process."""
