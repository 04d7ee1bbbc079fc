"""A look at one answered page before it is kept: is it a whole list, how long, which ids. No row becomes an object."""

import json
import re
from dataclasses import dataclass

import duckdb

from tracker.database import Connection, rows
from tracker.hub.client import InvalidBody, Response

PackingError: type[Exception]
try:
    from isal import igzip_lib
    from isal.isal_zlib import decompress

    PackingError = igzip_lib.IsalError  # type: ignore[assignment]  # its stub has an instance
except ImportError:  # where it is not built for the machine: four times the time
    from zlib import decompress
    from zlib import error as PackingError

_LOOK = """
with page as (select json_extract_string($1, '$[*]._id') as ids, json_array_length($1) as row_count)
select
    row_count,
    list_min(list_filter(ids, lambda id: regexp_full_match(id, '[0-9a-f]{24}'))),
    list_max(list_filter(ids, lambda id: regexp_full_match(id, '[0-9a-f]{24}')))
from page
"""
_ID = re.compile("[0-9a-f]{24}")
_FIRST_ID = re.compile(rb'\[{"_id":"([0-9a-f]{24})"')
_MOST_ROOM = 2**24
"""Bytes made ready at most before unpacking; no page is as long, whatever its last bytes say."""

_GLANCES = 40
"""How many places near the end are tried as the beginning of the last row; bases of that row look alike."""


@dataclass(frozen=True, slots=True)
class PageSummary:
    """What was found on a page."""

    body: bytes
    """To be saved: the page as JSON text."""

    rows: int
    lowest_id: str | None
    highest_id: str | None


class PageReader:
    """Looks at pages with one DuckDB connection; one reader a thread."""

    def __init__(self) -> None:
        self._connection: Connection | None = None

    def look(self, answer: Response) -> PageSummary:
        """What the page holds. Raises BadBody unless it is one whole JSON array."""
        body = _unpacked(answer)
        return _glance(body) or self._study(_text(body))

    def _study(self, text: str) -> PageSummary:
        """A look at a page that parses it whole."""
        if self._connection is None:
            self._connection = duckdb.connect(config={"threads": 1})
        try:
            [found] = rows(self._connection, _LOOK, [text])
        except duckdb.Error:
            text = _mended(text)
            [found] = rows(self._connection, _LOOK, [text])
        return PageSummary(text.encode(), *found)


def _glance(body: bytes) -> PageSummary | None:
    """A look at an ordinary page by its first and last row alone; None if it is not ordinary.

    A cut page has no whole last row. Rows are counted by their `createdAt`, which nothing else on a page has.
    """
    first_id = _FIRST_ID.match(body)
    last_row = _last_row(body)
    if first_id is None or last_row is None or not _ID.fullmatch(str(last_row["_id"])) or not _is_sound(body):
        return None
    ids = first_id[1].decode(), str(last_row["_id"])
    return PageSummary(body, body.count(b'"createdAt":'), min(ids), max(ids))


def _last_row(body: bytes) -> dict[str, object] | None:
    end = body.rfind(b"]", len(body) - 64)
    if body[end:].strip() != b"]":
        return None
    start = end
    for _ in range(_GLANCES):
        start = body.rfind(b'{"_id"', 0, start)
        if start < 0:
            return None
        try:
            row: dict[str, object] = json.loads(body[start:end])
        except ValueError:
            continue
        return row if "createdAt" in row else None  # a base at the end of a cut page has none
    return None


def _is_sound(body: bytes) -> bool:
    """Whether a page is UTF-8 text in which no character is half of a surrogate pair, as far as a glance tells."""
    if b"\\" in body and re.search(rb"\\u[dD]", body):
        return False
    return body.isascii() or bool(_text(body))


def _unpacked(answer: Response) -> bytes:
    if answer.encoding == "":
        return answer.body
    if answer.encoding != "gzip":
        raise InvalidBody(f"the answer is packed as {answer.encoding!r}, which was not asked for")
    told_size = int.from_bytes(answer.body[-4:], "little")
    try:
        return decompress(answer.body, wbits=31, bufsize=min(told_size + 1, _MOST_ROOM))
    except PackingError as problem:
        raise InvalidBody("the answer was cut or could not be unpacked") from problem


def _text(body: bytes) -> str:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise InvalidBody("the answer is not UTF-8 text") from problem
    if not text[:64].lstrip().startswith("["):
        raise InvalidBody(f"the answer is not a list but {text.strip()[:80]!r}")
    return text


def _mended(text: str) -> str:
    """The same list without what only strict readers refuse: half of a surrogate pair, which JavaScript lets through.

    Raises BadBody if it is not a JSON array at all, as when it was cut.
    """
    try:
        rows = json.loads(text)
    except json.JSONDecodeError as problem:
        raise InvalidBody(f"the answer is cut or no JSON (at character {problem.pos} of {len(text)})") from problem
    except RecursionError as problem:
        raise InvalidBody("the answer is cut or no JSON (nested too deeply)") from problem
    return json.dumps(rows, ensure_ascii=False).encode("utf-8", errors="replace").decode("utf-8")
