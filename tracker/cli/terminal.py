"""Text from outside, as it may appear on a terminal or in the log of a job.

Names, messages of servers and values of a query come from strangers. On a terminal, control characters in them could
hide or forge lines; in a log of GitHub Actions, a line that begins with `::` is a command.
"""

import io
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Control characters except tab and newline, and characters that change the direction of text."""

_COMMAND = re.compile(r"^(\s*)::", re.MULTILINE)


def plain(text: str) -> str:
    """Return text without characters that steer a terminal, and without commands to a job."""
    return _COMMAND.sub(r"\1: :", _STEERING.sub(" ", text)).replace("##[", "## [")


class PlainStream(io.TextIOBase):
    """A text stream that writes everything as `plain` returns it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._is_line_start = True

    @property
    def buffer(self) -> object:
        """The bytes below, which are written as they are."""
        return self._stream.buffer

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """That of the stream below."""
        return self._stream.encoding

    @property
    def errors(self) -> str | None:  # type: ignore[override]
        """That of the stream below; `input` needs it."""
        return self._stream.errors

    def write(self, text: str) -> int:
        """Write text; a lone carriage return is ours, because `print` writes its end apart."""
        if not isinstance(text, str):
            raise TypeError(f"text is written here, not {type(text).__name__}")  # others probe with bytes
        if text == "\r":
            self._stream.write(text)
        elif text:
            # A mark in front keeps a `::` within a line, which `print` may write in parts, from looking like its start.
            self._stream.write(plain(text) if self._is_line_start else plain(f".{text}")[1:])
        self._is_line_start = text[-1:] in ("\n", "\r") or (self._is_line_start and not text.strip())
        return len(text)

    def flush(self) -> None:
        """Flush the stream below."""
        self._stream.flush()

    def isatty(self) -> bool:
        """Return whether the stream below is a terminal."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """Return the descriptor of the stream below."""
        return self._stream.fileno()

    def writable(self) -> bool:
        """Return True."""
        return True


@contextmanager
def plain_output() -> Iterator[None]:
    """Make both output streams plain during the body of the `with`."""
    streams = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = PlainStream(streams[0]), PlainStream(streams[1])
    try:
        yield
    finally:
        sys.stdout, sys.stderr = streams
